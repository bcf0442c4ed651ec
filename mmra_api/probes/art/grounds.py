"""A sheet and a stream of chance in, a garden, road or room out, seen from above or level."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Sheet
from mmra_api.probes.art.land import paint_meadow
from mmra_api.probes.art.materials import tile
from mmra_api.probes.art.palette import WALLS, darker, lighter, some_hue
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.art.weather import Light
from mmra_api.probes.randomness import Rng


def _garden_above(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, 0, wide, high, (140, 188, 98))
    for k in range(int(wide // 16) + 1):
        pen.rect(k * 16, 0, k * 16 + 8, high, (148, 196, 104))
    pen.rect(wide * 0.5 - 6, 0, wide * 0.5 + 6, high, (222, 206, 176))
    for x, y in ((0.09, 0.13), (0.91, 0.16), (0.08, 0.86), (0.92, 0.84), (0.1, 0.5), (0.9, 0.52)):
        at = pen.at(wide * x, high * y, rng.uniform(13, 17))
        at.shadow(16, 18, 52, 52, 80)
        at.oval(0, 0, 50, 50, (76, 136, 82))
        for dx, dy in arc(0, 0, 30, 30)[:-1:8]:
            at.oval(dx, dy, 22, 22, (96, 156, 92))
        at.oval(-6, -8, 16, 16, (122, 176, 108))


def _garden_level(sheet: Sheet, rng: Rng) -> None:
    paint_meadow(sheet, rng, Light("sun"), 0.62)


def _road_above(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, 0, wide, high, (146, 192, 106))
    pen.rect(wide * 0.5 - 34, 0, wide * 0.5 + 34, high, (206, 200, 192))
    pen.rect(wide * 0.5 - 29, 0, wide * 0.5 + 29, high, (98, 100, 112))
    for x in (-27, 26):
        for k in range(int(high // 12) + 1):
            pen.rect(wide * 0.5 + x, k * 12, wide * 0.5 + x + 1, k * 12 + 7, (240, 236, 220))
    for side in (-1, 1):
        for k in range(int(high // 26) + 1):
            pen.oval(wide * 0.5 + side * rng.uniform(42, 47), 10 + k * 26, 6, 6, (86, 148, 86))


def _road_level(sheet: Sheet, rng: Rng) -> None:
    paint_meadow(sheet, rng, Light("sun"), 0.56)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, high * 0.72, wide, high * 0.75, (206, 200, 192))
    pen.rect(0, high * 0.75, wide, high * 0.97, (98, 100, 112))
    for k in range(int(wide // 16) + 1):
        pen.rect(k * 16 + 3, high * 0.92, k * 16 + 11, high * 0.935, (240, 236, 220))


def _room_above(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, 0, wide, high, tile("wood", rng.choice(((188, 134, 82), (214, 168, 112)))))
    for k in range(int(high // 12) + 1):
        pen.line([(0, k * 12), (wide, k * 12)], 0.4, (120, 80, 50))
    rug = lighter(some_hue(rng), 0.55)
    for size, color in ((0.88, rug), (0.8, lighter(rug, 0.5)), (0.76, rug)):
        half_wide, half_high = wide * size / 2, high * size / 2
        pen.rect(wide / 2 - half_wide, high / 2 - half_high, wide / 2 + half_wide, high / 2 + half_high, color, 2)


def _room_level(sheet: Sheet, rng: Rng) -> None:
    wall, floor = rng.choice(WALLS)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, 0, wide, high * 0.72, Fade((lighter(wall, 0.25), wall), down=True))
    pen.rect(0, high * 0.72, wide, high, Fade((darker(floor, 0.1), floor), down=True))
    pen.rect(0, high * 0.69, wide, high * 0.72, lighter(wall, 0.55))


GROUNDS = {
    ("garden", True): _garden_above,
    ("garden", False): _garden_level,
    ("road", True): _road_above,
    ("road", False): _road_level,
    ("room", True): _room_above,
    ("room", False): _room_level,
}
