"""Summaries → the grids of the terminal report, before they have a width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from mmra_api.report.compare import SETTING_WORDS, Comparison, Row, count, percent, row_marks, span
from mmra_api.report.grid import Block, Grid, Head, Line, Styled
from mmra_api.report.summary import OUTCOMES, UNREAD, Cell, Summary
from mmra_api.types import Outcome, Setting, Subtask

_MARK_STYLES = {"simulated": "bold magenta", "incomplete": "yellow", "re-scored": "yellow"}
_FAINT = "grey50"


def comparison_grid(comparison: Comparison) -> Grid:
    heads = (
        *(Head(text=clean(column.abbrev), group=column.level or "") for column in comparison.columns),
        Head(text="overall", group="all samples"),
        Head(text="95 %", group="all samples", aside=True),
        Head(text="macro", group="all samples", aside=True),
        Head(text="n", group="all samples", aside=True),
    )
    blocks = tuple(
        Block(title=_setting_title(section.setting), lines=tuple(map(_compared, section.rows)))
        for section in comparison.sections
    )
    return Grid(heads=heads, blocks=blocks)


def _compared(row: Row) -> Line:
    style = _FAINT if row.origin in ("published", "baseline") else ""
    *subtasks, overall, macro = (
        (percent(value), "bold" if best else style) for value, best in zip(row.values, row.best, strict=True)
    )
    cells = (*subtasks, overall, (span(row.interval), style or "grey62"), macro, (count(row.n), style))
    return Line(label=clean(row.model), marks=_styled(row.marks), cells=cells)


def detail_grids(summaries: Sequence[Summary]) -> list[Grid]:
    """One line per subtask, level and kind, with the outcomes that occur: in full first, then ever briefer."""
    seen = [outcome for outcome in OUTCOMES if any(s.overall.count(outcome) for s in summaries)]
    forms: list[tuple[list[Outcome] | None, bool]] = [(seen, True), (seen, False), (None, True), (None, False)]
    return [_scopes(summaries, outcomes, named=named) for outcomes, named in forms]


def _scopes(summaries: Sequence[Summary], outcomes: Sequence[Outcome] | None, *, named: bool) -> Grid:
    """``outcomes`` None: correct, wrong and the sum of the others. ``named``: subtasks with their names."""
    words = ("correct", "wrong", "unread") if outcomes is None else outcomes
    heads = (Head(text="n"), Head(text="accuracy"), Head(text="95 %"), *(Head(text=w, group="outcomes") for w in words))
    blocks = []
    for summary in summaries:
        marks = _styled(["simulated"] if summary.simulated else [])
        lines = (
            Line(label=label, marks=marks, cells=(*_rates(cell), *_tallied(cell, outcomes)))
            for label, cell in _labelled(summary, named=named)
        )
        blocks.append(Block(title=_setting_title(summary.setting), lines=tuple(lines)))
    return Grid(heads=heads, blocks=tuple(blocks))


def _labelled(summary: Summary, *, named: bool) -> list[tuple[str, Cell]]:
    """Name every scope of a summary, padded so that what follows the names stands in line."""
    indent = max((cell_len(column.abbrev) for column in summary.columns), default=0)
    scopes = [(_subtask_label(column, indent, named), summary.subtasks[column.abbrev]) for column in summary.columns]
    scopes += [(f"level {level}", cell) for level, cell in summary.levels.items()]
    scopes += [(f"kind {kind}", cell) for kind, cell in summary.kinds.items()]
    scopes.append(("overall", summary.overall))
    room = max(cell_len(label) for label, _ in scopes)
    return [(set_cell_size(label, room), cell) for label, cell in scopes]


def _subtask_label(column: Subtask, indent: int, named: bool) -> str:
    abbrev = clean(column.abbrev)
    return f"{set_cell_size(abbrev, indent)} {clean(column.name)}" if named and column.name != abbrev else abbrev


def _rates(cell: Cell) -> tuple[Styled, ...]:
    return (count(cell.n), ""), (percent(cell.accuracy), ""), (span(cell.interval if cell.n else None), "grey62")


def outcomes_grid(summaries: Sequence[Summary]) -> Grid:
    heads = (
        *(Head(text=outcome, group="no answer read" if outcome in UNREAD else "answered") for outcome in OUTCOMES),
        Head(text="answered", group="percent"),
        Head(text="bounds", group="percent"),
    )
    return Grid(heads=heads, blocks=_by_setting(summaries, [_became(summary.overall) for summary in summaries]))


def _became(cell: Cell) -> tuple[Styled, ...]:
    bounds = None if cell.lower_bound is None or cell.upper_bound is None else (cell.lower_bound, cell.upper_bound)
    return (*_tallied(cell, OUTCOMES), (percent(cell.answered), ""), (span(bounds), ""))


def calls_grid(summaries: Sequence[Summary]) -> Grid:
    heads = (
        *(Head(text=text, group="calls") for text in ("made", "retries", "saved")),
        *(Head(text=text, group="tokens spent") for text in ("input", "output", "reasoning")),
        *(Head(text=text, group="tokens saved") for text in ("input", "output")),
    )
    return Grid(heads=heads, blocks=_by_setting(summaries, [_cost(summary) for summary in summaries]))


def _cost(summary: Summary) -> tuple[Styled, ...]:
    calls = summary.calls
    spent, spared = calls.spent, calls.spared
    figures = (
        calls.made,
        calls.retries,
        calls.saved,
        spent.input,
        spent.output,
        spent.reasoning,
        spared.input,
        spared.output,
    )
    return tuple((count(figure), "") for figure in figures)


def _by_setting(summaries: Sequence[Summary], cells: Sequence[tuple[Styled, ...]]) -> tuple[Block, ...]:
    marks = row_marks(summaries)
    lines: dict[Setting, list[Line]] = {}
    for summary, own, figures in zip(summaries, marks, cells, strict=True):
        lines.setdefault(summary.setting, []).append(
            Line(label=clean(summary.model), marks=_styled(own), cells=figures)
        )
    return tuple(Block(title=_setting_title(setting), lines=tuple(rows)) for setting, rows in lines.items())


def _tallied(cell: Cell, outcomes: Sequence[Outcome] | None) -> tuple[Styled, ...]:
    if outcomes is None:
        return (*_tallied(cell, OUTCOMES[:2]), (count(cell.unread), "yellow" if cell.unread else _FAINT))
    return tuple((count(n), _outcome_style(outcome, n)) for outcome in outcomes for n in [cell.count(outcome)])


def _outcome_style(outcome: Outcome, count: int) -> str:
    if not count:
        return _FAINT
    if outcome == "failed":
        return "red"
    return "yellow" if outcome in UNREAD else ""


def _styled(marks: Iterable[str]) -> tuple[Styled, ...]:
    return tuple(
        (clean(mark.upper() if mark == "simulated" else mark), _MARK_STYLES.get(mark.split()[0], _FAINT))
        for mark in marks
    )


def _setting_title(setting: Setting) -> str:
    return f"{setting} · {SETTING_WORDS[setting]}"


def clean(text: str) -> str:
    """Names come from data sets and services: a control character in one must not reach the terminal."""
    return "".join(c if c.isprintable() else "�" for c in text)
