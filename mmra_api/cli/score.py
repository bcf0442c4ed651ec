"""``mmra score``: runs → derived runs read by another extractor, and every answer that flipped. Calls nobody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.options import runs_option

if TYPE_CHECKING:
    from mmra_api.report import Summary
    from mmra_api.run import Flip
    from mmra_api.types import Record


@click.command("score", short_help="Read the replies of runs again with another extractor, for nothing.")
@click.argument("names", metavar="RUN...", nargs=-1, required=True)
@click.option("--extractor", default="rules", show_default=True, help="rules, or official (the MMRA demo's own rule).")
@runs_option
def command(names: tuple[str, ...], extractor: str, runs: Path | None) -> None:
    """Read the stored replies of runs again, and list every answer that is read differently.

    Makes a new run for each RUN; the run itself stays as it is. Nothing is called.
    """
    from mmra_api.folder import find_run, find_runs_folder, load_run, name_for_commands
    from mmra_api.report import summarise
    from mmra_api.report.terminal import print_report
    from mmra_api.run import rescore

    parents = [load_run(find_run(name, find_runs_folder(runs))) for name in names]
    summaries: list[Summary] = []
    for parent in parents:
        derived, flips = rescore(parent, extractor, runs=parent.folder.parent)
        _print_flips(parent.info.name, derived.info.name, flips)
        for run in (parent, derived):
            summaries += summarise(name_for_commands(run).info, run.records())
    print_report(summaries)


def _print_flips(parent: str, derived: str, flips: list[Flip]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text(f"{derived}: {len(flips):,} answers flipped against {parent}"))
    if not flips:
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("sample", "setting", "gold", "was", "is", "outcome", "the text it was, and is, read from"):
        table.add_column(title, overflow="fold")
    for flip in flips:
        before, after = flip.before, flip.after
        table.add_row(
            Text(before.sample),
            before.setting,
            before.gold,
            _value(before),
            _value(after),
            f"{before.score.outcome} → {after.score.outcome}",
            Text(f"{_quote(before)} → {_quote(after)}"),
        )
    console.print(table)
    console.print()


def _value(record: Record) -> str:
    return (record.answer.value if record.answer else None) or "–"


def _quote(record: Record) -> str:
    """Return the words that were read, with the rule; or the rule alone where nothing was read."""
    if record.answer is None:
        return "no reply"
    if record.answer.span is None or record.response is None:
        return f"({record.answer.rule})"
    start, end = record.answer.span
    return f"{record.response.text[start:end]!r} ({record.answer.rule})"
