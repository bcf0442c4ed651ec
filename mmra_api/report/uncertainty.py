"""Records → what was not read with certainty, in groups, and how far the score could move; labels → who was right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mmra_api.report.aggregate import find_reader
from mmra_api.types import HUMAN, Record

EXAMPLES = 3


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
    certain: int
    """Records read with certainty, or by a human."""
    nothing: int
    """Records with nothing to read: no reply, no text, or stopped by the service."""
    groups: tuple[Group, ...]
    """The largest first."""

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the accuracy if every uncertain reading were the worst, and the best, that it can be; 0 to 1."""
        low = self.correct - sum(group.correct for group in self.groups)
        high = self.correct + sum(group.n - group.correct for group in self.groups)
        return low / max(self.n, 1), high / max(self.n, 1)


def audit(records: Iterable[Record]) -> Audit:
    """Group what was not read with certainty. ``records`` is read once."""
    n = correct = certain = nothing = 0
    counts: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for record in records:
        hit = record.score.outcome == "correct"
        n, correct = n + 1, correct + hit
        pattern = find_pattern(record)
        if pattern is None:
            read = find_reader(record.answer) != "nobody"
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
    return Audit(n=n, correct=correct, certain=certain, nothing=nothing, groups=groups)


def find_pattern(record: Record) -> str | None:
    """Return how a reply was read uncertainly; None where it was read with certainty or there is nothing to read."""
    answer = record.answer
    if answer is None or record.response is None or answer.rule == HUMAN:
        return None
    if answer.value is not None:
        return None if answer.confidence == "certain" else f"likely: {answer.rule}"
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
    """Cohen's kappa (Cohen 1960, doi:10.1177/001316446002000104) of the two, nothing being a category; None where
    chance alone would make them agree always."""

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
    same = sum(value == label for value, label in pairs)
    return Agreement(
        labelled=len(pairs),
        read=sum(value is not None for value, _ in pairs),
        labels=sum(label is not None for _, label in pairs),
        both=sum(value is not None and value == label for value, label in pairs),
        same=same,
        kappa=_kappa(pairs, same),
    )


def _kappa(pairs: Sequence[tuple[str | None, str | None]], same: int) -> float | None:
    n = len(pairs)
    values, labels = Counter(value for value, _ in pairs), Counter(label for _, label in pairs)
    chance = sum(values[name] * labels[name] for name in values) / n**2 if n else 1.0
    return (same / n - chance) / (1 - chance) if chance < 1 else None


def read_by_rules(record: Record) -> str | None:
    """Return what rules alone had read in a record."""
    answer = record.overruled if record.answer and record.answer.rule == HUMAN else record.answer
    return answer.value if answer is not None and find_reader(answer) == "rules" else None
