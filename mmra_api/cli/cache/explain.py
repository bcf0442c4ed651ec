"""``mmra cache explain``: a sample of a run → in words, why its call was not found in the store."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.flags import cache_flag, runs_flag
from mmra_api.cli.printing import make_safe
from mmra_api.errors import InputError

if TYPE_CHECKING:
    from mmra_api.dispatch.store import Keyed, Store
    from mmra_api.types import Response


@click.command("explain", short_help="Say why a sample was asked again.")
@click.argument("name", metavar="RUN")
@click.argument("sample")
@click.option("--setting", default="IQ", show_default=True)
@click.option("--against", metavar="RUN2", help="Compare with the same sample of this run [the nearest stored call].")
@cache_flag
@runs_flag
def explain(name: str, sample: str, setting: str, against: str | None, cache: Path | None, runs: Path | None) -> None:
    """Say in words why a sample was asked again: what differs from the same sample in RUN2, or from the nearest call.

    A call is found again when all of these are equal: service, base URL, path, the whole body with every image by its
    digest, and the trial. Timeouts, retries and concurrency do not matter.
    """
    asyncio.run(_explain(name, sample, setting, against, cache, runs))


async def _explain(
    name: str, sample: str, setting: str, against: str | None, cache: Path | None, runs: Path | None
) -> None:
    from mmra_api.dispatch.store import describe_differences, find_nearest, open_store
    from mmra_api.runs import find_run, find_runs_folder

    folder = find_runs_folder(runs)
    find_run(name, folder)  # a name that is wrong is said before anything else
    async with open_store(cache) as store:
        if not await store.find_keys(limit=1):
            raise InputError(f"the cache {store.place!r} is empty")
        record, keyed = await _find_call(store, name, sample, setting, folder)
        if against is not None:
            other_record, other = await _find_call(store, against, sample, setting, folder)
            other_key = other_record.key
        else:
            if record.source == "cache":
                click.echo(f"{name!r} did not ask: its reply came from the cache. The nearest other call:")
            # Its own call is left out: nothing is nearer.
            nearest = await find_nearest(store, keyed, skip=record.key)
            if nearest is None:
                click.echo(f"{record.key[:12]}: no other stored call asks this question or shows these images")
                return
            other_key, other = nearest
    click.echo(f"{other_key[:12]} → {record.key[:12]}")
    for line in describe_differences(other, keyed) or ["nothing differs: it is the same call, made once"]:
        click.echo(f"  {make_safe(line)}")


async def _find_call(store: Store, name: str, sample: str, setting: str, runs: Path) -> tuple[Response, Keyed]:
    from mmra_api.runs import find_run, load_run

    run = load_run(find_run(name, runs))
    for record in run.records():
        if record.sample == sample and record.setting == setting.upper() and record.response is not None:
            entry = await store.get(record.response.key) if record.response.key else None
            if entry is None:
                raise InputError(f"the reply to {sample!r} in {name!r} is not in the cache {store.place!r}")
            return record.response, entry.keyed
    raise InputError(f"the run {name!r} has no reply to sample {sample!r} in setting {setting.upper()}")
