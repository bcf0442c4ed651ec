"""Summaries → CSV, for programs: a line for each group of samples. Fractions between 0 and 1."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mmra_api.benchmarks import Published
from mmra_api.report.columns import Column, Value, list_written
from mmra_api.report.summary import Cell, Summary

_KEYS = ("run", "model", "setting", "scope", "name")
_FACTS = ("simulated", "published", "baseline", "complete", "extractor", "benchmark", "data", "variant")
"""After the figures; ``variant`` is the youngest and stands last, for programs that count the facts before it."""


def csv_columns() -> tuple[str, ...]:
    """Return the heading of the file.

    ``scope`` is overall, macro, level, kind or subtask; ``name`` says which level, kind or subtask, else it is empty.
    ``low`` and ``high`` are the 95 % interval of the accuracy. What concerns a row as a whole, as ``planned``, is given
    with the scope overall. ``data`` is the fingerprint of the data set.
    """
    return (*_KEYS, *(name for column in list_written() for name in column.names), *_FACTS)


def to_csv(summaries: Sequence[Summary], published: Sequence[Published] = ()) -> str:
    """Write one line per run, setting, variant and scope, with ``csv_columns``; a cell without a value is empty."""
    text = io.StringIO()
    # A line feed alone, as every other file of ours has; the csv module would end lines as DOS does.
    writer = csv.DictWriter(text, csv_columns(), restval="", lineterminator="\n")
    writer.writeheader()
    for summary in summaries:
        writer.writerows(_lines(summary))
    for row in published:
        writer.writerows(_published_lines(row))
    return text.getvalue()


def _lines(summary: Summary) -> Iterator[dict[str, object]]:
    shared = {
        "run": summary.run,
        "model": summary.model,
        "setting": summary.setting,
        "simulated": _yes(summary.simulated),
        "published": _yes(False),
        "baseline": _yes(summary.baseline),
        "complete": _yes(summary.complete),
        "extractor": summary.extractor,
        "benchmark": summary.info.data.benchmark,
        "data": summary.fingerprint,
        "variant": summary.variant,
    }
    columns = list_written()
    whole = [name for column in columns if column.row is not None for name in _name(column, column.row(summary))]
    yield {**shared, "scope": "overall", **dict(whole), **_figures(columns, summary.overall)}
    # A line of its own beside the column: programs that read by scope have found it here from the start.
    yield {**shared, "scope": "macro", "accuracy": summary.macro}
    scopes: Iterable[tuple[str, Mapping[Any, Cell]]] = (
        ("level", summary.levels),
        ("kind", summary.kinds),
        ("subtask", summary.subtasks),
    )
    for scope, cells in scopes:
        for name, cell in cells.items():
            yield {**shared, "scope": scope, "name": name, **_figures(columns, cell)}


def _figures(columns: Sequence[Column], cell: Cell) -> dict[str, Value]:
    return dict(pair for column in columns if column.cell is not None for pair in _name(column, column.cell(cell)))


def _name(column: Column, value: Value) -> Iterator[tuple[str, Value]]:
    """Pair a value, or the two ends of an interval, with the names of its columns."""
    # An interval that is not known leaves both of its columns empty.
    values = value if isinstance(value, tuple) else (value,) * len(column.names)
    return zip(column.names, values, strict=True)


def _published_lines(row: Published) -> Iterator[dict[str, object]]:
    shared = {
        "model": row.model,
        "setting": row.setting,
        "simulated": _yes(False),
        "published": _yes(True),
        "baseline": _yes(False),
    }
    yield {**shared, "scope": "overall", "accuracy": row.overall}
    for name, accuracy in row.subtasks.items():
        yield {**shared, "scope": "subtask", "name": name, "accuracy": accuracy}


def _yes(fact: bool) -> str:
    # As JSON has it, and not as Python would write it, with a capital.
    return "true" if fact else "false"
