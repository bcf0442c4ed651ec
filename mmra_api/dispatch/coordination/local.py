"""What the processes of one cache folder agree on, for whoever awaits; the database lives in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from mmra_api.dispatch.coordination.database import Database, look_at_leases
from mmra_api.dispatch.coordination.protocol import Coordination, OwnerLost
from mmra_api.dispatch.coordination.token_buckets import Charge
from mmra_api.dispatch.worker import Worker

T = TypeVar("T")
GONE = (
    "shared.db or owners/ in the cache folder was deleted while this run was calling; others would ask the same again, "
    "so nothing more is sent: run the same command again to go on"
)


class LocalCoordination(Coordination):
    """A Coordination in a folder; see ``protocol.Coordination``. The database is made when it is first needed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._worker = Worker("mmra-coordination")
        self._database: Database | None = None

    async def beat(self) -> None:
        """Say that this owner lives. Raises OwnerLost where others no longer see it."""
        if not await self._do(_beat):
            raise OwnerLost(GONE)

    async def take(self, key: str) -> bool:
        """Take the lease of a key, or keep it."""
        return await self._do(lambda database: database.take(key))

    async def release(self, key: str) -> None:
        """Give the lease of a key back."""
        await self._do(lambda database: database.release(key))

    async def find_held(self, keys: Iterable[str]) -> set[str]:
        """Return those of the keys whose lease another owner has who lives."""
        wanted = set(keys)
        if self._database is None:  # who only looks makes nothing
            return wanted & await self._worker.do(lambda: look_at_leases(self._root))
        return await self._do(lambda database: database.find_held(wanted))

    async def charge(self, scope: str, charges: Iterable[Charge]) -> float:
        """Charge all buckets of a scope, or return the seconds to wait."""
        listed = list(charges)
        return await self._do(lambda database: database.pay(scope, listed))

    async def correct(self, scope: str, charges: Iterable[Charge]) -> None:
        """Add to what was charged, or give back."""
        listed = list(charges)
        await self._do(lambda database: database.correct(scope, listed))

    async def pause(self, scope: str, seconds: float) -> None:
        """Let nobody call a scope for a while."""
        await self._do(lambda database: database.pause(scope, seconds))

    async def close(self) -> None:
        """Give back every lease of this owner."""
        if self._database is not None:
            await self._do(lambda database: database.close())
        self._worker.close()

    async def _do(self, work: Callable[[Database], T]) -> T:
        return await self._worker.do(lambda: work(self._open()))

    def _open(self) -> Database:
        if self._database is None:
            self._database = Database(self._root)
        return self._database


def _beat(database: Database) -> bool:
    database.beat()
    return database.is_in_place()
