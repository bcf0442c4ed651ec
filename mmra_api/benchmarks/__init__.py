"""A benchmark's name and where its data lies → samples, in a stream.

A benchmark is one function that finds a Source, and one line in BENCHMARKS.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mmra_api.benchmarks.jsonl import find_jsonl
from mmra_api.benchmarks.loaders import find_rows, read_hub
from mmra_api.benchmarks.mmra import HUB_ID, SPLIT, SUBTASKS, parse_row
from mmra_api.benchmarks.prepared import DataSet, open_prepared
from mmra_api.benchmarks.selection import select, share_out
from mmra_api.benchmarks.source import Draft, RawRow, Source
from mmra_api.errors import InputError
from mmra_api.types import DataInfo, Kind, Sample, Subtask

PROBES = 220
"""How many probes are drawn unless ``--limit`` says otherwise: 20 per subtask. The first probes of a seed are the same
whatever their number, so a trial run and the full run after it share their images, and what was paid for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the user says about where the data lies."""

    data: Path | None = None
    revision: str | None = None
    seed: int = 0
    limit: int | None = None
    subtasks: Sequence[str] = ()


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
    find = BENCHMARKS.get(name)
    if find is None:
        raise InputError(f"unknown benchmark {name!r}; known are {', '.join(BENCHMARKS)}, or the path of a .jsonl file")
    if revision is not None and (name != "mmra" or data is not None):
        raise InputError("--revision pins the data set on the hub: use it with the benchmark mmra and without --data")
    source = find(Query(data=data, revision=revision, seed=seed, limit=limit, subtasks=subtasks))
    if source.subtasks is not None:
        _match_subtasks(subtasks, source.subtasks)  # before minutes of preparing
    dataset = open_prepared(source, root, skip_bad_rows=skip_bad_rows)
    chosen = _match_subtasks(subtasks, dataset.info.subtasks)
    return Selection(dataset=dataset, quotas=share_out(limit, {each: dataset.counts[each] for each in chosen}))


def _match_subtasks(asked: Sequence[str], known: tuple[Subtask, ...]) -> list[str]:
    """Return the abbreviations asked for, in the order of the columns; all of them when none is asked for."""
    folded = {name.casefold(): subtask.abbrev for subtask in known for name in (subtask.name, subtask.abbrev)}
    unknown = [name for name in asked if name.casefold() not in folded]
    if unknown:
        names = ", ".join(each.abbrev if each.abbrev == each.name else f"{each.abbrev} ({each.name})" for each in known)
        raise InputError(f"unknown subtask {unknown[0]!r}; this data set has {names}")
    wanted = {folded[name.casefold()] for name in asked}
    return [subtask.abbrev for subtask in known if not wanted or subtask.abbrev in wanted]


def find_mmra(query: Query) -> Source:
    """Return the published data set, from the hub or from ``--data``."""
    if query.data is not None:
        signature, rows = find_rows(query.data)
        origin, revision = str(query.data), ""
    else:
        origin, revision = f"{HUB_ID} ({SPLIT})", query.revision or ""
        signature, rows = "hub", lambda: read_hub(HUB_ID, SPLIT, query.revision)
    return Source(
        benchmark="mmra",
        origin=origin,
        revision=revision,
        signature=signature,
        rows=rows,
        parse=parse_row,
        subtasks=SUBTASKS,
    )


def find_probes(query: Query) -> Source:
    """Return drawn probes: a pure function of the seed and the count."""
    from mmra_api.benchmarks.probes import VERSION, draw  # drawing needs Pillow

    if query.data is not None:
        raise InputError(
            "probes are drawn, they take no --data; to run a folder of them, use: mmra run mmra --data DIR"
        )
    count = query.limit or PROBES
    if query.limit and query.subtasks:  # pairs are drawn for all subtasks in turn, so a part of them needs more pairs
        count = math.ceil(query.limit / len(_match_subtasks(query.subtasks, SUBTASKS))) * len(SUBTASKS)

    def rows() -> Iterator[RawRow]:
        for index, row in enumerate(draw(query.seed, count)):
            values = {
                "id": row.id,
                "Task": row.task,
                "QA_type": row.qa_type,
                "question": row.question,
                "options": row.options,
                "answer": row.answer,
                "image1": row.image1,
                "image2": row.image2,
            }
            yield RawRow(where=f"probes, seed {query.seed}, row {index}", index=index, values=values)

    def parse(row: RawRow) -> Draft:
        draft = parse_row(row)
        return replace(draft, sample=replace(draft.sample, id=row.values["id"]))

    return Source(
        benchmark="probes",
        origin=f"drawn with seed {query.seed}, {count} pairs",
        revision=f"version {VERSION}",
        signature=f"{query.seed} {count} {VERSION}",
        rows=rows,
        parse=parse,
        subtasks=SUBTASKS,
    )


def find_own(query: Query) -> Source:
    """Return the user's own questions."""
    if query.data is None:
        raise InputError("the benchmark jsonl needs --data FILE.jsonl, one question a line")
    return find_jsonl(query.data)


BENCHMARKS: Mapping[str, Callable[[Query], Source]] = {
    "mmra": find_mmra,
    "probes": find_probes,
    "jsonl": find_own,
}
