"""Things whose looks are a colour and a pattern: a pen and the paint of their surface in, a drawing out."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Paint, Pen
from mmra_api.probes.art.palette import CREAM, INK, WALNUT, Rgb, darker, sheer
from mmra_api.probes.art.shapes import arc


def shirt(pen: Pen, paint: Paint, hue: Rgb) -> None:
    outline = [
        (-18, -92),
        (18, -92),
        (50, -74),
        (40, -48),
        (28, -54),
        (28, 0),
        (-28, 0),
        (-28, -54),
        (-40, -48),
        (-50, -74),
    ]
    pen.poly(outline, paint)
    pen.poly(arc(0, -92, 17, 12, 0, 180), darker(hue, 0.5))
    for side in (-1, 1):
        pen.line([(side * 28, -54), (side * 27, -70)], 1.4, sheer(INK, 90))


def kite(pen: Pen, paint: Paint, hue: Rgb) -> None:
    pen.curve([(0, -30), (10, -22), (-8, -14), (8, -6), (-2, 2)], 1.8, INK)
    for x, y in ((6, -20), (-4, -10)):
        pen.poly([(x, y), (x - 8, y - 4), (x - 7, y + 5)], darker(hue, 0.2))
        pen.poly([(x, y), (x + 8, y - 4), (x + 7, y + 5)], darker(hue, 0.2))
    pen.poly([(0, -104), (32, -72), (0, -28), (-32, -72)], paint)
    pen.line([(0, -104), (0, -28)], 1.6, darker(hue, 0.5))
    pen.line([(-32, -72), (32, -72)], 1.6, darker(hue, 0.5))


def mug(pen: Pen, paint: Paint, hue: Rgb) -> None:
    pen.line(arc(34, -44, 18, 20, -95, 95), 8, darker(hue, 0.15))
    pen.poly([(-36, -84), (36, -84), (36, -8), *arc(0, -8, 36, 9, 0, 180)], paint)
    pen.poly([(18, -84), (36, -84), (36, -8), *arc(0, -8, 36, 9, 0, 60)], sheer(INK, 34))
    pen.oval(0, -84, 36, 9, darker(hue, 0.5))
    pen.line(arc(0, -84, 36, 9), 2.4, CREAM)


def parasol(pen: Pen, paint: Paint, _hue: Rgb) -> None:
    pen.line([(0, -98), (0, -12)], 4, WALNUT)
    pen.line(arc(8, -12, 8, 9, 180, 0), 4, WALNUT)
    edge = [p for k in range(4) for p in arc(36 - 24 * k, -54, 12, 6, 0, -180)]
    pen.poly([*arc(0, -54, 48, 44, 180, 360), *edge], paint)
    for x in (-12, 12):
        pen.curve([(0, -98), (x * 0.8, -76), (x, -55)], 1.4, sheer(INK, 110))
    pen.line([(0, -98), (0, -104)], 3, INK)


def bauble(pen: Pen, paint: Paint, _hue: Rgb) -> None:
    pen.line(arc(0, -96, 6, 7), 2.4, (200, 160, 60))
    pen.rect(-10, -92, 10, -80, (232, 190, 84), 2)
    pen.oval(0, -42, 42, 42, paint)
    pen.poly([*arc(0, -42, 42, 42, -20, 120), *reversed(arc(-8, -48, 42, 42, -10, 110))], sheer(INK, 46))
    pen.oval(-18, -62, 7, 11, sheer(CREAM, 150))


def pillow(pen: Pen, paint: Paint, _hue: Rgb) -> None:
    pen.blob([(-46, -78), (0, -72), (46, -78), (41, -40), (46, -2), (0, -8), (-46, -2), (-41, -40)], paint)
    pen.blob([(-46, -2), (0, -8), (46, -2), (40, -16), (0, -18), (-40, -16)], sheer(INK, 34))


def butterfly(pen: Pen, paint: Paint, _hue: Rgb) -> None:
    for side in (-1, 1):
        wing = [(side * 3, -52), (side * 22, -88), (side * 50, -84), (side * 46, -54), (side * 26, -44)]
        pen.blob(wing, paint)
        pen.blob([(side * 3, -48), (side * 28, -44), (side * 40, -24), (side * 24, -6), (side * 8, -22)], paint)
        pen.curve([(0, -74), (side * 6, -88), (side * 14, -96)], 1.8, INK)
    pen.oval(0, -48, 4.5, 28, INK)


def jug(pen: Pen, paint: Paint, hue: Rgb) -> None:
    pen.line(arc(30, -52, 20, 26, -80, 100), 7, darker(hue, 0.2))
    pen.blob([(-20, -96), (20, -98), (18, -70), (34, -34), (22, 0), (-22, 0), (-34, -34), (-18, -70)], paint)
    pen.poly([(-24, -98), (-36, -102), (-18, -84), (20, -92), (20, -98)], darker(hue, 0.35))


DRESSED = {
    "T-shirt": shirt,
    "kite": kite,
    "mug": mug,
    "umbrella": parasol,
    "bauble": bauble,
    "cushion": pillow,
    "butterfly": butterfly,
    "jug": jug,
}
