"""Parts of events away from home, large: a sheet, a pen at the middle of the ground and a stream of chance in."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.faces import portrait
from mmra_api.probes.art.palette import CREAM, HUES, INK, OAK, STEEL, WHITE, Rgb, darker, lighter, sheer, some_hue
from mmra_api.probes.art.props import campfire, goal, lantern, sandwich, tent, whistle
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.art.things_home import HOME
from mmra_api.probes.art.things_outdoors import OUTDOORS
from mmra_api.probes.art.weather import Light, paint_fall, paint_puddle
from mmra_api.probes.randomness import Rng


# A checked cloth: what makes food and drinks a picnic.
def _checked(sheet: Sheet, _rng: Rng, hue: Rgb) -> None:
    pen, wide, top = sheet.pen, sheet.width, sheet.height * 0.7
    deep = sheet.height - top
    pen.rect(0, top, wide, sheet.height, CREAM)
    for k in range(int(wide // 12) + 1):
        pen.rect(k * 12, top, k * 12 + 6, sheet.height, sheer(hue, 120))
    for row in range(3):
        pen.rect(0, top + deep * row / 3, wide, top + deep * (row + 0.5) / 3, sheer(hue, 120))


def show_hamper(sheet: Sheet, pen: Pen, rng: Rng) -> None:
    # The colours that such cloths mostly have.
    _checked(sheet, rng, rng.choice((HUES["red"], HUES["blue"])))
    HOME["bottle"](pen.at(20, -30, 84), HUES["green"])
    OUTDOORS["apple"](pen.at(-20, -52, 38), HUES["red"])
    # After bottle and apple, so that they look out of it.
    OUTDOORS["basket"](pen.at(0, 4, 104), HUES["red"])
    OUTDOORS["apple"](pen.at(66, 8, 30), HUES["green"])


def show_sandwich(sheet: Sheet, pen: Pen, rng: Rng) -> None:
    _checked(sheet, rng, rng.choice((HUES["red"], HUES["blue"])))
    pen.shadow(0, 0, 74, 12)
    sandwich(pen.at(-10, 4, 100))
    HOME["drinking glass"](pen.at(72, 2, 62), HUES["orange"])


def show_drinks(sheet: Sheet, pen: Pen, rng: Rng) -> None:
    _checked(sheet, rng, rng.choice((HUES["red"], HUES["blue"])))
    for x, size, hue in ((-50, 76, HUES["yellow"]), (46, 72, HUES["orange"])):
        HOME["drinking glass"](pen.at(x, 4, size), hue)
    OUTDOORS["basket"](pen.at(0, -6, 74), HUES["red"])


def show_goal(_sheet: Sheet, pen: Pen, _rng: Rng) -> None:
    goal(pen.at(10, -4, 122))
    pen.shadow(-18, 4, 26, 4)
    OUTDOORS["football"](pen.at(-18, -14, 54), INK)


def show_whistle(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    for x, turn, hue in ((-52, -14, HUES["yellow"]), (-28, 6, HUES["red"])):
        pen.at(x, -6, 100, turn).rect(-16, -62, 16, 0, hue, 3)
    pen.shadow(34, 0, 50, 6)
    whistle(pen.at(30, -2, 92), some_hue(rng))


def show_boot(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    hue = some_hue(rng)
    pen.shadow(-20, 2, 40, 4)
    leg = pen.at(-26, -8, 100, 12)
    leg.poly([(-18, -110), (10, -110), (8, -30), (-16, -30)], lighter(hue, 0.5))
    for y in (-100, -86):
        leg.rect(-18, y, 10, y + 6, hue)
    leg.blob([(-18, -36), (8, -36), (18, -22), (46, -14), (46, -2), (-18, -2)], INK)
    leg.line([(16, -14), (34, -8)], 3, WHITE)
    for x in (-12, 6, 24, 40):
        leg.rect(x - 3, -3, x + 3, 5, darker(STEEL, 0.3), 1)
    OUTDOORS["football"](pen.at(58, -4, 64), INK)
    # Lines of speed: the ball has just been kicked.
    for y in (-14, -28, -42):
        pen.line([(90, y), (104, y - 4)], 2, sheer(WHITE, 200))


def show_fire(_sheet: Sheet, pen: Pen, _rng: Rng) -> None:
    campfire(pen.at(0, 2, 86))
    pen.line([(-96, -70), (-20, -78)], 3, OAK)
    for x in (-34, -18):
        pen.at(x, -77, 100, -4).rect(-7, -8, 7, 8, (252, 240, 226), 4)


def show_lantern(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    pen.shadow(0, 0, 44, 5)
    lantern(pen.at(0, 0, 104), some_hue(rng))


def show_tent(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    tent(pen.at(-8, 2, 96), rng.choice((HUES["orange"], HUES["teal"], HUES["red"])))


def show_umbrella(sheet: Sheet, pen: Pen, rng: Rng) -> None:
    OUTDOORS["umbrella"](pen.at(0, 14, 130, 8), some_hue(rng))
    paint_fall(sheet, Light("rain"), rng)


def show_puddle(sheet: Sheet, pen: Pen, rng: Rng) -> None:
    hue = some_hue(rng)
    paint_puddle(pen, 0, -2, 84)
    for k in range(-4, 5):
        if k:
            pen.blob(
                [(k * 15, -18 - 30 / abs(k)), (k * 15 + 4, -8 - 24 / abs(k)), (k * 15 - 4, -8 - 24 / abs(k))],
                (206, 226, 242),
            )
    for x in (-26, 18):
        OUTDOORS["boot"](pen.at(x, 0, 84), hue)
    paint_fall(sheet, Light("rain"), rng)


def show_coat(sheet: Sheet, pen: Pen, rng: Rng) -> None:
    # Raincoats are bright.
    hue = rng.choice((HUES["yellow"], HUES["red"], HUES["teal"]))
    at = pen.at(0, 26, 112)
    at.blob([(0, -112), (38, -92), (44, -48), (40, -14), (-40, -14), (-44, -48), (-38, -92)], darker(hue, 0.15))
    # The face before the hood's rim, which is drawn later and frames it.
    portrait(at, "happy", rng)
    at.poly([(-50, 4), *arc(0, -2, 50, 28, 180, 360), (50, 4)], Fade((lighter(hue, 0.12), hue, darker(hue, 0.15))))
    at.line([*arc(0, -60, 36, 44, 128, 412)], 9, hue)
    at.line([(0, -28), (0, 2)], 2, darker(hue, 0.4))
    paint_fall(sheet, Light("rain"), rng)
