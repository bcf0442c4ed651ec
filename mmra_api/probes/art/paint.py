"""A scene and a stream of chance in, an encoded picture out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial

from mmra_api.probes.art import places, rooms
from mmra_api.probes.art.canvas import Pen, Sheet
from mmra_api.probes.art.distance import paint_distance
from mmra_api.probes.art.events import paint_occasion
from mmra_api.probes.art.faces import portrait
from mmra_api.probes.art.layouts import paint_arrangement
from mmra_api.probes.art.materials import TINTS, make, pattern
from mmra_api.probes.art.moments import paint_moment
from mmra_api.probes.art.palette import HUES, Rgb, some_hue
from mmra_api.probes.art.stage import DrawOne, paint_shelves, paint_table, show_on_mats, show_portraits, show_things
from mmra_api.probes.art.things_dressed import DRESSED
from mmra_api.probes.art.things_home import HOME
from mmra_api.probes.art.things_made import MADE
from mmra_api.probes.art.things_outdoors import OUTDOORS
from mmra_api.probes.art.things_tools import TOOLS
from mmra_api.probes.art.views import paint_view
from mmra_api.probes.randomness import Rng
from mmra_api.probes.scenes import (
    Arrangement,
    Display,
    Distance,
    Dressed,
    Moment,
    Occasion,
    People,
    Placing,
    Scene,
    Setting,
    View,
    Wares,
)

THINGS = {**HOME, **TOOLS, **OUTDOORS}
# Several sizes and both formats, as real data sets have. No side is below 512.
_WIDE = ((640, 512), (704, 512), (768, 512), (720, 540), (680, 544))
_SQUARE = ((512, 512), (560, 512))
_TALL = ((512, 640), (512, 576), (528, 680))


def render(scene: Scene, rng: Rng) -> bytes:
    """The picture as PNG or as JPEG of quality 92 without chroma subsampling, at least 512 pixels on each side."""
    sheet = Sheet.blank(*rng.choice(_choose_sizes(scene)))
    paint(sheet, scene, rng)
    target = io.BytesIO()
    if rng.random() < 0.5:
        # Without subsampling: a question may be about a colour, and edges of flat colour would fray.
        sheet.finish().save(target, "JPEG", quality=92, subsampling=0)
    else:
        # Below Pillow's usual 6, as it is quicker.
        sheet.finish().save(target, "PNG", compress_level=4)
    return target.getvalue()


def _choose_sizes(scene: Scene) -> Sequence[tuple[int, int]]:
    match scene:
        case Display(things=items) | People(moods=items) | Wares(pieces=items) if len(items) > 1:
            # Things side by side need width, or each would become too small.
            return _WIDE
        case Occasion() | Setting(place="kitchen" | "bedroom" | "bathroom" | "living room"):
            # Rooms and events are composed along a floor; on a tall sheet they would be squeezed.
            return (*_WIDE, *_SQUARE)
        case _:
            return (*_WIDE, *_SQUARE, *_TALL)


def paint(sheet: Sheet, scene: Scene, rng: Rng) -> None:
    """Draws the scene on the whole sheet."""
    match scene:
        case Placing():
            _paint_placing(sheet, scene, rng)
        case Display(things=names):
            # `_bind` and no lambda: one made in a loop would draw the last name each time.
            show_things(sheet, [_bind(name, some_hue(rng)) for name in names], rng)
        case People(moods=moods):
            show_portraits(sheet, [partial(portrait, mood=mood, rng=rng) for mood in moods], rng)
        case Wares(pieces=pieces):
            # On mats only: a table or shelf of wood would be one more material in the picture.
            show_on_mats(sheet, [partial(_draw_ware, material=word, name=name, rng=rng) for word, name in pieces], rng)
        case Dressed():
            show_things(sheet, [partial(_draw_dressed, look=scene)], rng)
        case Setting(place=place, condition=condition):
            # In a room the condition is seen through the window, if at all.
            outside = place in places.PLACES
            (places.paint_outdoors if outside else rooms.paint_room)(sheet, place, condition, rng)
        case Arrangement(groups=groups):
            paint_arrangement(sheet, groups, rng)
        case Occasion(event=event):
            paint_occasion(sheet, event, rng)
        case Moment(event=event, part=part):
            paint_moment(sheet, event, part, rng)
        case View(thing=thing, angle=angle):
            paint_view(sheet, thing, angle, rng)
        case Distance(thing=thing, near=near):
            paint_distance(sheet, thing, rng, near=near)


def _bind(name: str, hue: Rgb) -> DrawOne:
    return lambda pen: THINGS[name](pen, hue)


def _draw_ware(pen: Pen, material: str, name: str, rng: Rng) -> None:
    tint = rng.choice(TINTS[material])
    MADE[material][name](pen, make(material, tint), tint)


def _draw_dressed(pen: Pen, look: Dressed) -> None:
    hue = HUES[look.color]
    DRESSED[look.kind](pen, pattern(look.pattern, hue), hue)


def _paint_placing(sheet: Sheet, scene: Placing, rng: Rng) -> None:
    """Subject and anchor are drawn alike in size; where one hides a part of the other, the nearer one is drawn last."""
    wide, high = sheet.width, sheet.height
    # Two different colours, so that two things that touch stay apart.
    hues = rng.sample(list(HUES.values()), 2)
    subject, anchor = (_bind(name, hue) for name, hue in zip((scene.subject, scene.anchor), hues, strict=True))
    x = wide * rng.uniform(0.46, 0.54)
    match scene.relation:
        case "above" | "below":
            upper, lower = paint_shelves(sheet, rng)
            # 34: what stands on the lower board must stay clear of the upper one.
            spots = [(x, upper, 34.0), (x + rng.uniform(-3, 3), lower, 34.0)]
            first = scene.relation == "above"
        case "to the left of" | "to the right of":
            paint_table(sheet, rng)
            reach = min(wide * 0.24, 34)
            spots = [(x - reach, high * 0.82, 40.0), (x + reach, high * 0.82, 40.0)]
            first = scene.relation == "to the left of"
        case _:
            # A deeper table top than usual: one thing stands far back on it.
            paint_table(sheet, rng, 0.54)
            # the same way round in every picture, or two that agree would look different
            # The one behind is larger and stands higher, or the one in front would hide it.
            spots = [(x + 12, high * 0.72, 58.0), (x - 12, high * 0.9, 40.0)]
            first = scene.relation == "behind"
    for (left, foot, size), thing in zip(spots, (subject, anchor) if first else (anchor, subject), strict=True):
        pen = sheet.pen.at(left, foot, size)
        pen.shadow(3, 0, 44, 6)
        thing(pen)
