"""``mmra runs``: the folder of runs → a list, newest last."""

from __future__ import annotations

from pathlib import Path

import click

from mmra_api.cli.options import runs_option


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
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("run", "model", "benchmark", "setting", "records", "state", "started (UTC)"):
        table.add_column(title, justify="right" if title == "records" else "left", no_wrap=title == "records")
    for path in found:
        info = load_run(path).info
        count = count_records(path)
        state = "complete" if info.finished else "incomplete"
        table.add_row(
            Text(info.name),
            Text(info.model),
            info.data.benchmark,
            ",".join(info.settings),
            f"{count:,}" if count == info.planned else f"{count:,} / {info.planned:,}",
            Text(f"{state}, from {info.parent}" if info.parent else state, style="" if info.finished else "yellow"),
            info.started.removesuffix("+00:00").replace("T", " "),
        )
    Console(highlight=False).print(table)
