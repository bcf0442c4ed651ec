"""``mmra cache export`` and ``import``: stored calls ↔ a file that a colleague can use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.cache.choose import Choice, choice_options
from mmra_api.cli.flags import cache_flag
from mmra_api.cli.printing import make_safe
from mmra_api.errors import InputError

if TYPE_CHECKING:
    from mmra_api.dispatch.store import Entry, Merged

FILE = click.Path(path_type=Path, dir_okay=False)
DAMAGED = 1
"""The exit code when an export had to leave something out."""
SHOWN = 10


@click.command("export", short_help="Write stored calls to a file, to share or to keep.")
@click.argument("file", type=FILE)
@choice_options
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
    from mmra_api.cli.cache.tally import show_size
    from mmra_api.dispatch.store import find_folder, write_export

    if file.exists() and not force:
        raise InputError(f"{str(file)!r} exists; choose another name, or write over it with --force")
    root, left_out = find_folder(cache), list[str]()
    count = write_export(file, _choose(root, Choice(services=services, models=models), left_out))
    for line in left_out[:SHOWN]:
        click.echo(f"left out: {make_safe(line)}", err=True)
    if len(left_out) > SHOWN:
        click.echo(f"left out: {len(left_out) - SHOWN:,} more; `mmra cache verify` lists them", err=True)
    if not count:
        raise InputError(f"nothing was exported: {_say_what_there_is(root)}")
    click.echo(f"{make_safe(str(file))}: {count:,} stored calls, {show_size(file.stat().st_size)}")
    ctx.exit(DAMAGED if left_out else 0)


def _choose(root: Path, choice: Choice, left_out: list[str]) -> Iterator[tuple[str, Entry]]:
    from mmra_api.dispatch.store import scan

    for row in scan(root / "responses"):
        if row.entry is None:
            left_out.append(f"{row.key[:64]}: {row.fault}")
        elif choice.takes(row.key, row.entry):
            yield row.key, row.entry


def _say_what_there_is(root: Path) -> str:
    from mmra_api.cli.cache.tally import read_asked
    from mmra_api.dispatch.store import scan

    models = {(each[0], each[2]) for row in scan(root / "responses") if row.entry for each in [read_asked(row.entry)]}
    if not models:
        return f"the cache {str(root)!r} is empty"
    names = sorted(f"{service}/{model}" for service, model in models)
    return f"no stored call fits; the cache {str(root)!r} has {', '.join(names[:SHOWN])}" + (
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
    from mmra_api.dispatch.store import find_folder, merge_export

    merged = merge_export(file, find_folder(cache))
    click.echo(
        f"{make_safe(str(file))}: {merged.new:,} new, {merged.known:,} known, {merged.other:,} with another reply"
    )
    if merged.other:
        _say_how_to_take(merged)


def _say_how_to_take(merged: Merged) -> None:
    keys = ", ".join(key[:12] for key in merged.examples) + (", …" if merged.other > len(merged.examples) else "")
    click.echo(
        f"The stored replies stay; the others ({keys}) are kept in\n  {make_safe(str(merged.conflicts))}\n"
        "To take one of them instead: `mmra cache forget KEY`, then `mmra cache import` that file."
    )
