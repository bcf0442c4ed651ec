"""A sheet and a stream of chance in, the surroundings of a close look at an event out."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Sheet
from mmra_api.probes.art.land import conifer
from mmra_api.probes.art.materials import tile
from mmra_api.probes.art.palette import OAK, WALLS, WHITE, darker, lighter, some_hue
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.art.weather import Light, paint_fall, paint_sky
from mmra_api.probes.randomness import Rng


def back_party(sheet: Sheet, rng: Rng) -> None:
    wall, top = rng.choice(WALLS)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, 0, wide, high, Fade((lighter(wall, 0.3), wall), down=True))
    for _ in range(46):
        x, y = rng.uniform(0, wide), rng.uniform(0, high * 0.7)
        pen.at(x, y, 3, rng.uniform(0, 90)).rect(-40, -22, 40, 22, lighter(some_hue(rng), 0.2))
    pen.rect(0, high * 0.76, wide, high, Fade((lighter(top, 0.2), top), down=True))


def back_meadow(sheet: Sheet, rng: Rng, light: Light | None = None) -> None:
    light = light or Light("sun")
    paint_sky(sheet, light, rng)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    grass = light.ground((126, 180, 90))
    pen.poly([*arc(wide / 2, high * 1.1, wide, high * 0.62, 180, 360), (wide, high), (0, high)], lighter(grass, 0.1))
    pen.rect(0, high * 0.62, wide, high, Fade((grass, darker(grass, 0.14)), down=True))
    # Blades of grass do not stick out of snow.
    if light.condition != "snow":
        for _ in range(34):
            x, low = rng.uniform(0, wide), rng.uniform(high * 0.66, high)
            pen.line([(x - 1.4, low - 3.4), (x, low), (x + 1.4, low - 3.8)], 0.7, darker(grass, 0.25))


def back_pitch(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    paint_sky(sheet, Light("sun"), rng)
    for k in range(7):
        pen.rect(0, high * (0.5 + k * 0.08), wide, high * (0.59 + k * 0.08), ((98, 168, 84), (112, 184, 92))[k % 2])
    pen.line([(0, high * 0.92), (wide, high * 0.9)], 1.6, (240, 248, 240))


def back_camp(sheet: Sheet, rng: Rng) -> None:
    # By night, as fires and lanterns are lit then.
    light = Light("night")
    back_meadow(sheet, rng, light)
    for k in range(8):
        x = sheet.width * (k + rng.uniform(0.1, 0.9)) / 8
        conifer(sheet.pen.at(x, sheet.height * 0.66, rng.uniform(44, 62)), light.on((40, 92, 74)))


def back_worktop(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    tint = rng.choice(((190, 214, 214), (226, 212, 190), (204, 210, 228)))
    pen.rect(0, 0, wide, high, lighter(tint, 0.35))
    for k in range(int(max(wide, high) // 13) + 1):
        pen.line([(k * 13, 0), (k * 13, high)], 0.6, WHITE)
        pen.line([(0, k * 13), (wide, k * 13)], 0.6, WHITE)
    pen.rect(0, high * 0.72, wide, high, tile("wood", (214, 168, 112)))
    pen.rect(0, high * 0.72, wide, high * 0.735, darker(OAK, 0.2))


def back_snow(sheet: Sheet, rng: Rng) -> None:
    light = Light("snow")
    back_meadow(sheet, rng, light)
    for k in range(6):
        x = sheet.width * (k + rng.uniform(0.1, 0.9)) / 6
        conifer(sheet.pen.at(x, sheet.height * 0.62, rng.uniform(26, 40)), (108, 148, 134), snowy=True)
    paint_fall(sheet, light, rng)


def back_bed(sheet: Sheet, rng: Rng) -> None:
    back_meadow(sheet, rng)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, high * 0.76, wide, high, Fade(((142, 96, 66), (110, 72, 50)), down=True))
    for _ in range(40):
        x, y = rng.uniform(0, wide), rng.uniform(high * 0.78, high)
        pen.oval(x, y, rng.uniform(0.8, 1.8), 0.8, rng.choice(((92, 60, 42), (166, 118, 84))))


def back_rain(sheet: Sheet, rng: Rng) -> None:
    light = Light("rain")
    paint_sky(sheet, light, rng)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    pen.rect(0, high * 0.66, wide, high, Fade(((128, 136, 150), (100, 108, 124)), down=True))
    pen.rect(0, high * 0.66, wide, high * 0.68, (160, 166, 178))
