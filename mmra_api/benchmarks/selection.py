"""A data set → the samples a run asks about: some subtasks, at most so many samples, spread evenly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mmra_api.types import Sample


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
