"""``mmra cache``: the store of everything that was paid for → what is in it; checked, shared, cleared on request."""

from __future__ import annotations

from pathlib import Path

import click

from mmra_api.cli.cache.check import show, verify
from mmra_api.cli.cache.explain import explain
from mmra_api.cli.cache.export import export, import_
from mmra_api.cli.cache.forget import forget
from mmra_api.cli.cache.stats import stats
from mmra_api.cli.flags import cache_flag


class OrderedGroup(click.Group):
    """Lists its commands in the order of a user's questions: where, what, why, and then what to do with it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names as they were added."""
        return list(self.commands)


@click.group("cache", cls=OrderedGroup, short_help="Look into the store of everything that was paid for.")
def command() -> None:
    """Look into the store of everything that was paid for.

    It never evicts and never expires. Every command may be used while a run is writing.
    """


@command.command("path")
@cache_flag
def path(cache: Path | None) -> None:
    """Print the folder."""
    from mmra_api.dispatch.store import open_store

    click.echo(open_store(cache).place)


for each in (stats, show, explain, verify, export, import_, forget):
    command.add_command(each)
