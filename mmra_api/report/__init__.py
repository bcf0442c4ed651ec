"""Records → one table of columns → figures of a row → views of them, in five formats.

In go a run's description and its records (``summarise``), out come Summaries; ``write`` and ``print_report`` show any
number of them side by side, ``warnings`` says what makes them incomparable, ``audit`` what was not read with certainty.
Nothing here asks a model or changes a run.

- ``table`` holds what a report knows of a record: a new fact of a record is a column there.
- ``aggregate`` makes a ``Summary`` of a table: a new figure is a field in ``summary`` and a line there.
- ``columns`` is the table of the report's columns: a new column is an entry there, for all formats.
- ``compare`` sets rows beside each other and finds the best, ``marks`` says what a reader must know about a row.
- ``terminal``, ``markdown``, ``latex``, ``csv_text`` and ``json_text`` are the formats, one file each, listed in
  ``formats``; ``show`` writes numbers. Below the terminal's stand ``panels`` (which tables it has), ``grid`` (a table
  before it has a width), ``layout`` and ``widths`` (what gives it one).
- ``notes`` are the sentences below a table, ``caveats`` the warnings, ``advice`` what to do next.
- ``uncertainty`` finds what was not read with certainty, and measures readers by labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mmra_api.benchmarks import Published
from mmra_api.report.aggregate import summarise
from mmra_api.report.caveats import warnings
from mmra_api.report.formats import Format, write
from mmra_api.report.parameters import describe_params
from mmra_api.report.summary import Cell, Summary
from mmra_api.report.uncertainty import Agreement, Audit, audit, compare_readings, find_pattern, read_by_rules

if TYPE_CHECKING:
    from rich.console import Console


def print_report(
    summaries: Sequence[Summary], *, published: Sequence[Published] = (), console: Console | None = None
) -> None:
    """Print the report as people read it; see ``terminal``, which is loaded here because it needs rich."""
    from mmra_api.report import terminal

    terminal.print_report(summaries, published=published, console=console)


__all__ = [
    "Agreement",
    "Audit",
    "Cell",
    "Format",
    "Summary",
    "audit",
    "compare_readings",
    "describe_params",
    "find_pattern",
    "print_report",
    "read_by_rules",
    "summarise",
    "warnings",
    "write",
]
