"""A thing and near or far in; it fills the picture, or is small in a wide surrounding."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.figures import snowman
from mmra_api.probes.art.land import conifer, paint_meadow
from mmra_api.probes.art.palette import CREAM, INK, WHITE, Rgb, darker, lighter, sheer, some_hue
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.art.things_outdoors import OUTDOORS
from mmra_api.probes.art.views import VIEWS
from mmra_api.probes.art.weather import Light, paint_sky
from mmra_api.probes.randomness import Rng

_AT_SEA = ("boat", "lighthouse")


def paint_distance(sheet: Sheet, thing: str, rng: Rng, *, near: bool) -> None:
    """One of ``THINGS``: near ones are about as high as the picture, far ones an eighth of it."""
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    # Sun twice: more often than sunset. No rain or night, as a small thing far away has to be seen.
    light = Light("snow" if thing == "snowman" else rng.choice(("sun", "sun", "sunset")))
    # Seen from near, a thing hides most of the land; far away the land is what one sees.
    horizon = 0.72 if near else 0.54
    if thing in _AT_SEA:
        _paint_sea(sheet, rng, light, horizon)
    else:
        paint_meadow(sheet, rng, light, horizon)
        if not near:
            _paint_way(sheet, light, horizon)
    # A near thing fills the picture and must stay in the middle of it.
    x = wide * rng.uniform(0.46, 0.54) if near else wide * rng.uniform(0.3, 0.7)
    y = high * (0.97 if near else horizon + (0.035 if thing in _AT_SEA else 0.06))
    # A far balloon is in the air, above the horizon.
    if thing == "balloon" and not near:
        y = high * rng.uniform(0.36, 0.44)
    at = pen.at(x, y, 94 if near else rng.uniform(11, 13))
    # It does not stand on the ground, so it throws no shade there.
    if thing != "balloon":
        at.shadow(0, 0, 44, 4, 60)
    THINGS[thing](at, some_hue(rng))


def _paint_sea(sheet: Sheet, rng: Rng, light: Light, horizon: float) -> None:
    paint_sky(sheet, light, rng)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    deep, shallow = light.on((32, 112, 160)), light.on((84, 182, 200))
    pen.rect(0, high * horizon, wide, high, Fade((deep, shallow), down=True))
    for _ in range(34):
        y = rng.uniform(high * horizon + 2, high - 1)
        x, length = rng.uniform(-4, wide), 3 + 12 * (y / high - horizon)
        pen.line([(x, y), (x + length, y)], 0.5, sheer(light.on(WHITE), 130))


def _paint_way(sheet: Sheet, light: Light, horizon: float) -> None:
    """A path and trees that grow smaller, which make the depth of the land plain."""
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    way = light.ground((206, 182, 138))
    top = high * (horizon + 0.02)
    pen.poly([(wide * 0.5 - 0.8, top), (wide * 0.5 + 0.8, top), (wide * 0.68, high), (wide * 0.32, high)], way)
    for x, y, size in (
        (0.04, 0.98, 62),
        (0.97, 0.96, 58),
        (0.16, 0.78, 32),
        (0.86, 0.77, 30),
        (0.25, 0.67, 17),
        (0.78, 0.66, 16),
    ):
        conifer(pen.at(wide * x, high * y, size), light.on((58, 118, 84)), snowy=light.condition == "snow")


def lighthouse(pen: Pen, hue: Rgb) -> None:
    pen.blob([(-46, 0), (-34, -10), (0, -14), (36, -8), (48, 2), (0, 6)], (118, 112, 116))
    pen.poly([(-17, -8), (-11, -78), (11, -78), (17, -8)], Fade((WHITE, CREAM, (214, 210, 212))))
    for low, top in ((-10, -24), (-40, -54), (-66, -78)):
        pen.poly(
            [
                (-17 + (-10 - low) * 0.085, low),
                (-17 + (-10 - top) * 0.085, top),
                (17 - (-10 - top) * 0.085, top),
                (17 - (-10 - low) * 0.085, low),
            ],
            Fade((lighter(hue, 0.1), hue, darker(hue, 0.25))),
        )
    pen.rect(-15, -82, 15, -77, INK, 1)
    pen.glow(0, -87, 22, (255, 240, 170), 150)
    pen.rect(-8, -93, 8, -82, (255, 236, 150))
    pen.poly([(-11, -93), (11, -93), (0, -104)], darker(hue, 0.2))
    pen.poly([(-5, -8), (-5, -18), *arc(0, -18, 5, 5, 180, 360), (5, -8)], INK)


THINGS = {
    "tree": OUTDOORS["tree"],
    "house": VIEWS["house"]["from the front"],
    "boat": OUTDOORS["sailing boat"],
    "cat": OUTDOORS["cat"],
    "car": OUTDOORS["car"],
    "balloon": OUTDOORS["balloon"],
    "lighthouse": lighthouse,
    "snowman": snowman,
}
