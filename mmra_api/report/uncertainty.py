"""Records → what was not read with certainty, in groups, and how far the score could move; labels → who was right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mmra_api.report.table import find_reader
from mmra_api.statistics import cohen_kappa
from mmra_api.types import HUMAN, Record

EXAMPLES = 3
"""Ids named for each group: enough to look at some, few enough for a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Replies that were read, or not read, in the same uncertain way."""

    pattern: str
    """``likely: RULE`` for a weak reading, ``unread: REASON`` where there is none."""
    n: int
    correct: int
    """How many of them count as correct now."""
    examples: tuple[str, ...]
    """Ids of samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What is uncertain in a run's readings."""

    n: int
    """All records."""
    correct: int
    credit: float
    """Of all records: ``correct``, and what graded answers bring."""
    certain: int
    """Records read with certainty, or by a human."""
    nothing: int
    """Records with nothing to read: no reply, no text, or stopped by the service."""
    groups: tuple[Group, ...]
    """The largest first."""

    @property
    def accuracy(self) -> float:
        """Return the mean credit over all records, 0 to 1."""
        # A run without records has 0, and no error.
        return self.credit / max(self.n, 1)

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the accuracy if every uncertain reading were the worst, and the best, that it can be; 0 to 1."""
        low = self.credit - sum(group.correct for group in self.groups)
        high = self.credit + sum(group.n - group.correct for group in self.groups)
        return low / max(self.n, 1), high / max(self.n, 1)


def audit(records: Iterable[Record]) -> Audit:
    """Group what was not read with certainty. ``records`` is read once."""
    n = correct = certain = nothing = 0
    credit = 0.0
    counts: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for record in records:
        hit = record.score.outcome == "correct"
        n, correct, credit = n + 1, correct + hit, credit + record.score.credit
        pattern = find_pattern(record)
        if pattern is None:
            read = record.score.outcome == "graded" or find_reader(record.answer) != "nobody"
            certain, nothing = certain + read, nothing + (not read)
            continue
        counts[pattern] += 1
        hits[pattern] += hit
        shown = examples.setdefault(pattern, [])
        if len(shown) < EXAMPLES:
            shown.append(record.sample)
    groups = tuple(
        Group(pattern=name, n=count, correct=hits[name], examples=tuple(examples[name]))
        for name, count in counts.most_common()
    )
    return Audit(n=n, correct=correct, credit=credit, certain=certain, nothing=nothing, groups=groups)


def find_pattern(record: Record) -> str | None:
    """Return how a reply was read uncertainly; None where it was read with certainty or there is nothing to read."""
    answer = record.answer
    if answer is None or record.response is None or answer.rule == HUMAN or record.score.outcome == "graded":
        return None  # points are a grader's judgement of the whole reply: there is no reading to doubt
    if answer.value is not None:
        return None if answer.confidence == "certain" else f"likely: {answer.rule}"
    # There is nothing to read in these, so no better reader could move the score.
    stopped = record.response.finish in {"refusal", "content_filter"} or record.score.outcome in {"empty", "truncated"}
    return None if stopped else f"unread: {answer.rule}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One reader against labels by humans, over the labelled records that it was asked about."""

    labelled: int
    read: int
    """Records in which the reader named a value."""
    labels: int
    """Records in which the human named a value."""
    both: int
    """Records in which both named the same value."""
    same: int
    """Records in which both say the same, nothing included."""
    kappa: float | None
    """Cohen's kappa of the two, nothing being a category; None where it is not defined. See ``statistics``."""

    @property
    def precision(self) -> float | None:
        """Return the share of the reader's values that are the human's."""
        return self.both / self.read if self.read else None

    @property
    def recall(self) -> float | None:
        """Return the share of the human's values that the reader read."""
        return self.both / self.labels if self.labels else None


def compare_readings(pairs: Sequence[tuple[str | None, str | None]]) -> Agreement:
    """Compare a reader's values with labels: pairs of value and label, None for nothing."""
    return Agreement(
        labelled=len(pairs),
        read=sum(value is not None for value, _ in pairs),
        labels=sum(label is not None for _, label in pairs),
        both=sum(value is not None and value == label for value, label in pairs),
        same=sum(value == label for value, label in pairs),
        kappa=cohen_kappa(pairs),
    )


def read_by_rules(record: Record) -> str | None:
    """Return what rules alone had read in a record."""
    # A label by a human hides what was read before it; that is what is measured by the label.
    answer = record.overruled if record.answer and record.answer.rule == HUMAN else record.answer
    return answer.value if answer is not None and find_reader(answer) == "rules" else None
