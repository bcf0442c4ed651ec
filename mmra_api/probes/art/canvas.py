"""Shapes in local units in, pixels out: a supersampled sheet and a pen that can be moved, scaled and turned.

The short side of a sheet is 100 units. A pen made by ``at`` has its own origin and scale: things are drawn in a box
100 units high with their base at y = 0 and up being negative, wherever the pen happens to stand.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from PIL import Image, ImageDraw

from mmra_api.probes.art.palette import SHADOW, Color, darker, lighter
from mmra_api.probes.art.shapes import Point, arc, smooth

# Pillow draws hard edges; drawn twice as large and shrunk, they come out smooth.
SUPERSAMPLE = 2
_RIM = 179
"""Pillow's radial gradient reaches 255 in its corners and this at the middle of its sides."""


@dataclass(frozen=True, slots=True)
class Fade:
    """A linear gradient over the box of the shape it fills; from left to right, or downwards."""

    stops: tuple[Color, ...]
    down: bool = False

    def render(self, size: tuple[int, int]) -> Image.Image:
        """The gradient as an RGB image."""
        strip = Image.new("RGB", (1, len(self.stops)) if self.down else (len(self.stops), 1))
        # A pixel per stop, stretched: faster than computing each line. Stops have no alpha here.
        strip.putdata([stop[:3] for stop in self.stops])
        line = strip.resize((1, size[1]) if self.down else (size[0], 1), Image.Resampling.BILINEAR)
        # Across the gradient nothing changes, so the cheapest way of stretching will do.
        return line.resize(size, Image.Resampling.NEAREST)


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """A tile that repeats over the sheet."""

    tile: Image.Image

    def render(self, box: tuple[int, int, int, int]) -> Image.Image:
        """The part of the endless tiling that lies under ``box``."""
        wide, high = self.tile.size
        left, top, right, bottom = box
        patch = Image.new("RGB", (right - left, bottom - top))
        # Laid from the corner of the sheet, not of the shape: two shapes side by side show one surface.
        for y in range(top - top % high, bottom, high):
            for x in range(left - left % wide, right, wide):
                patch.paste(self.tile, (x - left, y - top))
        return patch


Paint: TypeAlias = Color | Fade | Texture


def rounded(color: Color, depth: float = 0.22) -> Fade:
    """The shading of something round that is lit from the upper left."""
    # The bright stop lies left of the middle, as the light comes from the left.
    return Fade((color, lighter(color, depth), color, darker(color, depth * 0.6), darker(color, depth)))


# A picture has many shades and lights, but few strengths of them.
@lru_cache(maxsize=32)
def _soft_disc(strength: int) -> Image.Image:
    """A mask that fades from ``strength`` in the middle to nothing at the rim."""
    # 0 beyond the rim, or the corners of the square mask would show.
    falloff = [round(strength * max(0.0, 1 - k / _RIM) ** 1.3) for k in range(256)]
    return Image.radial_gradient("L").point(falloff)


class Pen:
    """Draws on one sheet in its own coordinates."""

    __slots__ = ("_draw", "_image", "_matrix", "scale")

    def __init__(self, image: Image.Image, matrix: tuple[float, ...], scale: float) -> None:
        self._image = image
        # "RGBA" on an RGB image: Pillow then mixes see-through colours instead of writing over.
        self._draw = ImageDraw.Draw(image, "RGBA")
        self._matrix = matrix
        self.scale = scale
        """Pixels of the supersampled sheet per unit."""

    def at(self, x: float, y: float, size: float = 100, turn: float = 0, *, flip: bool = False) -> Pen:
        """A pen whose origin is (x, y), whose 100 units are ``size`` of this pen's, turned clockwise by degrees."""
        a, b, c, d, e, f = self._matrix
        scale = size / 100
        cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
        # Only the x axis is mirrored: a flipped thing still stands upright.
        mirror = -1 if flip else 1
        matrix = (
            (a * cos + b * sin) * mirror,
            b * cos - a * sin,
            a * x + b * y + c,
            (d * cos + e * sin) * mirror,
            e * cos - d * sin,
            d * x + e * y + f,
        )
        return Pen(self._image, matrix, self.scale * scale)

    def poly(self, points: Iterable[Point], paint: Paint) -> None:
        """Fills a polygon."""
        a, b, c, d, e, f = self._matrix
        corners = [(a * x + b * y + c, d * x + e * y + f) for x, y in points]
        # A plain colour needs no mask, and most shapes have one.
        if isinstance(paint, tuple):
            self._draw.polygon(corners, fill=paint)
        else:
            self._fill(corners, paint)

    @property
    def _upright(self) -> bool:
        # Pillow's rectangles and ellipses are never turned; turned ones are drawn as polygons. Flipped is upright.
        return self._matrix[1] == 0 == self._matrix[3]

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[int, int, int, int]:
        """The pixels of an upright rectangle: left, top, right, bottom."""
        a, _, c, _, e, f = self._matrix
        # Sorted: a flipped pen has its right edge first, which Pillow does not take.
        xs, ys = sorted((a * x0 + c, a * x1 + c)), sorted((e * y0 + f, e * y1 + f))
        return round(xs[0]), round(ys[0]), round(xs[1]), round(ys[1])

    def _fill(self, corners: list[Point], paint: Fade | Texture) -> None:
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        left, top = math.floor(min(xs)), math.floor(min(ys))
        # One more: Pillow's polygon fills its last pixel as well.
        right, bottom = math.ceil(max(xs)) + 1, math.ceil(max(ys)) + 1
        if isinstance(paint, Texture):
            patch = paint.render((left, top, right, bottom))
        else:
            patch = paint.render((right - left, bottom - top))
        mask = Image.new("L", patch.size)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in corners], fill=255)
        self._image.paste(patch, (left, top), mask)

    def oval(self, x: float, y: float, rx: float, ry: float, paint: Paint) -> None:
        """Fills an ellipse around (x, y)."""
        if isinstance(paint, tuple) and self._upright:
            self._draw.ellipse(self._box(x - rx, y - ry, x + rx, y + ry), fill=paint)
            return
        self.poly(arc(x, y, rx, ry), paint)

    def rect(self, x0: float, y0: float, x1: float, y1: float, paint: Paint, r: float = 0) -> None:
        """Fills a rectangle whose corners are rounded by ``r``."""
        if not r and self._upright:
            self._fill_box(self._box(x0, y0, x1, y1), paint)
            return
        if not r:
            self.poly(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), paint)
            return
        corners = ((x1 - r, y0 + r, -90), (x1 - r, y1 - r, 0), (x0 + r, y1 - r, 90), (x0 + r, y0 + r, 180))
        self.poly([p for x, y, start in corners for p in arc(x, y, r, r, start, start + 90)], paint)

    def _fill_box(self, box: tuple[int, int, int, int], paint: Paint) -> None:
        left, top, right, bottom = box
        if isinstance(paint, tuple):
            # One less: Pillow's rectangle fills its last pixel as well. Never less than one, or thin bars would vanish.
            self._draw.rectangle((left, top, max(left, right - 1), max(top, bottom - 1)), fill=paint)
        elif right > left and bottom > top:
            patch = paint.render(box) if isinstance(paint, Texture) else paint.render((right - left, bottom - top))
            self._image.paste(patch, (left, top))

    def blob(self, points: Sequence[Point], paint: Paint) -> None:
        """Fills a smooth closed outline through ``points``."""
        self.poly(smooth(points), paint)

    def line(self, points: Iterable[Point], width: float, color: Color, *, round_ends: bool = True) -> None:
        """Strokes a path; ``width`` in units."""
        a, b, c, d, e, f = self._matrix
        path = [(a * x + b * y + c, d * x + e * y + f) for x, y in points]
        # At least 1, or fine lines would vanish in small drawings.
        pixels = max(1, round(width * self.scale))
        self._draw.line(path, fill=color, width=pixels, joint="curve")
        # Pillow rounds the joints only. On a line of 1 or 2 pixels an end cannot be seen.
        if round_ends and pixels > 2:
            for x, y in (path[0], path[-1]):
                self._draw.ellipse((x - pixels / 2, y - pixels / 2, x + pixels / 2, y + pixels / 2), fill=color)

    def curve(self, points: Sequence[Point], width: float, color: Color) -> None:
        """Strokes a smooth open path through ``points``."""
        self.line(smooth(points, closed=False), width, color)

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: int = 70) -> None:
        """A soft patch of shade; ``strength`` (0 to 255) is its opacity in the middle."""
        # Larger and stronger than asked for, as the fade takes away most of it near the rim.
        self._paste_soft(x, y, rx * 1.3, ry * 1.3, SHADOW, min(255, round(strength * 1.5)))

    def glow(self, x: float, y: float, radius: float, color: Color, strength: int = 120) -> None:
        """A soft patch of light; ``strength`` (0 to 255) is its opacity in the middle."""
        self._paste_soft(x, y, radius, radius, color, strength)

    def _paste_soft(self, x: float, y: float, rx: float, ry: float, color: Color, strength: int) -> None:
        a, b, c, d, e, f = self._matrix
        # The turn of the pen is left out: lights are round, and shadows lie on level ground.
        wide, high = max(2, round(2 * rx * self.scale)), max(2, round(2 * ry * self.scale))
        left, top = round(a * x + b * y + c - wide / 2), round(d * x + e * y + f - high / 2)
        mask = _soft_disc(strength).resize((wide, high), Image.Resampling.BILINEAR)
        # Without alpha: the mask says how opaque it is.
        self._image.paste(color[:3], (left, top, left + wide, top + high), mask)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One picture being drawn: ``width`` and ``height`` are in units, the shorter of them is 100."""

    image: Image.Image
    pen: Pen
    width: float
    height: float

    @classmethod
    def blank(cls, width: int, height: int) -> Sheet:
        """A sheet that will be ``width`` x ``height`` pixels when finished."""
        unit = min(width, height) * SUPERSAMPLE / 100
        image = Image.new("RGB", (width * SUPERSAMPLE, height * SUPERSAMPLE), (255, 255, 255))
        pen = Pen(image, (unit, 0, 0, 0, unit, 0), unit)
        return cls(image, pen, width * SUPERSAMPLE / unit, height * SUPERSAMPLE / unit)

    def finish(self) -> Image.Image:
        """The picture at its final size, smoothed."""
        # Each pixel is the mean of the 2 x 2 below it, which is what supersampling wants.
        return self.image.reduce(SUPERSAMPLE)
