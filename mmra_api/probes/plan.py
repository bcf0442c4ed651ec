"""A seed and a count in, planned rows out: question, gold answer and what each image has to show. Draws nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from mmra_api.probes.asking import Ask
from mmra_api.probes.entity_questions import (
    ask_appearance,
    ask_entity,
    ask_material,
    ask_mentality,
    ask_position,
    ask_usage,
)
from mmra_api.probes.image_questions import ask_angle, ask_environment, ask_event, ask_layout, ask_part
from mmra_api.probes.randomness import stream
from mmra_api.probes.scenes import Scene

VERSION = 1
"""Raised whenever the same seed would draw other rows; part of the data set's name."""

CHOICE = "Choice QA"
YESNO = "True or false QA"
_MOSTLY_CHOICE = (4, 3, 4, 3, 0, 4, 3, 4, 3, 0)
_MOSTLY_YESNO = (0, 0, 3, 0, 4, 0, 0, 4, 0, 3)
"""Numbers of options, 0 for yes/no: which of ten questions are of which kind."""

SUBTASKS: dict[str, tuple[Ask, tuple[int, ...]]] = {
    "RelativePosition": (ask_position, _MOSTLY_CHOICE),
    "UsageSimilarity": (ask_usage, _MOSTLY_CHOICE),
    "MentalitySimilarity": (ask_mentality, _MOSTLY_YESNO),
    "SimilarMaterial": (ask_material, _MOSTLY_CHOICE),
    "AppearanceSimilarity": (ask_appearance, _MOSTLY_YESNO),
    "NearSameEntity": (ask_entity, _MOSTLY_CHOICE),
    "Environment": (ask_environment, _MOSTLY_CHOICE),
    "Layout": (ask_layout, _MOSTLY_CHOICE),
    "SimilarEvent": (ask_event, _MOSTLY_YESNO),
    "SubEvent": (ask_part, _MOSTLY_YESNO),
    "ObservationAngle": (ask_angle, _MOSTLY_CHOICE),
}
"""In the order of the published table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbePlan:
    """A row before its images are drawn."""

    id: str
    task: str
    qa_type: str
    question: str
    options: dict[str, str] | None
    answer: str
    scenes: tuple[Scene, Scene]


@dataclass(slots=True)
class _Deck:
    """Deals gold indices that are balanced at every moment: shuffled blocks in which each index occurs twice."""

    size: int
    # What names its stream: each deck has one of its own, so no other draw moves the gold answers.
    names: tuple[object, ...]
    cards: list[int] = field(default_factory=list)
    block: int = 0

    def deal(self) -> int:
        if not self.cards:
            # A block is small, so that a run of a few rows is balanced too.
            self.cards = list(range(self.size)) * 2
            stream(*self.names, self.block).shuffle(self.cards)
            self.block += 1
        return self.cards.pop()


def plan_rows(seed: int, count: int) -> Iterator[ProbePlan]:
    """``count`` rows, evenly spread over the 11 subtasks. A smaller count gives a prefix of a larger one."""
    # A deck per subtask and number of options: balanced in each of them, not only over all.
    decks: dict[tuple[str, int], _Deck] = {}
    seen: Counter[str] = Counter()
    for number, task in enumerate(_order_tasks(seed, count), 1):
        ask, sizes = SUBTASKS[task]
        # In turn, not by chance: every ten questions of a subtask have the same mix of kinds.
        size = sizes[seen[task] % len(sizes)]
        seen[task] += 1
        # `size or 2`: yes/no has no options, but two answers.
        deck = decks.setdefault((task, size), _Deck(size or 2, ("gold", VERSION, seed, task, size)))
        # Four digits, so that the ids of up to 9999 rows sort as text in the order of drawing.
        yield _plan_row(f"probes-{seed}-{number:04d}", task, ask, size, deck.deal())


def _order_tasks(seed: int, count: int) -> Iterator[str]:
    tasks = list(SUBTASKS)
    # All subtasks once, then again, each time in a new order: their counts differ by one at most.
    # Cut only after the shuffle, so that a smaller count gives the first rows of a larger one.
    for start in range(0, count, len(tasks)):
        yield from stream("order", VERSION, seed, start).sample(tasks, len(tasks))[: count - start]


def _plan_row(row: str, task: str, ask: Ask, size: int, gold: int) -> ProbePlan:
    # Named by the row alone: the rows before it may change in number of draws without moving it.
    asked = ask(stream("text", VERSION, row), size)
    letters = "ABCD"[: len(asked.options)]
    return ProbePlan(
        id=row,
        task=task,
        qa_type=CHOICE if size else YESNO,
        question=asked.question,
        options=dict(zip(letters, asked.options, strict=True)) if size else None,
        answer=letters[gold] if size else ("Yes", "No")[gold],
        # Last: the words above were fixed before the gold answer had a say.
        scenes=asked.show(gold),
    )
