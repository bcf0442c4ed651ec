"""Vehicles, animals, plants and things to wear, carry or play with: a pen and a colour in, a drawing out."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, rounded
from mmra_api.probes.art.palette import CREAM, GOLD, INK, OAK, STEEL, WALNUT, WHITE, Rgb, darker, lighter, mix, sheer
from mmra_api.probes.art.shapes import arc, star
from mmra_api.probes.art.things_alive import apple, bird, cat, dog, fish, tree

PANE = Fade(((214, 236, 246), (160, 204, 226)), True)


def wheel(pen: Pen, x: float, y: float, radius: float) -> None:
    pen.oval(x, y, radius, radius, (46, 44, 54))
    pen.oval(x, y, radius * 0.55, radius * 0.55, lighter(STEEL, 0.3))
    pen.oval(x, y, radius * 0.2, radius * 0.2, darker(STEEL, 0.4))


def car(pen: Pen, hue: Rgb) -> None:
    pen.blob([(-34, -34), (-24, -58), (-8, -62), (16, -61), (32, -36), (20, -30), (-24, -30)], darker(hue, 0.1))
    pen.poly([(-25, -37), (-17, -54), (-4, -56), (-4, -37)], PANE)
    pen.poly([(1, -37), (1, -56), (13, -55), (25, -37)], PANE)
    pen.rect(-54, -39, 54, -10, Fade((lighter(hue, 0.25), hue, darker(hue, 0.25)), True), 11)
    pen.rect(-4, -36, 1, -14, darker(hue, 0.2))
    pen.rect(5, -31, 13, -28, lighter(STEEL, 0.3), 1)
    pen.oval(50, -28, 4, 5, (255, 236, 160))
    pen.oval(-51, -28, 3, 5, (220, 70, 60))
    for x in (-30, 30):
        wheel(pen, x, -12, 13)


def bicycle(pen: Pen, hue: Rgb) -> None:
    for x in (-32, 32):
        pen.line(arc(x, -24, 22, 22), 4, (52, 50, 60))
        # Half of the 48 points: each spoke runs through the hub to the other side.
        for px, py in arc(x, -24, 21, 21)[:24:4]:
            pen.line([(px, py), (2 * x - px, -48 - py)], 0.8, STEEL)
    pen.line([(-32, -24), (-14, -62), (22, -62), (32, -24)], 5, hue)
    pen.line([(-32, -24), (0, -24), (-14, -62)], 5, hue)
    pen.line([(0, -24), (22, -62)], 5, hue)
    pen.line([(22, -62), (19, -76), (32, -78)], 5, darker(hue, 0.4))
    pen.line([(-22, -70), (-6, -70)], 7, INK)
    pen.line([(-14, -62), (-14, -70)], 4, STEEL)
    pen.oval(0, -24, 6, 6, STEEL)


def boat(pen: Pen, hue: Rgb) -> None:
    pen.rect(-2.5, -100, 2.5, -18, WALNUT)
    pen.blob([(6, -96), (26, -66), (42, -30), (22, -26), (6, -28)], Fade((CREAM, lighter(hue, 0.6))))
    pen.poly([(-6, -84), (-6, -28), (-36, -28)], lighter(hue, 0.35))
    pen.poly([(-50, -22), (52, -22), (34, 0), (-36, 0)], Fade((lighter(hue, 0.15), darker(hue, 0.2)), True))
    pen.rect(-50, -24, 52, -19, CREAM, 2)
    pen.poly([(0, -100), (18, -95), (0, -90)], darker(hue, 0.05))


def ball(pen: Pen, hue: Rgb) -> None:
    """A beach ball."""
    pen.oval(0, -38, 38, 38, CREAM)
    for start in (0, 120, 240):
        rim = arc(0, -38, 38, 38, start, start + 60)
        pen.blob([(4, -44), rim[0], rim[len(rim) // 2], rim[-1]], hue)
        pen.poly([(4, -44), *rim], hue)
    pen.oval(4, -44, 6, 6, CREAM)
    pen.poly([*arc(0, -38, 38, 38, 10, 130), *reversed(arc(-6, -44, 38, 36, 20, 120))], sheer(INK, 50))
    pen.oval(-16, -58, 9, 6, sheer(WHITE, 150))


def football(pen: Pen, hue: Rgb) -> None:
    pen.oval(0, -36, 36, 36, Fade((WHITE, (250, 250, 250), (216, 218, 226)), True))
    pen.poly(star(0, -36, 13, 11, 3), INK)
    # Two radii alike: six points on a circle, not a star.
    for x, y in star(0, -36, 34, 34, 3)[::1]:
        pen.line([(x * 0.35, -36 + (y + 36) * 0.35), (x * 0.72, -36 + (y + 36) * 0.72)], 1.8, INK)
        pen.poly(arc(x * 0.84, -36 + (y + 36) * 0.84, 7, 7), INK)
    # The hue shows in the outline only: a football is black and white.
    pen.line(arc(0, -36, 35.5, 35.5), 2.4, mix(INK, hue, 0.3))


def racket(pen: Pen, hue: Rgb) -> None:
    for k in range(-3, 4):
        pen.line([(k * 6.5, -96 + abs(k) * 3), (k * 6.5, -46 - abs(k) * 3)], 1, (236, 236, 226))
        pen.line([(-23 + abs(k) * 2, -71 + k * 7.5), (23 - abs(k) * 2, -71 + k * 7.5)], 1, (236, 236, 226))
    pen.line(arc(0, -71, 25, 30), 5, hue)
    pen.line([(-10, -44), (0, -30), (10, -44)], 4, hue)
    pen.rect(-4.5, -32, 4.5, 0, INK, 3)


def bag(pen: Pen, hue: Rgb) -> None:
    pen.line(arc(0, -56, 20, 32, 180, 360), 6, darker(hue, 0.35))
    pen.poly([(-34, -58), (34, -58), (42, -4), (38, 0), (-38, 0), (-42, -4)], rounded(hue, 0.16))
    pen.poly([(-35, -58), (35, -58), (24, -30), (0, -24), (-24, -30)], darker(hue, 0.18))
    pen.oval(0, -27, 5, 5, GOLD)


def basket(pen: Pen, hue: Rgb) -> None:
    pen.line(arc(0, -46, 36, 44, 180, 360), 6, darker(OAK, 0.2))
    pen.poly([(-44, -48), (44, -48), (34, 0), (-34, 0)], OAK)
    for row in range(5):
        for k in range(-4 + row % 2, 5, 2):
            pen.rect(k * 9 - 8, -44 + row * 9, k * 9 + 6, -38 + row * 9, lighter(OAK, 0.28), 3)
    pen.rect(-47, -54, 47, -45, darker(OAK, 0.15), 4)
    pen.poly([(-30, -52), (12, -52), (-4, -26), (-20, -34)], hue)


def suitcase(pen: Pen, hue: Rgb) -> None:
    pen.line([(-14, -70), (-14, -84), (14, -84), (14, -70)], 5, INK)
    pen.rect(-48, -70, 48, 0, rounded(hue, 0.15), 9)
    for x in (-30, 24):
        pen.rect(x, -70, x + 7, 0, darker(hue, 0.35))
        pen.rect(x - 2, -48, x + 9, -38, GOLD, 2)
    pen.oval(0, -26, 10, 10, CREAM)


def umbrella(pen: Pen, hue: Rgb) -> None:
    pen.line([(0, -98), (0, -12)], 4, WALNUT)
    pen.line(arc(8, -12, 8, 9, 180, 0), 4, WALNUT)
    edge = [p for k in range(4) for p in arc(36 - 24 * k, -54, 12, 6, 0, -180)]
    pen.poly([*arc(0, -54, 48, 40, 180, 360), *edge], hue)
    pen.poly([(0, -94), *arc(0, -54, 12, 6, 0, -180)], lighter(hue, 0.25))
    pen.poly([*arc(0, -54, 48, 40, 180, 272), *arc(-36, -54, 12, 6, 0, -180)], lighter(hue, 0.35))
    pen.line([(0, -94), (0, -101)], 3, INK)


def hat(pen: Pen, hue: Rgb) -> None:
    pen.oval(0, -10, 50, 11, darker(hue, 0.12))
    pen.poly([(-28, -14), *arc(0, -36, 27, 26, 180, 360), (28, -14), *arc(0, -14, 28, 5, 0, 180)], rounded(hue))
    pen.poly([(-28, -26), (28, -26), (28, -15), *arc(0, -15, 28, 5, 0, 180)], darker(hue, 0.45))


def boot(pen: Pen, hue: Rgb) -> None:
    pen.blob([(-24, -88), (10, -88), (11, -40), (40, -26), (42, -8), (-22, -8), (-25, -44)], rounded(hue))
    pen.rect(-26, -90, 12, -80, lighter(hue, 0.35), 3)
    pen.rect(-25, -9, 44, 0, darker(hue, 0.5), 4)


def gift(pen: Pen, hue: Rgb) -> None:
    ribbon = lighter(hue, 0.7)
    pen.rect(-38, -52, 38, 0, Fade((lighter(hue, 0.1), hue, darker(hue, 0.2))))
    pen.rect(-42, -66, 42, -50, darker(hue, 0.1), 2)
    pen.rect(-7, -66, 7, 0, ribbon)
    for side in (-1, 1):
        pen.blob([(0, -66), (side * 12, -86), (side * 28, -84), (side * 24, -68)], ribbon)
        pen.blob([(side * 4, -68), (side * 13, -79), (side * 20, -77), (side * 17, -70)], darker(hue, 0.1))
    pen.oval(0, -67, 6, 5, lighter(hue, 0.5))


def balloon(pen: Pen, hue: Rgb) -> None:
    pen.curve([(0, -42), (4, -28), (-4, -14), (2, 0)], 1.6, INK)
    pen.poly([(0, -46), (-5, -39), (5, -39)], darker(hue, 0.2))
    pen.blob([(0, -102), (25, -88), (24, -66), (0, -44), (-24, -66), (-25, -88)], rounded(hue))
    pen.oval(-11, -86, 5, 8, sheer(WHITE, 150))


OUTDOORS = {
    "car": car,
    "bicycle": bicycle,
    "sailing boat": boat,
    "beach ball": ball,
    "football": football,
    "tennis racket": racket,
    "handbag": bag,
    "basket": basket,
    "suitcase": suitcase,
    "umbrella": umbrella,
    "hat": hat,
    "boot": boot,
    "apple": apple,
    "gift": gift,
    "balloon": balloon,
    "cat": cat,
    "dog": dog,
    "bird": bird,
    "fish": fish,
    "tree": tree,
}
