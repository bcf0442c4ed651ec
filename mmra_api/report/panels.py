"""Summaries → the grids of the terminal report, before they have a width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from mmra_api.report.columns import Column, Place, find_column, list_columns
from mmra_api.report.compare import Comparison, ComparisonRow
from mmra_api.report.grid import Block, Grid, Head, Styled, TableLine
from mmra_api.report.marks import list_marks
from mmra_api.report.show import count, title
from mmra_api.report.summary import OUTCOMES, Cell, Summary
from mmra_api.types import UNREAD, Outcome, Subtask

_MARK_STYLES = {"simulated": "bold magenta", "incomplete": "yellow", "re-scored": "yellow"}
"""By the first word of a mark. What is no result of a model must not be overlooked; what may still move stands out."""
_FAINT = "grey50"
_INTERVAL = "grey62"


def comparison_grid(comparison: Comparison) -> Grid:
    """Lay out the comparison: a block for each setting and variant."""
    heads = tuple(
        Head(text=clean(column.heading), group=clean(column.group), aside=column.aside) for column in comparison.columns
    )
    blocks = tuple(
        Block(
            title=clean(title(section.setting, section.variant)),
            lines=tuple(_compared(row, comparison.columns) for row in section.rows),
        )
        for section in comparison.sections
    )
    return Grid(heads=heads, blocks=blocks)


def _compared(row: ComparisonRow, columns: Sequence[Column]) -> TableLine:
    style = _FAINT if row.origin in ("published", "baseline") else ""
    cells = tuple(
        (clean(figure.text), "bold" if figure.best else style or (_INTERVAL if column.show == "interval" else ""))
        for figure, column in zip(row.figures, columns, strict=True)
    )
    return TableLine(label=clean(row.model), marks=_styled(row.marks), cells=cells)


def panel_grid(summaries: Sequence[Summary], place: Place) -> Grid:
    """Lay out another table of the terminal: a line for each summary, and the columns that stand in that table."""
    columns = [
        column for column in list_columns(place) if not column.rare or any(column.read(each) for each in summaries)
    ]
    heads = tuple(Head(text=clean(column.heading), group=column.group) for column in columns)
    # Rows of a setting stand together here as in the comparison, whatever order the runs were named in.
    blocks: dict[str, list[TableLine]] = {}
    for summary, own in zip(summaries, list_marks(summaries), strict=True):
        cells = tuple((clean(column.write_row(summary)), _column_style(column, summary.overall)) for column in columns)
        line = TableLine(label=clean(summary.model), marks=_styled(own), cells=cells)
        blocks.setdefault(title(summary.setting, summary.variant), []).append(line)
    return Grid(heads=heads, blocks=tuple(Block(title=clean(name), lines=tuple(each)) for name, each in blocks.items()))


def _column_style(column: Column, cell: Cell) -> str:
    """Colour counts of outcomes by what they mean; nothing else has a meaning of its own."""
    # By name, so that a column that somebody adds needs no style of its own.
    return next((_outcome_style(each, cell.count(each)) for each in OUTCOMES if each == column.name), "")


_DETAIL = {"n": "", "accuracy": "accuracy", "interval": ""}
"""The columns of the detail, and the heading of one that the comparison calls by what it stands over there."""


def detail_grids(summaries: Sequence[Summary]) -> list[Grid]:
    """One line per subtask, level and kind, with the outcomes that occur: in full first, then ever briefer."""
    seen = [outcome for outcome in OUTCOMES if any(s.overall.count(outcome) for s in summaries)]
    # Names go before outcomes: what was not read matters more than a long name whose short form stands there too.
    forms: list[tuple[list[Outcome] | None, bool]] = [(seen, True), (seen, False), (None, True), (None, False)]
    return [_scopes(summaries, outcomes, named=named) for outcomes, named in forms]


def _scopes(summaries: Sequence[Summary], outcomes: Sequence[Outcome] | None, *, named: bool) -> Grid:
    """``outcomes`` None: correct, wrong and the sum of the others. ``named``: subtasks with their names."""
    words = (*_list_answered(summaries), "unread") if outcomes is None else outcomes
    heads = (
        *(Head(text=_DETAIL.get(name) or find_column(name).heading) for name in _DETAIL),
        *(Head(text=word, group="outcomes") for word in words),
    )

    def tally(cell: Cell) -> tuple[Styled, ...]:
        if outcomes is not None:
            return _tallied(cell, outcomes)
        unread = (count(cell.unread), "yellow" if cell.unread else _FAINT)
        return (*_tallied(cell, _list_answered(summaries)), unread)

    blocks = []
    for summary in summaries:
        marks = _styled(["simulated"] if summary.simulated else [])
        lines = (
            TableLine(label=label, marks=marks, cells=(*_rates(cell), *tally(cell)))
            for label, cell in _labelled(summary, named=named)
        )
        blocks.append(Block(title=clean(title(summary.setting, summary.variant)), lines=tuple(lines)))
    return Grid(heads=heads, blocks=tuple(blocks))


def _labelled(summary: Summary, *, named: bool) -> list[tuple[str, Cell]]:
    """Name every scope of a summary, padded so that what follows the names stands in line."""
    # All short names in one width, so that the long names begin in one line below each other.
    indent = max((cell_len(column.abbrev) for column in summary.columns), default=0)
    scopes = [(_subtask_label(column, indent, named), summary.subtasks[column.abbrev]) for column in summary.columns]
    scopes += [(clean(f"level {level}"), cell) for level, cell in summary.levels.items()]
    scopes += [(f"kind {kind}", cell) for kind, cell in summary.kinds.items()]
    scopes.append(("overall", summary.overall))
    room = max(cell_len(label) for label, _ in scopes)
    return [(set_cell_size(label, room), cell) for label, cell in scopes]


def _subtask_label(column: Subtask, indent: int, named: bool) -> str:
    abbrev = clean(column.abbrev)
    return f"{set_cell_size(abbrev, indent)} {clean(column.name)}" if named and column.name != abbrev else abbrev


def _rates(cell: Cell) -> tuple[Styled, ...]:
    columns = [find_column(name) for name in _DETAIL]
    return tuple((column.write_cell(cell), _INTERVAL if column.show == "interval" else "") for column in columns)


def _list_answered(summaries: Sequence[Summary]) -> list[Outcome]:
    """Return the outcomes with an answer; graded ones only where there are some, as most benchmarks grade nothing."""
    graded = any(summary.overall.graded for summary in summaries)
    return [outcome for outcome in OUTCOMES if outcome not in UNREAD and (graded or outcome != "graded")]


def _tallied(cell: Cell, outcomes: Sequence[Outcome]) -> tuple[Styled, ...]:
    return tuple((count(n), _outcome_style(outcome, n)) for outcome in outcomes for n in [cell.count(outcome)])


def _outcome_style(outcome: Outcome, count: int) -> str:
    if not count:
        return _FAINT
    if outcome == "failed":
        return "red"
    return "yellow" if outcome in UNREAD else ""


def _styled(marks: Iterable[str]) -> tuple[Styled, ...]:
    return tuple(
        # In capitals too, because colour is lost in a pipe and on paper.
        (clean(mark.upper() if mark == "simulated" else mark), _MARK_STYLES.get(mark.split()[0], _FAINT))
        for mark in marks
    )


# Not `make_safe` of the command line: that keeps line ends, which would break a table, and lies above this package.
def clean(text: str) -> str:
    """Names come from data sets and services: a control character in one must not reach the terminal."""
    return "".join(c if c.isprintable() else "�" for c in text)
