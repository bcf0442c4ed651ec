"""A bedroom and a living room: a sheet, the condition outside, a stream of chance and the floor's line in."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Sheet
from mmra_api.probes.art.furnishing import hang_picture, lay_rug, plant, window
from mmra_api.probes.art.palette import CREAM, GOLD, HUES, INK, OAK, WALNUT, WHITE, darker, lighter
from mmra_api.probes.art.things_home import HOME
from mmra_api.probes.randomness import Rng


def paint_bedroom(sheet: Sheet, condition: str, rng: Rng, line: float) -> None:
    pen, wide = sheet.pen, sheet.width
    side = rng.choice((-1, 1))
    # Two different colours, so that cover and curtain do not look like one cloth.
    cover, curtain = rng.sample(list(HUES.values()), 2)
    window(pen.at(wide * (0.5 + side * 0.3), line - 26, 38), condition, rng, lighter(curtain, 0.3))
    hang_picture(pen.at(wide * (0.5 - side * 0.16), line - 44, 24), rng)
    # Before the bed, which stands on it.
    lay_rug(pen, wide * 0.5, line + (sheet.height - line) * 0.66, wide * 0.36, rng)
    bed = pen.at(wide * (0.5 - side * 0.14), line + 9, 62, flip=side < 0)
    bed.rect(-74, -72, -66, 0, WALNUT, 3)
    bed.rect(-80, -70, -68, -20, darker(WALNUT, 0.1), 5)
    bed.rect(66, -44, 74, 0, WALNUT, 3)
    bed.rect(-70, -26, 70, -10, lighter(WALNUT, 0.15))
    bed.rect(-69, -38, 69, -22, CREAM, 5)
    bed.rect(-66, -54, -34, -34, WHITE, 9)
    bed.rect(-66, -46, -34, -34, (232, 230, 240), 6)
    bed.poly([(-30, -42), (66, -44), (70, -38), (70, -12), (-34, -12), (-36, -34)], Fade((lighter(cover, 0.2), cover)))
    bed.poly([(-30, -42), (-14, -43), (-18, -12), (-34, -12)], lighter(cover, 0.6))
    for x in (6, 28, 50):
        bed.oval(x, -27, 4, 4, lighter(cover, 0.5))
    stand = pen.at(wide * (0.5 + side * 0.36), line + 7, 30)
    stand.rect(-32, -60, 32, 0, OAK, 3)
    for y in (-52, -26):
        stand.rect(-26, y, 26, y + 20, lighter(OAK, 0.15), 2)
        stand.oval(0, y + 10, 3, 3, GOLD)
    HOME["lamp"](stand.at(0, -60, 84), rng.choice(list(HUES.values())))


def paint_living_room(sheet: Sheet, condition: str, rng: Rng, line: float) -> None:
    pen, wide = sheet.pen, sheet.width
    hue, curtain = rng.sample(list(HUES.values()), 2)
    side = rng.choice((-1, 1))
    window(pen.at(wide * (0.5 + side * 0.3), line - 24, 42), condition, rng, lighter(curtain, 0.3))
    for dx in (-13, 13):
        hang_picture(pen.at(wide * (0.5 - side * 0.16) + dx, line - 44 - dx / 6, 22), rng)
    lay_rug(pen, wide * 0.5, line + (sheet.height - line) * 0.6, wide * 0.4, rng)
    HOME["sofa"](pen.at(wide * (0.5 - side * 0.12), line + 6, 54), hue)
    lamp = pen.at(wide * (0.5 - side * 0.41), line + 5, 60)
    # First: a glow drawn later would veil the lamp.
    lamp.glow(0, -92, 34, (255, 232, 160), 110)
    lamp.rect(-1.6, -90, 1.6, 0, INK)
    lamp.oval(0, -1, 13, 3, INK)
    lamp.poly([(-11, -104), (11, -104), (20, -80), (-20, -80)], lighter(GOLD, 0.5))
    plant(pen.at(wide * (0.5 + side * 0.4), line + 9, 34))
    table = pen.at(wide * (0.5 + side * 0.1), line + (sheet.height - line) * 0.82, 30)
    for x in (-36, 36):
        table.rect(x - 3, -34, x + 3, 0, WALNUT)
    table.oval(0, -36, 56, 9, lighter(OAK, 0.1))
    HOME["vase"](table.at(10, -38, 50), lighter(hue, 0.2))
    HOME["cup"](table.at(-26, -36, 28), curtain)
