"""A car and a bus from three sides: a pen and a colour in, a drawing out."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen
from mmra_api.probes.art.palette import CREAM, INK, STEEL, WHITE, Rgb, darker, lighter, sheer
from mmra_api.probes.art.things_outdoors import OUTDOORS, PANE, wheel

GLASS: Rgb = (176, 214, 232)


def car_above(pen: Pen, hue: Rgb) -> None:
    for x in (-25, 25):
        for y in (-32, 32):
            pen.rect(x - 4, y - 9, x + 4, y + 9, INK, 2)
    pen.rect(-26, -56, 26, 56, Fade((darker(hue, 0.16), hue, lighter(hue, 0.18), hue, darker(hue, 0.16))), 13)
    pen.poly([(-21, -22), (21, -22), (17, -8), (-17, -8)], GLASS)
    pen.poly([(-18, 40), (18, 40), (15, 28), (-15, 28)], GLASS)
    pen.rect(-18, -8, 18, 28, lighter(hue, 0.16), 4)
    for side in (-1, 1):
        pen.poly([(side * 22, -20), (side * 18, -6), (side * 18, 27), (side * 22, 36)], GLASS)
        pen.oval(side * 18, -53, 5, 3, (255, 240, 180))
        pen.rect(side * 22 - 5, 53, side * 22 + 1 if side > 0 else side * 22 + 5, 56, (214, 60, 54))
        pen.oval(side * 29, -18, 4, 3, darker(hue, 0.2))


def car_front(pen: Pen, hue: Rgb) -> None:
    for x in (-32, 32):
        pen.rect(x - 8, -20, x + 8, 0, INK, 4)
    pen.poly([(-26, -74), (26, -74), (37, -42), (-37, -42)], darker(hue, 0.1))
    pen.poly([(-22, -70), (22, -70), (31, -44), (-31, -44)], PANE)
    pen.line([(-14, -66), (-22, -48)], 3, sheer(WHITE, 150))
    pen.rect(-44, -46, 44, -10, Fade((lighter(hue, 0.22), hue, darker(hue, 0.2)), down=True), 11)
    pen.rect(-20, -32, 20, -22, INK, 3)
    for x in (-31, 31):
        pen.oval(x, -30, 8.5, 8.5, WHITE)
        pen.oval(x, -30, 6, 6, (255, 236, 156))
        pen.oval(x * 1.48, -48, 6, 4.4, darker(hue, 0.25))
    pen.rect(-44, -16, 44, -9, STEEL, 3)
    pen.rect(-13, -18, 13, -9, CREAM, 1)


def car_side(pen: Pen, hue: Rgb) -> None:
    # The usual drawing is a side view already; 112 makes it as large as the others here.
    OUTDOORS["car"](pen.at(0, 0, 112), hue)


def bus_above(pen: Pen, hue: Rgb) -> None:
    pen.rect(-24, -70, 24, 70, Fade((darker(hue, 0.16), hue, lighter(hue, 0.14), hue, darker(hue, 0.16))), 7)
    pen.poly([(-21, -68), (21, -68), (18, -60), (-18, -60)], GLASS)
    for y in (-34, 30):
        pen.rect(-11, y - 9, 11, y + 9, darker(hue, 0.2), 2)
        pen.rect(-8, y - 6, 8, y + 6, lighter(hue, 0.2), 2)
    for x in (-17, 17):
        pen.line([(x, -52), (x, 62)], 1.6, darker(hue, 0.22))
    for side in (-1, 1):
        pen.rect(side * 28 - 4, -64, side * 28 + 4, -58, INK, 2)


def bus_front(pen: Pen, hue: Rgb) -> None:
    for x in (-28, 28):
        pen.rect(x - 8, -14, x + 8, 0, INK, 3)
    pen.rect(-40, -108, 40, -7, Fade((lighter(hue, 0.16), hue, darker(hue, 0.16))), 8)
    pen.rect(-24, -104, 24, -95, INK, 2)
    pen.line([(-16, -99.5), (12, -99.5)], 2.4, (250, 196, 70))
    pen.rect(-34, -91, 34, -44, PANE, 4)
    pen.line([(0, -91), (0, -44)], 1.6, darker(hue, 0.3))
    pen.line([(-24, -84), (-28, -56)], 3, sheer(WHITE, 160))
    pen.rect(-40, -36, 40, -31, CREAM)
    for x in (-29, 29):
        pen.oval(x, -22, 6, 6, (255, 240, 180))
        pen.rect(x * 1.58 - 4, -86, x * 1.58 + 4, -66, INK, 2)
    pen.rect(-13, -21, 13, -12, CREAM, 1)
    pen.rect(-42, -10, 42, -5, STEEL, 2)


def bus_side(pen: Pen, hue: Rgb) -> None:
    pen.rect(-74, -84, 74, -10, Fade((lighter(hue, 0.18), hue, darker(hue, 0.14)), down=True), 8)
    for k in range(5):
        pen.rect(-50 + k * 24, -76, -30 + k * 24, -50, PANE, 2)
    pen.rect(-71, -76, -55, -14, GLASS, 2)
    pen.line([(-63, -76), (-63, -14)], 1.6, darker(hue, 0.3))
    pen.rect(-52, -42, 74, -37, CREAM)
    pen.oval(72, -22, 3, 5, (255, 240, 180))
    for x in (-40, 46):
        wheel(pen, x, -12, 13)
