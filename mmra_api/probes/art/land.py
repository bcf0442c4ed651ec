"""A sheet and a light in, plain land out: ridges, meadows and the firs on them."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.palette import WALNUT, WHITE, Rgb, darker, mix
from mmra_api.probes.art.shapes import smooth
from mmra_api.probes.art.weather import Light, paint_sky
from mmra_api.probes.randomness import Rng


def paint_ridge(sheet: Sheet, rng: Rng, y: float, swing: float, color: Rgb | Fade) -> None:
    """Rolling land from ``y`` down."""
    steps = 7
    # From before the left edge to behind the right one: the ends of the curve are never seen.
    points = [(sheet.width * k / steps, y + rng.uniform(-swing, swing)) for k in range(-1, steps + 2)]
    sheet.pen.poly([*smooth(points, closed=False), (sheet.width * 1.2, sheet.height), (0, sheet.height)], color)


def conifer(pen: Pen, color: Rgb, *, snowy: bool = False) -> None:
    """A fir, 100 high."""
    pen.rect(-4, -14, 4, 0, mix(WALNUT, color, 0.6))
    for base, half in ((-10, 30), (-34, 25), (-58, 19)):
        tip = base - 40
        pen.poly([(0, tip), (half, base), (-half, base)], color)
        pen.poly([(0, tip), (half, base), (half * 0.2, base)], darker(color, 0.16))
        if snowy:
            pen.poly([(0, tip), (half * 0.5, base - 20), (0, base - 24), (-half * 0.5, base - 20)], WHITE)


def paint_meadow(sheet: Sheet, rng: Rng, light: Light, line: float = 0.52) -> None:
    """Sky, a far wood and grass."""
    paint_sky(sheet, light, rng)
    pen, wide, high = sheet.pen, sheet.width, sheet.height
    y = high * line
    # Half of each tree is hidden by the grass, which is drawn after it: what shows is a far wood.
    for k in range(10):
        radius = rng.uniform(7, 12)
        pen.oval(wide * (k + 0.5) / 10, y, radius * 1.2, radius, light.ground((98, 152, 96)))
    grass = light.ground((136, 186, 94))
    pen.rect(0, y, wide, high, Fade((grass, darker(grass, 0.12)), down=True))
    # Blades of grass do not stick out of snow.
    if light.condition != "snow":
        for _ in range(26):
            x, low = rng.uniform(0, wide), rng.uniform(y + 6, high)
            pen.line([(x - 1, low - 2.4), (x, low), (x + 1, low - 2.8)], 0.5, darker(grass, 0.26))
