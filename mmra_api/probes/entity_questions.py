"""Questions of the six entity-level subtasks: a stream of chance and a number of options in, an open question out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mmra_api.probes.asking import Asked, ask_pairs, ask_same, ask_shared, ask_which
from mmra_api.probes.randomness import Rng
from mmra_api.probes.scenes import Display, Dressed, People, Placing, Scene, Wares
from mmra_api.probes.vocabulary import (
    CLASHING_USES,
    COLORS,
    ENTITIES,
    KINDS,
    MATERIALS,
    MOODS,
    OPPOSITE,
    PATTERNS,
    PLACEABLE,
    RIVAL_RELATIONS,
    USES,
    name,
)


def _deal(rng: Rng, table: Mapping[str, Sequence[str]]) -> Callable[[str], str]:
    """Takes one of a word's things after the other, so that the same word twice shows two different things."""
    # Three things a word; a question shows a word twice at most, so no pile runs out.
    piles = {word: rng.sample(things, len(things)) for word, things in table.items()}
    return lambda word: piles[word].pop()


def _other(rng: Rng, words: Sequence[str], word: str) -> str:
    return rng.choice([each for each in words if each != word])


def ask_position(rng: Rng, size: int) -> Asked:
    """RelativePosition."""
    subject, anchor = rng.sample(PLACEABLE, 2)

    def place(relation: str) -> Scene:
        # Options end in "it"; the painter knows the bare relation.
        return Placing(subject, anchor, relation.removesuffix(" it"))

    if size == 0:
        same = (
            f"Is the {subject} in the same place relative to the {anchor} in both images?",
            f"Seen from the {anchor}, does the {subject} keep its position from image 1 to image 2?",
        )
        # Rivals only: with other relations one picture could be said to show both.
        return ask_same(rng, same, rng.choice(RIVAL_RELATIONS), place)
    if size == 4 and rng.random() < 0.5:
        relation = rng.choice(sorted(OPPOSITE))
        which = (
            f"In which of the two images is the {subject} {relation} the {anchor}?",
            f"Where do we find the {subject} {relation} the {anchor}?",
        )
        # The opposite, so that "not" is plain to see; "above" instead of "left" could be both.
        return ask_which(rng, size, which, lambda so: place(relation if so else OPPOSITE[relation]))
    each = (
        f"Where is the {subject} relative to the {anchor} in each image?",
        f"How is the {subject} placed with respect to the {anchor} in the two images?",
        f"Compare the two images: where does the {subject} stand, seen from the {anchor}?",
    )
    # Drawn for each image apart: the two halves of an option have nothing to do with each other.
    first, second = ([f"{word} it" for word in rng.choice(RIVAL_RELATIONS)] for _ in range(2))
    return ask_pairs(rng, size, each, (first, second), place)


def ask_usage(rng: Rng, size: int) -> Asked:
    """UsageSimilarity."""
    uses, thing = _choose_compatible_uses(rng), _deal(rng, USES)
    if size == 0:
        same = (
            "Do the thing in image 1 and the thing in image 2 serve the same purpose?",
            "Could one use what image 1 shows and what image 2 shows for the same kind of activity?",
        )
        return ask_same(rng, same, uses, lambda use: Display((thing(use),)))
    shared = (
        "Something in image 1 and something in image 2 share a purpose. Which one?",
        "Which activity is served by a thing in image 1 and also by a thing in image 2?",
        "Each image holds something made for one and the same activity. Which activity?",
    )
    return ask_shared(rng, size, shared, uses, lambda some: Display(tuple(map(thing, some))))


def _choose_compatible_uses(rng: Rng) -> list[str]:
    found: list[str] = []
    # In a drawn order: of two uses that clash, either may stay.
    for use in rng.sample(sorted(USES), len(USES)):
        if not any({use, other} in CLASHING_USES for other in found):
            found.append(use)
    return found


def ask_mentality(rng: Rng, size: int) -> Asked:
    """MentalitySimilarity."""
    if size == 0:
        same = (
            "Are the people in image 1 and image 2 in the same mood?",
            "Does the person in image 2 feel the way the person in image 1 does?",
            "Judging by their faces, do the two people share one feeling?",
        )
        return ask_same(rng, same, MOODS, lambda word: People((word,)))
    # Three options: ask_shared alone needs both images then (see `asking`).
    if size == 4 and rng.random() < 0.6:
        mood = rng.choice(MOODS)
        which = (f"In which of the images does somebody look {mood}?", f"Where do we see a person who is {mood}?")
        return ask_which(rng, size, which, lambda so: People((mood if so else _other(rng, MOODS, mood),)))
    shared = (
        "Which mood can be seen on a face in image 1 and on a face in image 2?",
        "Somebody in image 1 feels like somebody in image 2. How do they feel?",
    )
    return ask_shared(rng, size, shared, MOODS, People)


def ask_material(rng: Rng, size: int) -> Asked:
    """SimilarMaterial."""
    thing, words = _deal(rng, MATERIALS), sorted(MATERIALS)

    def show(some: Sequence[str]) -> Scene:
        return Wares(tuple((word, thing(word)) for word in some))

    if size == 0:
        same = (
            "Is the thing in image 1 made of the same material as the thing in image 2?",
            "Do the objects in the two images share their material?",
        )
        return ask_same(rng, same, words, lambda word: show((word,)))
    # As for moods: three options go to ask_shared.
    if size == 4 and rng.random() < 0.4:
        material = rng.choice(words)
        which = (f"Where is something made of {material} to be seen?", f"Which image shows a thing of {material}?")
        # Two wares: the material has to be looked for among others.
        return ask_which(rng, size, which, lambda so: show(_among_others(rng, words, material, 2, so=so)))
    shared = (
        "Which material is found in image 1 and also in image 2?",
        "One thing in image 1 and one thing in image 2 are made of the same stuff. What is it?",
        "Which of these are things in both images made of?",
    )
    return ask_shared(rng, size, shared, words, show)


def _among_others(rng: Rng, words: Sequence[str], word: str, count: int, *, so: bool) -> list[str]:
    """``count`` different words in random order, the given one among them only if ``so``."""
    others = [each for each in words if each != word]
    # `so` counts as 0 or 1. Always `count` things: their number must not tell whether the word is among them.
    return rng.sample([*rng.sample(others, count - so), *[word] * so], count)


_TRAITS: tuple[tuple[str, str, Sequence[str]], ...] = (
    ("their colour", "colour", COLORS),
    ("their pattern", "pattern", PATTERNS),
    ("what kind of thing they are", "kind", KINDS),
)


def ask_appearance(rng: Rng, size: int) -> Asked:
    """AppearanceSimilarity."""
    if size == 0:
        return _ask_agreement(rng)
    # One trait at most agrees: two would make two options true.
    answers = [*((text, {index}) for index, (text, _, _) in enumerate(_TRAITS)), ("none of these: all differ", set())]
    picked = rng.sample(answers, size)
    questions = (
        "In what do the two things look alike?",
        "What do the thing in image 1 and the thing in image 2 have in common?",
    )
    options = tuple(text for text, _ in picked)
    return Asked(rng.choice(questions), options, lambda gold: _show_agreeing(rng, picked[gold][1]))


def _ask_agreement(rng: Rng) -> Asked:
    asked = rng.randrange(len(_TRAITS))
    word = _TRAITS[asked][1]
    questions = (
        f"Do the things in image 1 and image 2 have the same {word}?",
        f"Is the {word} of the thing in image 2 that of the thing in image 1?",
        f"Leaving everything else aside, do the two things agree in their {word}?",
    )
    if word == "kind":
        questions = (
            "Do both images show the same kind of thing?",
            "Are the two things of one kind?",
            "Whatever it looks like, is the thing in image 2 what the thing in image 1 is?",
        )
    # The other traits agree now and then, so that a No may look alike and a Yes different.
    # Drawn before the gold answer is known, so it tells nothing about it.
    noise = {other for other in range(len(_TRAITS)) if other != asked and rng.random() < 0.4}
    return Asked(
        rng.choice(questions), (), lambda gold: _show_agreeing(rng, noise | ({asked} if gold == 0 else set[int]()))
    )


def _show_agreeing(rng: Rng, shared: set[int]) -> tuple[Scene, Scene]:
    """Two things that agree in exactly the shared traits."""
    looks = []
    for index, (_, _, words) in enumerate(_TRAITS):
        first, other = rng.sample(words, 2)
        # `other` is always different: what is not shared must differ for certain.
        looks.append((first, first if index in shared else other))
    (color1, color2), (pattern1, pattern2), (kind1, kind2) = looks
    return Dressed(kind1, color1, pattern1), Dressed(kind2, color2, pattern2)


def ask_entity(rng: Rng, size: int) -> Asked:
    """NearSameEntity."""
    thing = rng.choice(ENTITIES)

    def show(so: bool) -> Scene:
        return Display(tuple(_among_others(rng, ENTITIES, thing, 3, so=so)))

    if size == 0:
        both = (f"Is there {name(thing)} in image 1 as well as in image 2?", f"Do both images contain {name(thing)}?")

        def show_both(gold: int) -> tuple[Scene, Scene]:
            # For No it is in one of them: who finds it in one image still has to look at the other.
            first, second = (True, True) if gold == 0 else rng.choice(((True, False), (False, True)))
            return show(first), show(second)

        return Asked(rng.choice(both), (), show_both)
    # As for moods: three options go to ask_shared.
    if size == 4 and rng.random() < 0.4:
        which = (f"Where do we find {name(thing)}?", f"In which of the images does {name(thing)} appear?")
        return ask_which(rng, size, which, show)
    shared = (
        "Which kind of thing appears in image 1 and again in image 2?",
        "What occurs in both images, even if it does not look quite the same?",
        "What does image 2 show that was already in image 1?",
    )
    # Options have an article ("an apple"); the painter knows the bare word.
    things = {name(word): word for word in ENTITIES}
    return ask_shared(rng, size, shared, list(things), lambda some: Display(tuple(things[word] for word in some)))
