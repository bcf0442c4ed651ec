"""Summaries and published rows → the rows and columns of the comparison table, shared by every renderer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeAlias

from mmra_api.benchmarks import Published
from mmra_api.report.summary import Summary
from mmra_api.types import Setting, Subtask

Origin: TypeAlias = Literal["measured", "simulated", "baseline", "published"]

SETTING_WORDS: Mapping[Setting, str] = {
    "IQ": "images and question",
    "DQ": "descriptions and question",
    "IDQ": "images, descriptions and question",
    "QO": "question only",
}


ABSENT = "–"
"""Shown where there is no number."""


def percent(share: float | None) -> str:
    """Show a fraction in percent with one decimal, a half rounded up: 0.4125 is 41.3, as readers of tables expect."""
    if share is None:
        return ABSENT
    # Six decimals first: 100 * 0.4125 may be a hair below 41.25 in binary.
    return str(Decimal(f"{100 * share:.6f}").quantize(Decimal("0.1"), ROUND_HALF_UP))


def span(bounds: tuple[float, float] | None) -> str:
    """Show two fractions in percent, from low to high."""
    return ABSENT if bounds is None else f"{percent(bounds[0])}–{percent(bounds[1])}"


def count(number: int | None) -> str:
    return ABSENT if number is None else f"{number:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the comparison: accuracies as fractions, None where there is nothing to show."""

    model: str
    origin: Origin
    marks: tuple[str, ...]
    """What a reader must know about the row, the origin first: ``simulated``, ``incomplete 312/1,024``."""
    values: tuple[float | None, ...]
    """One per column, then overall, then macro."""
    best: tuple[bool, ...]
    """Beside ``values``: whether it is the highest of its setting."""
    interval: tuple[float, float] | None
    n: int | None
    contends: bool
    """Whether the row may be called best: a complete run over all its samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The rows of one setting: measured rows in the order given, then published ones."""

    setting: Setting
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    columns: tuple[Subtask, ...]
    """Ordered so that the columns of a level stand together."""
    sections: tuple[Section, ...]
    """One per setting, in order of first appearance: rows are best only among rows of the same setting."""


def compare(summaries: Sequence[Summary], published: Sequence[Published] = ()) -> Comparison:
    """Lay out the comparison. Published rows appear only in settings that the summaries have.

    The best of a column is the highest of its setting at the one decimal that tables show, ties included, where at
    least two rows contend: complete measured rows, or complete simulated rows if nothing was measured for real.
    Baselines, published and incomplete rows are never best.
    """
    columns = _columns(summaries)
    marks = row_marks(summaries)
    sections = []
    for setting in dict.fromkeys(s.setting for s in summaries):
        rows = [_measured(s, columns, own) for s, own in zip(summaries, marks, strict=True) if s.setting == setting] + [
            _published(p, columns) for p in published if p.setting == setting
        ]
        sections.append(Section(setting=setting, rows=_mark_best(rows)))
    return Comparison(columns=columns, sections=tuple(sections))


def row_marks(summaries: Sequence[Summary]) -> list[tuple[str, ...]]:
    """Say for each summary what a reader must know about it; what would tell equal rows apart comes last."""
    twice = [sum(t.model == s.model and t.setting == s.setting for t in summaries) > 1 for s in summaries]
    return [_marks(s, summaries, named=again) for s, again in zip(summaries, twice, strict=True)]


def origin_of(summary: Summary) -> Origin:
    if summary.simulated:
        return "simulated"
    return "baseline" if summary.baseline else "measured"


def _marks(summary: Summary, summaries: Sequence[Summary], *, named: bool) -> tuple[str, ...]:
    info, origin = summary.info, origin_of(summary)
    marks: list[str] = [] if origin == "measured" else [origin]
    if not summary.complete:
        marks.append(f"incomplete {summary.n:,}/{summary.planned:,}")
    if info.parent:
        marks.append(f"{'asked again after' if info.reasked else 're-scored from'} {info.parent}")
    if len({s.info.judge.model if s.info.judge else "" for s in summaries}) > 1 and info.judge:
        marks.append(f"judge {info.judge.model}")
    if len({s.info.style for s in summaries}) > 1:
        marks.append(f"style {info.style}")
    if len({s.info.image_policy for s in summaries}) > 1:
        marks.append(f"images {info.image_policy}")
    if len({s.extractor for s in summaries}) > 1:
        marks.append(f"extractor {summary.extractor}")
    if info.trials > 1:
        marks.append(f"{info.trials} trials")
    if named:
        marks.append(f"run {summary.run}")
    return tuple(marks)


def _columns(summaries: Sequence[Summary]) -> tuple[Subtask, ...]:
    """Unite the columns; one without samples goes if every run left subtasks out on purpose."""
    united: dict[str, Subtask] = {}
    for column in (column for summary in summaries for column in summary.columns):
        united.setdefault(column.abbrev, column)
    if all(summary.info.subtasks for summary in summaries):
        seen = {abbrev for summary in summaries for abbrev, cell in summary.subtasks.items() if cell.n}
        united = {abbrev: column for abbrev, column in united.items() if abbrev in seen} or united
    levels = list(dict.fromkeys(column.level for column in united.values()))
    return tuple(sorted(united.values(), key=lambda column: levels.index(column.level)))


def _measured(summary: Summary, columns: Iterable[Subtask], marks: tuple[str, ...]) -> Row:
    cells = [summary.subtasks.get(column.abbrev) for column in columns]
    values = (*(None if cell is None else cell.accuracy for cell in cells), summary.overall.accuracy, summary.macro)
    return Row(
        model=summary.model,
        origin=origin_of(summary),
        marks=marks,
        values=values,
        best=(False,) * len(values),
        interval=summary.overall.interval if summary.n else None,
        n=summary.n,
        contends=summary.complete and summary.n > 0,
    )


def _published(row: Published, columns: Iterable[Subtask]) -> Row:
    values = (*(row.subtasks.get(column.abbrev) for column in columns), row.overall, None)
    best = (False,) * len(values)
    return Row(
        model=row.model,
        origin="published",
        marks=("published",),
        values=values,
        best=best,
        interval=None,
        n=None,
        contends=False,
    )


def _mark_best(rows: Sequence[Row]) -> tuple[Row, ...]:
    rivals: list[Row] = []
    for origin in ("measured", "simulated"):
        rivals = rivals or [row for row in rows if row.contends and row.origin == origin]
    if len(rivals) < 2:
        return tuple(rows)
    highest = [
        max((_shown(v) for v in column), default=-1.0) for column in zip(*(r.values for r in rivals), strict=True)
    ]
    return tuple(
        replace(row, best=tuple(v is not None and _shown(v) == top for v, top in zip(row.values, highest, strict=True)))
        if row in rivals
        else row
        for row in rows
    )


def _shown(value: float | None) -> float:
    return -1.0 if value is None else float(percent(value))
