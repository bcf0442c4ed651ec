"""``mmra cache verify`` and ``show``: the store, whole or one call of it → what is wrong, or what is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.cache.choose import find_key
from mmra_api.cli.flags import cache_flag
from mmra_api.cli.printing import make_safe
from mmra_api.errors import InputError

if TYPE_CHECKING:
    from mmra_api.dispatch.store import Entry

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
    from mmra_api.dispatch.store import check_database, find_folder, has_database, scan

    root = find_folder(cache)
    if not has_database(root):
        click.echo(f"{root.resolve()}: empty")
        return
    sound, wrong = 0, check_database(root / "responses")
    for said in wrong:
        click.echo(f"the database: {make_safe(said)}")
    damaged = 0
    for row in scan(root / "responses"):
        sound += not row.fault
        damaged += bool(row.fault)
        if row.fault and damaged <= SHOWN:
            click.echo(f"{make_safe(row.key[:64])}: {make_safe(row.fault)}")
    if damaged > SHOWN:
        click.echo(f"and {damaged - SHOWN:,} more")
    if wrong or damaged:
        click.echo(f"{sound + damaged:,} entries, {damaged:,} damaged" + ("; the database is damaged" if wrong else ""))
        ctx.exit(1)
    click.echo(f"{sound:,} entries, all sound")


@click.command("show")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="One JSON document, for programs.")
@cache_flag
def show(key: str, *, as_json: bool, cache: Path | None) -> None:
    """Show one stored call and its reply. KEY is its key, or the first digits of it, at least 6."""
    from mmra_api.dispatch.store import find_folder, read_row

    root = find_folder(cache)
    row = read_row(root / "responses", find_key(root, key))
    if row is None or row.entry is None:
        raise InputError(f"the entry {key!r} cannot be read: {row.fault if row else 'it is gone'}")
    click.echo(_dump(row.key, row.entry) if as_json else make_safe(_describe(row.key, row.entry)))


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
    from mmra_api.cli.cache.tally import read_asked

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
    return json.dumps(value, ensure_ascii=False, indent=2)
