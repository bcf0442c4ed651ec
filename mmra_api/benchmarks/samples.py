"""A benchmark's name and where its data lies → the samples that a run asks about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mmra_api.benchmarks.dataset import DataSet
from mmra_api.benchmarks.lookup import find_benchmark
from mmra_api.benchmarks.prepare import open_prepared
from mmra_api.benchmarks.registry import BENCHMARKS
from mmra_api.benchmarks.selection import match_subtasks, select, share_out
from mmra_api.benchmarks.source import Query
from mmra_api.errors import InputError
from mmra_api.types import DataInfo, Kind, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The samples a run asks about. Iterating streams them; ``count`` is known beforehand."""

    dataset: DataSet
    quotas: Mapping[str, int]

    @property
    def info(self) -> DataInfo:
        """Return the facts about the whole data set."""
        return self.dataset.info

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of question that occur in the data set."""
        return self.dataset.kinds

    @property
    def count(self) -> int:
        """Return the number of samples."""
        return sum(self.quotas.values())

    def __iter__(self) -> Iterator[Sample]:
        return select(self.dataset, self.quotas)


def load(
    name: str,
    *,
    root: Path,
    data: Path | None = None,
    revision: str | None = None,
    seed: int = 0,
    limit: int | None = None,
    subtasks: Sequence[str] = (),
    skip_bad_rows: bool = False,
) -> Selection:
    """Return the samples of a benchmark: ``mmra``, ``probes``, ``jsonl`` or the path of a .jsonl file.

    ``root`` is the folder that holds prepared data; ``subtasks`` are abbreviations or names. Raises InputError for
    an unknown benchmark or subtask, DataError for bad rows.
    """
    if name.endswith(".jsonl"):
        if data is not None:
            raise InputError(f"give one data set: {name!r} or --data {str(data)!r}")
        name, data = "jsonl", Path(name)
    benchmark = find_benchmark(name)
    if revision is not None and (data is not None or not benchmark.pinnable):
        pinnable = " or ".join(each for each in BENCHMARKS if BENCHMARKS[each].pinnable)
        raise InputError(
            f"--revision pins the data set on the hub: use it with the benchmark {pinnable} and without --data"
        )
    source = benchmark.find(Query(data=data, revision=revision, seed=seed, limit=limit, subtasks=subtasks))
    if source.subtasks is not None:
        match_subtasks(subtasks, source.subtasks)  # before minutes of preparing
    dataset = open_prepared(source, root, skip_bad_rows=skip_bad_rows)
    chosen = match_subtasks(subtasks, dataset.info.subtasks)
    return Selection(dataset=dataset, quotas=share_out(limit, {each: dataset.counts[each] for each in chosen}))
