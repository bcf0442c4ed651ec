"""A pen and a stream of chance in, a small whole figure out. The box is 100 high, its base at y = 0."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen, rounded
from mmra_api.probes.art.faces import LIP
from mmra_api.probes.art.palette import HAIRS, HUES, INK, SKINS, WHITE, Rgb, darker
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.randomness import Rng


def person(pen: Pen, rng: Rng, arms: str = "down", *, cloth: Rgb | None = None, legs: bool = True) -> None:
    """A small figure; ``arms`` are ``down``, ``up``, ``out`` or ``forward`` (towards its right of the picture)."""
    skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
    shirt, trousers = cloth or rng.choice(list(HUES.values())), rng.choice(((72, 82, 118), (104, 84, 76), (60, 66, 74)))
    if legs:
        for x in (-6, 6):
            pen.line([(x * 0.8, -42), (x * 1.2, -5)], 9, trousers)
            pen.rect(x * 1.2 - 5, -6, x * 1.2 + 8, 0, darker(trousers, 0.5), 3)
    hands = {"down": ((-18, -40), (18, -40)), "up": ((-24, -92), (24, -92)), "out": ((-32, -62), (32, -62))}
    # Any other word is "forward", with both hands on one side.
    ends = hands.get(arms, ((28, -54), (30, -60)))
    for side, (x, y) in zip((-1, 1), ends, strict=True):
        pen.line([(side * 10, -66), (x, y)], 7, darker(shirt, 0.12))
        pen.oval(x, y, 4, 4, skin)
    pen.blob([(-11, -72), (11, -72), (14, -40), (-14, -40)], rounded(shirt, 0.15))
    pen.oval(0, -84, 13, 14, skin)
    if rng.random() < 0.5:
        pen.poly(arc(0, -89, 14, 12, 180, 360), hair)
    else:
        pen.blob([(-14, -74), (-15, -92), (0, -102), (15, -92), (14, -74), (11, -88), (-9, -92)], hair)
    # Not even: the face looks a little to the right, where "forward" points.
    for x in (-4, 6):
        pen.oval(x, -84, 2.5, 2.8, WHITE)
        pen.oval(x, -84, 1.6, 1.9, INK)
    pen.line(arc(1, -80, 4.5, 3.6, 20, 160), 1.4, LIP)


def snowman(pen: Pen, hue: Rgb) -> None:
    for y, r in ((-25, 27), (-60, 20), (-86, 14)):
        pen.oval(0, y, r, r, Fade((WHITE, (246, 250, 254), (206, 220, 238))))
    for x in (-5, 5):
        pen.oval(x, -90, 1.8, 1.8, INK)
    pen.poly([(0, -87), (0, -82), (17, -83)], (240, 140, 50))
    for y in (-66, -56, -30):
        pen.oval(0, y, 2, 2, INK)
    pen.rect(-16, -76, 16, -70, hue, 3)
    pen.rect(6, -74, 13, -54, darker(hue, 0.12), 2)
    for side in (-1, 1):
        pen.line([(side * 18, -62), (side * 40, -78)], 3, (112, 76, 52))
    pen.rect(-18, -100, 18, -96, INK, 1)
    pen.rect(-11, -114, 11, -98, INK, 1)
