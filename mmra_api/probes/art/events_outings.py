"""Events away from home: a sheet and a stream of chance in, people in the middle of it out."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Sheet
from mmra_api.probes.art.figures import person
from mmra_api.probes.art.land import conifer, paint_meadow
from mmra_api.probes.art.palette import CREAM, HUES, INK, WALNUT, darker, lighter, some_hue
from mmra_api.probes.art.places_settled import paint_street
from mmra_api.probes.art.props import blanket, campfire, goal, tent
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.art.things_home import HOME
from mmra_api.probes.art.things_outdoors import OUTDOORS
from mmra_api.probes.art.weather import Light, paint_fall, paint_puddle, paint_sky
from mmra_api.probes.randomness import Rng


def paint_picnic(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    # Nobody has a picnic in the rain or by night.
    paint_meadow(sheet, rng, Light(rng.choice(("sun", "sun", "sunset"))))
    side = rng.choice((-1, 1))
    OUTDOORS["tree"](pen.at(wide * (0.5 + side * 0.36), high * 0.72, 62), HUES["green"])
    middle = wide * (0.5 - side * 0.04)
    blanket(pen.at(middle, high * 0.84, 100), wide * 0.34, rng.choice((HUES["red"], HUES["blue"], HUES["purple"])))
    for x, arms in ((-0.24, "out"), (0.22, "forward"), (-0.02, "out"))[: rng.choice((2, 3))]:
        figure = pen.at(middle + wide * x, high * 0.88, 54, flip=x > 0)
        figure.blob([(-18, -40), (14, -42), (34, -34), (36, -26), (-12, -26)], (82, 92, 128))
        # Sitting: the blob before is the folded legs.
        person(figure.at(0, 0), rng, arms, legs=False)
    OUTDOORS["basket"](pen.at(middle + side * wide * 0.08, high * 0.86, 22), HUES["red"])
    HOME["bottle"](pen.at(middle - side * wide * 0.07, high * 0.88, 17), HUES["green"])
    OUTDOORS["apple"](pen.at(middle - side * wide * 0.01, high * 0.94, 8), HUES["red"])
    OUTDOORS["apple"](pen.at(middle + side * wide * 0.04, high * 0.93, 8), HUES["green"])


def paint_football(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    paint_sky(sheet, Light("sun"), rng)
    pen.rect(0, high * 0.26, wide, high * 0.5, (116, 122, 146))
    for row in range(5):
        for k in range(int(wide // 4) + 1):
            color = rng.choice(list(HUES.values()))
            x, y = k * 4.0 + row % 2 * 2, high * 0.29 + row * 4.4
            pen.oval(x, y + 2, 1.7, 1.5, lighter(color, 0.2))
            pen.oval(x, y, 1.1, 1.1, (236, 196, 160))
    pen.rect(0, high * 0.48, wide, high * 0.53, CREAM)
    for k in range(8):
        pen.rect(0, high * (0.53 + k * 0.06), wide, high * (0.59 + k * 0.06), ((98, 168, 84), (112, 184, 92))[k % 2])
    side = rng.choice((-1, 1))
    goal(pen.at(wide * (0.5 + side * 0.32), high * 0.62, 40))
    pen.line(arc(wide * (0.5 - side * 0.1), high * 0.86, 26, 6), 0.7, (240, 248, 240))
    # Different for certain: two teams in one colour are no match.
    teams = rng.sample(list(HUES.values()), 2)
    spots = ((0.16, 0.78, "out"), (0.36, 0.92, "up"), (0.55, 0.8, "forward"), (0.8, 0.9, "out"))
    for k, (across, down, arms) in enumerate(spots):
        figure = pen.at(
            wide * (across if side > 0 else 1 - across), high * (down + rng.uniform(-0.03, 0.03)), 36, flip=side < 0
        )
        figure.shadow(0, 0, 24, 4)
        # In turn, so that both teams are on the pitch.
        person(figure, rng, arms, cloth=teams[k % 2])
    x = wide * (0.5 + side * rng.uniform(0.12, 0.2))
    OUTDOORS["football"](pen.at(x, high * rng.uniform(0.78, 0.9), 12), INK)


def paint_camping(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    # Late in the day, when a camp has its fire burning.
    light = Light(rng.choice(("night", "night", "sunset")))
    paint_meadow(sheet, rng, light, 0.58)
    for k in range(9):
        x = wide * (k + rng.uniform(0.2, 0.8)) / 9
        conifer(pen.at(x, high * rng.uniform(0.6, 0.66), rng.uniform(34, 52)), light.on((40, 92, 74)))
    side = rng.choice((-1, 1))
    tent(
        pen.at(wide * (0.5 - side * 0.22), high * 0.82, 44, flip=side < 0),
        rng.choice((HUES["orange"], HUES["teal"], HUES["red"])),
    )
    x = wide * (0.5 + side * 0.16)
    campfire(pen.at(x, high * 0.9, 26))
    for dx, arms in ((-0.15, "forward"), (0.15, "forward"), (0.27, "up"))[: rng.choice((2, 3))]:
        figure = pen.at(x + wide * dx, high * 0.93, 40, flip=dx > 0)
        figure.rect(-24, -12, 24, 0, darker(WALNUT, 0.25), 6)
        figure.blob([(-14, -34), (16, -36), (30, -22), (26, -4), (16, -4), (14, -20), (-14, -18)], (64, 72, 104))
        # Lower by 14: sitting on the log.
        person(figure.at(0, 14), rng, arms, legs=False)


def paint_rain_walk(sheet: Sheet, rng: Rng) -> None:
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    light = Light("rain")
    if rng.random() < 0.5:
        paint_sky(sheet, light, rng)
        paint_street(sheet, light, rng)
    else:
        paint_meadow(sheet, rng, light)
        pen.poly(
            [(wide * 0.3, high * 0.6), (wide * 0.7, high * 0.6), (wide, high), (0, high)], light.on((190, 164, 130))
        )
    # Drawn first, as the spaces between them depend on how many they are.
    walkers = rng.choice((2, 3))
    for k in range(walkers):
        x = wide * (0.5 + (k - (walkers - 1) / 2) * 0.27 + rng.uniform(-0.03, 0.03))
        paint_puddle(pen, x + 8, high * 0.95, 9)
        figure = pen.at(x, high * 0.93, rng.uniform(48, 56))
        person(figure, rng, "forward", cloth=rng.choice((HUES["yellow"], HUES["red"], HUES["teal"], HUES["purple"])))
        for dx in (-7, 8):
            figure.rect(dx - 6, -16, dx + 5, 0, HUES["orange"], 3)
        OUTDOORS["umbrella"](figure.at(24, -54, 92, 6), some_hue(rng))
    paint_fall(sheet, light, rng)
