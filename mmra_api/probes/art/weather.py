"""A condition in (sun, sunset, night, rain, snow), the light it throws on a scene out: sky, tints, what falls."""

from __future__ import annotations

from dataclasses import dataclass

from mmra_api.probes.art.canvas import Fade, Pen, Sheet
from mmra_api.probes.art.palette import CREAM, WHITE, Color, Rgb, mix, sheer
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.randomness import Rng

_SKIES: dict[str, tuple[Rgb, ...]] = {
    "sun": ((98, 178, 232), (158, 210, 242), (224, 240, 246)),
    "sunset": ((86, 76, 142), (206, 104, 124), (246, 150, 104), (254, 214, 140)),
    "night": ((14, 18, 48), (30, 38, 84), (64, 74, 124)),
    "rain": ((104, 116, 136), (142, 154, 170), (182, 190, 198)),
    "snow": ((176, 192, 212), (206, 218, 232), (234, 240, 246)),
}
# What mixes into every colour, and how much of it.
_VEILS: dict[str, tuple[Rgb, float]] = {
    "sun": ((255, 250, 220), 0.04),
    "sunset": ((196, 84, 84), 0.3),
    "night": ((16, 22, 66), 0.55),
    "rain": ((96, 108, 128), 0.38),
    "snow": ((214, 224, 238), 0.26),
}

CONDITIONS = tuple(_SKIES)


@dataclass(frozen=True, slots=True)
class Light:
    """How a condition colours things."""

    condition: str

    def on(self, color: Color) -> Rgb:
        """A thing's colour in this light."""
        veil, share = _VEILS[self.condition]
        return mix(color, veil, share)

    def ground(self, color: Color) -> Rgb:
        """The ground's colour: snow lies on it."""
        # Not all white: what lies below still shows a little, so that sand differs from grass.
        return mix(color, (244, 248, 252), 0.86) if self.condition == "snow" else self.on(color)

    def lamp(self, color: Color) -> Rgb:
        """A window or lamp: lit when it is dark."""
        # At sunset too: that is when people light their lamps.
        return (255, 222, 130) if self.condition in {"night", "sunset"} else self.on(color)


def paint_sky(sheet: Sheet, light: Light, rng: Rng) -> None:
    """Sky over the whole sheet, with what belongs in it."""
    pen, wide = sheet.pen, sheet.width
    # Over the whole sheet: the place is drawn on top, and no gap can show between them.
    pen.rect(0, 0, wide, sheet.height, Fade(_SKIES[light.condition], down=True))
    x, y = wide * rng.uniform(0.2, 0.8), rng.uniform(12, 20)
    match light.condition:
        case "sun":
            pen.glow(x, y, 24, (255, 244, 190), 150)
            pen.oval(x, y, 8, 8, (255, 226, 104))
            _paint_clouds(sheet, rng, WHITE, 3)
        case "sunset":
            # A low sun stands near the horizon, so not at the drawn height.
            pen.glow(x, 40, 34, (255, 226, 150), 170)
            pen.oval(x, 40, 9, 9, (255, 236, 170))
            _paint_clouds(sheet, rng, (246, 170, 140), 3)
        case "night":
            _paint_stars(sheet, rng)
            pen.glow(x, y, 20, (240, 240, 210), 90)
            pen.poly([*arc(x, y, 7.5, 7.5, 60, 300), *reversed(arc(x + 3.4, y, 6.4, 6.4, 78, 282))], (250, 244, 206))
        case "rain":
            _paint_clouds(sheet, rng, (112, 122, 140), 6)
        case _:
            _paint_clouds(sheet, rng, (222, 230, 240), 5)


def _paint_stars(sheet: Sheet, rng: Rng) -> None:
    for _ in range(70):
        # No stars in the lower part, where the land is.
        x, y, size = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height * 0.6), rng.choice((0.25, 0.35, 0.55))
        sheet.pen.oval(x, y, size, size, CREAM)


def _paint_clouds(sheet: Sheet, rng: Rng, color: Rgb, count: int) -> None:
    for k in range(count):
        x, y = sheet.width * (k + rng.uniform(0.1, 0.9)) / count, rng.uniform(5, 24)
        pen = sheet.pen.at(x, y, rng.uniform(18, 32))
        for dx, dy, rx, ry in ((-34, 0, 30, 18), (0, -12, 34, 26), (34, -2, 30, 20), (6, 6, 60, 14)):
            pen.oval(dx, dy, rx, ry, sheer(color, 235))


def paint_fall(sheet: Sheet, light: Light, rng: Rng) -> None:
    """Rain or snow in front of everything."""
    if light.condition == "rain":
        for _ in range(150):
            x, y, length = rng.uniform(-5, sheet.width), rng.uniform(-5, sheet.height), rng.uniform(4, 8)
            # Slanted: straight down it looks like a pattern.
            path = [(x, y), (x - length * 0.25, y + length)]
            # Without round ends: 150 drops with two ends each cost time and would show as dots.
            sheet.pen.line(path, 0.45, (232, 240, 250, 150), round_ends=False)
    elif light.condition == "snow":
        for _ in range(130):
            x, y, size = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height), rng.choice((0.5, 0.7, 0.9, 1.3))
            sheet.pen.oval(x, y, size, size, (255, 255, 255, 230))


def paint_puddle(pen: Pen, x: float, y: float, size: float) -> None:
    """A puddle with rings."""
    pen.oval(x, y, size, size * 0.26, (126, 152, 180))
    pen.oval(x - size * 0.1, y - size * 0.03, size * 0.75, size * 0.17, (158, 184, 208))
    for radius in (0.5, 0.28):
        pen.line(arc(x, y, size * radius, size * radius * 0.24), 0.4, (226, 238, 248))
