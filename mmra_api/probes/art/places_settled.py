"""Street and farm: a sheet, a light and a stream of chance in; the place is painted."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.land import paint_ridge
from mmra_api.probes.art.palette import CREAM, HUES, Rgb, darker, lighter
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.art.weather import Light, paint_puddle
from mmra_api.probes.randomness import Rng


def paint_street(sheet: Sheet, light: Light, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    curb, x = high * 0.72, -4.0
    colors = [
        light.on(c) for c in ((216, 130, 106), (232, 194, 134), (146, 166, 190), (196, 150, 164), (150, 178, 150))
    ]
    # Shuffled once and then in turn, so that neighbouring houses never have one colour.
    rng.shuffle(colors)
    k = 0
    # Houses of drawn width until the sheet is full; the last one may run over its edge.
    while x < wide:
        step = rng.uniform(22, 30)
        _house_front(pen, x, x + step, curb - rng.uniform(40, 60), curb, colors[k % 5], light)
        x, k = x + step, k + 1
    pen.rect(0, curb, wide, curb + high * 0.06, light.ground((196, 190, 184)))
    pen.rect(0, curb + high * 0.06, wide, high, light.on((92, 94, 106)))
    for dash in range(-1, int(wide // 16) + 1):
        pen.rect(dash * 16 + 4, high * 0.885, dash * 16 + 12, high * 0.9, light.on((240, 232, 200)))
    for place in (0.22, 0.78):
        _street_lamp(pen.at(wide * place, curb + 4, 42), light)
    _car(pen.at(wide * rng.uniform(0.35, 0.65), high * 0.89, 26), light.on(rng.choice(list(HUES.values()))), light)
    # Puddles tell rain where its drops are hard to see.
    if light.condition == "rain":
        paint_puddle(pen, wide * 0.2, high * 0.94, 11)
        paint_puddle(pen, wide * 0.82, high * 0.95, 9)


def _house_front(pen: Pen, x0: float, x1: float, top: float, foot: float, color: Rgb, light: Light) -> None:
    pen.rect(x0, top, x1, foot, Fade((lighter(color, 0.08), darker(color, 0.1))))
    pen.rect(x0 - 0.6, top - 3, x1 + 0.6, top, light.ground(darker(color, 0.35)))
    columns = 3 if x1 - x0 > 26 else 2
    # 14 stay free below for the door.
    rows = int((foot - top - 14) // 11)
    for row in range(rows):
        for column in range(columns):
            x, y = x0 + (x1 - x0) * (column + 0.5) / columns, top + 4 + row * 11
            pen.rect(x - 3, y - 0.6, x + 3, y + 7.6, lighter(color, 0.5))
            pen.rect(x - 2.4, y, x + 2.4, y + 7, light.lamp((150, 190, 212)))
            pen.line([(x, y), (x, y + 7)], 0.5, lighter(color, 0.5))
    middle = (x0 + x1) / 2
    pen.rect(middle - 3.4, foot - 11, middle + 3.4, foot, darker(color, 0.5), 1)
    pen.rect(x0 + 2, foot - 13, x1 - 2, foot - 11, lighter(color, 0.3))


def _street_lamp(pen: Pen, light: Light) -> None:
    # By night only: at sunset the lit lamp is enough.
    if light.condition == "night":
        pen.glow(0, -94, 34, (255, 226, 140), 150)
    pen.rect(-2, -90, 2, 0, (58, 60, 72))
    pen.poly([(-7, -102), (7, -102), (4.5, -88), (-4.5, -88)], light.lamp((236, 238, 226)))
    pen.rect(-9, -105, 9, -101, (58, 60, 72), 1)


def _car(pen: Pen, hue: Rgb, light: Light) -> None:
    pen.shadow(0, 0, 52, 5)
    # A car of its own: its colours have to follow the light, which those of `things_outdoors` cannot.
    pen.blob([(-34, -34), (-22, -58), (0, -62), (18, -58), (34, -34)], darker(hue, 0.12))
    pen.poly([(-26, -36), (-18, -53), (-3, -56), (-3, -36)], light.lamp((186, 220, 236)))
    pen.poly([(2, -36), (2, -56), (14, -52), (26, -36)], light.lamp((186, 220, 236)))
    pen.rect(-54, -38, 54, -10, Fade((lighter(hue, 0.2), darker(hue, 0.2)), down=True), 10)
    for x in (-30, 30):
        pen.oval(x, -11, 12, 12, (44, 44, 54))
        pen.oval(x, -11, 6, 6, (190, 194, 204))


def paint_farm(sheet: Sheet, light: Light, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    paint_ridge(sheet, rng, high * 0.54, 3, light.ground((150, 184, 104)))
    paint_ridge(sheet, rng, high * 0.62, 2, light.ground((126, 168, 88)))
    side = rng.choice((0.3, 0.7))
    barn = pen.at(wide * side, high * 0.72, 44)
    barn.rect(44, -92, 72, 0, Fade((light.on((206, 210, 216)), light.on((150, 156, 168)))), 2)
    barn.poly(arc(58, -92, 14, 14, 180, 360), light.on((180, 76, 66)))
    red = light.on((186, 62, 54))
    barn.poly([(-50, 0), (-50, -54), (-34, -80), (0, -96), (34, -80), (50, -54), (50, 0)], red)
    barn.line([(-56, -50), (-36, -82), (0, -99), (36, -82), (56, -50)], 6, light.ground((96, 74, 70)))
    barn.rect(-20, -42, 20, 0, light.on(CREAM))
    barn.rect(-17, -39, 17, 0, darker(red, 0.15))
    barn.line([(-17, -39), (17, 0)], 3, light.on(CREAM))
    barn.line([(17, -39), (-17, 0)], 3, light.on(CREAM))
    barn.rect(-8, -72, 8, -58, light.lamp((90, 60, 58)))
    top = high * 0.76
    pen.rect(0, top, wide, high, light.ground((214, 180, 96)))
    middle = wide / 2
    for k in range(-14, 15):
        pen.poly(
            [(middle + k * 7, top), (middle + k * 7 + 2, top), (middle + k * 17 + 6, high), (middle + k * 17, high)],
            darker(light.ground((190, 152, 76)), 0.05),
        )
    # On the side where the barn is not.
    for place in (1.1 - side, 0.95 - side * 0.9):
        _hay(pen.at(wide * place, high * rng.uniform(0.82, 0.93), 20), light)
    for k in range(int(wide // 9) + 1):
        pen.rect(k * 9, top - 7, k * 9 + 1.5, top + 2, light.on(CREAM))
    for y in (top - 5.4, top - 2):
        pen.rect(0, y, wide, y + 1.1, light.on(CREAM))


def _hay(pen: Pen, light: Light) -> None:
    straw = light.on((232, 192, 92))
    pen.shadow(0, 0, 46, 6)
    pen.rect(-6, -72, 46, 0, darker(straw, 0.12), 20)
    pen.oval(-6, -36, 36, 36, straw)
    for radius in (27, 18, 9):
        pen.line(arc(-6, -36, radius, radius), 2.4, darker(straw, 0.25))
