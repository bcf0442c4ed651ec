"""``mmra cache verify`` and ``show``: the store, whole or one call of it → what is wrong, or what is there."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.cache.choose import find_key
from mmra_api.cli.flags import cache_flag
from mmra_api.cli.printing import make_safe
from mmra_api.errors import InputError

if TYPE_CHECKING:
    from mmra_api.dispatch.store import Entry, StoredRow

SHOWN = 100
"""Damaged entries that are listed; the rest is counted."""


@click.command("verify", short_help="Check every entry and the database.")
@cache_flag
@click.pass_context
def verify(ctx: click.Context, cache: Path | None) -> None:
    """Check every entry and the database; exit code 1 when anything is wrong.

    Each key is computed again from the stored call. Nothing is changed: a damaged entry counts as not stored, and is
    replaced when it is asked again or imported.
    """
    if not asyncio.run(_is_sound(cache)):
        ctx.exit(1)


async def _is_sound(cache: Path | None) -> bool:
    """Print what is wrong, and how much is there; returns whether all of it is sound."""
    from mmra_api.dispatch.store import open_store

    async with open_store(cache) as store:
        if not await store.measure():
            click.echo(f"{store.place}: empty")
            return True
        sound, damaged, wrong = 0, 0, await store.check_integrity()
        for said in wrong:
            click.echo(f"the database: {make_safe(said)}")
        async for row in store.rows():
            sound += not row.fault
            damaged += bool(row.fault)
            if row.fault and damaged <= SHOWN:
                # The key of a foreign row may be of any length: a real one has 64 digits.
                click.echo(f"{make_safe(row.key[:64])}: {make_safe(row.fault)}")
    if damaged > SHOWN:
        click.echo(f"and {damaged - SHOWN:,} more")
    if wrong or damaged:
        click.echo(f"{sound + damaged:,} entries, {damaged:,} damaged" + ("; the database is damaged" if wrong else ""))
        return False
    click.echo(f"{sound:,} entries, all sound")
    return True


@click.command("show")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="One JSON document, for programs.")
@cache_flag
def show(key: str, *, as_json: bool, cache: Path | None) -> None:
    """Show one stored call and its reply. KEY is its key, or the first digits of it, at least 6."""
    row = asyncio.run(_find(key, cache))
    if row is None or row.entry is None:
        raise InputError(f"the entry {key!r} cannot be read: {row.fault if row else 'it is gone'}")
    click.echo(_dump(row.key, row.entry) if as_json else make_safe(_describe(row.key, row.entry)))


async def _find(key: str, cache: Path | None) -> StoredRow | None:
    from mmra_api.dispatch.store import open_store

    async with open_store(cache) as store:
        return await store.find_row(await find_key(store, key))


def _dump(key: str, entry: Entry) -> str:
    """Return the entry as JSON in ASCII: exact, and nothing in it can steer a terminal."""
    whole = {
        "key": key,
        "keyed": entry.keyed,
        "reply": entry.reply,
        "headers": entry.headers,
        "stored": entry.stored,
    }
    return json.dumps(whole, ensure_ascii=True, indent=2)


def _describe(key: str, entry: Entry) -> str:
    from mmra_api.cli.cache.totals import read_asked

    service, base_url, model = read_asked(entry)
    facts = {
        "key": key,
        "stored": entry.stored,
        "service": service,
        "base URL": base_url,
        "path": entry.keyed["path"],
        "model": model,
        "trial": str(entry.keyed["trial"]),
        **entry.headers,
    }
    width = max(map(len, facts)) + 2
    head = "\n".join(f"{name:<{width}}{value}" for name, value in facts.items())
    return f"{head}\n\ncall\n{_indent(entry.keyed['body'])}\n\nreply\n{_indent(entry.reply)}"


def _indent(value: object) -> str:
    # Readable in every language: `make_safe` takes out what could steer a terminal.
    return json.dumps(value, ensure_ascii=False, indent=2)
