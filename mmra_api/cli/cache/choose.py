"""Flags → which stored calls are meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mmra_api.errors import InputError

if TYPE_CHECKING:
    from mmra_api.dispatch.store import Entry, Store

Command = TypeVar("Command", bound=Callable[..., Any])

SHORTEST = 6
"""Hex digits of a key that may stand for the whole: fewer would often fit several calls."""
NAMED = 5
"""Keys that are named where several begin alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Takes a call that meets every filter given; several values of one flag are alternatives."""

    services: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    finishes: tuple[str, ...] = ()
    before: datetime | None = None
    """UTC where no zone is given."""
    keys: frozenset[str] = frozenset()

    def takes(self, key: str, entry: Entry) -> bool:
        """Return whether a call is meant."""
        from mmra_api.cli.cache.totals import read_asked, read_response

        service, _, model = read_asked(entry)
        if self.keys and key not in self.keys:
            return False
        if self.services and service not in self.services:
            return False
        if self.models and not any(_is_model(service, model, each) for each in self.models):
            return False
        if self.before is not None and datetime.fromisoformat(entry.stored) >= _with_zone(self.before):
            return False
        # Last, because to read a reply takes longer than all the other tests.
        response = read_response(entry) if self.finishes else None
        return not self.finishes or (response is not None and response.finish in self.finishes)


def _is_model(service: str, model: str, asked: str) -> bool:
    """Return whether ``asked``, an ID or SERVICE/ID, is this model; a known service in front is always read as one."""
    from mmra_api.providers import PROVIDERS

    return asked == f"{service}/{model}" or (asked == model and asked.partition("/")[0] not in PROVIDERS)


def _with_zone(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def choice_flags(command: Command) -> Command:
    """Add ``--service S`` and ``--model M``."""
    model = click.option("--model", "models", multiple=True, metavar="M", help="Only this model: ID, or SERVICE/ID.")
    service = click.option("--service", "services", multiple=True, metavar="S", help="Only this service.")
    # click puts the option of the last decorator first in the help page.
    return service(model(command))


async def find_key(store: Store, prefix: str) -> str:
    """Return the key that begins with ``prefix``. Raises InputError when there is none, or more than one."""
    wanted = prefix.strip().lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", wanted):
        raise InputError(f"key {prefix!r}: give at least its first {SHORTEST} digits, of 0-9 and a-f")
    found = await store.find_keys(wanted, limit=NAMED + 1)  # one more shows that there are more
    if not found:
        raise InputError(f"no stored call has a key that begins with {wanted!r} in {store.place!r}")
    if len(found) > 1:
        listed = ", ".join(key[: len(wanted) + 6] for key in found[:NAMED]) + (", …" if len(found) > NAMED else "")
        raise InputError(f"key {wanted!r} is not the beginning of one key alone: {listed}; give more digits")
    return found[0]
