"""Parts of events around the house, large: a sheet, a pen at the middle of the ground and a stream of chance in."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.figures import snowman
from mmra_api.probes.art.materials import tile
from mmra_api.probes.art.palette import HUES, INK, OAK, WHITE, darker, lighter, sheer, some_hue
from mmra_api.probes.art.props import cake, carrot, mitten, sledge, spade, watering_can
from mmra_api.probes.art.shapes import arc, star
from mmra_api.probes.art.things_outdoors import OUTDOORS
from mmra_api.probes.art.things_tools import TOOLS
from mmra_api.probes.randomness import Rng


def show_cake(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    pen.shadow(0, 0, 70, 7)
    cake(pen.at(0, 0, 108), some_hue(rng), rng)


def show_gift(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    pen.shadow(0, 0, 62, 7)
    OUTDOORS["gift"](pen.at(-24, -2, 96), some_hue(rng))
    OUTDOORS["gift"](pen.at(42, 4, 68), some_hue(rng))


def show_balloons(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    # Five different ones: balloons of one colour would run together.
    hues = rng.sample(list(HUES.values()), 5)
    for k, (x, y) in enumerate(((-46, -44), (46, -40), (-22, -60), (24, -62), (0, -36))):
        pen.line([(x, y), (0, 10)], 1.2, INK)
        at = pen.at(x, y + 24, 66)
        at.poly([(0, -46), (-5, -39), (5, -39)], darker(hues[k], 0.2))
        at.blob(
            [(0, -102), (25, -88), (24, -66), (0, -44), (-24, -66), (-25, -88)],
            Fade((hues[k], lighter(hues[k], 0.25), darker(hues[k], 0.2))),
        )
        at.oval(-11, -86, 5, 8, sheer(WHITE, 150))
    pen.poly(star(0, 10, 9, 5), HUES["red"])


def show_pot(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    # A lit stove under it: a pot alone would be a thing, not a part of cooking.
    pen.rect(-66, -8, 66, 4, INK, 3)
    for x in (-30, -10, 10, 30):
        pen.blob([(x - 6, -8), (x, -22), (x + 6, -8)], (84, 146, 230))
    TOOLS["cooking pot"](pen.at(0, -14, 106), some_hue(rng))
    for x in (-22, 2, 26):
        pen.curve([(x, -92), (x + 10, -106), (x, -120), (x + 10, -134)], 4, sheer(WHITE, 220))


def show_chopping(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    pen.poly([(-66, -12), (66, -12), (76, 12), (-76, 12)], tile("wood", (150, 98, 58)))
    pen.rect(-76, 12, 76, 18, darker(OAK, 0.5))
    carrot(pen.at(30, 2, 84, -90))
    for x, y in ((42, 4), (52, -3), (58, 6), (47, 9)):
        pen.oval(x, y, 8, 5, (206, 104, 36))
        pen.oval(x, y - 1.6, 8, 5, (248, 158, 66))
    # Turned over, as the usual drawing has its point up.
    TOOLS["knife"](pen.at(46, -82, 84, 190), some_hue(rng))


def show_frying(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    pen.poly([(-90, -8), (90, -8), (104, 24), (-104, 24)], (74, 74, 86))
    pen.oval(-10, 4, 62, 15, (232, 92, 54))
    pen.oval(-10, 4, 54, 12, (74, 74, 86))
    pen.line([(44, -8), (110, -22)], 9, some_hue(rng))
    pen.poly([(-66, -18), (46, -18), (36, 4), *arc(-10, 2, 46, 8, 0, 180), (-56, 4)], darker(INK, 0.1))
    pen.oval(-10, -18, 56, 15, (96, 96, 106))
    pen.oval(-10, -17, 50, 12, (66, 64, 76))
    pen.blob([(-46, -16), (-24, -26), (10, -25), (28, -15), (4, -7), (-30, -8)], (255, 253, 246))
    for x in (-22, 8):
        pen.oval(x, -17, 9, 5, (248, 188, 56))
    for x in (-34, -6, 20):
        pen.curve([(x, -38), (x + 8, -52), (x, -66), (x + 8, -80)], 3.6, sheer(WHITE, 220))


def show_snowman(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    pen.shadow(0, 2, 46, 6, 50)
    snowman(pen.at(0, 4, 104), some_hue(rng))


def show_sledge(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    sledge(pen.at(-14, -8, 110, 6), some_hue(rng))


def show_mittens(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    hue = some_hue(rng)
    # A snowball between the mittens ties them to the snow.
    for x, y in ((0, -54), (-4, -46), (5, -48)):
        pen.oval(x, y, 32, 31, Fade((WHITE, (244, 248, 252), (196, 212, 232))))
    pen.oval(-10, -62, 8, 6, WHITE)
    mitten(pen.at(-42, 6, 82, 24), hue)
    mitten(pen.at(42, 6, 82, -24, flip=True), hue)


def show_watering(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    watering_can(pen.at(-34, -46, 76, 18), some_hue(rng))
    for k in range(7):
        pen.line([(38 + k * 3, -76 + k * 2), (46 + k * 4, -24)], 1.4, (132, 190, 236))
    _sprout(pen.at(58, 2, 46))


def _sprout(pen: Pen) -> None:
    pen.poly(arc(0, 4, 46, 16, 180, 360), (92, 60, 42))
    pen.line([(0, 0), (0, -56)], 7, (84, 148, 74))
    for side in (-1, 1):
        pen.blob([(0, -50), (side * 24, -88), (side * 60, -84), (side * 38, -52)], (108, 176, 88))
        pen.line([(side * 4, -54), (side * 40, -74)], 2, (84, 148, 74))


def show_seedling(_sheet: Sheet, pen: Pen, _rng: Rng) -> None:
    for x in (-66, 66):
        _sprout(pen.at(x, -2, 52))
    _sprout(pen.at(0, 6, 88))


def show_spade(_sheet: Sheet, pen: Pen, rng: Rng) -> None:
    spade(pen.at(-16, -2, 112, 10), some_hue(rng))
    pen.poly(arc(-12, 6, 42, 14, 180, 360), (92, 60, 42))
    _sprout(pen.at(54, 2, 44))
