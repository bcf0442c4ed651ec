"""A sheet, an event and a stream of chance in; people in the middle of that event are painted."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Sheet
from mmra_api.probes.art.events_home import paint_birthday, paint_cooking, paint_gardening, paint_winter
from mmra_api.probes.art.events_outings import paint_camping, paint_football, paint_picnic, paint_rain_walk
from mmra_api.probes.randomness import Rng


def paint_occasion(sheet: Sheet, event: str, rng: Rng) -> None:
    """One of ``OCCASIONS``; two calls differ in people, colours, props and composition."""
    OCCASIONS[event](sheet, rng)


OCCASIONS = {
    "a birthday party": paint_birthday,
    "a picnic": paint_picnic,
    "a football match": paint_football,
    "a camping trip": paint_camping,
    "the cooking of a meal": paint_cooking,
    "winter fun in the snow": paint_winter,
    "gardening": paint_gardening,
    "a walk in the rain": paint_rain_walk,
}
