"""A sheet, an outdoor place, a light and a stream of chance in; the place is painted."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Sheet
from mmra_api.probes.art.places_settled import paint_farm, paint_street
from mmra_api.probes.art.places_wild import paint_beach, paint_forest, paint_mountains
from mmra_api.probes.art.weather import Light, paint_fall, paint_sky
from mmra_api.probes.randomness import Rng


def paint_outdoors(sheet: Sheet, place: str, condition: str, rng: Rng) -> None:
    """One of ``PLACES`` in one of the conditions of ``weather``."""
    light = Light(condition)
    # Back to front: sky, place, and what falls before everything.
    paint_sky(sheet, light, rng)
    PLACES[place](sheet, light, rng)
    paint_fall(sheet, light, rng)


PLACES = {
    "beach": paint_beach,
    "forest": paint_forest,
    "street": paint_street,
    "mountains": paint_mountains,
    "farm": paint_farm,
}
