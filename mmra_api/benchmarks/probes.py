"""Drawn pairs as a benchmark: a seed and a count → samples in MMRA's published schema."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from mmra_api.benchmarks.mmra import SUBTASKS, parse_row
from mmra_api.benchmarks.selection import match_subtasks
from mmra_api.benchmarks.source import Benchmark, DataSource, Draft, Query, RawRow
from mmra_api.errors import InputError

COUNT = 220
"""How many probes are drawn unless ``--limit`` says otherwise: 20 per subtask. The first probes of a seed are the same
whatever their number, so a trial run and the full run after it share their images, and what was paid for."""


def find_probes(query: Query) -> DataSource:
    """Return drawn probes: a pure function of the seed and the count."""
    from mmra_api.probes import VERSION, draw  # drawing needs Pillow

    if query.data is not None:
        raise InputError(
            "probes are drawn, they take no --data; to run a folder of them, use: mmra run mmra --data DIR"
        )
    count = query.limit or COUNT
    if query.limit and query.subtasks:  # pairs are drawn for all subtasks in turn, so a part of them needs more pairs
        count = math.ceil(query.limit / len(match_subtasks(query.subtasks, SUBTASKS))) * len(SUBTASKS)

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

    return DataSource(
        benchmark="probes",
        origin=f"drawn with seed {query.seed}, {count} pairs",
        revision=f"version {VERSION}",
        signature=f"{query.seed} {count} {VERSION}",
        rows=rows,
        parse=parse,
        subtasks=SUBTASKS,
    )


PROBES = Benchmark(find=find_probes)
