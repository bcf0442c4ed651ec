"""``mmra cache stats``: a cache folder → what is stored, what it cost, and what it counts."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.flags import cache_flag
from mmra_api.cli.printing import make_safe

if TYPE_CHECKING:
    from rich.table import Table

    from mmra_api.cli.cache.totals import StoreTotals
    from mmra_api.dispatch.store import Asked, Hits, Store

WIDE = 250
"""Columns where the output is no terminal: a name is worth more whole."""


@click.command("stats", short_help="Count what is stored, what it cost, what it counts.")
@cache_flag
def stats(cache: Path | None) -> None:
    """Count what is stored, what it cost, and what it saved, by model.

    Tokens are as the services counted them. Money is in US dollars at today's list prices; – where nobody states one,
    ≥ where some replies have no token count.
    """
    asyncio.run(_print(cache))


async def _print(cache: Path | None) -> None:
    from mmra_api.cli.cache.totals import show_size
    from mmra_api.dispatch.store import open_store

    async with open_store(cache) as store:
        size = await store.measure()
        if not size:
            click.echo(f"{store.place}: empty")
            return
        stored, faults = await _add_up(store)
        hits = await store.read_hits()
        replies = sum(totals.replies for totals in stored.groups.values())
        click.echo(f"{store.place}: {replies:,} replies, {show_size(size)}")
    if stored.groups or hits:
        from rich.console import Console

        console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
        console.print(_table_stored(stored))
        if hits:
            console.print()
            console.print(_table_hits(hits, stored))
    if faults:
        click.echo(f"{faults:,} entries are damaged and count as not stored; `mmra cache verify` lists them", err=True)


async def _add_up(store: Store) -> tuple[StoreTotals, int]:
    """Return the totals of what is stored, and how many entries are damaged."""
    from mmra_api.cli.cache.totals import StoreTotals

    stored, faults = StoreTotals(), 0
    async for row in store.rows():
        if row.entry is None:
            faults += 1
        else:
            stored.add(row.entry, row.size)
    return stored, faults


def _table_stored(stored: StoreTotals) -> Table:
    from rich.text import Text

    from mmra_api.cli.cache.totals import show_model, show_size

    table = _make_table("stored", "replies", "size", "tokens in", "tokens out", "cost")
    for (service, base_url, model, _), totals in sorted(stored.groups.items()):
        table.add_row(
            Text(make_safe(show_model(service, base_url, model))),
            f"{totals.replies:,}",
            show_size(totals.size),
            _count(totals.input_tokens),
            _count(totals.output_tokens),
            totals.money(),
        )
    return table


def _table_hits(hits: dict[Asked, Hits], stored: StoreTotals) -> Table:
    from rich.text import Text

    from mmra_api.cli.cache.totals import price_hits, show_model, show_money

    table = _make_table("saved: answered from here", "hits", "tokens in", "tokens out", "worth")
    for asked, counts in sorted(hits.items()):
        # The counts of hits do not say who answered; what is stored does.
        simulated = (*asked, True) in stored.groups and (*asked, False) not in stored.groups
        table.add_row(
            Text(make_safe(show_model(*asked))),
            f"{counts.hits:,}",
            _count(counts.input_tokens),
            _count(counts.output_tokens),
            "simulated" if simulated else show_money(price_hits(asked, counts)),
        )
    return table


def _make_table(*titles: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, title in enumerate(titles):
        # Only the name may break: a part of a number could be taken for the whole.
        table.add_column(title, justify="right" if number else "left", overflow="fold", no_wrap=number > 0)
    return table


def _count(tokens: int) -> str:
    # Beyond ten millions the last digits tell nothing, and make the column wide.
    return f"{tokens:,}" if tokens < 10_000_000 else f"{tokens / 1e6:,.1f} M"
