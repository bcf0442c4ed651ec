"""A sheet and things to draw in; the things stand on tables, lie in cubbies or hang in frames."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.materials import tile
from mmra_api.probes.art.palette import CLOTHS, CREAM, GOLD, INK, WALLS, WALNUT, Rgb, darker, lighter, sheer
from mmra_api.probes.randomness import Rng

DrawOne = Callable[[Pen], None]
"""Draws a thing in a box 100 high around x = 0 with its base at y = 0."""


def show_things(sheet: Sheet, things: Sequence[DrawOne], rng: Rng) -> None:
    """Sets the things out side by side in one of several ways."""
    # Cubbies and mats keep several things apart; a single one needs neither.
    shows = (_show_on_table,) if len(things) == 1 else (_show_on_table, _show_in_cubbies, show_on_mats)
    rng.choice(shows)(sheet, things, rng)


def paint_table(sheet: Sheet, rng: Rng, line: float = 0.66) -> None:
    """A wall and, from ``line`` (share of the height) down, a table top."""
    wall, top = rng.choice(WALLS)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, 0, wide, high, Fade((lighter(wall, 0.35), wall), down=True))
    match rng.choice(("stripes", "panel", "dots", "plain")):
        case "stripes":
            for k in range(int(wide // 12) + 1):
                pen.rect(k * 12, 0, k * 12 + 5, high * line, sheer(lighter(wall, 0.6), 90))
        case "panel":
            pen.rect(0, high * line - 16, wide, high * line, lighter(wall, 0.45))
            pen.rect(0, high * line - 17.5, wide, high * line - 16, lighter(wall, 0.7))
        case "dots":
            for row in range(int(high * line // 10) + 1):
                for k in range(int(wide // 14) + 2):
                    pen.oval(k * 14 + row % 2 * 7, row * 10 + 4, 0.9, 0.9, lighter(wall, 0.7))
    if rng.random() < 0.5:
        pen.rect(0, high * line, wide, high, tile("wood", lighter(top, 0.1)))
    else:
        pen.rect(0, high * line, wide, high, Fade((darker(top, 0.06), lighter(top, 0.12)), down=True))
    pen.rect(0, high * line, wide, high * line + 1, lighter(top, 0.35))
    pen.rect(0, high * 0.965, wide, high, darker(top, 0.4))


def _show_on_table(sheet: Sheet, things: Sequence[DrawOne], rng: Rng) -> None:
    paint_table(sheet, rng)
    count = len(things)
    # Some way below its share of the width, so that neighbours never touch.
    size = min(sheet.width / count * 0.74, 64)
    for k, thing in enumerate(things):
        pen = sheet.pen.at(sheet.width * (k + 0.5) / count, sheet.height * (0.8 + rng.uniform(-0.02, 0.04)), size)
        pen.shadow(4, 0, 42, 6)
        thing(pen)


def _cells(sheet: Sheet, count: int) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of every cell: one row on wide sheets, otherwise two columns."""
    columns = count if sheet.width > sheet.height * 1.3 or count == 2 else 2
    # Minus twice: a division that rounds up.
    rows = -(-count // columns)
    wide, high = sheet.width / columns, sheet.height / rows
    found = []
    for k in range(count):
        row, column = divmod(k, columns)
        short = count - row * columns
        # A last row that is not full stands in the middle.
        inset = (columns - short) * wide / 2 if short < columns else 0
        found.append((inset + column * wide, row * high, wide, high))
    return found


def _show_in_cubbies(sheet: Sheet, things: Sequence[DrawOne], rng: Rng) -> None:
    wood: Rgb = rng.choice(((188, 134, 82), (150, 98, 58), (214, 168, 112)))
    sheet.pen.rect(0, 0, sheet.width, sheet.height, tile("wood", wood))
    backs = rng.sample(CLOTHS, len(things))
    for (left, top, wide, high), thing, back in zip(_cells(sheet, len(things)), things, backs, strict=True):
        # No cubby is much higher than wide, or a thing would be lost in it.
        x0, y0, x1, y1 = left + 3, top + 4, left + wide - 3, top + min(high - 4, wide * 1.3)
        # What is left over becomes a drawer, if one fits in at all.
        if high - 4 - (y1 - top) > 10:
            _add_drawer(sheet.pen, (x0, y1 + 3, x1, top + high - 4), wood)
        sheet.pen.rect(x0, y0, x1, y1, Fade((darker(back, 0.16), darker(back, 0.04)), down=True), 1)
        sheet.pen.rect(x0, y0, x1, y0 + 4, sheer(INK, 50))
        sheet.pen.rect(x0, y0, x0 + 2.4, y1, sheer(INK, 34))
        # The floor of the cubby, seen from slightly above: things stand on it, not on its edge.
        deep = y1 - min(7, high * 0.12)
        sheet.pen.rect(x0, deep, x1, y1, darker(wood, 0.12))
        pen = sheet.pen.at((x0 + x1) / 2, (deep + y1) / 2, min(wide * 0.7, (y1 - y0) * 0.64))
        pen.shadow(3, 0, 40, 5)
        thing(pen)


def _add_drawer(pen: Pen, box: tuple[float, float, float, float], wood: Rgb) -> None:
    x0, y0, x1, y1 = box
    pen.rect(x0, y0, x1, y1, darker(wood, 0.36), 1)
    pen.rect(x0 + 0.8, y0 + 0.8, x1 - 0.8, y1 - 1.2, tile("wood", lighter(wood, 0.12)))
    pen.oval((x0 + x1) / 2, (y0 + y1) / 2 + 0.4, 2.2, 2.2, darker(wood, 0.4))
    pen.oval((x0 + x1) / 2, (y0 + y1) / 2, 2, 2, GOLD)


def show_on_mats(sheet: Sheet, things: Sequence[DrawOne], rng: Rng) -> None:
    """Sets the things out on round coloured spots: a ground that is made of nothing in particular."""
    ground = rng.choice(CLOTHS)
    sheet.pen.rect(0, 0, sheet.width, sheet.height, Fade((lighter(ground, 0.3), darker(ground, 0.06)), down=True))
    # Not the colour of the ground, on which a mat could not be seen.
    mats = rng.sample([color for color in CLOTHS if color != ground], len(things))
    # In turn higher and lower, where there is room: less stiff than a row.
    lifts = itertools.cycle(rng.choice(((-1, 1), (1, -1))))
    for (left, top, wide, high), thing, mat in zip(_cells(sheet, len(things)), things, mats, strict=True):
        radius = min(wide, high) * 0.46
        # The room above and below the mat, so that none leaves its cell.
        x, y = left + wide / 2, top + high / 2 + next(lifts) * max(0, high - 2 * radius) * 0.2
        sheet.pen.oval(x + 0.8, y + 1.2, radius, radius, sheer(INK, 40))
        sheet.pen.oval(x, y, radius, radius, CREAM)
        sheet.pen.oval(x, y, radius * 0.95, radius * 0.95, darker(mat, 0.08))
        pen = sheet.pen.at(x, y + radius * 0.6, radius * 1.26)
        pen.shadow(3, 0, 38, 5)
        thing(pen)


def paint_shelves(sheet: Sheet, rng: Rng) -> tuple[float, float]:
    """A wall with two boards one above the other; returns where things stand on the upper and on the lower one."""
    wall, top = rng.choice(WALLS)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, 0, wide, high, Fade((lighter(wall, 0.35), wall), down=True))
    # Both boards leave as much height above them, so the two things can be of one size.
    stands = high * 0.46, high * 0.9
    for y in stands:
        for x in (0.22, 0.78):
            pen.poly(
                [(wide * x - 1, y + 3), (wide * x + 1, y + 3), (wide * x + 1, y + 9), (wide * x - 1, y + 4)], WALNUT
            )
        pen.rect(wide * 0.1, y + 3, wide * 0.9, y + 5, sheer(INK, 40))
        pen.rect(wide * 0.1, y, wide * 0.9, y + 3.4, tile("wood", top))
    return stands


def show_portraits(sheet: Sheet, faces: Sequence[DrawOne], rng: Rng) -> None:
    """Portraits side by side, in frames on a wall or before one backdrop."""
    wall, _ = rng.choice(WALLS)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, 0, wide, high, Fade((lighter(wall, 0.3), darker(wall, 0.08)), down=True))
    framed = rng.random() < 0.5
    backs = rng.sample(CLOTHS, len(faces))
    cell = wide / len(faces)
    for k, (face, back) in enumerate(zip(faces, backs, strict=True)):
        x, size = cell * (k + 0.5), min(cell * 0.82, 84 if not framed else 70)
        if framed:
            half, foot = size * 0.56, high / 2 + size * 0.6
            roof = foot - size * 1.24
            pen.rect(x - half - 2, roof - 2, x + half + 3, foot + 3, sheer(INK, 50), 1)
            pen.rect(x - half - 2.4, roof - 2.4, x + half + 2.4, foot + 2.4, tile("wood", (150, 98, 58)))
            pen.rect(x - half, roof, x + half, foot, Fade((lighter(back, 0.4), darker(back, 0.12)), down=True))
            face(pen.at(x, foot, size))
        else:
            pen.oval(x, high * 0.52, size * 0.58, size * 0.6, sheer(lighter(back, 0.4), 150))
            # A single bust ends at the edge of the picture, as in a photograph.
            face(pen.at(x, high if len(faces) == 1 else high * 0.5 + size * 0.56, size))
