"""The store of one cache folder, for everybody who awaits: its database lives in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from mmra_api.dispatch.store.database import Database, measure
from mmra_api.dispatch.store.entry import Entry, StoredRow
from mmra_api.dispatch.store.hits import Asked, Hits, note_hits, read_hits
from mmra_api.dispatch.store.protocol import Added, Store
from mmra_api.dispatch.store.rows import check_database, list_keys, read_row, scan
from mmra_api.dispatch.worker import Worker
from mmra_api.types import Reply

T = TypeVar("T")
BATCH = 500
"""Rows that are read at a time."""


class LocalStore(Store):
    """A Store in a folder; see ``protocol.Store``. The folder is made when something is first stored or looked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / "responses"
        self._worker = Worker("mmra-store")
        self._database: Database | None = None

    @property
    def place(self) -> str:
        """Return the folder."""
        return str(self._root)

    @property
    def damaged(self) -> AbstractSet[str]:
        """Return the keys that ``get`` found damaged."""
        return self._database.unreadable if self._database else frozenset()

    async def get(self, key: str) -> Entry | None:
        """Return the stored call, or None."""
        return await self._do(lambda database: database.get(key))

    async def put(self, key: str, entry: Entry) -> None:
        """Store a call durably."""
        await self._do(lambda database: database.put(key, entry))

    async def set_aside(self, key: str, reply: Reply) -> str:
        """Keep a reply that could not be understood."""
        text = msgspec.json.encode({"body": reply.body, "headers": reply.headers}).decode()
        return str(await self._do(lambda database: database.set_aside(key, text)))

    async def add(self, entries: Iterable[tuple[str, Entry]]) -> list[Added]:
        """Store calls that were made elsewhere, durably together."""
        listed = list(entries)

        def add(database: Database) -> list[Added]:
            with database.batch():
                return [database.add(key, entry) for key, entry in listed]

        return await self._do(add)

    async def remove(self, keys: Iterable[str]) -> int:
        """Remove calls, durably together."""
        listed = list(keys)

        def remove(database: Database) -> int:
            with database.batch():
                return sum(map(database.remove, listed))

        return await self._do(remove)

    async def find_row(self, key: str) -> StoredRow | None:
        """Return the row of a key, sound or not."""
        return await self._worker.do(lambda: read_row(self._folder, key))

    async def rows(self) -> AsyncIterator[StoredRow]:
        """Yield every row, oldest first."""
        rows = scan(self._folder)
        while some := await self._worker.do(lambda: list(islice(rows, BATCH))):
            for row in some:
                yield row

    async def find_keys(self, prefix: str = "", *, limit: int) -> list[str]:
        """Return the keys that begin with ``prefix``."""
        return await self._worker.do(lambda: list(list_keys(self._folder, prefix, limit=limit)))

    async def check_integrity(self) -> list[str]:
        """Return what SQLite finds wrong with its file."""
        return await self._worker.do(lambda: check_database(self._folder))

    async def measure(self) -> int:
        """Return the bytes that it takes."""
        return await self._worker.do(lambda: measure(self._folder))

    async def check_writable(self) -> None:
        """Raise StoreError while a reply could not be stored."""
        await self._do(lambda database: database.check_writable())

    async def note_hits(self, hits: Mapping[Asked, Hits]) -> None:
        """Add up what was answered from here; never raises."""
        if hits:
            await asyncio.to_thread(note_hits, self._root, hits)

    async def read_hits(self) -> dict[Asked, Hits]:
        """Return what was answered from here so far."""
        return await asyncio.to_thread(read_hits, self._root)

    async def close(self) -> None:
        """Close the database, after everything that was begun is durable."""
        if self._database is not None:
            await self._do(lambda database: database.close())
        self._worker.close()

    async def _do(self, work: Callable[[Database], T]) -> T:
        # Shielded by nature: cancelling gives up the result, never the work, which may be the writing of a paid reply.
        return await self._worker.do(lambda: work(self._open()))

    def _open(self) -> Database:
        if self._database is None:
            self._database = Database(self._root)
        return self._database
