"""A sheet, an event, one of its parts and a stream of chance in; a close look at that part is painted."""

from __future__ import annotations

from collections.abc import Callable

from mmra_api.probes.art.backdrops import (
    back_bed,
    back_camp,
    back_meadow,
    back_party,
    back_pitch,
    back_rain,
    back_snow,
    back_worktop,
)
from mmra_api.probes.art.canvas import Pen, Sheet
from mmra_api.probes.art.moments_home import (
    show_balloons,
    show_cake,
    show_chopping,
    show_frying,
    show_gift,
    show_mittens,
    show_pot,
    show_seedling,
    show_sledge,
    show_snowman,
    show_spade,
    show_watering,
)
from mmra_api.probes.art.moments_outings import (
    show_boot,
    show_coat,
    show_drinks,
    show_fire,
    show_goal,
    show_hamper,
    show_lantern,
    show_puddle,
    show_sandwich,
    show_tent,
    show_umbrella,
    show_whistle,
)
from mmra_api.probes.randomness import Rng

Painter = Callable[[Sheet, Pen, Rng], None]
"""Takes the sheet and a pen at the middle of the ground whose 100 units are the close-up's height."""


def paint_moment(sheet: Sheet, event: str, part: str, rng: Rng) -> None:
    """One of ``PARTS`` of an event, large."""
    backdrop, parts = MOMENTS[event]
    backdrop(sheet, rng)
    parts[part](sheet, sheet.pen.at(sheet.width / 2, sheet.height * 0.84, 62, flip=rng.random() < 0.5), rng)


# The backdrop belongs to the event, not to the part: it shows where the close look was taken.
MOMENTS: dict[str, tuple[Callable[[Sheet, Rng], None], dict[str, Painter]]] = {
    "a birthday party": (back_party, {"cake": show_cake, "gift": show_gift, "balloons": show_balloons}),
    "a picnic": (back_meadow, {"hamper": show_hamper, "sandwich": show_sandwich, "drinks": show_drinks}),
    "a football match": (back_pitch, {"goal": show_goal, "whistle": show_whistle, "boot": show_boot}),
    "a camping trip": (back_camp, {"fire": show_fire, "lantern": show_lantern, "tent": show_tent}),
    "the cooking of a meal": (back_worktop, {"pot": show_pot, "chopping": show_chopping, "frying": show_frying}),
    "winter fun in the snow": (back_snow, {"snowman": show_snowman, "sledge": show_sledge, "mittens": show_mittens}),
    "gardening": (back_bed, {"watering": show_watering, "seedling": show_seedling, "spade": show_spade}),
    "a walk in the rain": (back_rain, {"umbrella": show_umbrella, "puddle": show_puddle, "coat": show_coat}),
}
