"""``mmra runs``: the folder of runs → a list, newest last."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mmra_api.cli.options import runs_option
from mmra_api.errors import RunError

WIDE = 250
"""Columns where the output is no terminal: a name is worth more whole."""


@click.command("runs", short_help="List the runs there are.")
@runs_option
def command(runs: Path | None) -> None:
    """List the runs there are, newest last."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from mmra_api.folder import count_records, find_runs_folder, list_runs, load_run

    folder = find_runs_folder(runs)
    found = list_runs(folder)
    if not found:
        click.echo(f"no runs in {str(folder)!r} yet; make one with `mmra run`, or see `mmra demo`")
        return
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("run", no_wrap=True)  # a name is there to be copied
    table.add_column("model", overflow="fold")
    table.add_column("setting", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("records", justify="right", no_wrap=True)
    for path in found:
        try:
            info = load_run(path).info
        except RunError:
            table.add_row(Text(path.name), "", "", Text("damaged", style="red"), "")
            continue
        count = count_records(path)
        state = "complete" if info.finished else "incomplete"
        table.add_row(
            Text(info.name),
            Text(info.model),
            ",".join(info.settings),
            Text(f"{state}, from {info.parent}" if info.parent else state, style="" if info.finished else "yellow"),
            f"{count:,}" if count == info.planned else f"{count:,} of {info.planned:,}",
        )
    console.print(table)
