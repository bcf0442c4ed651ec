"""The coordination of the processes that use one cache folder: its database behind one thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from mmra_api.dispatch.coordination.database import FILE, LeaseDatabase
from mmra_api.dispatch.coordination.protocol import Coordination
from mmra_api.dispatch.coordination.token_buckets import Charge
from mmra_api.dispatch.store import find_folder
from mmra_api.dispatch.worker import Worker

T = TypeVar("T")


class LocalCoordination(Coordination):
    """One owner among those of a cache folder; it becomes one with the first thing that it does."""

    def __init__(self, root: Path) -> None:
        self._root = root
        # Opened with the first call, because opening it makes files: whoever only reads leaves none.
        self._database: LeaseDatabase | None = None
        self._worker = Worker("mmra-coordination")

    async def beat(self) -> None:
        """Say that this owner lives. Raises OwnerLost where its files were deleted."""
        await self._do(lambda database: database.beat())

    async def take(self, key: str) -> bool:
        """Take the lease of a key, or keep it; False while another owner that lives has it."""
        return await self._do(lambda database: database.take(key))

    async def release(self, key: str) -> None:
        """Give the lease of a key back."""
        await self._do(lambda database: database.release(key))

    async def find_held(self, keys: Iterable[str]) -> set[str]:
        """Return those of the keys whose lease another owner has who lives; makes nothing where there is no owner."""
        return await self._worker.do(partial(self._find_held, list(keys)))

    def _find_held(self, keys: list[str]) -> set[str]:
        # Whoever only looks must be able to: before a first run, and in a folder on a read-only disk, nobody calls.
        if self._database is None and not ((self._root / FILE).is_file() and os.access(self._root, os.W_OK)):
            return set()
        return self._open().find_held(keys)

    async def charge(self, scope: str, charges: Iterable[Charge]) -> float:
        """Charge all buckets of a scope and return 0.0, or charge nothing and return the seconds to wait."""
        listed = list(charges)
        return await self._do(lambda database: database.charge(scope, listed))

    async def correct(self, scope: str, charges: Iterable[Charge]) -> None:
        """Add to what was charged, or give back."""
        listed = list(charges)
        await self._do(lambda database: database.correct(scope, listed))

    async def pause(self, scope: str, seconds: float) -> None:
        """Let nobody call a scope for a while."""
        await self._do(lambda database: database.pause(scope, seconds))

    async def close(self) -> None:
        """Give back every lease of this owner after everything that was begun, and end the thread."""
        with suppress(RuntimeError):  # it was closed already
            closing = self._worker.do(self._close)
            self._worker.close()
            await closing

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()

    async def _do(self, work: Callable[[LeaseDatabase], T]) -> T:
        return await self._worker.do(lambda: work(self._open()))

    def _open(self) -> LeaseDatabase:
        """Return the database, in the thread that owns it."""
        if self._database is None:
            self._database = LeaseDatabase(self._root)
        return self._database


def open_coordination(chosen: Path | None = None) -> Coordination:
    """Return a new owner beside the store that ``--cache`` or the environment names. Nothing is made or opened yet."""
    return LocalCoordination(find_folder(chosen))
