"""Ways to ask about two images. Texts are fixed before the gold answer is drawn: the words cannot give it away.

Every way of asking makes an ``Asked``: question, options, and ``show``, which turns the index of the gold option
(yes/no: 0 is Yes) into the two scenes that make it true. ``show`` runs after the texts are made and after an
independent deck has dealt the index, so given the texts every answer is equally likely.

Both images are needed: with four options, and with any number in ``ask_shared``, one image alone always leaves two
options or more. Three options of ``ask_which`` and ``ask_pairs`` can be told from one image in a third of the cases;
no set of three avoids that, so subtasks that can use ``ask_shared`` do so when three are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mmra_api.probes.randomness import Rng
from mmra_api.probes.scenes import Scene

Show: TypeAlias = Callable[[int], tuple[Scene, Scene]]
Make: TypeAlias = Callable[[str], Scene]

WHICH: tuple[tuple[str, bool, bool], ...] = (
    ("only in image 1", True, False),
    ("only in image 2", False, True),
    ("in both images", True, True),
    ("in neither image", False, False),
)
"""The options of a question about where something is found, and whether that is so in each image."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answer is still open."""

    question: str
    options: tuple[str, ...]
    """Texts in the order of their letters; empty for yes/no."""
    show: Show


Ask: TypeAlias = Callable[[Rng, int], Asked]
"""A stream of chance and the number of options (0 for yes/no) in, a question out."""


def ask_which(rng: Rng, size: int, questions: Sequence[str], holds: Callable[[bool], Scene]) -> Asked:
    """In which of the images is it so? ``holds`` makes a scene in which it is, or is not."""
    picked = rng.sample(WHICH, size)

    def show(gold: int) -> tuple[Scene, Scene]:
        # Only here is the gold answer known: question and options stand already.
        _, first, second = picked[gold]
        return holds(first), holds(second)

    return Asked(rng.choice(questions), tuple(text for text, _, _ in picked), show)


def ask_pairs(
    rng: Rng, size: int, questions: Sequence[str], words: tuple[Sequence[str], Sequence[str]], make: Make
) -> Asked:
    """What is image 1, and what image 2? Two candidates for each make four options that share their halves."""
    # Every half occurs in two pairs, so one image alone leaves two of four options open.
    pairs = [(first, second) for first in words[0] for second in words[1]]
    picked = rng.sample(pairs, size)

    def show(gold: int) -> tuple[Scene, Scene]:
        first, second = picked[gold]
        return make(first), make(second)

    options = tuple(f"{first} in image 1, {second} in image 2" for first, second in picked)
    return Asked(rng.choice(questions), options, show)


def ask_same(rng: Rng, questions: Sequence[str], words: Sequence[str], make: Make) -> Asked:
    """Is it the same in both images? Yes: one word shown twice; no: two words."""

    def show(gold: int) -> tuple[Scene, Scene]:
        # Two words are drawn for Yes as well, so both answers use the stream alike.
        first, other = rng.sample(words, 2)
        return make(first), make(first if gold == 0 else other)

    return Asked(rng.choice(questions), (), show)


def ask_shared(
    rng: Rng, size: int, questions: Sequence[str], words: Sequence[str], make: Callable[[tuple[str, ...]], Scene]
) -> Asked:
    """What do the images have in common? The gold word is true of both, each of the others of exactly one."""
    # Also sets the order of the letters: the gold answer is an index into it.
    picked = rng.sample(words, size)

    def show(gold: int) -> tuple[Scene, Scene]:
        shared = picked[gold]
        others = [word for word in picked if word != shared]
        # Shuffled, or the first options would always be shown in image 1.
        rng.shuffle(others)
        spare = [word for word in words if word not in picked]
        # Never 0 or all: each image shows a wrong option, so none gives the answer away alone.
        cut = rng.choice((1, len(others) - 1))
        groups = [[shared, *others[:cut]], [shared, *others[cut:]]]
        # Filled up to equal numbers, so that the number of things says nothing about the options.
        full = max(map(len, groups))
        for group in groups:
            while len(group) < full:
                # Popped, so that no filler is taken twice.
                group.append(spare.pop(rng.randrange(len(spare))))
            # The shared word stands first until here; its place would give it away.
            rng.shuffle(group)
        return make(tuple(groups[0])), make(tuple(groups[1]))

    return Asked(rng.choice(questions), tuple(picked), show)
