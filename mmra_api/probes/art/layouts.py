"""A formation's name in, positions out; small things seen from above, laid out on a cloth."""

from __future__ import annotations

import math
import statistics

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.materials import tile
from mmra_api.probes.art.palette import CLOTHS, CREAM, HUES, INK, WHITE, Rgb, darker, lighter, mix, sheer
from mmra_api.probes.art.shapes import Point, arc, star
from mmra_api.probes.randomness import Rng


def place_formation(name: str, rng: Rng) -> list[Point]:
    """Where the things lie, in a square from -50 to 50."""
    match name:
        case "row":
            return [(x, 0) for x in (-42, -21, 0, 21, 42)]
        case "column":
            return [(0, y) for y in (-42, -21, 0, 21, 42)]
        case "circle":
            # 40 is nearly one of the 8 steps of 45 degrees: every turn that looks different.
            turn = rng.uniform(0, 40)
            # Every 6th of 48 points makes 8 things; the last point is the first again.
            return [(x * 38, y * 38) for x, y in arc(0, 0, 1, 1, turn, turn + 360)[:-1:6]]
        case "grid":
            return [(x, y) for y in (-32, 0, 32) for x in (-32, 0, 32)]
        case "triangle":
            # Half a step to the left in each row keeps its middle.
            return [(k * 27 - row * 13.5, row * 25 - 37) for row in range(4) for k in range(row + 1)]
        case "diagonal":
            side = rng.choice((-1, 1))
            return [(side * k, k) for k in (-40, -20, 0, 20, 40)]
        case _:
            return _scatter(rng)


def _scatter(rng: Rng) -> list[Point]:
    """Irregular on purpose: drawn at random in the first place, far enough apart to tell things from one another."""
    found: list[Point] = []
    while len(found) < 7:
        at = rng.uniform(-44, 44), rng.uniform(-44, 44)
        # A thing is about 19 wide in these units, so there is always a gap.
        if all(math.dist(at, other) > 21 for other in found):
            found.append(at)
            # By chance seven things may form a line; that would be another answer.
            if len(found) == 7 and _looks_ordered(found):
                found.clear()
        # The first few may leave no place for the rest: now and then start again, or it would never end.
        elif rng.random() < 0.01:
            found.clear()
    return found


def _looks_ordered(points: list[Point]) -> bool:
    """Narrow, or close to one line."""
    xs, ys = zip(*points, strict=True)
    return max(xs) - min(xs) < 60 or max(ys) - min(ys) < 60 or abs(statistics.correlation(xs, ys)) > 0.35


def paint_arrangement(sheet: Sheet, groups: tuple[tuple[str, str], ...], rng: Rng) -> None:
    """A table seen from above with one cloth per group."""
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, 0, wide, high, tile("wood", rng.choice(((150, 98, 58), (188, 134, 82), (214, 168, 112)))))
    # Cells along the longer side, so that the cloths are as large as can be.
    along = wide >= high
    cells = len(groups)
    cell_wide, cell_high = (wide / cells, high) if along else (wide, high / cells)
    for k, (thing, formation) in enumerate(groups):
        x, y = (cell_wide * (k + 0.5), high / 2) if along else (wide / 2, cell_high * (k + 0.5))
        side = min(cell_wide, cell_high) * 0.86
        cloth = rng.choice(CLOTHS)
        _cloth(pen.at(x, y, side), cloth, rng)
        # Without pink: of all hues it is the nearest to the light cloths.
        hue = rng.choice([color for color in HUES.values() if color != HUES["pink"]])
        for px, py in place_formation(formation, rng):
            # 118 and not 100: things near the edge of a formation must lie on the cloth.
            # A little turned, as if laid by hand.
            at = pen.at(x + px * side / 118, y + py * side / 118, side * 0.098, rng.uniform(-14, 14))
            at.shadow(8, 12, 82, 82, 55)
            SMALL[thing](at, hue)


def _cloth(pen: Pen, color: Rgb, rng: Rng) -> None:
    pen.rect(-49, -48, 51, 52, sheer(INK, 60), 4)
    pen.rect(-50, -50, 50, 50, color, 4)
    edge = darker(color, 0.14)
    match rng.choice(("frame", "stitches", "bands")):
        case "frame":
            pen.line([(-46, -46), (46, -46), (46, 46), (-46, 46), (-46, -46)], 1.2, edge)
        case "stitches":
            for k in range(-44, 45, 8):
                for x, y, dx, dy in ((k, -46, 4, 0), (k, 46, 4, 0), (-46, k, 0, 4), (46, k, 0, 4)):
                    pen.line([(x - dx / 2, y - dy / 2), (x + dx / 2, y + dy / 2)], 0.9, edge)
        case _:
            for y in (-47, 44):
                pen.rect(-50, y, 50, y + 3, edge)


def _cookie(pen: Pen, _hue: Rgb) -> None:
    pen.oval(0, 0, 82, 80, (196, 142, 84))
    pen.oval(-4, -6, 72, 68, (220, 170, 108))
    for x, y in ((-34, -24), (6, -44), (38, -10), (-14, 14), (22, 34), (-44, 28)):
        pen.oval(x, y, 12, 11, (92, 56, 40))


def _button(pen: Pen, hue: Rgb) -> None:
    pen.oval(0, 0, 80, 80, darker(hue, 0.2))
    pen.oval(-3, -4, 74, 74, hue)
    pen.oval(0, 0, 50, 50, darker(hue, 0.14))
    for x in (-16, 16):
        for y in (-16, 16):
            pen.oval(x, y, 9, 9, darker(hue, 0.65))


def _leaf(pen: Pen, hue: Rgb) -> None:
    # A hint of the hue only: a leaf stays green.
    color = mix((104, 158, 78), hue, 0.3)
    pen.blob(
        [(0, -94), (44, -50), (50, 4), (0, 66), (-50, 4), (-44, -50)], Fade((lighter(color, 0.12), darker(color, 0.12)))
    )
    pen.line([(0, -76), (0, 94)], 8, darker(color, 0.3))
    for y in (-36, -4, 26):
        for side in (-1, 1):
            pen.line([(0, y + 16), (side * 30, y - 8)], 5, darker(color, 0.26))


def _shell(pen: Pen, hue: Rgb) -> None:
    # A hint of the hue only: a shell stays pale.
    color = mix((246, 206, 184), hue, 0.16)
    pen.poly([(-24, 62), (24, 62), (34, 84), (-34, 84)], darker(color, 0.14))
    pen.poly([(0, 72), *arc(0, -6, 82, 74, 150, 390)], color)
    for angle in range(165, 390, 30):
        x, y = arc(0, -6, 78, 70, angle, angle + 1)[0]
        pen.line([(0, 68), (x, y)], 6, darker(color, 0.2))


def _flower(pen: Pen, hue: Rgb) -> None:
    for x, y in arc(0, 0, 48, 48)[:-1:8]:
        pen.oval(x, y, 36, 36, hue)
        pen.oval(x * 1.1, y * 1.1, 20, 20, lighter(hue, 0.35))
    # A yellow middle could not be seen in a yellow flower.
    pen.oval(0, 0, 28, 28, (250, 206, 72) if hue != HUES["yellow"] else (150, 92, 52))


def _pebble(pen: Pen, hue: Rgb) -> None:
    pen.blob([(-72, 20), (-50, -52), (16, -70), (74, -24), (62, 46), (-12, 70)], mix((138, 138, 144), hue, 0.12))
    pen.blob([(-46, -14), (-28, -44), (14, -52), (34, -30), (-8, -20)], (196, 196, 202))


def _star(pen: Pen, hue: Rgb) -> None:
    pen.poly(star(0, 6, 92, 44), darker(hue, 0.1))
    pen.poly(star(-2, 2, 78, 37), lighter(hue, 0.12))


def _marble(pen: Pen, hue: Rgb) -> None:
    pen.oval(0, 0, 78, 78, darker(hue, 0.18))
    pen.oval(-6, -8, 66, 64, hue)
    pen.blob([(-50, 16), (-4, -10), (48, -34), (30, 10), (-16, 34)], CREAM)
    pen.oval(-30, -36, 17, 13, sheer(WHITE, 210))


SMALL = {
    "cookie": _cookie,
    "button": _button,
    "leaf": _leaf,
    "shell": _shell,
    "flower": _flower,
    "pebble": _pebble,
    "star": _star,
    "marble": _marble,
}
