"""Props of the events: a pen and what varies in, a drawing out. The box is 100 high, its base at y = 0."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, Sheet, rounded
from mmra_api.probes.art.palette import CREAM, HUES, INK, OAK, STEEL, WALNUT, WHITE, Rgb, darker, lighter, sheer
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.randomness import Rng


def bunting(sheet: Sheet, rng: Rng) -> None:
    """A line of flags across the top of the sheet."""
    wide, hues = sheet.width, rng.sample(list(HUES.values()), 4)
    count = 11
    for k in range(count + 1):
        x = wide * k / count
        y = 8 + 7 * (1 - ((2 * k / count - 1) ** 2))
        after = 8 + 7 * (1 - ((2 * (k + 1) / count - 1) ** 2))
        sheet.pen.line([(x, y), (wide * (k + 1) / count, after)], 0.6, INK)
        # The last point only ends the line: there is no flag behind it.
        if k < count:
            at = sheet.pen.at(x + wide / count / 2, (y + after) / 2, 9)
            at.poly([(-40, 0), (40, 0), (0, 90)], hues[k % 4])


def cake(pen: Pen, hue: Rgb, rng: Rng) -> None:
    """A birthday cake with burning candles."""
    pen.oval(0, -2, 62, 7, (236, 238, 244))
    icing = lighter(hue, 0.45)
    for half, foot, top in ((50, -3, -38), (34, -38, -64)):
        pen.poly(
            [(-half, top), (half, top), (half, foot - 3), *arc(0, foot - 3, half, 5, 0, 180)],
            Fade((CREAM, (250, 232, 206), (226, 196, 160))),
        )
        pen.poly(
            [
                (-half, top + 8),
                *[(-half + k * half / 6, top + (16 if k % 2 else 8)) for k in range(13)],
                (half, top),
                (-half, top),
            ],
            icing,
        )
        pen.oval(0, top, half, 6, lighter(icing, 0.3))
        for k in range(-3, 4):
            pen.oval(k * half / 3.6, foot - 8, 3, 3, hue)
    for x in (-22, -11, 0, 11, 22):
        pen.rect(x - 2, -86, x + 2, -65, rng.choice(list(HUES.values())))
        pen.oval(x, -93, 6, 8, (255, 220, 120, 110))
        pen.blob([(x, -100), (x + 3, -92), (x, -87), (x - 3, -92)], (252, 160, 50))


def blanket(pen: Pen, half: float, hue: Rgb) -> None:
    """A checked blanket on the ground around the origin; ``half`` is half its width in units."""
    columns, rows, deep = 10, 4, 24.0
    pen.poly([(-half, 0), (half, 0), (half * 1.24, deep), (-half * 1.24, deep)], CREAM)
    for row in range(rows):
        near, far = 1 + 0.24 * row / rows, 1 + 0.24 * (row + 1) / rows
        for k in range(columns):
            # Cream, as the ground is.
            if row % 2 and k % 2:
                continue
            x0, x1 = (2 * k / columns - 1) * half, (2 * (k + 1) / columns - 1) * half
            y0, y1 = deep * row / rows, deep * (row + 1) / rows
            shade = hue if (row + 1) % 2 and (k + 1) % 2 else lighter(hue, 0.5)
            pen.poly([(x0 * near, y0), (x1 * near, y0), (x1 * far, y1), (x0 * far, y1)], shade)


def tent(pen: Pen, hue: Rgb) -> None:
    pen.shadow(0, 0, 82, 6, 90)
    pen.poly([(-10, -96), (48, -90), (92, 0), (40, 0)], darker(hue, 0.2))
    pen.poly([(-70, 0), (-10, -96), (44, 0)], Fade((lighter(hue, 0.18), hue)))
    pen.poly([(-34, 0), (-10, -78), (14, 0)], (54, 44, 60))
    pen.poly([(-10, -78), (14, 0), (24, 0), (-6, -86)], lighter(hue, 0.35))
    for x0, y0, x1 in ((-70, 0, -84), (92, 0, 106)):
        pen.line([(x0 * 0.6, -44), (x1, 2)], 1.2, CREAM)
        pen.line([(x1, -4), (x1, 4)], 3, OAK)
        pen.line([(x0, y0), (x0, y0)], 1, OAK)


def campfire(pen: Pen) -> None:
    pen.glow(0, -40, 110, (255, 190, 90), 130)
    for turn in (-24, 24):
        pen.at(0, -8, 100, turn).rect(-52, -8, 52, 8, WALNUT, 7)
    for k in range(9):
        # Stones on the near half of the ring only: fire hides the others.
        x, y = arc(0, 2, 60, 14, 10, 170)[min(k * 2 + 1, 21)]
        pen.oval(x, y, 9, 6, (140, 140, 150))
    for half, top, color in ((38, -110, (236, 96, 44)), (28, -88, (250, 160, 52)), (16, -60, (255, 232, 140))):
        pen.blob(
            [
                (-half, -16),
                (-half * 0.8, top * 0.5),
                (-half * 0.2, top * 0.66),
                (0, top),
                (half * 0.4, top * 0.6),
                (half * 0.9, top * 0.44),
                (half, -16),
                (0, 0),
            ],
            color,
        )


def sledge(pen: Pen, hue: Rgb) -> None:
    pen.shadow(0, 2, 66, 5, 50)
    for y, color in ((-4, darker(OAK, 0.35)), (4, OAK)):
        pen.line([(-60, y), (46, y), (62, y - 12), (62, y - 28), (50, y - 32)], 5, color)
    for x in (-40, 0, 40):
        pen.line([(x, -2), (x, -30)], 5, darker(OAK, 0.2))
    for y in (-36, -28):
        pen.rect(-62, y, 52, y + 6, hue if y == -36 else darker(hue, 0.2), 2)
    pen.curve([(56, -34), (80, -20), (104, -6)], 2, WALNUT)


def watering_can(pen: Pen, hue: Rgb) -> None:
    pen.line(arc(-38, -40, 24, 26, 90, 280), 7, darker(hue, 0.3))
    pen.poly([(22, -22), (62, -74), (70, -68), (30, -6)], darker(hue, 0.15))
    pen.poly([(54, -84), (80, -62), (86, -70), (62, -92)], darker(hue, 0.3))
    pen.poly([(-34, -66), (30, -66), (36, 0), (-40, 0)], rounded(hue, 0.18))
    pen.oval(-2, -66, 32, 6, darker(hue, 0.4))
    pen.rect(-38, -20, 34, -14, lighter(hue, 0.4))


def carrot(pen: Pen) -> None:
    """Upright, its tip at the origin."""
    for turn in (-22, 0, 22):
        pen.at(0, -72, 100, turn).blob([(0, 0), (6, -20), (0, -36), (-6, -20)], (92, 158, 76))
    pen.blob(
        [(-14, -70), (14, -70), (10, -36), (0, 0), (-10, -36)], Fade(((248, 158, 66), (240, 134, 44), (208, 104, 32)))
    )
    for y in (-56, -42, -28):
        pen.line([(-9, y), (0, y + 2)], 2, (206, 104, 36))


def lantern(pen: Pen, hue: Rgb) -> None:
    pen.glow(0, -48, 96, (255, 220, 120), 160)
    pen.line(arc(0, -84, 26, 26, 180, 360), 4, STEEL)
    pen.rect(-30, -88, 30, -76, hue, 4)
    pen.rect(-26, -76, 26, -18, (255, 240, 180, 190))
    pen.blob([(0, -66), (12, -40), (0, -24), (-12, -40)], (250, 164, 56))
    pen.blob([(0, -50), (6, -36), (0, -26), (-6, -36)], (255, 244, 190))
    for x in (-26, 0, 26):
        pen.line([(x, -76), (x, -18)], 3 if x else 1, darker(hue, 0.35))
    pen.poly([(-32, -20), (32, -20), (38, 0), (-38, 0)], darker(hue, 0.15))


def whistle(pen: Pen, hue: Rgb) -> None:
    pen.curve([(-34, -62), (-56, -86), (-20, -104), (30, -96), (60, -108)], 4, hue)
    pen.rect(-6, -66, 60, -40, Fade((lighter(STEEL, 0.6), STEEL, darker(STEEL, 0.2)), down=True), 3)
    pen.oval(-12, -34, 34, 34, rounded(STEEL, 0.5))
    pen.oval(-12, -34, 13, 13, darker(STEEL, 0.55))
    pen.rect(14, -68, 26, -54, INK, 2)
    pen.line(arc(-34, -62, 5, 5), 3, darker(STEEL, 0.4))


def sandwich(pen: Pen) -> None:
    crust, crumb = (196, 140, 84), (248, 226, 184)
    pen.oval(0, -2, 70, 12, WHITE)
    pen.line(arc(0, -2, 62, 9), 1.4, (200, 208, 220))
    for y, color in ((-8, crumb), (-20, HUES["red"]), (-27, (250, 206, 90)), (-35, (120, 178, 84)), (-44, crumb)):
        # Only the salad has a curly edge.
        wavy = color == (120, 178, 84)
        edge = [(-52 + k * 8, y - (3 if wavy and k % 2 else 0)) for k in range(14)]
        pen.poly([*edge, (52, y + 9), (-52, y + 9)], color)
    pen.poly([(-52, -44), (52, -44), (40, -66), (-36, -68)], lighter(crumb, 0.2))
    pen.line([(-52, -44), (-36, -68), (40, -66), (52, -44)], 3.4, crust)
    pen.line([(-52, 1), (52, 1)], 3, crust)


def mitten(pen: Pen, hue: Rgb) -> None:
    pen.blob([(-24, -20), (-26, -64), (0, -92), (26, -64), (24, -20)], rounded(hue, 0.16))
    pen.blob([(20, -28), (42, -54), (50, -44), (30, -14)], darker(hue, 0.12))
    pen.rect(-28, -24, 28, 0, lighter(hue, 0.6), 5)
    for x in (-16, -4, 8, 20):
        pen.line([(x, -20), (x, -4)], 2, lighter(hue, 0.3))
    for x, y in ((0, -62), (-10, -50), (10, -50), (0, -40)):
        pen.oval(x, y, 3.4, 3.4, CREAM)


def spade(pen: Pen, hue: Rgb) -> None:
    pen.line(arc(0, -100, 12, 8), 6, hue)
    pen.rect(-4, -94, 4, -36, OAK, 2)
    pen.poly(
        [(-22, -46), (22, -46), (20, -14), (0, 8), (-20, -14)], Fade((lighter(STEEL, 0.4), STEEL, darker(STEEL, 0.3)))
    )
    pen.line([(0, -44), (0, -8)], 2, sheer(INK, 70))


def goal(pen: Pen) -> None:
    """A goal with its net, 100 high."""
    for k in range(-9, 10):
        pen.line([(k * 9, -70), (k * 8, -4)], 1, sheer(WHITE, 150))
    for y in range(-66, 0, 9):
        pen.line([(-80, y), (80, y)], 1, sheer(WHITE, 150))
    pen.line([(-82, 0), (-82, -72), (82, -72), (82, 0)], 4.5, WHITE)
