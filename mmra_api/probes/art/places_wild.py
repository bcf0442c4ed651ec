"""Beach, forest and mountains: a sheet, a light and a stream of chance in; the place is painted."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.land import conifer, paint_ridge
from mmra_api.probes.art.palette import CREAM, HUES, WALNUT, WHITE, Rgb, darker, lighter, mix, sheer
from mmra_api.probes.art.shapes import arc, smooth
from mmra_api.probes.art.weather import Light
from mmra_api.probes.randomness import Rng


def paint_beach(sheet: Sheet, light: Light, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    horizon, shore = high * 0.46, high * 0.66
    pen.rect(0, horizon, wide, high, Fade((light.on((32, 112, 160)), light.on((70, 178, 196))), down=True))
    for _ in range(16):
        x, y = rng.uniform(0, wide), rng.uniform(horizon + 2, shore - 6)
        pen.line([(x, y), (x + rng.uniform(4, 10), y)], 0.6, sheer(light.on(WHITE), 130))
    # Right below the horizon, where a small boat is far away.
    small_boat(pen.at(wide * rng.uniform(0.2, 0.8), horizon + 3, rng.uniform(12, 18)), light, rng)
    sand = light.ground((240, 214, 160))
    coast = [(wide * k / 6, shore + rng.uniform(-3, 3) - k) for k in range(-1, 8)]
    # The same coast three times, each a little lower: foam, wet sand, dry sand.
    for lift, color in ((-3, light.on(WHITE)), (0, darker(sand, 0.1)), (2.4, sand)):
        edge = smooth([(x, y + lift) for x, y in coast], closed=False)
        pen.poly([*edge, (wide * 1.2, high), (-wide * 0.2, high)], color)
    # Palm and parasol on opposite sides, so that neither hides the other.
    side = rng.choice((-1, 1))
    _parasol(pen.at(wide * (0.5 + side * 0.24), high * 0.92, 44), light.on(rng.choice(list(HUES.values()))), light)
    palm(pen.at(wide * (0.5 - side * 0.34), high * 0.9, 62, flip=side < 0), light)
    for _ in range(9):
        x, y = rng.uniform(0, wide), rng.uniform(shore + 9, high - 2)
        pen.oval(x, y, 1.3, 0.8, light.on(rng.choice(((250, 236, 224), (226, 150, 130), (204, 176, 134)))))


def small_boat(pen: Pen, light: Light, rng: Rng) -> None:
    hull = light.on(rng.choice(list(HUES.values())))
    pen.poly([(4, -92), (40, -24), (4, -24)], light.on(CREAM))
    pen.poly([(-3, -80), (-3, -24), (-30, -24)], light.on((232, 222, 206)))
    pen.poly([(-44, -18), (46, -18), (30, 0), (-30, 0)], hull)


def _parasol(pen: Pen, hue: Rgb, light: Light) -> None:
    pen.shadow(6, 0, 30, 4)
    pen.line([(6, 0), (-6, -80)], 3, light.on(WALNUT))
    for k, color in enumerate((hue, light.on(CREAM)) * 3):
        left, right = -54 + k * 16.5, -54 + (k + 1) * 16.5
        pen.poly([(-7, -98), (left, -66 + abs(left + 4) * 0.1), (right, -66 + abs(right + 4) * 0.1)], color)
    towel = light.on((92, 160, 190))
    pen.poly([(14, -4), (56, -4), (64, 6), (18, 6)], towel)
    pen.line([(22, 1), (60, 1)], 1.6, lighter(towel, 0.5))


def palm(pen: Pen, light: Light) -> None:
    """A leaning palm tree, 100 high."""
    pen.shadow(0, 0, 18, 3)
    trunk = light.on((150, 108, 70))
    pen.poly([*smooth([(-6, 0), (-4, -34), (8, -74)], closed=False), (14, -74), (5, -34), (6, 0)], trunk)
    for y in range(8, 70, 9):
        pen.line([(-4 + y * 0.12, -y), (6 + y * 0.1, -y)], 1.4, darker(trunk, 0.25))
    leaf = light.on((70, 144, 86))
    for x, y in ((-36, -78), (-30, -96), (44, -72), (50, -92), (14, -112), (30, -60), (-14, -58)):
        mid = ((11 + x) / 2, (-76 + y) / 2 - 14)
        pen.poly(smooth([(11, -76), mid, (x, y), (mid[0] + 2, mid[1] + 8)], steps=5), darker(leaf, abs(x) / 300))


def paint_forest(sheet: Sheet, light: Light, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    floor, snowy = light.ground((126, 158, 90)), light.condition == "snow"
    paint_ridge(sheet, rng, high * 0.56, 2, mix(floor, light.on((90, 130, 100)), 0.3))
    for depth, (y, size, count) in enumerate(((0.6, 38.0, 12), (0.68, 52.0, 8))):
        # Far trees are paler, as air lies between: that makes the wood deep.
        color = mix(light.on((46, 104, 80)), light.on((190, 214, 214)), 0.42 - depth * 0.26)
        for k in range(count):
            # Each tree keeps to its own strip: spread by chance alone they would leave holes.
            x = wide * (k + rng.uniform(0.2, 0.8)) / count
            conifer(pen.at(x, high * y + rng.uniform(-1, 2), size * rng.uniform(0.85, 1.15)), color, snowy=snowy)
    paint_ridge(sheet, rng, high * 0.7, 2, floor)
    trail = light.ground((196, 166, 118))
    x = wide * rng.uniform(0.42, 0.58)
    pen.poly([(x - 3, high * 0.7), (x + 3, high * 0.7), (x + 20, high), (x - 16, high)], trail)
    # None in the middle, where the trail runs.
    for place in (0.06, 0.24, 0.76, 0.94):
        size = rng.uniform(66, 84)
        color = light.on(rng.choice(((40, 98, 70), (58, 116, 74), (34, 86, 78))))
        at = pen.at(wide * place, high * rng.uniform(0.84, 0.95), size)
        at.shadow(0, 0, 24, 4)
        conifer(at, color, snowy=snowy)
    for side in (0.36, 0.66):
        _mushroom(pen.at(wide * side, high * rng.uniform(0.88, 0.96), 7), light)


def _mushroom(pen: Pen, light: Light) -> None:
    pen.rect(-12, -50, 12, 0, light.on(CREAM), 8)
    pen.poly(arc(0, -46, 50, 50, 180, 360), light.on((208, 62, 56)))
    for x, y in ((-22, -64), (6, -78), (26, -60)):
        pen.oval(x, y, 8, 8, light.on(CREAM))


def paint_mountains(sheet: Sheet, light: Light, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    foot = high * 0.66
    # The far chain first and paler; the near one is drawn over it.
    for count, top, base in ((3, 0.2, (136, 152, 184)), (4, 0.34, (98, 116, 146))):
        color = light.on(base)
        for k in range(count):
            x = wide * (k + rng.uniform(0.25, 0.75)) / count
            peak, half = high * top + rng.uniform(-5, 6), wide / count * rng.uniform(0.8, 1.05)
            _peak(pen, x, peak, half, foot, color, light)
    snowy = light.condition == "snow"
    pen.rect(0, foot, wide, high, Fade((light.on((86, 148, 176)), light.on((128, 186, 200))), down=True))
    for _ in range(12):
        x, y = rng.uniform(0, wide), rng.uniform(foot + 2, high * 0.84)
        pen.line([(x, y), (x + rng.uniform(5, 12), y)], 0.5, sheer(light.on(WHITE), 110))
    paint_ridge(sheet, rng, high * 0.87, 2.5, light.ground((116, 156, 84)))
    for k in range(9):
        x = wide * (k + rng.uniform(0.1, 0.9)) / 9
        # The view of the lake stays open in the middle.
        if abs(x / wide - 0.5) > 0.14:
            conifer(pen.at(x, high * rng.uniform(0.88, 0.96), rng.uniform(22, 36)), light.on((44, 96, 76)), snowy=snowy)


def _peak(pen: Pen, x: float, peak: float, half: float, foot: float, color: Rgb, light: Light) -> None:
    pen.poly([(x, peak), (x + half, foot), (x - half, foot)], color)
    pen.poly([(x, peak), (x + half, foot), (x + half * 0.1, foot), (x + half * 0.12, peak + 14)], darker(color, 0.2))
    drop = (foot - peak) * 0.34
    share = drop / (foot - peak) * half
    # White in every weather: high mountains keep their snow.
    cap = [(x, peak), (x + share, peak + drop), (x + share * 0.4, peak + drop * 0.78), (x, peak + drop * 1.12)]
    pen.poly([*cap, (x - share * 0.45, peak + drop * 0.76), (x - share, peak + drop)], light.on((248, 250, 254)))
