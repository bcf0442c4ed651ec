"""A house, a chair, a sofa and a dog from three sides: a pen and a colour in, a drawing out."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen
from mmra_api.probes.art.palette import CREAM, INK, OAK, STEEL, WHITE, Rgb, darker, lighter, mix
from mmra_api.probes.art.things_home import HOME
from mmra_api.probes.art.things_outdoors import OUTDOORS, PANE
from mmra_api.probes.art.views_vehicles import GLASS


def house_above(pen: Pen, hue: Rgb) -> None:
    roof = mix((190, 84, 66), hue, 0.3)
    pen.rect(-54, -38, 0, 38, darker(roof, 0.08))
    pen.rect(0, -38, 54, 38, darker(roof, 0.26))
    for x in range(-50, 54, 9):
        pen.line([(x, -38), (x, 38)], 1, darker(roof, 0.36))
    pen.rect(-2.6, -39, 2.6, 39, lighter(roof, 0.15))
    pen.rect(20, -24, 36, -8, (150, 92, 78), 1)
    pen.rect(23.5, -20.5, 32.5, -11.5, INK, 1)
    pen.rect(-38, 4, -20, 24, STEEL)
    pen.rect(-36, 6, -22, 22, GLASS)


def house_front(pen: Pen, hue: Rgb) -> None:
    wall, roof = lighter(hue, 0.62), mix((190, 84, 66), hue, 0.3)
    pen.rect(20, -106, 32, -72, (150, 92, 78))
    pen.poly([(-44, 0), (-44, -60), (0, -98), (44, -60), (44, 0)], wall)
    pen.line([(-52, -54), (0, -100), (52, -54)], 9, darker(roof, 0.12))
    pen.rect(-11, -38, 11, 0, darker(roof, 0.3), 2)
    pen.oval(7, -18, 2, 2, (240, 200, 90))
    for x in (-28, 28):
        _pane(pen.at(x, -24, 22))
    pen.oval(0, -66, 9, 9, WHITE)
    pen.oval(0, -66, 7, 7, GLASS)
    pen.rect(-16, -3, 16, 1, STEEL)


def _pane(pen: Pen) -> None:
    pen.rect(-46, -72, 46, 22, WHITE)
    pen.rect(-38, -64, 38, 14, PANE)
    pen.line([(0, -64), (0, 14)], 7, WHITE)
    pen.line([(-38, -25), (38, -25)], 7, WHITE)


def house_side(pen: Pen, hue: Rgb) -> None:
    wall, roof = lighter(hue, 0.55), mix((190, 84, 66), hue, 0.3)
    pen.rect(30, -108, 44, -80, (150, 92, 78))
    pen.rect(-68, -58, 68, 0, wall)
    pen.poly([(-76, -54), (-66, -98), (66, -98), (76, -54)], darker(roof, 0.1))
    for k in range(1, 5):
        y = -98 + k * 9
        pen.line([(-66 - k * 2, y), (66 + k * 2, y)], 1.2, darker(roof, 0.28))
    for x in (-46, -16, 16, 46):
        _pane(pen.at(x, -26, 20))
    for x in range(-60, 64, 12):
        pen.oval(x, -3, 8, 6, (92, 152, 88))


def chair_above(pen: Pen, hue: Rgb) -> None:
    pen.rect(-34, -30, 34, 36, Fade((lighter(hue, 0.14), hue)), 7)
    pen.rect(-25, -18, 25, 28, lighter(hue, 0.32), 8)
    pen.rect(-37, -42, 37, -29, darker(hue, 0.35), 4)
    pen.rect(-37, -42, 37, -38, darker(hue, 0.1), 2)


def chair_front(pen: Pen, hue: Rgb) -> None:
    dark = darker(hue, 0.3)
    for x in (-27, 27):
        pen.rect(x - 4, -104, x + 4, 0, dark, 2)
    for y in (-100, -83, -66):
        pen.rect(-27, y, 27, y + 10, hue, 3)
    pen.rect(-34, -50, 34, -40, lighter(hue, 0.25), 4)
    pen.rect(-34, -43, 34, -36, darker(hue, 0.1), 3)
    pen.rect(-25, -20, 25, -15, dark)


def chair_side(pen: Pen, hue: Rgb) -> None:
    dark = darker(hue, 0.3)
    pen.poly([(-31, 0), (-23, 0), (-22, -48), (-31, -104), (-38, -104), (-30, -48)], dark)
    pen.poly([(34, 0), (27, 0), (25, -44), (32, -44)], dark)
    pen.line([(-26, -18), (29, -18)], 4, dark)
    pen.rect(-30, -50, 38, -41, lighter(hue, 0.25), 4)
    pen.rect(-30, -44, 38, -38, darker(hue, 0.1), 3)


def sofa_above(pen: Pen, hue: Rgb) -> None:
    pen.rect(-64, -36, 64, 36, darker(hue, 0.12), 9)
    for x in (-48, 1):
        pen.rect(x, -16, x + 47, 34, lighter(hue, 0.24), 7)
    pen.rect(-64, -40, 64, -17, darker(hue, 0.3), 8)
    pen.rect(-64, -40, 64, -28, darker(hue, 0.16), 6)
    for x in (-66, 49):
        pen.rect(x, -36, x + 17, 38, hue, 8)
    pen.at(-28, 2, 100, 20).rect(-12, -12, 12, 12, CREAM, 4)


def sofa_front(pen: Pen, hue: Rgb) -> None:
    # The household drawing shows it from the front already; 112 makes it as large as the others here.
    HOME["sofa"](pen.at(0, 0, 112), hue)


def sofa_side(pen: Pen, hue: Rgb) -> None:
    for x in (-34, 34):
        pen.rect(x - 4, -8, x + 4, 0, OAK)
    pen.poly([(-44, -8), (-26, -8), (-24, -74), (-38, -80), (-48, -74)], darker(hue, 0.22))
    pen.rect(-38, -30, 44, -8, darker(hue, 0.12), 5)
    pen.rect(-28, -42, 48, -24, lighter(hue, 0.24), 7)
    pen.rect(-34, -54, 42, -10, Fade((lighter(hue, 0.14), hue, darker(hue, 0.08))), 12)
    pen.line([(-24, -46), (32, -46)], 2.4, darker(hue, 0.2))


def _fur(hue: Rgb) -> Rgb:
    # A hint of the hue only: there are no green dogs.
    return mix((206, 164, 120), hue, 0.16)


def dog_above(pen: Pen, hue: Rgb) -> None:
    fur = _fur(hue)
    pen.curve([(0, 44), (8, 58), (2, 72)], 8, darker(fur, 0.12))
    for x in (-18, 18):
        for y in (-22, 30):
            pen.oval(x, y, 7, 9, darker(fur, 0.12))
    pen.blob(
        [(0, -36), (18, -24), (16, 8), (20, 32), (0, 48), (-20, 32), (-16, 8), (-18, -24)],
        Fade((darker(fur, 0.1), fur, lighter(fur, 0.12), fur, darker(fur, 0.1))),
    )
    pen.rect(-15, -34, 15, -28, hue, 2)
    pen.oval(0, -48, 19, 18, fur)
    pen.blob([(-8, -56), (8, -56), (8, -74), (0, -78), (-8, -74)], lighter(fur, 0.2))
    pen.oval(0, -76, 4.4, 3.4, INK)
    for side in (-1, 1):
        pen.blob([(side * 12, -60), (side * 26, -54), (side * 28, -38), (side * 17, -42)], darker(fur, 0.4))


def dog_front(pen: Pen, hue: Rgb) -> None:
    fur = _fur(hue)
    pen.curve([(20, -34), (36, -46), (40, -62)], 8, darker(fur, 0.15))
    pen.blob([(-24, -52), (24, -52), (28, -20), (18, -8), (-18, -8), (-28, -20)], darker(fur, 0.12))
    for x in (-13, 13):
        pen.rect(x - 8, -42, x + 8, 0, fur, 7)
        pen.oval(x, -3, 10, 5, lighter(fur, 0.25))
    pen.rect(-18, -56, 18, -48, hue, 3)
    pen.oval(0, -76, 28, 26, fur)
    for side in (-1, 1):
        pen.blob([(side * 18, -98), (side * 34, -92), (side * 38, -62), (side * 27, -58)], darker(fur, 0.4))
        pen.oval(side * 11, -82, 4.4, 5, INK)
        pen.oval(side * 11 - 1.4, -84, 1.5, 1.6, WHITE)
    pen.oval(0, -64, 14, 11, lighter(fur, 0.45))
    pen.oval(0, -70, 6, 4.4, INK)
    pen.blob([(-4, -60), (4, -60), (4, -48), (0, -46), (-4, -48)], (232, 110, 120))
    pen.line([(-8, -60), (8, -60)], 1.8, INK)


def dog_side(pen: Pen, hue: Rgb) -> None:
    # The usual drawing is a side view already; moved by 4, as its head sticks out to the left.
    OUTDOORS["dog"](pen.at(4, 0, 112), hue)
