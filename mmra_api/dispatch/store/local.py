"""The store in a folder: its database behind one thread, so that no disk ever blocks the event loop."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from mmra_api.dispatch.store import rows
from mmra_api.dispatch.store.database import ReplyDatabase
from mmra_api.dispatch.store.entry import Entry, StoredRow
from mmra_api.dispatch.store.hits import Asked, Hits, note_hits, read_hits
from mmra_api.dispatch.store.protocol import Added, Store
from mmra_api.dispatch.worker import Worker
from mmra_api.types import Reply

AHEAD = 32
"""Rows that are read at a time by ``rows``: enough to make a change of threads cheap, too few to fill the memory."""
AHEAD_BYTES = 2**20
"""Bytes of stored rows after which a group of them ends early: a row may be of any size."""


@dataclass(slots=True, eq=False)
class _Put:
    """A ``put`` that waits for the thread."""

    key: str
    entry: Entry
    written: bool = False
    error: Exception | None = None


class LocalStore(Store):
    """The store of one cache folder; many processes may use the folder at the same time."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._database = ReplyDatabase(root)
        # A thread of its own, as SQLite blocks; one only, as its connection is of one thread.
        self._worker = Worker("mmra-store")
        self._waiting: deque[_Put] = deque()
        """Puts that the thread has not come to; those found waiting together share one sync of the disk, which takes
        far longer than all else."""

    @property
    def place(self) -> str:
        """Return the folder."""
        return str(self._root.resolve())

    @property
    def damaged(self) -> AbstractSet[str]:
        """Return the keys that were found damaged."""
        return self._database.damaged

    async def get(self, key: str) -> Entry | None:
        """Return the stored call, or None."""
        return await self._worker.do(partial(self._database.get, key))

    async def put(self, key: str, entry: Entry) -> None:
        """Store a call durably, perhaps together with others that wait."""
        put, waiting = _Put(key, entry), self._waiting
        waiting.append(put)
        await self._worker.do(partial(self._write, put, waiting))

    def _write(self, put: _Put, waiting: deque[_Put]) -> None:
        """Write everything that waits, in the thread, unless an earlier one of them did it already."""
        if not put.written:
            puts = [waiting.popleft() for _ in range(len(waiting))]
            outcomes = self._database.put_together([(each.key, each.entry) for each in puts])
            for each, error in zip(puts, outcomes, strict=True):
                each.written, each.error = True, error
        if put.error is not None:
            raise put.error

    async def add(self, entries: Iterable[tuple[str, Entry]]) -> list[Added]:
        """Store calls that were made elsewhere, unless they are there."""
        self._waiting = deque()  # so that no later put is written before this, though with others before it
        return await self._worker.do(partial(self._database.add, list(entries)))

    async def remove(self, keys: Iterable[str]) -> int:
        """Remove calls, durably together; returns how many were there."""
        self._waiting = deque()  # as in ``add``
        return await self._worker.do(partial(self._database.remove, list(keys)))

    async def set_aside(self, key: str, reply: Reply) -> str:
        """Keep a reply in ``unreadable/``; returns its file."""
        text = msgspec.json.encode({"body": reply.body, "headers": reply.headers}).decode()
        return str(await self._worker.do(partial(self._database.set_aside, key, text)))

    async def check_writable(self) -> None:
        """Raise StoreError where the folder is read-only, or less than 32 MiB are free."""
        await self._worker.do(self._database.check_writable)

    async def find_row(self, key: str) -> StoredRow | None:
        """Return the row of a key, or None."""
        return await self._worker.do(partial(rows.read_row, self._database.folder, key))

    async def rows(self) -> AsyncIterator[StoredRow]:
        """Yield every row, oldest first."""
        scanned = rows.scan(self._database.folder)
        try:
            while group := await self._worker.do(partial(_take, scanned)):
                for row in group:
                    yield row
        finally:
            with suppress(RuntimeError):  # the store was closed first: the database is closed with the last reference
                await self._worker.do(scanned.close)

    async def find_keys(self, prefix: str = "", *, limit: int) -> list[str]:
        """Return the keys that begin with ``prefix``, at most so many."""
        found = partial(rows.list_keys, self._database.folder, prefix, limit=limit)
        return await self._worker.do(lambda: list(found()))

    async def check_integrity(self) -> list[str]:
        """Return what SQLite finds wrong with its file."""
        return await self._worker.do(partial(rows.check_database, self._database.folder))

    async def measure(self) -> int:
        """Return the bytes that the database takes on disk."""
        return await self._worker.do(partial(rows.measure, self._database.folder))

    async def note_hits(self, hits: Mapping[Asked, Hits]) -> None:
        """Add hits to the statistics of the folder; never raises."""
        with suppress(RuntimeError):  # the store was closed already: then the counts are lost
            await self._worker.do(partial(note_hits, self._root, dict(hits)))

    async def read_hits(self) -> dict[Asked, Hits]:
        """Return the statistics of the folder."""
        return await self._worker.do(partial(read_hits, self._root))

    async def close(self) -> None:
        """Close the database after everything that was begun, and end the thread."""
        with suppress(RuntimeError):  # it was closed already
            closing = self._worker.do(self._database.close)
            self._worker.close()
            await closing


def _take(scanned: Iterator[StoredRow]) -> list[StoredRow]:
    group, size = list[StoredRow](), 0
    for row in islice(scanned, AHEAD):
        group.append(row)
        size += row.size
        if size > AHEAD_BYTES:
            break
    return group
