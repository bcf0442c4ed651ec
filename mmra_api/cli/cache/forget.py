"""``mmra cache forget``: filters → stored calls removed, after a copy that can be imported was written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.cache.choose import Choice, choice_flags, find_key
from mmra_api.cli.flags import cache_flag
from mmra_api.cli.printing import make_safe
from mmra_api.errors import InputError

if TYPE_CHECKING:
    from mmra_api.cli.cache.totals import StoreTotals
    from mmra_api.dispatch.store import Entry, Store, StoredRow

FINISHES = ("stop", "length", "refusal", "content_filter", "other")
"""As in ``types.FinishReason``; a test compares them."""
FOLDER = "forgotten"
BATCH = 1000
"""Calls that are removed in one transaction."""
EXAMPLES = 3
WIDEST = max(map(len, FINISHES))
QUOTED = 30
"""Characters of a reply that are shown."""


@click.command("forget", short_help="Remove stored calls, after a copy of them was written.")
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@choice_flags
@click.option("--finish", "finishes", type=click.Choice(FINISHES), multiple=True, help="Only replies that ended so.")
@click.option("--before", type=click.DateTime(), help="Only calls stored before this time, UTC.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@cache_flag
def forget(
    keys: tuple[str, ...],
    *,
    services: tuple[str, ...],
    models: tuple[str, ...],
    finishes: tuple[str, ...],
    before: datetime | None,
    dry_run: bool,
    yes: bool,
    cache: Path | None,
) -> None:
    """Remove stored calls, so that they are made, and paid for, again.

    What is removed must meet every filter given; a KEY may be its first 6 digits or more. It is first written to a file
    in the cache folder, and `mmra cache import` of that file brings it back.
    """
    # Without any filter everything would fit.
    if not (keys or services or models or finishes or before):
        raise InputError("say what to forget: a KEY, --service, --model, --finish or --before")
    choice = asyncio.run(_find(keys, Choice(services=services, models=models, finishes=finishes, before=before), cache))
    if choice is None or dry_run:
        return
    # Outside of any event loop: within one, the first Ctrl-C at the question would be taken for the loop's own.
    if not (yes or click.confirm("forget them?")):
        click.echo("nothing was forgotten")
        return
    # Looked for once more: calls may have gone while the user read the question.
    file, count = asyncio.run(_remove(choice, cache))
    if not count:
        click.echo("nothing was forgotten: what fitted is gone already")
        return
    click.echo(
        f"forgot {count:,}; a copy is in\n  {make_safe(str(file))}\n`mmra cache import` of that file brings them back"
    )


async def _find(keys: tuple[str, ...], choice: Choice, cache: Path | None) -> Choice | None:
    """Say what would go; returns the choice with whole keys, or None where nothing fits."""
    from mmra_api.dispatch.store import open_store

    async with open_store(cache) as store:
        if not await store.measure():
            click.echo(f"{store.place}: empty")
            return None
        choice = replace(choice, keys=frozenset([await find_key(store, key) for key in keys]))
        return choice if await _say_what_goes(store, choice) else None


async def _choose(store: Store, choice: Choice) -> AsyncIterator[StoredRow]:
    async for row in store.rows():
        if row.entry is not None and choice.takes(row.key, row.entry):
            yield row


async def _say_what_goes(store: Store, choice: Choice) -> bool:
    """Say what would go; returns whether there is anything."""
    from mmra_api.cli.cache.totals import StoreTotals

    stored, examples = StoreTotals(), list[str]()
    async for row in _choose(store, choice):
        if row.entry is not None:
            stored.add(row.entry, row.size)
            if len(examples) < EXAMPLES:
                examples.append(_describe(row.key, row.entry))
    _say_cost(stored)
    for line in examples:
        click.echo(f"  {make_safe(line)}")
    total = sum(totals.replies for totals in stored.groups.values())
    if total > len(examples):
        click.echo(f"  and {total - len(examples):,} more")
    return total > 0


def _say_cost(stored: StoreTotals) -> None:
    from mmra_api.cli.cache.totals import UNKNOWN, show_model

    if not stored.groups:
        click.echo("nothing stored fits; nothing would go")
    for (service, base_url, model, _), totals in sorted(stored.groups.items()):
        replies = "1 reply" if totals.replies == 1 else f"{totals.replies:,} replies"
        money = totals.money()
        cost = {UNKNOWN: "price unknown", "simulated": "simulated"}.get(money, f"cost {money}")
        click.echo(f"{make_safe(show_model(service, base_url, model))}: {replies}, {cost}")


def _describe(key: str, entry: Entry) -> str:
    from mmra_api.cli.cache.totals import read_response

    response = read_response(entry)
    said = " ".join(response.text.split()) if response else "(cannot be read)"
    short = said if len(said) <= QUOTED else f"{said[:QUOTED]}…"
    return f"{key[:12]}  {entry.stored[:10]}  {response.finish if response else '':<{WIDEST}}  {short!r}"


async def _remove(choice: Choice, cache: Path | None) -> tuple[Path, int]:
    """Write what goes to a file, durably, and only then remove it. Returns the file and how many went."""
    from mmra_api.dispatch.store import find_folder, open_store, write_export

    removed = list[str]()

    async with open_store(cache) as store:

        async def note() -> AsyncIterator[tuple[str, Entry]]:
            async for row in _choose(store, choice):
                if row.entry is not None:
                    yield row.key, row.entry
                    removed.append(row.key)  # after the yield: nothing goes that the file did not take

        await store.check_writable()  # before a copy is made of what then could not be removed
        file = _name_file(find_folder(cache) / FOLDER)
        await write_export(file, note())
        # In parts, so that a run that writes meanwhile never waits long.
        for start in range(0, len(removed), BATCH):
            await store.remove(removed[start : start + BATCH])
    return file, len(removed)


def _name_file(folder: Path) -> Path:
    """Return a file that does not exist yet, named by the time: several may be made in one second."""
    folder.mkdir(parents=True, exist_ok=True)
    now = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = (f"{now}{f'-{number}' if number > 1 else ''}.jsonl.gz" for number in range(1, 1000))
    return next(folder / name for name in names if not (folder / name).exists())
