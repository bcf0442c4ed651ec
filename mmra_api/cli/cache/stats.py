"""``mmra cache stats``: a cache folder → what is stored, what it cost, and what it saved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.flags import cache_flag
from mmra_api.cli.printing import make_safe

if TYPE_CHECKING:
    from rich.table import Table

    from mmra_api.cli.cache.tally import Bill
    from mmra_api.dispatch.store import Asked, Saved

WIDE = 250
"""Columns where the output is no terminal: a name is worth more whole."""


@click.command("stats", short_help="Count what is stored, what it cost, what it saved.")
@cache_flag
def stats(cache: Path | None) -> None:
    """Count what is stored, what it cost, and what it saved, by model.

    Tokens are as the services counted them. Money is in US dollars at today's list prices; – where nobody states one,
    ≥ where some replies have no token count.
    """
    from mmra_api.cli.cache.tally import Bill, show_size
    from mmra_api.dispatch.store import find_folder, has_database, measure, read_saved, scan

    root = find_folder(cache)
    if not has_database(root):
        click.echo(f"{root.resolve()}: empty")
        return
    bill, faults = Bill(), 0
    for row in scan(root / "responses"):
        if row.entry is None:
            faults += 1
        else:
            bill.add(row.entry, row.size)
    replies = sum(tally.replies for tally in bill.groups.values())
    click.echo(f"{root.resolve()}: {replies:,} replies, {show_size(measure(root / 'responses'))}")
    saved = read_saved(root)
    if bill.groups or saved:
        from rich.console import Console

        console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
        console.print(_table_stored(bill))
        if saved:
            console.print()
            console.print(_table_saved(saved, bill))
    if faults:
        click.echo(f"{faults:,} entries are damaged and count as not stored; `mmra cache verify` lists them", err=True)


def _table_stored(bill: Bill) -> Table:
    from rich.text import Text

    from mmra_api.cli.cache.tally import show_model, show_size

    table = _make_table("stored", "replies", "size", "tokens in", "tokens out", "cost")
    for (service, base_url, model, _), tally in sorted(bill.groups.items()):
        table.add_row(
            Text(make_safe(show_model(service, base_url, model))),
            f"{tally.replies:,}",
            show_size(tally.size),
            _count(tally.input_tokens),
            _count(tally.output_tokens),
            tally.money(),
        )
    return table


def _table_saved(ledger: dict[Asked, Saved], bill: Bill) -> Table:
    from rich.text import Text

    from mmra_api.cli.cache.tally import price_saved, show_model, show_money

    table = _make_table("saved: answered from here", "hits", "tokens in", "tokens out", "worth")
    for asked, saved in sorted(ledger.items()):
        simulated = (*asked, True) in bill.groups and (*asked, False) not in bill.groups
        table.add_row(
            Text(make_safe(show_model(*asked))),
            f"{saved.hits:,}",
            _count(saved.input_tokens),
            _count(saved.output_tokens),
            "simulated" if simulated else show_money(price_saved(asked, saved)),
        )
    return table


def _make_table(*titles: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, title in enumerate(titles):
        table.add_column(title, justify="right" if number else "left", overflow="fold", no_wrap=number > 0)
    return table


def _count(tokens: int) -> str:
    return f"{tokens:,}" if tokens < 10_000_000 else f"{tokens / 1e6:,.1f} M"
