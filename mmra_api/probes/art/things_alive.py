"""Animals, a tree and an apple: a pen and a colour in, a drawing out. The box is 100 high, its base at y = 0."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Pen, rounded
from mmra_api.probes.art.palette import CREAM, INK, LEAF, WALNUT, WHITE, Rgb, darker, lighter, mix, sheer
from mmra_api.probes.art.shapes import arc

APPLES: tuple[Rgb, ...] = ((204, 54, 52), (142, 184, 70), (232, 178, 66))
"""There are no blue ones."""


def apple(pen: Pen, hue: Rgb) -> None:
    # By the hue and not by chance, as a drawing gets no stream.
    hue = APPLES[sum(hue) % len(APPLES)]
    half = [(0, -62), (18, -68), (37, -52), (34, -22), (16, -1), (0, -5)]
    pen.blob([*half, *[(-x, y) for x, y in reversed(half[1:-1])]], rounded(hue))
    pen.curve([(0, -60), (2, -72), (8, -80)], 4, WALNUT)
    pen.blob([(6, -72), (20, -84), (34, -78), (20, -70)], LEAF)
    pen.oval(-18, -46, 6, 10, sheer(WHITE, 120))


def cat(pen: Pen, hue: Rgb) -> None:
    # Half way to a coat that a cat can have; the rest still tells two cats apart.
    fur = mix(hue, (150, 130, 120), 0.45)
    pen.curve([(24, -10), (44, -14), (44, -36), (36, -46)], 8, darker(fur, 0.1))
    pen.blob([(-22, -2), (-24, -30), (-8, -54), (12, -54), (28, -26), (26, -2)], rounded(fur))
    for side in (-1, 1):
        pen.poly([(side * 24, -70), (side * 22, -100), (side * 4, -86)], fur)
        pen.poly([(side * 20, -78), (side * 19, -92), (side * 9, -85)], (240, 170, 170))
    pen.oval(0, -68, 27, 23, fur)
    for side in (-1, 1):
        pen.oval(side * 10, -71, 4, 5.5, INK)
        pen.oval(side * 10 - 1, -73, 1.4, 1.6, WHITE)
        for drop in (-2, 3):
            pen.line([(side * 12, -60 + drop / 2), (side * 32, -62 + drop * 1.6)], 1, CREAM)
        pen.oval(side * 11, -3, 8, 5, lighter(fur, 0.4))
    pen.poly([(-3.5, -64), (3.5, -64), (0, -59.5)], (226, 110, 120))
    pen.line(arc(0, -60, 5, 4, 20, 160), 1.6, INK)


def dog(pen: Pen, hue: Rgb) -> None:
    # Mostly the colour of a dog; the hue comes back in its collar.
    fur = mix(hue, (206, 164, 120), 0.7)
    pen.curve([(36, -38), (50, -50), (50, -64)], 7, darker(fur, 0.1))
    for x in (-22, -10, 22, 34):
        pen.rect(x - 5, -30, x + 5, 0, darker(fur, 0.12 if x in (-10, 22) else 0.0), 4)
    pen.blob([(-34, -30), (-26, -52), (10, -52), (40, -48), (42, -24), (0, -18)], rounded(fur, 0.14))
    pen.oval(-32, -66, 20, 18, fur)
    pen.blob([(-40, -62), (-56, -60), (-60, -54), (-50, -48), (-36, -50)], lighter(fur, 0.3))
    pen.oval(-58, -58, 4, 3.4, INK)
    pen.blob([(-26, -80), (-12, -74), (-10, -52), (-20, -46), (-24, -60)], darker(fur, 0.4))
    pen.oval(-40, -69, 3, 3.6, INK)
    pen.line([(-26, -48), (-14, -54)], 6, hue)


def bird(pen: Pen, hue: Rgb) -> None:
    for x in (-4, 8):
        pen.line([(x, -20), (x, 0)], 2.4, (220, 140, 60))
        pen.line([(x - 6, 0), (x + 5, 0)], 2.4, (220, 140, 60))
    pen.poly([(26, -46), (54, -58), (50, -40), (24, -30)], darker(hue, 0.3))
    pen.blob([(-34, -62), (-18, -82), (4, -66), (32, -44), (18, -20), (-12, -18), (-28, -40)], rounded(hue))
    pen.blob([(-22, -42), (-2, -24), (-16, -22), (-26, -34)], lighter(hue, 0.5))
    pen.blob([(0, -56), (26, -46), (34, -36), (10, -30)], darker(hue, 0.2))
    pen.poly([(-34, -66), (-52, -60), (-32, -56)], (240, 160, 60))
    pen.oval(-22, -68, 3.6, 4, INK)


def fish(pen: Pen, hue: Rgb) -> None:
    pen.poly([(26, -36), (54, -60), (48, -36), (54, -12)], darker(hue, 0.15))
    pen.blob([(-10, -62), (6, -76), (18, -58)], darker(hue, 0.15))
    pen.blob([(-48, -36), (-26, -60), (10, -60), (34, -36), (10, -12), (-26, -12)], rounded(hue))
    for x in (-14, 2, 16):
        pen.line(arc(x, -36, 8, 18, -70, 70), 2.4, lighter(hue, 0.5))
    pen.oval(-32, -42, 6, 6, WHITE)
    pen.oval(-33, -42, 3, 3, INK)


def tree(pen: Pen, hue: Rgb) -> None:
    # A hint of the hue only: a tree stays green.
    leaf = mix(LEAF, hue, 0.12)
    pen.poly([(-6, -44), (6, -44), (9, 0), (-9, 0)], WALNUT)
    for x, y, r in ((-20, -52, 22), (20, -52, 22), (0, -72, 28), (-14, -70, 20), (15, -68, 20)):
        pen.oval(x, y, r, r, darker(leaf, 0.1))
    for x, y, r in ((-10, -76, 17), (-22, -56, 13), (8, -64, 14)):
        pen.oval(x, y, r, r, lighter(leaf, 0.16))
