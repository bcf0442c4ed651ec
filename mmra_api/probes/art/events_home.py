"""Events around the house: a sheet and a stream of chance in, people in the middle of it out."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.figures import person, snowman
from mmra_api.probes.art.land import conifer, paint_meadow
from mmra_api.probes.art.palette import (
    CREAM,
    HUES,
    INK,
    OAK,
    STEEL,
    WALLS,
    WALNUT,
    WHITE,
    Rgb,
    darker,
    lighter,
    sheer,
    some_hue,
)
from mmra_api.probes.art.props import bunting, cake, carrot, sledge, watering_can
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.art.things_home import HOME
from mmra_api.probes.art.things_outdoors import OUTDOORS
from mmra_api.probes.art.things_tools import TOOLS
from mmra_api.probes.art.weather import Light, paint_fall
from mmra_api.probes.randomness import Rng


def paint_birthday(sheet: Sheet, rng: Rng) -> None:
    wall, floor = rng.choice(WALLS)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, 0, wide, high * 0.76, Fade((lighter(wall, 0.2), wall), down=True))
    pen.rect(0, high * 0.76, wide, high, floor)
    bunting(sheet, rng)
    for x in (0.06, 0.15, 0.5, 0.86, 0.95):
        OUTDOORS["balloon"](pen.at(wide * x, high * rng.uniform(0.46, 0.56), rng.uniform(30, 36)), some_hue(rng))
    # Two guests at least: one person alone is no party.
    spots = [0.32, 0.68, *rng.sample((0.17, 0.83), rng.choice((0, 1, 2)))]
    for spot in spots:
        guest = pen.at(wide * spot, high * 0.86, rng.uniform(48, 56))
        # Without legs: the table, drawn later, hides what is below.
        person(guest, rng, rng.choice(("up", "up", "out")), legs=False)
        guest.poly([(-9, -95), (9, -95), (0, -122)], some_hue(rng))
        guest.oval(0, -122, 3.4, 3.4, CREAM)
    _party_table(pen.at(wide / 2, high * 0.98, 100), wide, rng)


def _party_table(pen: Pen, wide: float, rng: Rng) -> None:
    cloth, half = lighter(some_hue(rng), 0.45), wide * 0.38
    pen.rect(-half, -28, half, 0, cloth)
    pen.poly([(-half, -30), (half, -30), (half + 4, -24), (-half - 4, -24)], lighter(cloth, 0.5))
    for k in range(int(half * 2 // 8) + 1):
        pen.poly(arc(-half + 4 + k * 8, -24, 4, 4, 0, 180), lighter(cloth, 0.3))
    side = rng.choice((-1, 1))
    cake(pen.at(-side * half * 0.1, -27, 30), some_hue(rng), rng)
    OUTDOORS["gift"](pen.at(side * half * 0.62, -27, 21), some_hue(rng))
    OUTDOORS["gift"](pen.at(-side * half * 0.74, -27, 16), some_hue(rng))
    HOME["drinking glass"](pen.at(side * half * 0.3, -27, 13), (250, 170, 70))


def paint_cooking(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    wall, front = rng.choice(WALLS)[0], rng.choice(((96, 142, 138), (112, 134, 172), (190, 126, 96)))
    pen.rect(0, 0, wide, high, Fade((lighter(wall, 0.25), wall), down=True))
    pen.rect(wide * 0.06, 20, wide * 0.94, 22, WALNUT)
    for k in range(7):
        x = wide * (0.12 + k * 0.127)
        pen.line([(x, 22), (x, 25)], 0.8, STEEL)
        # In turn, moved by chance: all kinds hang there, in no fixed order.
        name = ("wooden spoon", "frying pan", "knife", "cooking pot")[(k + rng.randrange(2)) % 4]
        TOOLS[name](pen.at(x, 43, 18), some_hue(rng))
    line = high * 0.74
    for x, arms in ((0.3, "out"), (0.68, "forward"))[: rng.choice((1, 2, 2))]:
        cook = pen.at(wide * x, line + 26, 66)
        # Without legs: the worktop, drawn later, hides what is below.
        person(cook, rng, arms, legs=False)
        cook.poly([(-9, -70), (9, -70), (14, -38), (-14, -38)], CREAM)
        cook.rect(-12, -106, 12, -93, WHITE, 2)
        for dx in (-9, 0, 9):
            cook.oval(dx, -109, 8, 8, WHITE)
    pen.rect(0, line, wide, line + 4, lighter(OAK, 0.25))
    pen.rect(0, line + 4, wide, high, front)
    for k in range(6):
        pen.rect(wide * k / 6 + 1, line + 7, wide * (k + 1) / 6 - 1, high - 2, darker(front, 0.1), 1)
        pen.line([(wide * (k + 0.35) / 6, line + 10), (wide * (k + 0.65) / 6, line + 10)], 1, (226, 190, 100))
    side = rng.choice((-1, 1))
    stove = pen.at(wide * (0.5 + side * 0.02), line + 1, 26)
    stove.rect(-44, -6, 44, 2, INK, 2)
    TOOLS["cooking pot"](stove.at(0, -6, 84), some_hue(rng))
    for dx in (-14, 4, 20):
        stove.curve([(dx, -76), (dx + 8, -92), (dx, -108), (dx + 8, -122)], 5, sheer(WHITE, 170))
    board = pen.at(wide * (0.5 - side * 0.36), line + 1, 26)
    board.rect(-56, -9, 50, 0, OAK, 3)
    for k in range(3):
        carrot(board.at(-30 + k * 24, -8, 52, 88))
    for k, hue in enumerate((HUES["red"], (150, 196, 90), HUES["red"])):
        OUTDOORS["apple"](pen.at(wide * (0.5 + side * (0.3 + k * 0.06)), line + 1, 9), hue)


def paint_winter(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    light = Light("snow")
    paint_meadow(sheet, rng, light, 0.6)
    for k in range(7):
        conifer(
            pen.at(wide * (k + rng.uniform(0.2, 0.8)) / 7, high * 0.64, rng.uniform(28, 44)), (86, 132, 116), snowy=True
        )
    pen.poly([(0, high * 0.7), *arc(wide / 2, high * 1.0, wide * 0.62, 34, 190, 350), (wide, high), (0, high)], WHITE)
    side = rng.choice((-1, 1))
    figure = pen.at(wide * (0.5 + side * 0.2), high * 0.9, rng.uniform(44, 52), flip=side > 0)
    figure.shadow(0, 0, 30, 4, 50)
    snowman(figure, some_hue(rng))
    sledge(pen.at(wide * (0.5 - side * 0.28), high * 0.94, 30, flip=side < 0), some_hue(rng))
    # Two at least: fun in the snow is had together.
    for dx, arms in ((-0.02, "out"), (0.38, "up"), (-0.42, "up"))[: rng.choice((2, 3))]:
        child = pen.at(wide * (0.5 + side * dx), high * 0.88, 40)
        person(child, rng, arms)
        hue = some_hue(rng)
        child.poly(arc(0, -88, 15, 15, 180, 360), hue)
        child.rect(-16, -91, 16, -86, lighter(hue, 0.5), 2)
        child.oval(0, -104, 4, 4, CREAM)
        child.rect(-12, -72, 12, -66, hue, 2)
    paint_fall(sheet, light, rng)


def paint_gardening(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    paint_meadow(sheet, rng, Light("sun"), 0.56)
    for k in range(int(wide // 7) + 1):
        pen.poly(
            [
                (k * 7, high * 0.44),
                (k * 7 + 2.4, high * 0.41),
                (k * 7 + 4.8, high * 0.44),
                (k * 7 + 4.8, high * 0.6),
                (k * 7, high * 0.6),
            ],
            CREAM,
        )
    pen.rect(0, high * 0.48, wide, high * 0.5, CREAM)
    # Lower rows are nearer to us: more plants, and larger.
    for row, y in enumerate((0.7, 0.82, 0.95)):
        pen.rect(wide * 0.04, high * y - 2, wide * 0.96, high * y + 4, (126, 84, 58), 3)
        hue = some_hue(rng)
        for k in range(9 + row):
            # The middle row stays green: plants that do not flower yet.
            _seedling(pen.at(wide * (0.09 + 0.82 * k / (8 + row)), high * y, 9 + row), hue if row != 1 else None)
    side = rng.choice((-1, 1))
    first = pen.at(wide * (0.5 - side * 0.16), high * 0.84, 52, flip=side < 0)
    person(first, rng, "forward")
    _straw_hat(first)
    watering_can(first.at(46, -38, 40), some_hue(rng))
    for k in range(5):
        first.line([(76 + k * 3, -52 + k * 2), (82 + k * 4, -24 + k * 3)], 1.4, (150, 200, 236))
    # One gardener is enough for the event; a second one makes two pictures of it differ.
    if rng.random() < 0.6:
        second = pen.at(wide * (0.5 + side * 0.32), high * 0.86, 50, flip=side > 0)
        person(second, rng, "forward")
        _straw_hat(second)
        _rake(second.at(30, 2, 86))


def _rake(pen: Pen) -> None:
    pen.rect(-2, -92, 2, -8, OAK)
    pen.rect(-16, -10, 16, -6, STEEL)
    for x in range(-15, 16, 6):
        pen.line([(x, -8), (x, 0)], 2, STEEL)


def _straw_hat(pen: Pen) -> None:
    pen.oval(0, -93, 24, 5, (236, 200, 120))
    pen.poly(arc(0, -94, 13, 13, 180, 360), (244, 214, 140))
    pen.rect(-13, -97, 13, -93, (196, 84, 70))


def _seedling(pen: Pen, hue: Rgb | None) -> None:
    pen.line([(0, 10), (0, -60)], 8, (74, 134, 70))
    for side in (-1, 1):
        pen.blob([(0, -10), (side * 30, -44), (side * 56, -40), (side * 34, -12)], (94, 160, 82))
    if hue:
        for x, y in arc(0, -72, 20, 20)[:-1:8]:
            pen.oval(x, y, 15, 15, hue)
        pen.oval(0, -72, 12, 12, (250, 220, 120))
