"""Household things: a pen and a colour in, a drawing out. The box is 100 high, its base at y = 0."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, rounded
from mmra_api.probes.art.palette import CREAM, GOLD, INK, OAK, STEEL, WALNUT, WHITE, Rgb, darker, lighter, sheer
from mmra_api.probes.art.shapes import arc


def cup(pen: Pen, hue: Rgb) -> None:
    pen.line(arc(30, -38, 17, 19, -95, 95), 8, darker(hue, 0.15))
    pen.poly([(-34, -72), (34, -72), (29, -8), *arc(0, -8, 29, 8, 0, 180)], rounded(hue))
    pen.oval(0, -72, 34, 8, lighter(hue, 0.4))
    pen.oval(0, -71, 29, 5.5, (92, 58, 42))
    for x in (-10, 8):
        pen.curve([(x, -84), (x + 5, -91), (x, -97), (x + 4, -104)], 3, sheer(WHITE, 150))


def glass(pen: Pen, hue: Rgb) -> None:
    pen.poly([(-25, -50), (25, -50), (20, -5), *arc(0, -5, 20, 5, 0, 180)], sheer(hue, 200))
    pen.oval(0, -50, 25, 5.5, lighter(hue, 0.35))
    pen.poly([(-29, -88), (29, -88), (21, 0), (-21, 0)], (214, 236, 244, 96))
    pen.line(arc(0, -88, 29, 6), 2, (240, 250, 255))
    pen.line([(-21, -78), (-16, -16)], 4, sheer(WHITE, 170))
    pen.line([(16, -110), (4, -12)], 4, lighter(hue, 0.75))


def bottle(pen: Pen, hue: Rgb) -> None:
    body = [(-9, -98), (9, -98), (9, -72), (22, -58), (22, -4), (18, 0), (-18, 0), (-22, -4), (-22, -58), (-9, -72)]
    pen.poly(body, rounded(hue))
    pen.rect(-11, -102, 11, -92, darker(hue, 0.4), 2)
    pen.rect(-22, -46, 22, -18, CREAM)
    pen.oval(0, -32, 8, 8, lighter(hue, 0.2))


def teapot(pen: Pen, hue: Rgb) -> None:
    pen.line(arc(34, -36, 20, 21, -80, 90), 7, darker(hue, 0.2))
    pen.poly([(-30, -26), (-58, -62), (-47, -66), (-24, -46)], darker(hue, 0.1))
    pen.oval(0, -34, 39, 34, rounded(hue))
    pen.rect(-22, -5, 22, 0, darker(hue, 0.35), 2)
    pen.poly(arc(0, -62, 22, 9, 180, 360), lighter(hue, 0.15))
    pen.oval(0, -75, 6, 6, darker(hue, 0.3))
    for x in (-18, 0, 18):
        pen.oval(x, -33, 5, 5, CREAM)


def book(pen: Pen, hue: Rgb) -> None:
    pen.rect(-34, -88, 34, 0, darker(hue, 0.3), 3)
    pen.rect(-30, -86, 36, -3, (246, 240, 224))
    pen.rect(-34, -90, 32, -5, hue, 3)
    pen.rect(-34, -90, -24, -5, darker(hue, 0.22), 3)
    pen.rect(-14, -78, 22, -58, CREAM, 2)
    pen.line([(-8, -71), (16, -71)], 2.5, darker(hue, 0.1))
    pen.line([(-8, -65), (8, -65)], 2.5, darker(hue, 0.1))
    pen.oval(4, -32, 11, 11, lighter(hue, 0.45))


def lamp(pen: Pen, hue: Rgb) -> None:
    # First: a glow drawn later would veil the lamp.
    pen.glow(0, -60, 56, (255, 232, 160), 110)
    pen.oval(0, -4, 22, 5, darker(STEEL, 0.3))
    pen.rect(-3, -60, 3, -5, STEEL)
    pen.poly([(-18, -98), (18, -98), (36, -52), (-36, -52)], Fade((hue, lighter(hue, 0.55), hue, darker(hue, 0.2))))
    pen.oval(0, -52, 36, 5, (255, 244, 200))


def candle(pen: Pen, hue: Rgb) -> None:
    pen.glow(0, -88, 40, (255, 220, 120), 130)
    pen.oval(0, -4, 30, 6, GOLD)
    pen.rect(-12, -66, 12, -5, Fade((darker(hue, 0.1), lighter(hue, 0.4), hue, darker(hue, 0.2))))
    pen.oval(0, -66, 12, 3, lighter(hue, 0.5))
    pen.line([(0, -66), (0, -75)], 2, INK)
    pen.blob([(0, -104), (8, -86), (0, -73), (-8, -86)], (250, 160, 50))
    pen.blob([(0, -95), (4, -84), (0, -75), (-4, -84)], (255, 240, 170))


def torch(pen: Pen, hue: Rgb) -> None:
    """An electric hand lamp, standing on its end and shining upwards."""
    pen.poly([(-24, -72), (24, -72), (46, -120), (-46, -120)], (255, 236, 140, 120))
    pen.rect(-12, -50, 12, 0, rounded(hue), 4)
    pen.poly([(-12, -50), (12, -50), (23, -70), (-23, -70)], darker(hue, 0.2))
    pen.rect(-24, -76, 24, -69, STEEL, 3)
    pen.oval(0, -76, 22, 4, (255, 250, 210))
    pen.rect(-4, -40, 4, -26, CREAM, 3)


def clock(pen: Pen, hue: Rgb) -> None:
    pen.line([(-22, -6), (-30, 0)], 7, darker(hue, 0.4))
    pen.line([(22, -6), (30, 0)], 7, darker(hue, 0.4))
    for x in (-20, 20):
        pen.oval(x, -88, 12, 11, lighter(STEEL, 0.2))
    pen.oval(0, -46, 42, 42, rounded(hue))
    pen.oval(0, -46, 33, 33, CREAM)
    # Every 4th of 48 points: 12 hours.
    for hour in arc(0, -46, 27, 27)[::4]:
        pen.oval(*hour, 2.2, 2.2, INK)
    pen.line([(0, -46), (0, -68)], 4, INK)
    pen.line([(0, -46), (14, -38)], 4, INK)
    pen.oval(0, -46, 4, 4, hue)


def watch(pen: Pen, hue: Rgb) -> None:
    pen.rect(-13, -100, 13, 0, rounded(hue), 5)
    for y in (-12, -20, -82, -90):
        pen.oval(0, y, 1.8, 1.8, darker(hue, 0.5))
    pen.rect(24, -54, 31, -46, GOLD, 2)
    pen.oval(0, -50, 27, 27, GOLD)
    pen.oval(0, -50, 21, 21, CREAM)
    # Every 4th of 48 points: 12 hours.
    for hour in arc(0, -50, 17, 17)[::4]:
        pen.oval(*hour, 1.5, 1.5, INK)
    pen.line([(0, -50), (-9, -58)], 3, INK)
    pen.line([(0, -50), (10, -62)], 2.4, INK)


def hourglass(pen: Pen, hue: Rgb) -> None:
    pen.poly([(-24, -88), (24, -88), (3, -48), (24, -8), (-24, -8), (-3, -48)], (206, 230, 240))
    pen.poly([(-15, -72), (15, -72), (2, -49), (-2, -49)], (232, 190, 110))
    pen.poly([(-22, -9), (0, -30), (22, -9)], (232, 190, 110))
    pen.line([(0, -48), (0, -28)], 2, (232, 190, 110))
    for x in (-28, 28):
        pen.rect(x - 3, -90, x + 3, -6, darker(hue, 0.2))
    pen.rect(-35, -98, 35, -87, hue, 3)
    pen.rect(-35, -11, 35, 0, hue, 3)


def chair(pen: Pen, hue: Rgb) -> None:
    dark = darker(hue, 0.3)
    for x, top in ((-22, -98), (26, -98)):
        pen.rect(x - 4, top, x + 4, -6, dark, 2)
    for y in (-92, -74, -58):
        pen.rect(-22, y, 26, y + 9, hue, 3)
    pen.poly([(-26, -46), (30, -46), (36, -36), (-34, -36)], lighter(hue, 0.15))
    pen.rect(-34, -36, 36, -30, darker(hue, 0.12))
    for x in (-30, 32):
        pen.rect(x - 4, -30, x + 4, 0, dark, 2)


def stool(pen: Pen, hue: Rgb) -> None:
    for x in (-24, 0, 24):
        pen.line([(x * 0.7, -56), (x * 1.25, -3)], 7, OAK if x else darker(OAK, 0.2))
    pen.line([(-26, -24), (26, -24)], 5, darker(OAK, 0.25))
    pen.poly([(-36, -64), (36, -64), *arc(0, -56, 36, 9, 0, 180)], darker(hue, 0.2))
    pen.oval(0, -65, 36, 10, hue)
    pen.oval(-6, -67, 20, 4, lighter(hue, 0.3))


def sofa(pen: Pen, hue: Rgb) -> None:
    for x in (-44, 44):
        pen.rect(x - 4, -8, x + 4, 0, WALNUT)
    pen.rect(-50, -66, 50, -8, darker(hue, 0.12), 12)
    for x in (-38, 1):
        pen.rect(x, -58, x + 37, -30, lighter(hue, 0.1), 7)
        pen.rect(x, -34, x + 37, -16, lighter(hue, 0.25), 6)
    for x in (-60, 42):
        pen.rect(x, -46, x + 18, -6, hue, 8)


def vase(pen: Pen, hue: Rgb) -> None:
    for x, y, turn in ((-18, -96, (238, 120, 130)), (3, -106, (250, 200, 80)), (22, -92, (160, 120, 200))):
        pen.line([(x * 0.3, -56), (x, y)], 3, (90, 140, 80))
        for px, py in arc(x, y, 8, 8)[:-1:8]:
            pen.oval(px, py, 5.5, 5.5, turn)
        pen.oval(x, y, 5, 5, CREAM)
    outline = [(-10, -60), (10, -60), (11, -50), (25, -28), (16, 0), (-16, 0), (-25, -28), (-11, -50)]
    pen.blob(outline, rounded(hue))
    pen.oval(0, -60, 11, 3, lighter(hue, 0.4))


def cushion(pen: Pen, hue: Rgb) -> None:
    pen.blob([(-42, -70), (0, -64), (42, -70), (37, -36), (42, -2), (0, -8), (-42, -2), (-37, -36)], rounded(hue))
    for x in (-16, 0, 16):
        pen.line([(x, -60), (x, -12)], 4, lighter(hue, 0.45))


def box(pen: Pen, hue: Rgb) -> None:
    pen.poly([(-40, -56), (-28, -70), (44, -70), (34, -56)], darker(hue, 0.45))
    pen.poly([(34, -56), (44, -70), (44, -12), (34, 0)], darker(hue, 0.3))
    pen.rect(-40, -56, 34, 0, hue)
    pen.rect(-10, -56, 4, -38, lighter(hue, 0.4))
    pen.poly([(-40, -56), (-52, -66), (20, -66), (34, -56)], lighter(hue, 0.2))


HOME = {
    "cup": cup,
    "drinking glass": glass,
    "bottle": bottle,
    "teapot": teapot,
    "book": book,
    "lamp": lamp,
    "candle": candle,
    "torch": torch,
    "clock": clock,
    "wristwatch": watch,
    "hourglass": hourglass,
    "chair": chair,
    "stool": stool,
    "sofa": sofa,
    "vase": vase,
    "cushion": cushion,
    "box": box,
}
