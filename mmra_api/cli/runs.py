"""``mmra runs``: the folder of runs → a list, newest last."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.flags import runs_flag
from mmra_api.cli.printing import make_safe
from mmra_api.errors import RunError
from mmra_api.runs import count_records, find_runs_folder, list_runs, load_run

if TYPE_CHECKING:
    from rich.text import Text

NARROW = 110
"""Columns below which a run takes two lines: the six columns of the table would break in most cells."""
WIDE = 250
"""Columns where the output is not a terminal: a program needs whole names."""


@click.command("runs", short_help="List the runs there are.")
@runs_flag
def command(runs: Path | None) -> None:
    """List the runs there are, newest last."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    folder = find_runs_folder(runs)
    # The newest last: of a long list the end is what stays on the screen.
    found = list_runs(folder)
    if not found:
        click.echo(f"no runs in {str(folder)!r} yet; make one with `mmra run`, or see `mmra demo`")
        return
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    table = Table(box=None, pad_edge=False, header_style="dim")
    narrow = console.width < NARROW
    for title in ("run", "records") if narrow else ("run", "records", "state", "setting", "model", "parameters"):
        table.add_column(title, justify="right" if title == "records" else "left", overflow="fold")
    for path in found:
        # Text, because rich would read [brackets] in a name as a style.
        row = [Text(path.name), *_describe(path)]
        table.add_row(*row[:2] if narrow else row)
        if narrow:
            table.add_row(Text("  ").append_text(Text(" · ").join(filter(None, row[2:]))))
    console.print(table)


def _describe(path: Path) -> list[Text]:
    """Return records, state, setting, model and parameters."""
    from rich.text import Text

    from mmra_api.report import describe_params

    try:
        info = load_run(path).info
    # One run that cannot be read must not hide the others.
    except RunError:
        return [Text(), Text("damaged, or of another version", style="red"), Text(), Text(), Text()]
    count = count_records(path)
    state = Text("complete") if info.finished else Text("incomplete", style="yellow")
    records = f"{count:,}" if count == info.planned else f"{count:,} of {info.planned:,}"
    # Short texts: they share the row with five other columns.
    asked = ", ".join(describe_params(info.params, shown=24))
    return [Text(records), state, Text(",".join(info.settings)), Text(make_safe(info.model)), Text(make_safe(asked))]
