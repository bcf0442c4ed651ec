"""Things of wood, metal, stone and clay: a pen, the material's paint and its tint in, a drawing out."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Paint, Pen
from mmra_api.probes.art.palette import INK, WHITE, Rgb, darker, lighter, sheer
from mmra_api.probes.art.shapes import arc


def crate(pen: Pen, paint: Paint, tint: Rgb) -> None:
    pen.rect(-44, -80, 44, 0, darker(tint, 0.55))
    for y in (-79, -52, -25):
        pen.rect(-43, y, 43, y + 24, paint)
    for x in (-44, 30):
        pen.rect(x, -80, x + 14, 0, paint)
        # A veil over the same wood: a tile cannot be made darker in places.
        pen.rect(x, -80, x + 14, 0, sheer(darker(tint, 0.4), 70))
        for y in (-70, -40, -12):
            pen.oval(x + 7, y, 2, 2, INK)


def table(pen: Pen, paint: Paint, _tint: Rgb) -> None:
    for x in (-42, 34):
        pen.poly([(x, -62), (x + 9, -62), (x + 7, 0), (x + 2, 0)], paint)
    pen.rect(-40, -62, 40, -50, paint)
    pen.rect(-40, -62, 40, -50, sheer(INK, 60))
    pen.poly([(-46, -80), (46, -80), (56, -64), (-56, -64)], paint)
    pen.rect(-56, -64, 56, -58, paint)
    pen.rect(-56, -64, 56, -58, sheer(INK, 40))


def barrel(pen: Pen, paint: Paint, tint: Rgb) -> None:
    pen.blob([(-28, -92), (28, -92), (40, -46), (28, 0), (-28, 0), (-40, -46)], paint)
    for x in (-20, -7, 7, 20):
        pen.curve([(x, -94), (x * 1.45, -46), (x, 1)], 1.6, sheer(INK, 110))
    # Thin hoops: wood has to stay the surface that one sees.
    for y, half in ((-80, 34), (-62, 39), (-30, 39), (-12, 34)):
        pen.rect(-half, y - 3, half, y + 3, (92, 92, 100))
    pen.oval(0, -94, 27, 5, darker(tint, 0.2))


def tin(pen: Pen, paint: Paint, tint: Rgb) -> None:
    pen.poly([(-30, -78), (30, -78), (30, -6), *arc(0, -6, 30, 8, 0, 180)], paint)
    for y in (-64, -52, -40, -28, -16):
        pen.line(arc(0, y, 30, 8, 0, 180), 1.6, sheer(INK, 70))
    pen.oval(0, -78, 30, 8, lighter(tint, 0.6))
    pen.oval(0, -78, 25, 6, lighter(tint, 0.25))
    pen.line(arc(8, -80, 9, 3), 2, darker(tint, 0.4))


def kettle(pen: Pen, paint: Paint, tint: Rgb) -> None:
    pen.line(arc(0, -62, 32, 34, 190, 350), 6, INK)
    pen.poly([(26, -28), (56, -62), (62, -56), (34, -14)], paint)
    pen.poly([(-42, 0), (-38, -40), *arc(0, -40, 38, 26, 180, 360), (38, -40), (42, 0)], paint)
    pen.oval(0, -67, 8, 5, INK)
    pen.rect(-44, -5, 44, 0, darker(tint, 0.4), 2)


def gear(pen: Pen, paint: Paint, tint: Rgb) -> None:
    for k in range(8):
        pen.at(0, -46, 100, k * 45).poly([(-10, -30), (-7, -47), (7, -47), (10, -30)], paint)
    pen.oval(0, -46, 37, 37, paint)
    pen.line(arc(0, -46, 26, 26), 3, sheer(INK, 80))
    pen.oval(0, -46, 13, 13, darker(tint, 0.6))


def rock(pen: Pen, paint: Paint, _tint: Rgb) -> None:
    outline = [(-50, -6), (-44, -40), (-20, -66), (10, -72), (38, -52), (52, -18), (44, 0), (-40, 0)]
    pen.poly(outline, paint)
    pen.poly([(10, -72), (38, -52), (52, -18), (44, 0), (14, 0), (22, -36)], sheer(INK, 60))
    pen.poly([(-44, -40), (-20, -66), (10, -72), (22, -36), (-10, -30)], sheer(WHITE, 40))
    pen.line([(-28, -20), (-16, -12), (-18, -2)], 1.8, sheer(INK, 130))


def cairn(pen: Pen, paint: Paint, _tint: Rgb) -> None:
    for x, y, rx, ry in ((0, -14, 46, 15), (-3, -40, 34, 13), (3, -62, 25, 11), (0, -81, 15, 9)):
        pen.oval(x, y, rx, ry, paint)
        pen.poly([*arc(x, y, rx, ry, 0, 180), *arc(x, y, rx, ry * 0.3, 180, 0)], sheer(INK, 70))
    pen.oval(-4, -84, 6, 2.5, sheer(WHITE, 70))


def column(pen: Pen, paint: Paint, _tint: Rgb) -> None:
    pen.rect(-22, -86, 22, -10, paint)
    for x in (-14, -5, 4, 13):
        pen.rect(x, -84, x + 3, -12, sheer(INK, 90))
    pen.rect(10, -86, 22, -10, sheer(INK, 50))
    for y0, y1, half in ((-98, -90, 36), (-91, -85, 28), (-12, -7, 28), (-8, 0, 36)):
        pen.rect(-half, y0, half, y1, paint, 2)
        pen.line([(-half, y1), (half, y1)], 1.4, sheer(INK, 120))


def flower_pot(pen: Pen, paint: Paint, _tint: Rgb) -> None:
    for x, y, turn in ((-22, -92, -40), (0, -104, 0), (22, -92, 40), (-32, -76, -70), (32, -76, 70)):
        pen.curve([(0, -56), (x * 0.6, (y - 56) / 2 - 6), (x, y)], 2.4, (70, 124, 72))
        pen.at(x, y, 22, turn).blob([(0, -40), (24, 0), (0, 46), (-24, 0)], (98, 158, 92))
    pen.poly([(-30, -48), (30, -48), (22, 0), (-22, 0)], paint)
    pen.rect(-35, -60, 35, -44, paint, 2)
    pen.line([(-31, -43), (31, -43)], 2, sheer(INK, 70))


def amphora(pen: Pen, paint: Paint, tint: Rgb) -> None:
    for x in (-22, 22):
        pen.line(arc(x, -70, 12, 18), 6, darker(tint, 0.2))
    pen.blob(
        [
            (-10, -100),
            (10, -100),
            (10, -74),
            (34, -50),
            (22, -16),
            (10, 0),
            (-10, 0),
            (-22, -16),
            (-34, -50),
            (-10, -74),
        ],
        paint,
    )
    pen.oval(0, -100, 15, 4, darker(tint, 0.35))
    for y, half in ((-60, 24), (-36, 30)):
        pen.line(arc(0, y, half, 5, 20, 160), 3, darker(tint, 0.55))


def bowl(pen: Pen, paint: Paint, tint: Rgb) -> None:
    pen.poly([(-50, -44), (50, -44), *arc(0, -44, 50, 40, 0, 180)], paint)
    pen.oval(0, -44, 50, 11, darker(tint, 0.4))
    pen.rect(-18, -8, 18, 0, darker(tint, 0.2), 2)
    # The two end teeth are left out in the next line: so far down the bowl is narrower.
    zigzag = [(-42 + 7 * k, -30 if k % 2 else -22) for k in range(13)]
    pen.line(zigzag[1:-1], 2.4, lighter(tint, 0.6))
