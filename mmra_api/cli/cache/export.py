"""``mmra cache export`` and ``import``: stored calls ↔ a file that a colleague can use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.cache.choose import Choice, choice_flags
from mmra_api.cli.flags import cache_flag
from mmra_api.cli.printing import make_safe
from mmra_api.errors import InputError

if TYPE_CHECKING:
    from mmra_api.dispatch.store import Entry, Merged, Store

FILE = click.Path(path_type=Path, dir_okay=False)
DAMAGED = 1
"""The exit code when an export had to leave something out."""
SHOWN = 10
"""Things of a kind that are named; the rest is counted."""


@click.command("export", short_help="Write stored calls to a file, to share or to keep.")
@click.argument("file", type=FILE)
@choice_flags
@click.option("--force", is_flag=True, help="Write over FILE where it exists.")
@cache_flag
@click.pass_context
def export(
    ctx: click.Context,
    file: Path,
    *,
    services: tuple[str, ...],
    models: tuple[str, ...],
    force: bool,
    cache: Path | None,
) -> None:
    """Write stored calls to FILE, for `mmra cache import`: JSON lines, gzipped; name it .jsonl.gz.

    It holds prompts, replies and the digests of images; no images and no keys. Damaged entries are named and left out,
    and the exit code is then 1.
    """
    if file.exists() and not force:
        raise InputError(f"{str(file)!r} exists; choose another name, or write over it with --force")
    left_out = asyncio.run(_export(file, Choice(services=services, models=models), cache))
    ctx.exit(DAMAGED if left_out else 0)


async def _export(file: Path, choice: Choice, cache: Path | None) -> list[str]:
    """Write the file and say so; returns what was left out."""
    from mmra_api.cli.cache.totals import show_size
    from mmra_api.dispatch.store import open_store, write_export

    left_out = list[str]()
    async with open_store(cache) as store:
        count = await write_export(file, _choose(store, choice, left_out))
        for line in left_out[:SHOWN]:
            click.echo(f"left out: {make_safe(line)}", err=True)  # stdout says what was written
        if len(left_out) > SHOWN:
            click.echo(f"left out: {len(left_out) - SHOWN:,} more; `mmra cache verify` lists them", err=True)
        if not count:
            raise InputError(f"nothing was exported: {await _say_what_there_is(store)}")
    click.echo(f"{make_safe(str(file))}: {count:,} stored calls, {show_size(file.stat().st_size)}")  # noqa: ASYNC240 - once
    return left_out


async def _choose(store: Store, choice: Choice, left_out: list[str]) -> AsyncIterator[tuple[str, Entry]]:
    async for row in store.rows():
        if row.entry is None:
            left_out.append(f"{row.key[:64]}: {row.fault}")
        elif choice.takes(row.key, row.entry):
            yield row.key, row.entry


async def _say_what_there_is(store: Store) -> str:
    from mmra_api.cli.cache.totals import read_asked

    asked = [read_asked(row.entry) async for row in store.rows() if row.entry]
    if not asked:
        return f"the cache {store.place!r} is empty"
    names = sorted({f"{service}/{model}" for service, _, model in asked})
    return f"no stored call fits; the cache {store.place!r} has {', '.join(names[:SHOWN])}" + (
        ", …" if len(names) > SHOWN else ""
    )


@click.command("import", short_help="Add the stored calls of such a file.")
@click.argument("file", type=FILE)
@cache_flag
def import_(file: Path, *, cache: Path | None) -> None:
    """Add the stored calls of FILE, which `mmra cache export` made.

    The whole file is verified before anything is written. What is stored already stays: where FILE has another reply
    to the same call, that one is kept beside the store. Doing it twice changes nothing.
    """
    merged = asyncio.run(_merge(file, cache))
    click.echo(
        f"{make_safe(str(file))}: {merged.new:,} new, {merged.known:,} known, {merged.other:,} with another reply"
    )
    if merged.other:
        _say_how_to_take(merged)


async def _merge(file: Path, cache: Path | None) -> Merged:
    from mmra_api.dispatch.store import find_folder, merge_export, open_store

    async with open_store(cache) as store:
        return await merge_export(file, store, find_folder(cache))


def _say_how_to_take(merged: Merged) -> None:
    keys = ", ".join(key[:12] for key in merged.examples) + (", …" if merged.other > len(merged.examples) else "")
    click.echo(
        f"The stored replies stay; the others ({keys}) are kept in\n  {make_safe(str(merged.conflicts))}\n"
        "To take one of them instead: `mmra cache forget KEY`, then `mmra cache import` that file."
    )
