"""Colours in, colours out: the few curated hues that every drawing of the probes uses, and how to mix them."""

from __future__ import annotations

from typing import TypeAlias

from mmra_api.probes.randomness import Rng

Color: TypeAlias = tuple[int, int, int] | tuple[int, int, int, int]
"""Red, green, blue and, where it is not opaque, alpha; 0 to 255."""
Rgb: TypeAlias = tuple[int, int, int]
INK: Rgb = (52, 48, 62)
CREAM: Rgb = (252, 246, 232)
WHITE: Rgb = (255, 255, 255)
STEEL: Rgb = (166, 176, 190)
GOLD: Rgb = (232, 184, 74)
OAK: Rgb = (190, 138, 86)
WALNUT: Rgb = (128, 84, 56)
LEAF: Rgb = (92, 150, 88)
# Cool like the dark of `darker`, for the same reason.
SHADOW: Rgb = (38, 30, 52)
HUES: dict[str, Rgb] = {
    "red": (208, 62, 60),
    "yellow": (244, 198, 62),
    "green": (78, 156, 92),
    "blue": (58, 116, 188),
    "purple": (130, 84, 168),
    "orange": (238, 134, 54),
    "pink": (240, 150, 172),
    "teal": (52, 150, 152),
}
"""Colours by the name a person would give them."""
# All light: things of every hue have to stand out before them.
WALLS: tuple[tuple[Rgb, Rgb], ...] = (
    ((246, 228, 206), (186, 132, 88)),
    ((206, 224, 226), (150, 108, 80)),
    ((232, 214, 222), (168, 118, 96)),
    ((220, 228, 204), (172, 124, 82)),
    ((250, 224, 190), (138, 96, 76)),
    ((214, 214, 234), (160, 116, 90)),
    ((238, 236, 226), (196, 150, 104)),
    ((190, 214, 206), (206, 164, 118)),
)
"""Wall and table top, chosen to sit well together."""
CLOTHS: tuple[Rgb, ...] = (
    (244, 222, 204),
    (208, 226, 222),
    (226, 216, 236),
    (246, 234, 198),
    (212, 224, 240),
    (236, 212, 214),
    (222, 232, 206),
    (240, 236, 228),
)
"""Light plain grounds for things seen from above."""
SKINS: tuple[Rgb, ...] = ((252, 220, 190), (240, 194, 154), (214, 160, 116), (168, 112, 76), (122, 80, 56))
HAIRS: tuple[Rgb, ...] = ((58, 42, 38), (112, 72, 44), (206, 160, 86), (166, 74, 44), (150, 146, 150))


def mix(first: Color, second: Color, share: float) -> Rgb:
    """``first`` with ``share`` (0 to 1) of ``second`` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first[:3], second[:3], strict=True))
    return red, green, blue


def lighter(color: Color, share: float = 0.25) -> Rgb:
    """Towards white."""
    return mix(color, WHITE, share)


def darker(color: Color, share: float = 0.25) -> Rgb:
    """Towards a cool dark, which looks less muddy than black."""
    return mix(color, (34, 26, 52), share)


def sheer(color: Color, alpha: int) -> Color:
    """The colour with an opacity of ``alpha`` (0 to 255)."""
    return (*color[:3], alpha)


def some_hue(rng: Rng) -> Rgb:
    """Any of the curated colours."""
    # In the order of the table, which is therefore part of what a seed draws.
    return rng.choice(list(HUES.values()))
