"""Summaries → text that other programs and papers read: JSON, CSV, Markdown. LaTeX is in ``latex``.

Fractions between 0 and 1 in JSON and CSV, percent with one decimal in Markdown. Every format names simulated, baseline,
published and incomplete rows as such. Published rows carry accuracies only.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from mmra_api.benchmarks import Published
from mmra_api.report.compare import Comparison, Row, compare, count, origin_of, percent, span
from mmra_api.report.latex import to_latex
from mmra_api.report.notes import captions, describe_data, warnings
from mmra_api.report.summary import OUTCOMES, Cell, Summary

__all__ = ["CSV_COLUMNS", "to_csv", "to_json", "to_latex", "to_markdown"]

CSV_COLUMNS = (
    *("run", "model", "setting", "scope", "name", "n", "planned", *OUTCOMES, "accuracy", "low", "high", "answered"),
    *("lower_bound", "upper_bound", "simulated", "published", "baseline", "complete", "extractor", "benchmark", "data"),
)
"""``scope`` is overall, macro, level, kind or subtask; ``name`` says which level, kind or subtask, else it is empty.
``low`` and ``high`` are the 95 % Wilson interval. ``planned`` is given with the scope overall. ``data`` is the
fingerprint of the data set."""


def to_json(summaries: Sequence[Summary], published: Sequence[Published] = ()) -> str:
    """Write everything that was counted, as an object with these keys.

    - ``version``: 1; it changes when a key changes its meaning.
    - ``rows``: one object per run and setting: ``run``, ``model``, ``setting``, ``origin`` (measured, simulated or
      baseline), ``simulated``, ``baseline``, ``published`` (false), ``complete``, ``n``, ``planned``, ``overall`` (a
      cell), ``macro``, ``subtasks`` (a list of cells, each with ``abbrev``, ``name`` and ``level``), ``levels`` and
      ``kinds`` (cells by name), ``calls`` (``made``, ``retries``, ``saved``, ``cached``, ``twins``, ``local``,
      ``spent`` and ``spared`` with ``input``, ``output`` and ``reasoning`` tokens, null where nothing was reported, and
      ``silent``: replies without token counts), ``answered_by``, ``upstreams`` (replies by the provider behind a
      router), ``failures`` (counts by kind), ``read_by`` (answers by rules, judge, human, nobody), ``judge`` (counts),
      ``images`` (``n``, and those ``changed`` by reason), ``strange_finishes`` (counts by the vendor's word),
      ``sample_set``, and ``info``: the run's description as in
      run.json, without the prompt texts.
    - a cell: ``n``, the seven outcomes, ``accuracy``, ``interval`` (low and high of the 95 % Wilson interval),
      ``answered``, ``lower_bound``, ``upper_bound``.
    - ``published``: ``model``, ``setting``, ``overall``, ``subtasks`` (accuracy by abbreviation), ``published`` (true).
    - ``warnings``: what makes rows incomparable or doubtful, one sentence each.
    """
    report = {
        "version": 1,
        "rows": [_row(summary) for summary in summaries],
        "published": [{**msgspec.to_builtins(row), "published": True} for row in published],
        "warnings": warnings(summaries, published),
    }
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def to_csv(summaries: Sequence[Summary], published: Sequence[Published] = ()) -> str:
    """Write one line per run, setting and scope, with the columns ``CSV_COLUMNS``; a cell without a value is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for summary in summaries:
        writer.writerows(_lines(summary))
    for row in published:
        writer.writerows(_published_lines(row))
    return text.getvalue()


def to_markdown(summaries: Sequence[Summary], published: Sequence[Published] = ()) -> str:
    """Write the comparison as one GitHub table, best values in bold, and its captions as a list below."""
    comparison = compare(summaries, published)
    heads = [
        "model",
        "setting",
        "note",
        *(column.abbrev for column in comparison.columns),
        "overall",
        "95 %",
        "macro",
        "n",
    ]
    ruler = ["---"] * 3 + ["---:"] * (len(heads) - 3)
    rows = [_markdown_row(row, section.setting) for section in comparison.sections for row in section.rows]
    table = [[_escaped(head) for head in heads], ruler, *rows]
    notes = [
        *_level_notes(comparison),
        *captions(summaries, comparison),
        *describe_data(summaries),
        *(f"warning: {each}" for each in warnings(summaries, published)),
    ]
    lines = ["| " + " | ".join(cells) + " |" for cells in table]
    return "\n".join([*lines, "", *(f"- {_escaped(note)}" for note in notes)]) + "\n"


def _row(summary: Summary) -> dict[str, Any]:
    info = {key: value for key, value in msgspec.to_builtins(summary.info).items() if key != "templates"}
    if info["judge"]:
        info["judge"]["templates"] = [{"name": t["name"], "sha256": t["sha256"]} for t in info["judge"]["templates"]]
    columns = [msgspec.to_builtins(column) for column in summary.columns]
    return {
        "run": summary.run,
        "model": summary.model,
        "setting": summary.setting,
        "origin": origin_of(summary),
        "simulated": summary.simulated,
        "baseline": summary.baseline,
        "published": False,
        "complete": summary.complete,
        "n": summary.n,
        "planned": summary.planned,
        "overall": _figures(summary.overall),
        "macro": summary.macro,
        "subtasks": [{**column, **_figures(summary.subtasks[column["abbrev"]])} for column in columns],
        "levels": {level: _figures(cell) for level, cell in summary.levels.items()},
        "kinds": {kind: _figures(cell) for kind, cell in summary.kinds.items()},
        "calls": {**msgspec.to_builtins(summary.calls), "saved": summary.calls.saved},
        "answered_by": summary.answered_by,
        "upstreams": summary.upstreams,
        "failures": summary.failures,
        "read_by": summary.readers,
        "judge": summary.judge,
        "images": {"n": summary.images, "changed": summary.fitted},
        "strange_finishes": summary.strange_finishes,
        "sample_set": summary.sample_set,
        "info": {**info, "templates": [{"name": t.name, "sha256": t.sha256} for t in summary.info.templates]},
    }


def _figures(cell: Cell) -> dict[str, Any]:
    return {
        "n": cell.n,
        **{outcome: cell.count(outcome) for outcome in OUTCOMES},
        "accuracy": cell.accuracy,
        "interval": cell.interval,
        "answered": cell.answered,
        "lower_bound": cell.lower_bound,
        "upper_bound": cell.upper_bound,
    }


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
    }
    yield {**shared, "scope": "overall", "planned": summary.planned, **_csv_figures(summary.overall)}
    yield {**shared, "scope": "macro", "accuracy": summary.macro}
    scopes: Iterable[tuple[str, Mapping[Any, Cell]]] = (
        ("level", summary.levels),
        ("kind", summary.kinds),
        ("subtask", summary.subtasks),
    )
    for scope, cells in scopes:
        for name, cell in cells.items():
            yield {**shared, "scope": scope, "name": name, **_csv_figures(cell)}


def _csv_figures(cell: Cell) -> dict[str, object]:
    figures = _figures(cell)
    low, high = figures.pop("interval")
    return {**figures, "low": low, "high": high}


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
    return "true" if fact else "false"


def _markdown_row(row: Row, setting: str) -> list[str]:
    shown = [f"**{percent(v)}**" if best else percent(v) for v, best in zip(row.values, row.best, strict=True)]
    *values, macro = shown
    marks = ", ".join(f"**{mark}**" if mark == "simulated" else _escaped(mark) for mark in row.marks)
    return [_escaped(row.model), setting, marks, *values, span(row.interval), macro, count(row.n)]


def _level_notes(comparison: Comparison) -> Iterator[str]:
    levels = dict.fromkeys(column.level for column in comparison.columns if column.level)
    for level in levels:
        yield f"{level} level: {', '.join(column.abbrev for column in comparison.columns if column.level == level)}"


def _escaped(text: str) -> str:
    """Escape what Markdown would read as markup; a line break would end the table's row."""
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", " ".join(text.split()))
