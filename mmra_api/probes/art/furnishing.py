"""A pen and a stream of chance in, what several rooms have in them out: windows, pictures, rugs, plants."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Pen
from mmra_api.probes.art.palette import CREAM, GOLD, HUES, OAK, WALNUT, Rgb, darker, lighter, mix
from mmra_api.probes.randomness import Rng

# The keys are the conditions of `weather`: a room shows them nowhere else.
_OUTSIDE: dict[str, tuple[Rgb, Rgb]] = {
    "sun": ((120, 190, 236), (216, 238, 246)),
    "sunset": ((214, 112, 122), (252, 206, 140)),
    "night": ((20, 26, 62), (58, 66, 116)),
    "rain": ((116, 130, 150), (176, 186, 196)),
    "snow": ((186, 200, 218), (240, 244, 248)),
}


def window(pen: Pen, condition: str, rng: Rng, curtain: Rgb | None = None) -> None:
    """A window with the weather in it; the box is 100 high and about 80 wide."""
    pen.rect(-42, -102, 42, 2, CREAM, 2)
    pen.rect(-36, -96, 36, -4, Fade(_OUTSIDE[condition], down=True))
    pen.blob(
        [(-36, -4), (-36, -26), (-10, -34), (14, -24), (36, -30), (36, -4)],
        # The hill takes the colour of the sky: dark by night, pale in snow.
        mix((112, 164, 106), _OUTSIDE[condition][0], 0.45),
    )
    if condition == "night":
        for _ in range(9):
            # Above the hill.
            pen.oval(rng.uniform(-32, 32), rng.uniform(-92, -44), 1, 1, CREAM)
    pen.rect(-2, -96, 2, -4, CREAM)
    pen.rect(-36, -54, 36, -50, CREAM)
    pen.rect(-48, 0, 48, 7, lighter(OAK, 0.6), 2)
    if curtain:
        for side in (-1, 1):
            pen.poly(
                [(side * 54, -108), (side * 20, -108), (side * 34, -60), (side * 36, 14), (side * 54, 14)], curtain
            )
            pen.line([(side * 44, -106), (side * 46, 12)], 2, darker(curtain, 0.18))
        pen.rect(-60, -112, 60, -106, WALNUT, 3)


def hang_picture(pen: Pen, rng: Rng) -> None:
    hue = rng.choice(list(HUES.values()))
    pen.rect(-40, -70, 40, 0, WALNUT, 2)
    pen.rect(-33, -63, 33, -7, CREAM)
    pen.rect(-28, -58, 28, -12, lighter(hue, 0.62))
    pen.poly([(-28, -12), (-8, -42), (6, -24), (14, -34), (28, -12)], hue)
    pen.oval(16, -48, 5, 5, GOLD)


def lay_rug(pen: Pen, x: float, y: float, half: float, rng: Rng) -> None:
    hue = rng.choice(list(HUES.values()))
    for share, color in ((1.0, hue), (0.84, lighter(hue, 0.6)), (0.68, lighter(hue, 0.2)), (0.3, lighter(hue, 0.6))):
        pen.oval(x, y, half * share, half * 0.26 * share, color)


def plant(pen: Pen) -> None:
    """A leafy plant in a pot, 100 high."""
    for x, y, turn in ((-26, -78, -40), (26, -78, 40), (-12, -98, -14), (12, -100, 14), (-36, -54, -76), (36, -54, 76)):
        pen.line([(0, -34), (x, y)], 3, (66, 118, 70))
        pen.at(x, y, 26, turn).blob([(0, -44), (30, 0), (0, 50), (-30, 0)], (84, 148, 88))
    pen.poly([(-24, -36), (24, -36), (18, 0), (-18, 0)], (206, 118, 84))
    pen.rect(-28, -42, 28, -32, (190, 100, 70), 2)
