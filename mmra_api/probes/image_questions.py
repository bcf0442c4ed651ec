"""Questions of the five image-level subtasks: a stream of chance and a number of options in, an open question out."""

from __future__ import annotations

from mmra_api.probes.asking import Asked, ask_pairs, ask_same, ask_which
from mmra_api.probes.randomness import Rng
from mmra_api.probes.scenes import Arrangement, Distance, Moment, Occasion, Scene, Setting, View
from mmra_api.probes.vocabulary import (
    AKIN_EVENTS,
    ANGLES,
    CONDITIONS,
    DISTANCES,
    DISTANT,
    EVENTS,
    FORMATIONS,
    INDOORS,
    OUTDOORS,
    SMALL,
    VIEWED,
)

_PLACES = {**OUTDOORS, **INDOORS}


def ask_environment(rng: Rng, size: int) -> Asked:
    """Environment."""

    def show(word: str) -> Scene:
        # Light and weather are drawn for each image apart: the same place may look quite different.
        return Setting(_PLACES[word], rng.choice(sorted(CONDITIONS.values())))

    words = sorted(_PLACES)
    if size == 0:
        same = (
            "Are both pictures set in the same kind of place?",
            "Do image 1 and image 2 take us to the same sort of surroundings?",
        )
        return ask_same(rng, same, words, show)
    form = rng.random()
    # Three options: a question about what both share needs both images most often (see `asking`).
    if size == 3 or form < 0.5:
        return _ask_common_setting(rng, size)
    if form < 0.75:
        each = ("Where are the two images set?", "Which surroundings do the images show?")
        return ask_pairs(rng, size, each, (rng.sample(words, 2), rng.sample(words, 2)), show)
    # All four options are wanted here: three were dealt with above.
    inside = ("In which of the images are we indoors?", "Where are we inside a building?")
    return ask_which(rng, size, inside, lambda so: show(rng.choice(sorted(INDOORS if so else OUTDOORS))))


def _ask_common_setting(rng: Rng, size: int) -> Asked:
    """Options are places and conditions; the images agree in the gold one only, and show others as far as there are."""
    # Outdoors only: in a room the weather is seen through a window at most.
    # Options of both sorts, places and conditions, so that the sort does not give the answer away.
    places = rng.sample(sorted(OUTDOORS), 2 if size == 4 else rng.choice((1, 2)))
    conditions = rng.sample(sorted(CONDITIONS), size - len(places))
    picked = rng.sample([*places, *conditions], size)
    questions = (
        "What do the surroundings of both images have in common?",
        "Which description of the setting is true of image 1 and of image 2?",
    )

    def show(gold: int) -> tuple[Scene, Scene]:
        shared = picked[gold]
        # What is not asked about must differ, or a second option would be true.
        if shared in OUTDOORS:
            first, second = _choose_two(rng, conditions, sorted(CONDITIONS))
            pairs = (shared, first), (shared, second)
        else:
            first, second = _choose_two(rng, places, sorted(OUTDOORS))
            pairs = (first, shared), (second, shared)
        one, two = (Setting(OUTDOORS[place], CONDITIONS[condition]) for place, condition in pairs)
        return one, two

    return Asked(rng.choice(questions), tuple(picked), show)


def _choose_two(rng: Rng, offered: list[str], every: list[str]) -> list[str]:
    """Two different words in random order, as many as possible from those that the options offer."""
    rest = [word for word in every if word not in offered]
    return rng.sample([*rng.sample(offered, len(offered)), *rng.sample(rest, 2)][:2], 2)


def ask_layout(rng: Rng, size: int) -> Asked:
    """Layout."""

    def lay(word: str) -> Scene:
        # The things are drawn for each image apart: only their layout may tell the answer.
        return Arrangement(((rng.choice(SMALL), FORMATIONS[word]),))

    words = sorted(FORMATIONS)
    if size == 0:
        same = (
            "Are the things in the two images laid out in the same way?",
            "Does image 2 repeat the arrangement of image 1?",
        )
        return ask_same(rng, same, words, lay)
    if size == 3 or rng.random() < 0.4:
        return _ask_common_layout(rng, size)
    each = (
        "How are the things arranged in the two images?",
        "Which formation does each image show?",
        "Compare the layouts: what shape do the things form?",
    )
    return ask_pairs(rng, size, each, (rng.sample(words, 2), rng.sample(words, 2)), lay)


def _ask_common_layout(rng: Rng, size: int) -> Asked:
    """Each image holds two groups; one formation occurs in both, every other option in one image at most."""
    picked = rng.sample(sorted(FORMATIONS), size)
    questions = (
        "Each image shows two groups of things. Which arrangement occurs in both images?",
        "A group in image 1 is laid out like a group in image 2. What do they form?",
    )

    def lay(things: list[str], shared: str, other: str) -> Scene:
        # In a drawn order: the place on the table must not show which group is the shared one.
        shapes = rng.sample([shared, other], 2)
        return Arrangement(tuple((thing, FORMATIONS[word]) for thing, word in zip(things, shapes, strict=True)))

    def show(gold: int) -> tuple[Scene, Scene]:
        # Four different things: nothing but the layout is the same in both images.
        shared, things = picked[gold], rng.sample(SMALL, 4)
        # The second group of each image is a wrong option, so one image alone shows two that may be right.
        first, second = rng.sample([word for word in picked if word != shared], 2)
        return lay(things[:2], shared, first), lay(things[2:], shared, second)

    return Asked(rng.choice(questions), tuple(picked), show)


def ask_event(rng: Rng, size: int) -> Asked:
    """SimilarEvent."""
    words = sorted(EVENTS)
    if size == 0:
        same = (
            "Do both images show the same kind of event?",
            "Are the people in image 1 and image 2 doing the same kind of thing together?",
            "Could both pictures carry the same title for what is going on?",
        )
        return ask_same(rng, same, words, Occasion)
    if rng.random() < 0.5:
        event = rng.choice(words)
        which = (f"In which of the images is {event} going on?", f"Where do we see {event}?")
        others = [word for word in words if word != event]
        return ask_which(rng, size, which, lambda so: Occasion(event if so else rng.choice(others)))
    each = ("What is going on in the two images?", "Which events do the images show?")
    return ask_pairs(rng, size, each, (rng.sample(words, 2), rng.sample(words, 2)), Occasion)


def ask_part(rng: Rng, size: int) -> Asked:
    """SubEvent: one image shows a whole event, the other a close look at a part of this or of another event."""
    if size == 0:
        belongs = (
            "Does image 2 show something that belongs to the event of image 1?",
            "Could what we see in image 2 be a part of what is going on in image 1?",
            "Is image 2 a detail that one would expect at the event in image 1?",
        )
        return Asked(rng.choice(belongs), (), lambda gold: _show_part(rng, whole_first=True, related=gold == 0))
    # Text, whether image 1 shows the whole event, whether the part belongs to it.
    relations = (
        ("image 2 is a part of the event in image 1", True, True),
        ("image 1 is a part of the event in image 2", False, True),
        ("image 2 is a part of some other event than image 1", True, False),
        ("image 1 is a part of some other event than image 2", False, False),
    )
    picked = rng.sample(relations, size)
    questions = (
        "One image shows an event, the other a detail. How are they related?",
        "Which image shows a whole event, and does the other one belong to it?",
    )

    def show(gold: int) -> tuple[Scene, Scene]:
        _, whole_first, related = picked[gold]
        return _show_part(rng, whole_first=whole_first, related=related)

    return Asked(rng.choice(questions), tuple(text for text, _, _ in picked), show)


def _show_part(rng: Rng, *, whole_first: bool, related: bool) -> tuple[Scene, Scene]:
    event = rng.choice(sorted(EVENTS))
    others = [word for word in sorted(EVENTS) if word != event and {word, event} not in AKIN_EVENTS]
    # Never a close relative: its parts could be at home in this event as well.
    source = event if related else rng.choice(others)
    whole, part = Occasion(event), Moment(source, rng.choice(EVENTS[source]))
    return (whole, part) if whole_first else (part, whole)


def ask_angle(rng: Rng, size: int) -> Asked:
    """ObservationAngle: viewpoints, and near or far."""
    thing, form = rng.choice(VIEWED), rng.random()
    if form < 0.3:
        return _ask_distance(rng, size)
    if size == 0:
        same = (
            f"From above, from the front or from a side: is the {thing} seen alike in both images?",
            f"Are both pictures of the {thing} taken from the same viewpoint (above, front or side)?",
        )
        return ask_same(rng, same, ANGLES, lambda angle: View(thing, angle))
    if form < 0.55:
        angle = rng.choice(ANGLES)
        which = (f"In which of the images is the {thing} seen {angle}?", f"Where do we see the {thing} {angle}?")
        # One of the two others, drawn anew for each image that does not show it.
        others = [word for word in ANGLES if word != angle]
        return ask_which(rng, size, which, lambda so: View(thing, angle if so else rng.choice(others)))
    each = (
        f"From where is the {thing} seen in the two images?",
        f"How does the viewpoint on the {thing} compare between the images?",
    )
    words = rng.sample(ANGLES, 2), rng.sample(ANGLES, 2)
    return ask_pairs(rng, size, each, words, lambda angle: View(thing, angle))


def _ask_distance(rng: Rng, size: int) -> Asked:
    thing = rng.choice(DISTANT)
    # Only two words: an image that is neither near nor far would have no clear answer.
    words = tuple(DISTANCES)
    if size == 0:
        same = (
            f"Is the {thing} about equally far from us in both images?",
            f"Do we see the {thing} from a similar distance in the two images?",
        )
        return ask_same(rng, same, words, lambda word: Distance(thing, DISTANCES[word]))
    each = (
        f"From what distance is the {thing} seen in each image?",
        f"How far away is the {thing} in the two images?",
    )
    # The same two words for both images make all four combinations.
    return ask_pairs(rng, size, each, (words, words), lambda word: Distance(thing, DISTANCES[word]))
