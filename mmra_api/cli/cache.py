"""``mmra cache``: the store of everything that was paid for → where it is, what is in it, why a call was not found."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.display import safe
from mmra_api.cli.options import cache_option, runs_option
from mmra_api.errors import InputError

if TYPE_CHECKING:
    from mmra_api.dispatch.key import Keyed
    from mmra_api.dispatch.store import Store
    from mmra_api.types import Response


@click.group("cache", short_help="Look into the store of everything that was paid for.")
def command() -> None:
    """Look into the store of everything that was paid for.

    It never evicts and never expires. To share it, or to keep it safe, copy its folder while nothing runs.
    """


@command.command("path")
@cache_option
def path(cache: Path | None) -> None:
    """Print the folder."""
    from mmra_api.dispatch.store import find_folder

    click.echo(find_folder(cache).resolve())


@command.command("stats")
@cache_option
def stats(cache: Path | None) -> None:
    """Count what is stored, by service and model."""
    from mmra_api.dispatch.store import Store, find_folder

    folder = find_folder(cache)
    if not (folder / "responses").is_dir():
        click.echo(f"{folder.resolve()}: empty")
        return
    with closing(Store(folder)) as store:
        _print_stats(store)


def _print_stats(store: Store) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    replies: Counter[tuple[str, str, str]] = Counter()
    for key in store:
        entry = store.get(key)
        if entry is not None:
            keyed = entry.keyed
            body = keyed.get("body")
            model = body.get("model", "") if isinstance(body, dict) else ""
            replies[str(keyed.get("service", "")), str(keyed.get("base_url", "")), str(model)] += 1
    click.echo(f"{store.folder.resolve()}: {len(store):,} replies, {store.size() / 1e6:,.1f} MB")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("service", "model", "base URL"):
        table.add_column(title, overflow="fold")
    table.add_column("replies", justify="right")
    for (service, base_url, model), count in sorted(replies.items()):
        table.add_row(service, Text(model), Text(base_url), f"{count:,}")
    if replies:
        Console(highlight=False).print(table)
    if store.unreadable:
        click.echo(f"{len(store.unreadable):,} entries are damaged and count as not stored", err=True)


@command.command("explain")
@click.argument("name", metavar="RUN")
@click.argument("sample")
@click.option("--setting", default="IQ", show_default=True)
@click.option("--against", metavar="RUN2", help="Compare with the same sample of this run [the nearest stored call].")
@cache_option
@runs_option
def explain(name: str, sample: str, setting: str, against: str | None, cache: Path | None, runs: Path | None) -> None:
    """Say in words why a sample was asked again: what differs from the same sample in RUN2, or from the nearest call.

    A call is found again when all of these are equal: service, base URL, path, the whole body with every image by its
    digest, and the trial. Timeouts, retries and concurrency do not matter.
    """
    from mmra_api.dispatch.explain import describe_differences, find_nearest
    from mmra_api.dispatch.store import Store, find_folder
    from mmra_api.folder import find_runs_folder

    folder = find_runs_folder(runs)
    with closing(Store(find_folder(cache))) as store:
        record, keyed = _find_call(store, name, sample, setting, folder)
        if against is not None:
            other_record, other = _find_call(store, against, sample, setting, folder)
            other_key = other_record.key
        else:
            if record.source == "cache":
                click.echo(f"{name!r} did not ask: its reply came from the cache. The nearest other call:")
            nearest = find_nearest(store, keyed, skip=record.key)
            if nearest is None:
                click.echo(f"{record.key[:12]}: no other stored call asks this question or shows these images")
                return
            other_key, other = nearest
    click.echo(f"{other_key[:12]} → {record.key[:12]}")
    for line in describe_differences(other, keyed) or ["nothing differs: it is the same call, made once"]:
        click.echo(f"  {safe(line)}")


def _find_call(store: Store, name: str, sample: str, setting: str, runs: Path) -> tuple[Response, Keyed]:
    from mmra_api.folder import find_run, load_run

    run = load_run(find_run(name, runs))
    for record in run.records():
        if record.sample == sample and record.setting == setting.upper() and record.response is not None:
            entry = store.get(record.response.key) if record.response.key else None
            if entry is None:
                raise InputError(f"the reply to {sample!r} in {name!r} is not in the cache {str(store.folder)!r}")
            return record.response, entry.keyed
    raise InputError(f"the run {name!r} has no reply to sample {sample!r} in setting {setting.upper()}")
