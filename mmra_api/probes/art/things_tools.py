"""Tools, instruments and kitchen ware: a pen and a colour in, a drawing out. The box is 100 high, its base at y = 0."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, rounded
from mmra_api.probes.art.palette import CREAM, GOLD, INK, OAK, STEEL, WALNUT, Rgb, darker, lighter, sheer
from mmra_api.probes.art.shapes import arc

BLADE = Fade((lighter(STEEL, 0.6), lighter(STEEL, 0.25), STEEL))


def scissors(pen: Pen, hue: Rgb) -> None:
    for side in (-1, 1):
        pen.poly([(side * 3, -42), (side * -9, -38), (side * -13, -98), (side * -7, -92)], BLADE)
    for side in (-1, 1):
        pen.line([(side * -2, -44), (side * 12, -30)], 7, darker(hue, 0.15))
        pen.line(arc(side * 19, -18, 13, 15), 7, hue)
    pen.oval(0, -46, 4, 4, darker(STEEL, 0.4))


def knife(pen: Pen, hue: Rgb) -> None:
    pen.poly([(-7, -40), (12, -40), (13, -70), (6, -90), (-7, -104)], BLADE)
    pen.line([(-4, -96), (-4, -44)], 1.5, sheer(CREAM, 200))
    pen.rect(-8, -40, 9, -34, darker(STEEL, 0.4))
    pen.rect(-8, -35, 8, 0, rounded(hue), 5)
    for y in (-28, -18, -8):
        pen.oval(0, y, 2, 2, CREAM)


def saw(pen: Pen, hue: Rgb) -> None:
    teeth = [(20 - (6 if k % 2 else 0), -100 + k * 3.4) for k in range(20)]
    pen.poly([(2, -100), *teeth, (20, -34), (-22, -34)], BLADE)
    pen.rect(-28, -38, 26, 0, hue, 9)
    pen.rect(-14, -28, 12, -10, darker(hue, 0.5), 7)


def hammer(pen: Pen, hue: Rgb) -> None:
    pen.rect(-5.5, -74, 5.5, 0, Fade((OAK, lighter(OAK, 0.3), darker(OAK, 0.2))), 4)
    pen.rect(-7, -34, 7, 0, hue, 4)
    pen.poly(
        [(-12, -96), (14, -96), (14, -74), (-12, -74)], Fade((darker(STEEL, 0.2), STEEL, darker(STEEL, 0.4)), True)
    )
    pen.rect(14, -99, 30, -71, darker(STEEL, 0.3), 3)
    pen.blob([(-10, -96), (-26, -96), (-40, -76), (-24, -84), (-10, -74)], darker(STEEL, 0.25))


def wrench(pen: Pen, hue: Rgb) -> None:
    metal = Fade((darker(STEEL, 0.1), lighter(STEEL, 0.5), darker(STEEL, 0.25)))
    pen.rect(-7, -78, 7, -8, metal, 4)
    pen.rect(-7.5, -44, 7.5, -14, hue, 4)
    for y, gap in ((-82, -90), (-10, 90)):
        pen.poly([*arc(0, y, 19, 19, gap + 35, gap + 325), (0, y)], metal)


def screwdriver(pen: Pen, hue: Rgb) -> None:
    pen.rect(-3, -92, 3, -40, STEEL)
    pen.poly([(-3, -92), (3, -92), (6, -102), (-6, -102)], darker(STEEL, 0.25))
    pen.rect(-10, -42, 10, 0, rounded(hue), 7)
    for x in (-5, 0, 5):
        pen.line([(x, -34), (x, -8)], 2, darker(hue, 0.35))


def pencil(pen: Pen, hue: Rgb) -> None:
    pen.poly([(-8, -82), (8, -82), (0, -104)], (240, 208, 164))
    pen.poly([(-3, -96), (3, -96), (0, -104)], INK)
    pen.rect(-8, -83, 8, -12, Fade((lighter(hue, 0.2), hue, darker(hue, 0.2))))
    pen.rect(-8, -15, 8, -9, lighter(STEEL, 0.3))
    pen.rect(-8, -10, 8, 0, (240, 150, 160), 3)


def fountain_pen(pen: Pen, hue: Rgb) -> None:
    pen.poly([(-6, -82), (6, -82), (0, -104)], GOLD)
    pen.line([(0, -102), (0, -88)], 1.2, INK)
    pen.rect(-7, -84, 7, -50, darker(INK, 0.1), 2)
    pen.rect(-9, -52, 9, 0, rounded(hue), 6)
    pen.rect(-9.5, -54, 9.5, -48, GOLD)
    pen.line([(11, -46), (11, -16)], 3, GOLD)


def crayon(pen: Pen, hue: Rgb) -> None:
    pen.poly([(-9, -78), (9, -78), (4, -102), (-4, -102)], lighter(hue, 0.2))
    pen.rect(-12, -80, 12, 0, rounded(hue), 2)
    for y in (-72, -10):
        pen.rect(-12, y, 12, y + 4, darker(hue, 0.45))
    pen.oval(0, -40, 6, 15, lighter(hue, 0.4))


def key(pen: Pen, hue: Rgb) -> None:
    metal = Fade((GOLD, lighter(GOLD, 0.5), darker(GOLD, 0.25)))
    pen.line(arc(0, -80, 16, 16), 9, GOLD)
    pen.oval(0, -98, 4, 4, hue)
    pen.rect(-4.5, -64, 4.5, 0, metal, 2)
    for y in (-18, -6):
        pen.rect(0, y, 19, y + 6, metal)


def guitar(pen: Pen, hue: Rgb) -> None:
    pen.rect(-4, -98, 4, -50, WALNUT)
    pen.rect(-7, -104, 7, -90, darker(WALNUT, 0.3), 2)
    body = [(0, -62), (17, -58), (20, -46), (15, -38), (27, -20), (18, -3), (0, 0)]
    pen.blob([*body, *[(-x, y) for x, y in reversed(body[1:-1])]], rounded(hue))
    pen.oval(0, -42, 8, 8, darker(hue, 0.65))
    pen.rect(-11, -17, 11, -12, WALNUT)
    for x in (-2, 0, 2):
        pen.line([(x, -96), (x, -14)], 0.8, CREAM)


def drum(pen: Pen, hue: Rgb) -> None:
    pen.poly([(-40, -56), (40, -56), (40, -10), *arc(0, -10, 40, 10, 0, 180)], rounded(hue))
    zigzag = [(-40 + 10 * k, -44 if k % 2 else -8) for k in range(9)]
    pen.line(zigzag, 3, CREAM)
    pen.oval(0, -56, 42, 11, GOLD)
    pen.oval(0, -58, 38, 9, CREAM)
    for side in (-1, 1):
        pen.line([(side * 6, -62), (side * 38, -92)], 5, OAK)
        pen.oval(side * 6, -62, 5, 4, darker(OAK, 0.3))


def trumpet(pen: Pen, hue: Rgb) -> None:
    brass = Fade((lighter(GOLD, 0.4), GOLD, darker(GOLD, 0.2)), True)
    pen.line(arc(-14, -34, 10, 14, 90, 270), 6, darker(GOLD, 0.15))
    pen.line([(-14, -20), (10, -20)], 6, darker(GOLD, 0.15))
    pen.line(arc(10, -34, 10, 14, -90, 90), 6, darker(GOLD, 0.15))
    pen.rect(-52, -52, 22, -45, brass)
    pen.poly([(16, -53), (34, -58), (54, -76), (54, -22), (34, -40), (16, -44)], brass)
    pen.oval(54, -49, 6, 27, darker(GOLD, 0.35))
    pen.rect(-58, -54, -50, -43, STEEL, 2)
    for x in (-14, -2, 10):
        pen.rect(x - 4, -66, x + 4, -28, lighter(GOLD, 0.25), 2)
        pen.rect(x - 4, -74, x + 4, -68, hue, 2)


def broom(pen: Pen, hue: Rgb) -> None:
    pen.rect(-3, -104, 3, -30, OAK, 2)
    pen.poly([(-12, -34), (12, -34), (24, 0), (-24, 0)], (226, 186, 100))
    for x in (-16, -8, 0, 8, 16):
        pen.line([(x * 0.6, -28), (x * 1.3, -1)], 1.4, (180, 134, 62))
    pen.rect(-14, -40, 14, -30, hue, 3)


def bucket(pen: Pen, hue: Rgb) -> None:
    pen.line(arc(0, -60, 34, 34, 185, 355), 4, STEEL)
    pen.poly([(-36, -62), (36, -62), (26, -6), *arc(0, -6, 26, 6, 0, 180)], rounded(hue))
    pen.oval(0, -62, 36, 9, darker(hue, 0.4))
    pen.oval(0, -59, 31, 6, (170, 214, 236))
    for x, y, r in ((-12, -62, 7), (4, -65, 9), (17, -61, 6)):
        pen.oval(x, y, r, r, (244, 250, 255))


def sponge(pen: Pen, hue: Rgb) -> None:
    pen.rect(-42, -42, 42, -14, rounded(lighter(hue, 0.2)), 6)
    pen.rect(-42, -17, 42, 0, (70, 140, 90), 5)
    for x, y, r in ((-28, -32, 4), (-12, -26, 3), (4, -34, 5), (20, -26, 3), (30, -34, 4), (-22, -22, 2.5)):
        pen.oval(x, y, r, r * 0.8, darker(hue, 0.22))
    for x, y, r in ((-20, -52, 9), (-4, -58, 12), (14, -50, 8), (27, -60, 5)):
        pen.oval(x, y, r, r, (226, 242, 252))
        pen.oval(x - r * 0.3, y - r * 0.3, r * 0.3, r * 0.3, (255, 255, 255))


def pot(pen: Pen, hue: Rgb) -> None:
    for x in (-40, 40):
        pen.line(arc(x, -36, 8, 7), 5, INK)
    pen.rect(-38, -50, 38, 0, rounded(hue), 9)
    pen.poly(arc(0, -50, 40, 14, 180, 360), lighter(hue, 0.15))
    pen.rect(-40, -53, 40, -47, darker(hue, 0.3), 3)
    pen.oval(0, -67, 7, 5, INK)


def pan(pen: Pen, hue: Rgb) -> None:
    """A frying pan seen from above, handle down."""
    pen.rect(-6, -44, 6, 0, hue, 5)
    pen.oval(0, -70, 35, 35, darker(INK, 0.2))
    pen.oval(0, -70, 29, 29, lighter(INK, 0.16))
    pen.blob([(-16, -76), (0, -88), (16, -78), (17, -62), (2, -54), (-15, -60)], (255, 253, 246))
    pen.oval(2, -71, 8, 8, (248, 190, 60))


def spoon(pen: Pen, hue: Rgb) -> None:
    wood = Fade((lighter(OAK, 0.2), OAK, darker(OAK, 0.15)))
    pen.rect(-4, -66, 4, 0, wood, 3)
    pen.oval(0, -80, 14, 22, wood)
    pen.oval(0, -81, 9, 16, darker(OAK, 0.2))
    pen.rect(-4.5, -14, 4.5, -8, hue)


TOOLS = {
    "pair of scissors": scissors,
    "knife": knife,
    "saw": saw,
    "hammer": hammer,
    "wrench": wrench,
    "screwdriver": screwdriver,
    "pencil": pencil,
    "fountain pen": fountain_pen,
    "crayon": crayon,
    "key": key,
    "guitar": guitar,
    "drum": drum,
    "trumpet": trumpet,
    "broom": broom,
    "bucket": bucket,
    "sponge": sponge,
    "cooking pot": pot,
    "frying pan": pan,
    "wooden spoon": spoon,
}
