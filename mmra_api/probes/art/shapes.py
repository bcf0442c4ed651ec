"""Names of shapes in, points out: ellipses, stars and smooth curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
# 48 points a turn. Callers take every 4th, 6th or 8th: another step would change hours, petals and circles.
_ARC_STEP = 7.5


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 6) -> list[Point]:
    """A Catmull-Rom curve through ``points``."""
    count = len(points)
    found: list[Point] = []
    for index in range(count if closed else count - 1):
        # An open curve has no neighbours beyond its ends; the end points stand in for them.
        near = [
            points[(index + k) % count] if closed else points[min(max(index + k, 0), count - 1)] for k in (-1, 0, 1, 2)
        ]
        found.extend(_between(near, step / steps) for step in range(steps))
    # Each piece leaves out its end, which is the start of the next; the last one has no next.
    return found if closed else [*found, points[-1]]


def _between(near: Sequence[Point], t: float) -> Point:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = near
    weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3)
    a, b, c, d = weights
    return (a * x0 + b * x1 + c * x2 + d * x3) / 2, (a * y0 + b * y1 + c * y2 + d * y3) / 2


def arc(x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360) -> list[Point]:
    """Points along an ellipse; degrees run clockwise from three o'clock."""
    # A very short arc still has to look round.
    steps = max(4, math.ceil(abs(end - start) / _ARC_STEP))
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]


def star(x: float, y: float, outer: float, inner: float, tips: int = 5, start: float = -90) -> list[Point]:
    """A star, or with many tips a sunburst."""
    turns = ((start + 180 / tips * k, inner if k % 2 else outer) for k in range(2 * tips))
    return [(x + r * math.cos(math.radians(a)), y + r * math.sin(math.radians(a))) for a, r in turns]
