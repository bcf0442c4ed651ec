"""Summaries and published rows → the rows and columns of the comparison table, shared by every renderer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmra_api.benchmarks import Published
from mmra_api.report.columns import Column, list_columns, subtask_column
from mmra_api.report.marks import Origin, list_marks, origin_of
from mmra_api.report.show import percent
from mmra_api.report.summary import Summary
from mmra_api.types import Setting, Subtask


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What stands in one column of a row."""

    text: str
    rank: float | None = None
    """What it is compared by: the number as it is shown; None where the column is no contest or holds no number."""
    best: bool = False
    """Whether it is the highest of its setting and variant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """One line of the comparison."""

    model: str
    origin: Origin
    marks: tuple[str, ...]
    """What a reader must know about the row, the origin first: ``simulated``, ``incomplete 312/1,024``."""
    figures: tuple[Figure, ...]
    """One per column."""
    contends: bool
    """Whether the row may be called best: a complete run over all its samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The rows of one setting and variant: measured rows in the order given, then published ones."""

    setting: Setting
    variant: str
    rows: tuple[ComparisonRow, ...]

    @property
    def label(self) -> str:
        """Return the setting, with the variant where there is one."""
        return f"{self.setting} {self.variant}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a table shows, before it has a format."""

    subtasks: tuple[Subtask, ...]
    """Ordered so that those of a level stand together."""
    columns: tuple[Column, ...]
    """One per subtask, then those about all samples."""
    sections: tuple[Section, ...]
    """In order of first appearance: rows are best only among rows of the same section."""


def compare(summaries: Sequence[Summary], published: Sequence[Published] = ()) -> Comparison:
    """Lay out the comparison. Published rows appear only in settings that the summaries have.

    The best of a column is the highest of its section at the one decimal that tables show, ties included, where at
    least two rows contend: complete measured rows, or complete simulated rows if nothing was measured for real.
    Baselines, published and incomplete rows are never best.
    """
    subtasks = _unite_subtasks(summaries)
    columns = (*map(subtask_column, subtasks), *list_columns("comparison"))
    marks = list_marks(summaries)
    sections = []
    for setting, variant in dict.fromkeys((s.setting, s.variant) for s in summaries):
        rows = [
            _measured(s, columns, own)
            for s, own in zip(summaries, marks, strict=True)
            if (s.setting, s.variant) == (setting, variant)
        ]
        # Authors print what they asked, the samples as they are: beside a variant their rows would be misread.
        rows += [_published(row, columns) for row in published if row.setting == setting and not variant]
        sections.append(Section(setting=setting, variant=variant, rows=_mark_best(rows)))
    return Comparison(subtasks=subtasks, columns=columns, sections=tuple(sections))


def _unite_subtasks(summaries: Sequence[Summary]) -> tuple[Subtask, ...]:
    """Unite the subtasks; one without samples goes if every run left subtasks out on purpose."""
    united: dict[str, Subtask] = {}
    for subtask in (subtask for summary in summaries for subtask in summary.columns):
        united.setdefault(subtask.abbrev, subtask)
    # A subtask that one run left out is still worth a column where another run has it.
    if all(summary.info.subtasks for summary in summaries):
        seen = {abbrev for summary in summaries for abbrev, cell in summary.subtasks.items() if cell.n}
        united = {abbrev: subtask for abbrev, subtask in united.items() if abbrev in seen} or united
    # In the order of first appearance, as the benchmark lists them, and stable within a level.
    levels = list(dict.fromkeys(subtask.level for subtask in united.values()))
    return tuple(sorted(united.values(), key=lambda subtask: levels.index(subtask.level)))


def _measured(summary: Summary, columns: Sequence[Column], marks: tuple[str, ...]) -> ComparisonRow:
    return ComparisonRow(
        model=summary.model,
        origin=origin_of(summary),
        marks=marks,
        figures=tuple(_figure(column, column.write_row(summary), column.read(summary)) for column in columns),
        contends=summary.complete and summary.n > 0,
    )


def _published(row: Published, columns: Sequence[Column]) -> ComparisonRow:
    values = [column.printed(row) for column in columns]
    return ComparisonRow(
        model=row.model,
        origin="published",
        marks=("published",),
        figures=tuple(Figure(text=column.write(value)) for column, value in zip(columns, values, strict=True)),
        contends=False,
    )


def _figure(column: Column, text: str, value: object) -> Figure:
    if not column.contest or not isinstance(value, int | float):
        return Figure(text=text)
    # As shown, since two rows that look the same are both best.
    return Figure(text=text, rank=float(percent(value)) if column.show == "percent" else value)


def _mark_best(rows: Sequence[ComparisonRow]) -> tuple[ComparisonRow, ...]:
    rivals: list[ComparisonRow] = []
    for origin in ("measured", "simulated"):
        rivals = rivals or [row for row in rows if row.contends and row.origin == origin]
    # A single row would be the best of everything, which says nothing and looks like praise.
    if len(rivals) < 2:
        return tuple(rows)
    highest = [_find_highest(column) for column in zip(*(rival.figures for rival in rivals), strict=True)]
    return tuple(_mark_row(row, highest) if row in rivals else row for row in rows)


def _find_highest(figures: Sequence[Figure]) -> float | None:
    return max((figure.rank for figure in figures if figure.rank is not None), default=None)


def _mark_row(row: ComparisonRow, highest: Sequence[float | None]) -> ComparisonRow:
    marked = (
        replace(figure, best=figure.rank is not None and figure.rank == top)
        for figure, top in zip(row.figures, highest, strict=True)
    )
    return replace(row, figures=tuple(marked))
