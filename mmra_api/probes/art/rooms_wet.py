"""A kitchen and a bathroom: a sheet, the condition outside, a stream of chance and the floor's line in."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.furnishing import lay_rug, window
from mmra_api.probes.art.palette import GOLD, HUES, INK, OAK, STEEL, WHITE, darker, lighter, sheer
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.art.things_home import HOME
from mmra_api.probes.randomness import Rng


def paint_kitchen(sheet: Sheet, condition: str, rng: Rng, line: float) -> None:
    pen, wide = sheet.pen, sheet.width
    front = rng.choice(((108, 152, 146), (226, 216, 196), (120, 146, 182), (196, 134, 104)))
    counter, top = line - 27, 10.0
    pen.rect(0, counter - 15, wide, counter, lighter(front, 0.75))
    for k in range(int(wide // 6) + 1):
        pen.line([(k * 6, counter - 15), (k * 6, counter)], 0.35, lighter(front, 0.4))
    for y in (counter - 10, counter - 5):
        pen.line([(0, y), (wide, y)], 0.35, lighter(front, 0.4))
    # The gap in the middle is for the window.
    for x in (0.0, wide * 0.17, wide * 0.68, wide * 0.85):
        pen.rect(x + 0.6, top, x + wide * 0.17 - 0.6, top + 24, darker(front, 0.1), 1)
        pen.rect(x + 2.6, top + 2, x + wide * 0.17 - 2.6, top + 22, front, 1)
        pen.oval(x + wide * 0.085, top + 20, 0.9, 0.9, GOLD)
    window(pen.at(wide * 0.51, line - 45, 34), condition, rng)
    for k in range(6):
        x0, x1 = wide * k / 6, wide * (k + 1) / 6
        pen.rect(x0 + 0.5, counter + 3, x1 - 0.5, line + 3, front, 1)
        pen.rect(x0 + 2.4, counter + 5, x1 - 2.4, line + 0.6, darker(front, 0.1), 1)
        pen.line([(x0 + 6, counter + 8), (x1 - 6, counter + 8)], 1, GOLD)
    pen.rect(0, counter, wide, counter + 3.4, lighter(OAK, 0.25))
    # Never below the window, so that bottle, cup and vase find place on the other side.
    stove = wide * rng.choice((0.22, 0.72))
    pen.rect(stove - 15, counter + 1, stove + 15, line + 3, (226, 228, 232), 1)
    pen.rect(stove - 11, counter + 10, stove + 11, line - 2, INK, 1)
    for k in range(4):
        pen.oval(stove - 9 + k * 6, counter + 6, 1.3, 1.3, INK)
    HOME["teapot"](pen.at(stove + 6, counter, 15), rng.choice(list(HUES.values())))
    # The mirror place of the stove, so that nothing stands on it.
    from_stove = wide - stove
    for name, dx in (("bottle", -14), ("cup", -2), ("vase", 11)):
        HOME[name](pen.at(from_stove + dx, counter, 17), rng.choice(list(HUES.values())))
    _pot(pen.at(stove - 8, counter, 14), rng)
    lay_rug(pen, wide * 0.5, line + (sheet.height - line) * 0.6, wide * 0.24, rng)


def _pot(pen: Pen, rng: Rng) -> None:
    hue = rng.choice(list(HUES.values()))
    pen.rect(-46, -60, 46, 0, Fade((hue, lighter(hue, 0.3), darker(hue, 0.2))), 8)
    pen.rect(-52, -64, 52, -54, darker(hue, 0.3), 4)
    for x in (-16, 8):
        pen.curve([(x, -78), (x + 8, -94), (x, -110), (x + 8, -126)], 4, sheer(WHITE, 170))


# The condition goes unused: this room has no window.
def paint_bathroom(sheet: Sheet, _condition: str, rng: Rng, line: float) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    tile = rng.choice(((188, 222, 226), (206, 226, 208), (226, 214, 230)))
    pen.rect(0, 0, wide, line, lighter(tile, 0.3))
    for k in range(int(max(wide, line) // 8) + 1):
        pen.line([(k * 8, 0), (k * 8, line)], 0.5, WHITE)
        pen.line([(0, k * 8), (wide, k * 8)], 0.5, WHITE)
    for k in range(int(wide // 8) + 1):
        pen.rect(k * 8, 48, k * 8 + 8, 52, darker(tile, 0.3 if k % 2 else 0.15))
    pen.rect(0, line, wide, high, lighter(STEEL, 0.35))
    # Sink and tub on opposite sides, in either order.
    side = rng.choice((-1, 1))
    sink = wide * (0.5 + side * 0.33)
    pen.oval(sink, 25, 12, 15, lighter(OAK, 0.1))
    pen.oval(sink, 25, 10.4, 13.4, Fade(((206, 228, 238), (238, 246, 250), (196, 220, 232))))
    pen.line([(sink - 5, 20), (sink + 2, 15)], 1, WHITE)
    pen.rect(sink - 3.4, line - 22, sink + 3.4, line + 4, (236, 238, 244))
    pen.poly([(sink - 14, line - 28), (sink + 14, line - 28), *arc(sink, line - 28, 14, 9, 0, 180)], WHITE)
    pen.rect(sink - 15, line - 30, sink + 15, line - 27, (226, 230, 238), 1)
    pen.line(arc(sink, line - 34, 4, 4, 180, 340), 1.8, STEEL)
    pen.line([(sink - 4, line - 34), (sink - 4, line - 29)], 1.8, STEEL)
    tub = pen.at(wide * (0.5 - side * 0.16), line + 12, 44, flip=side < 0)
    tub.line([(64, -40), (64, -140), (40, -140)], 4, STEEL)
    tub.poly([(28, -138), (52, -138), (56, -130), (24, -130)], darker(STEEL, 0.1))
    for x in (-52, 52):
        tub.oval(x, -4, 8, 7, GOLD)
    tub.poly(
        [(-76, -58), (76, -58), (64, -14), (50, -6), (-50, -6), (-64, -14)],
        Fade((WHITE, (250, 251, 253), (216, 222, 232))),
    )
    tub.rect(-82, -64, 82, -56, (244, 246, 250), 4)
    for k in range(12):
        r = rng.uniform(7, 13)
        tub.oval(-60 + k * 10, -66 - rng.uniform(0, 6), r, r * 0.9, (246, 250, 254))
        tub.oval(-62 + k * 10, -69, r * 0.4, r * 0.3, WHITE)
    _duck(tub.at(rng.uniform(-30, 20), -72, 26))
    hue = rng.choice(list(HUES.values()))
    rail = wide * (0.5 + side * 0.1)
    pen.line([(rail - 9, 30), (rail + 9, 30)], 1.2, STEEL)
    pen.rect(rail - 7, 30, rail + 7, 47, Fade((hue, lighter(hue, 0.3), hue)), 1)
    pen.rect(rail - 7, 41, rail + 7, 43, lighter(hue, 0.6))
    lay_rug(pen, wide * 0.5, line + (high - line) * 0.78, wide * 0.16, rng)


def _duck(pen: Pen) -> None:
    yellow = (250, 206, 60)
    pen.blob([(-46, -34), (-30, -40), (0, -34), (30, -42), (26, 0), (-26, 0)], yellow)
    pen.oval(18, -58, 22, 21, yellow)
    pen.poly([(38, -62), (56, -56), (38, -50)], (238, 130, 50))
    pen.oval(24, -64, 4, 4, INK)
