"""Records → Summary → tables: ``aggregate`` counts once, everything else shows what was counted.

``compare`` lays out the comparison; ``terminal``, with ``panels`` and ``grid``, prints it; ``tables`` and ``latex``
write it for programs and papers; ``notes`` and ``advice`` say what a reader must know and do; ``uncertainty`` finds
what was not read with certainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mmra_api.benchmarks import Published
from mmra_api.report.aggregate import summarise
from mmra_api.report.formats import Format, write
from mmra_api.report.notes import warnings
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
