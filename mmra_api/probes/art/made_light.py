"""Things of glass, fabric and paper: a pen, the material's paint and its tint in, a drawing out."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Paint, Pen
from mmra_api.probes.art.palette import INK, WHITE, Rgb, darker, lighter, sheer
from mmra_api.probes.art.shapes import arc, star


def _shine(pen: Pen, x: float, top: float, bottom: float) -> None:
    pen.line([(x, top), (x, bottom)], 5, sheer(WHITE, 190))
    pen.line([(x + 8, top + 4), (x + 8, top + 16)], 3, sheer(WHITE, 170))


def jar(pen: Pen, paint: Paint, tint: Rgb) -> None:
    body = [(-32, -70), (32, -70), (36, -60), (36, -8), (30, 0), (-30, 0), (-36, -8), (-36, -60)]
    pen.poly(body, paint)
    pen.line([*body, body[0]], 2.4, lighter(tint, 0.45))
    pen.rect(-28, -84, 28, -70, paint, 3)
    # Bright rims: see-through glass has no surface to know it by.
    pen.line(arc(0, -84, 28, 5), 2.4, lighter(tint, 0.6))
    pen.line(arc(0, -6, 28, 4, 0, 180), 2, lighter(tint, 0.6))
    _shine(pen, -24, -56, -16)


def goblet(pen: Pen, paint: Paint, tint: Rgb) -> None:
    bowl = [(-24, -98), (-28, -74), (-18, -52), (0, -44), (18, -52), (28, -74), (24, -98)]
    pen.poly(bowl, paint)
    pen.poly([(-27, -76), (27, -76), (18, -54), (0, -46), (-18, -54)], sheer(lighter(tint, 0.2), 130))
    pen.line(bowl, 2.2, lighter(tint, 0.5))
    pen.line(arc(0, -98, 24, 5), 2.2, lighter(tint, 0.65))
    pen.rect(-3, -46, 3, -6, paint)
    pen.line([(0, -46), (0, -6)], 3, lighter(tint, 0.4))
    pen.oval(0, -4, 22, 5, paint)
    pen.line(arc(0, -4, 22, 5), 2, lighter(tint, 0.5))
    _shine(pen, -17, -90, -66)


def flask(pen: Pen, paint: Paint, tint: Rgb) -> None:
    body = [(-9, -98), (-9, -62), (-40, -8), (-34, 0), (34, 0), (40, -8), (9, -62), (9, -98)]
    pen.poly(body, paint)
    pen.poly([(-22, -38), (22, -38), (38, -8), (33, -2), (-33, -2), (-38, -8)], sheer(lighter(tint, 0.15), 150))
    pen.line(body, 2.4, lighter(tint, 0.5))
    pen.line(arc(0, -98, 11, 3.5), 2.6, lighter(tint, 0.65))
    for x, y, r in ((-8, -24, 4), (8, -16, 3), (2, -30, 2.4)):
        pen.line(arc(x, y, r, r), 1.4, WHITE)
    _shine(pen, -20, -26, -10)


def jumper(pen: Pen, paint: Paint, tint: Rgb) -> None:
    for side in (-1, 1):
        pen.poly([(side * 26, -84), (side * 56, -34), (side * 40, -24), (side * 22, -54)], paint)
        pen.poly([(side * 56, -34), (side * 40, -24), (side * 43, -19), (side * 59, -29)], darker(tint, 0.3))
    pen.blob([(-28, -84), (0, -78), (28, -84), (30, -44), (30, -6), (0, -4), (-30, -6), (-30, -44)], paint)
    pen.rect(-31, -10, 31, 0, darker(tint, 0.3), 3)
    pen.line(arc(0, -84, 15, 9, 0, 180), 6, darker(tint, 0.3))


def sock(pen: Pen, paint: Paint, tint: Rgb) -> None:
    pen.blob([(-24, -96), (10, -96), (12, -46), (40, -24), (36, -4), (4, 0), (-22, -18), (-24, -50)], paint)
    pen.rect(-28, -104, 14, -90, darker(tint, 0.3), 3)
    pen.blob([(24, -34), (42, -22), (36, -3), (20, -3)], darker(tint, 0.3))


def woolly_hat(pen: Pen, paint: Paint, tint: Rgb) -> None:
    pen.poly([(-36, -20), *arc(0, -26, 36, 48, 180, 360), (36, -20)], paint)
    pen.rect(-42, -24, 42, 0, paint, 6)
    # The same wool, a little darker: a brim that is turned up.
    pen.rect(-42, -24, 42, 0, sheer(INK, 50), 6)
    pen.poly(star(0, -82, 17, 13, 16), lighter(tint, 0.5))


def newspaper(pen: Pen, paint: Paint, tint: Rgb) -> None:
    pen.poly([(-40, -96), (40, -96), (40, 0), (-40, 0)], paint)
    pen.poly([(40, -96), (46, -90), (46, 3), (-34, 3), (-34, 0), (40, 0)], darker(tint, 0.2))
    pen.rect(-34, -90, 34, -80, (70, 68, 76))
    pen.rect(-34, -74, -2, -44, (168, 168, 172))
    pen.poly([(-34, -44), (-22, -62), (-12, -52), (-2, -64), (-2, -44)], (110, 112, 118))
    for row in range(13):
        y = -73 + row * 5.6
        for x0, x1 in ((3, 34), (-34, -2)):
            # No lines of text where the picture is.
            if x0 > 0 or y > -42:
                pen.line([(x0, y), (x1 if row % 4 else x1 - 8, y)], 1.6, (140, 138, 142), round_ends=False)
    pen.line([(-40, -48), (46, -48)], 1, sheer(INK, 60))


def plane(pen: Pen, paint: Paint, tint: Rgb) -> None:
    """A folded dart."""
    pen.poly([(-54, -58), (56, -78), (-8, -34)], paint)
    pen.poly([(-8, -34), (56, -78), (8, -2)], paint)
    # White paper shows its folds by light and shade only.
    pen.poly([(-8, -34), (56, -78), (8, -2)], sheer(INK, 46))
    pen.poly([(-8, -34), (56, -78), (-18, -14)], darker(tint, 0.3))
    pen.line([(-54, -58), (56, -78), (-8, -34), (-54, -58)], 1.2, sheer(INK, 120))
    pen.line([(8, -2), (56, -78)], 1.2, sheer(INK, 120))


def paper_boat(pen: Pen, paint: Paint, _tint: Rgb) -> None:
    pen.poly([(-26, -32), (0, -84), (26, -32)], paint)
    pen.poly([(0, -84), (26, -32), (0, -32)], sheer(INK, 40))
    pen.poly([(-56, -40), (0, -26), (56, -40), (32, 0), (-32, 0)], paint)
    pen.poly([(0, -26), (56, -40), (32, 0), (0, 0)], sheer(INK, 34))
    outline = [
        (-56, -40),
        (-22, -32),
        (0, -84),
        (22, -32),
        (56, -40),
        (32, 0),
        (-32, 0),
        (-56, -40),
        (0, -26),
        (56, -40),
    ]
    pen.line(outline, 1.2, sheer(INK, 130))
