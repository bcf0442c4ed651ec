"""A thing and a viewpoint in, that thing seen from there out: from above, from the front, from the side."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Sheet
from mmra_api.probes.art.grounds import GROUNDS
from mmra_api.probes.art.palette import INK, sheer, some_hue
from mmra_api.probes.art.views_home import (
    chair_above,
    chair_front,
    chair_side,
    dog_above,
    dog_front,
    dog_side,
    house_above,
    house_front,
    house_side,
    sofa_above,
    sofa_front,
    sofa_side,
)
from mmra_api.probes.art.views_vehicles import bus_above, bus_front, bus_side, car_above, car_front, car_side
from mmra_api.probes.randomness import Rng


def paint_view(sheet: Sheet, thing: str, angle: str, rng: Rng) -> None:
    """One of ``VIEWS`` in surroundings that are seen from the same viewpoint."""
    above = angle == "from above"
    # Each thing where it is usually found: a surprise would draw attention from the viewpoint.
    ground = "room" if thing in {"chair", "sofa"} else "road" if thing in {"car", "bus"} else "garden"
    GROUNDS[ground, above](sheet, rng)
    x, high = sheet.width / 2, sheet.height
    if above:
        pen = sheet.pen.at(x, high / 2, 56, rng.choice((0, 180)))
        wide, deep = _EXTENT[thing]
        # The shade is moved to the lower right, as the light comes from the upper left.
        pen.rect(-wide + 5, -deep + 5, wide + 5, deep + 5, sheer(INK, 60), 10)
    else:
        # Mirrored or not: left and right sides count as one viewpoint.
        pen = sheet.pen.at(x, high * 0.84, 62, flip=rng.random() < 0.5)
        pen.shadow(0, 0, 54, 5)
    VIEWS[thing][angle](pen, some_hue(rng))


_EXTENT = {"car": (27, 56), "bus": (25, 70), "house": (54, 38), "chair": (36, 40), "sofa": (65, 38), "dog": (16, 40)}
"""Half the width and half the depth of each thing's shade when seen from above, in its own units."""
VIEWS = {
    "car": {"from above": car_above, "from the front": car_front, "from the side": car_side},
    "bus": {"from above": bus_above, "from the front": bus_front, "from the side": bus_side},
    "house": {"from above": house_above, "from the front": house_front, "from the side": house_side},
    "chair": {"from above": chair_above, "from the front": chair_front, "from the side": chair_side},
    "sofa": {"from above": sofa_above, "from the front": sofa_front, "from the side": sofa_side},
    "dog": {"from above": dog_above, "from the front": dog_front, "from the side": dog_side},
}
