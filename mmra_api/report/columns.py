"""The columns of a report: one entry each, for all formats. A new column is an entry in ``COLUMNS``, nothing else.

An entry says what it is called, how it is got from a row's figures, how it is shown, and in which table of the terminal
it stands; CSV and JSON hold every entry, Markdown and LaTeX those of the comparison. The subtasks of a benchmark become
columns of the same kind (``subtask_column``), so that a table has one loop over all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from mmra_api.benchmarks import Published
from mmra_api.report.show import ABSENT, count, percent, span
from mmra_api.report.summary import OUTCOMES, Cell, Summary
from mmra_api.types import UNREAD, Outcome, Subtask

Value: TypeAlias = float | str | tuple[float, float] | None
Show: TypeAlias = Literal["percent", "count", "interval", "text"]
Place: TypeAlias = Literal["comparison", "outcomes", "calls", "files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One figure of a row. Either ``cell`` or ``row`` says how it is got."""

    name: str
    """Its key in JSON and its column in CSV."""
    heading: str
    """Above it in the tables that people read."""
    group: str = "all samples"
    """The heading that it shares with its neighbours."""
    show: Show = "count"
    cell: Callable[[Cell], Value] | None = None
    """For a figure of any group of samples: overall, and in CSV and JSON of each level, kind and subtask too."""
    row: Callable[[Summary], Value] | None = None
    """For a figure of the row as a whole."""
    printed: Callable[[Published], Value] = lambda _: None
    """What a published row shows."""
    place: Place = "comparison"
    """Its table in the terminal; ``comparison`` is also the table of Markdown and LaTeX, ``files`` is none."""
    order: int = 9
    """From left to right in the comparison; equal ones stand as here. CSV always keeps the order of this table."""
    contest: bool = False
    """Whether the highest is called best."""
    aside: bool = True
    """Whether it may stand beside the row's name where the terminal is too narrow for all columns."""
    rare: bool = False
    """Whether the terminal leaves it out where it is 0 in every row."""
    latex: str = ""
    """Its heading in LaTeX; empty: as elsewhere, with a capital."""
    ends: tuple[str, str] | None = None
    """The two columns of an interval in CSV; None: its name with ``_low`` and ``_high``."""
    joins: bool = False
    """True for a figure that joins others for people's eyes: CSV and JSON hold those others instead."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return its columns in CSV."""
        if self.show != "interval":
            return (self.name,)
        return self.ends or (f"{self.name}_low", f"{self.name}_high")

    def read(self, summary: Summary) -> Value:
        """Return the value of a row."""
        # A row's figure is that of all its samples.
        if self.cell is not None:
            return self.cell(summary.overall)
        return self.row(summary) if self.row is not None else None

    def write(self, value: Value) -> str:
        """Write a value as people read it."""
        if isinstance(value, tuple):
            return span(value)
        if value is None or isinstance(value, str):
            return value or ABSENT
        return percent(value) if self.show == "percent" else count(value)

    def write_cell(self, cell: Cell) -> str:
        """Write the figure of some samples; where there are none, only a count says something."""
        return self.write(self.cell(cell) if self.cell is not None and (cell.n or self.show == "count") else None)

    def write_row(self, summary: Summary) -> str:
        """Write the figure of a row."""
        return self.write_cell(summary.overall) if self.cell is not None else self.write(self.read(summary))


def _count_outcome(cell: Cell, *, outcome: Outcome) -> int:
    return cell.count(outcome)


def _bounds(cell: Cell) -> tuple[float, float] | None:
    low, high = cell.lower_bound, cell.upper_bound
    return None if low is None or high is None else (low, high)


COLUMNS: tuple[Column, ...] = (
    Column(name="n", heading="n", cell=lambda cell: cell.n, order=4, latex="$n$"),
    Column(name="planned", heading="planned", row=lambda row: row.planned, place="files"),
    *(
        Column(
            name=outcome,
            heading=outcome,
            group="no answer read" if outcome in UNREAD else "answered",
            # No lambda: those made in a loop would all count the last outcome.
            cell=partial(_count_outcome, outcome=outcome),
            place="outcomes",
            rare=outcome == "graded",  # most benchmarks grade nothing, and the table is as wide as a terminal
        )
        for outcome in OUTCOMES
    ),
    Column(
        name="accuracy",
        heading="overall",
        show="percent",
        cell=lambda cell: cell.accuracy,
        printed=lambda row: row.overall,
        order=1,
        contest=True,
        aside=False,
    ),
    Column(
        name="interval",
        heading="95 %",
        show="interval",
        cell=lambda cell: cell.interval,
        order=2,
        latex="95\\,\\%",
        ends=("low", "high"),
    ),
    Column(
        name="answered",
        heading="answered",
        group="percent",
        show="percent",
        cell=lambda cell: cell.answered,
        place="outcomes",
    ),
    Column(
        name="bounds", heading="bounds", group="percent", show="interval", cell=_bounds, place="outcomes", joins=True
    ),
    Column(name="lower_bound", heading="", show="percent", cell=lambda cell: cell.lower_bound, place="files"),
    Column(name="upper_bound", heading="", show="percent", cell=lambda cell: cell.upper_bound, place="files"),
    Column(name="credit", heading="credit", cell=lambda cell: cell.credit, place="files"),
    Column(name="macro", heading="macro", show="percent", row=lambda row: row.macro, order=3, contest=True),
    *(
        Column(name=name, heading=heading, group=group, row=read, place="calls")
        for name, heading, group, read in (
            ("calls_made", "made", "calls", lambda row: row.calls.made),
            ("retries", "retries", "calls", lambda row: row.calls.retries),
            ("calls_saved", "saved", "calls", lambda row: row.calls.saved),
            ("input_tokens", "input", "tokens spent", lambda row: row.calls.spent.input),
            ("output_tokens", "output", "tokens spent", lambda row: row.calls.spent.output),
            ("reasoning_tokens", "reasoning", "tokens spent", lambda row: row.calls.spent.reasoning),
            ("saved_input_tokens", "input", "tokens saved", lambda row: row.calls.spared.input),
            ("saved_output_tokens", "output", "tokens saved", lambda row: row.calls.spared.output),
        )
    ),
)
"""In the order of the columns of CSV."""


# The table is read anew at each call, here and below, so that an entry added by a program shows too.
def list_columns(place: Place) -> list[Column]:
    """Return the columns of a table, from left to right."""
    own = [column for column in COLUMNS if column.place == place]
    return sorted(own, key=lambda column: column.order) if place == "comparison" else own


def list_written() -> list[Column]:
    """Return the columns of CSV and JSON."""
    return [column for column in COLUMNS if not column.joins]


def find_column(name: str) -> Column:
    """Return a column by its name."""
    return next(column for column in COLUMNS if column.name == name)


def subtask_column(subtask: Subtask) -> Column:
    """Return the column of the comparison that shows the accuracy in a subtask, under the heading of its level."""

    def read(summary: Summary) -> Value:
        cell = summary.subtasks.get(subtask.abbrev)
        return None if cell is None else cell.accuracy

    return Column(
        name=subtask.abbrev,
        heading=subtask.abbrev,
        group=subtask.level or "",
        show="percent",
        row=read,
        printed=lambda row: row.subtasks.get(subtask.abbrev),
        contest=True,
        aside=False,
    )
