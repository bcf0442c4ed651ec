"""A data set → the samples a run asks about: some subtasks, at most so many samples, spread evenly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mmra_api.errors import InputError
from mmra_api.types import Sample, Subtask


def select(samples: Iterable[Sample], quotas: Mapping[str, int]) -> Iterator[Sample]:
    """Yield the first samples of every subtask, as many as its quota, in the order of the data set."""
    left = dict(quotas)
    for sample in samples:
        if left.get(sample.subtask, 0) > 0:
            left[sample.subtask] -= 1
            yield sample


def share_out(limit: int | None, counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many samples each subtask gives: equal parts; what a small one cannot give, the others do."""
    total = sum(counts.values())
    left = total if limit is None else min(limit, total)
    quotas: dict[str, int] = {}
    # From the smallest up, so that whatever one cannot give is shared by all that are still to come.
    for position, name in enumerate(sorted(counts, key=counts.__getitem__)):
        quotas[name] = min(counts[name], left // (len(counts) - position))
        left -= quotas[name]
    return {name: quotas[name] for name in counts}


def match_subtasks(asked: Sequence[str], known: tuple[Subtask, ...]) -> list[str]:
    """Return the abbreviations asked for, in the order of the columns; all of them when none is asked for."""
    folded = {name.casefold(): subtask.abbrev for subtask in known for name in (subtask.name, subtask.abbrev)}
    unknown = [name for name in asked if name.casefold() not in folded]
    if unknown:
        names = ", ".join(each.abbrev if each.abbrev == each.name else f"{each.abbrev} ({each.name})" for each in known)
        raise InputError(f"unknown subtask {unknown[0]!r}; this data set has {names}")
    wanted = {folded[name.casefold()] for name in asked}
    return [subtask.abbrev for subtask in known if not wanted or subtask.abbrev in wanted]
