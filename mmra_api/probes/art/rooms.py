"""A sheet, a kind of room, the condition outside and a stream of chance in; the room is painted."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Fade, Sheet
from mmra_api.probes.art.palette import WALLS, darker, lighter
from mmra_api.probes.art.rooms_dry import paint_bedroom, paint_living_room
from mmra_api.probes.art.rooms_wet import paint_bathroom, paint_kitchen
from mmra_api.probes.randomness import Rng


def paint_room(sheet: Sheet, place: str, condition: str, rng: Rng) -> None:
    """One of ``ROOMS``, seen from the front."""
    wall, floor = rng.choice(WALLS)
    pen, line = sheet.pen, sheet.height * 0.74
    pen.rect(0, 0, sheet.width, line, Fade((lighter(wall, 0.12), wall), down=True))
    pen.rect(0, line, sheet.width, sheet.height, Fade((darker(floor, 0.08), floor), down=True))
    # Wider apart at the bottom than at the wall: boards that run away from us.
    for k in range(-8, 9):
        x, low = sheet.width / 2 + k * 14, sheet.width / 2 + k * 22
        pen.line([(x, line), (low, sheet.height)], 0.4, darker(floor, 0.2))
    pen.rect(0, line - 2.4, sheet.width, line, lighter(wall, 0.5))
    # Wall and floor first: the furniture stands before them.
    ROOMS[place](sheet, condition, rng, line)


ROOMS = {
    "kitchen": paint_kitchen,
    "bedroom": paint_bedroom,
    "bathroom": paint_bathroom,
    "living room": paint_living_room,
}
