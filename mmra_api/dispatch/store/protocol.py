"""What every store is: cache key → the raw reply that was paid for, for good.

A store never evicts, never expires and never unpickles. Whoever awaits ``put`` may believe that the reply is durable.
Many tasks, processes and, where the backend allows it, machines may use one store at the same time. Nothing blocks the
event loop. ``tests/dispatch/test_store_conformance.py`` holds every promise made here against every backend.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import Literal, Protocol, Self

from mmra_api.dispatch.store.entry import Entry, StoredRow
from mmra_api.dispatch.store.hits import Asked, Hits
from mmra_api.types import Reply

Added = Literal["new", "known", "other"]
"""What became of a call that was made elsewhere: stored, there already, or there with another reply, which stays."""


class Store(Protocol):
    """Stored calls by their cache keys: an async context manager, which closes itself.

    Every method but ``note_hits`` raises StoreError where the store cannot be used. Opening one makes and opens
    nothing: what only reads (``get``, ``find_row``, ``rows``, ``find_keys``, ``check_integrity``, ``measure``,
    ``read_hits``) works on a store that nobody may write, and makes nothing where there is none yet.

    ``put``, ``add``, ``remove`` and ``set_aside`` finish once they were begun, although the task that awaits them is
    cancelled: what they write was paid for.
    """

    @property
    def place(self) -> str:
        """Return where it lies, for people; never a secret."""
        ...

    @property
    def damaged(self) -> AbstractSet[str]:
        """Return the keys that ``get`` found damaged: they count as not stored, and a new reply replaces the entry."""
        ...

    async def get(self, key: str) -> Entry | None:
        """Return the stored call, or None. A damaged entry is noted in ``damaged`` and counts as none."""
        ...

    async def put(self, key: str, entry: Entry) -> None:
        """Store a call, over what is there; returns once it is safe. Its failure concerns no other ``put``."""
        ...

    async def add(self, entries: Iterable[tuple[str, Entry]]) -> list[Added]:
        """Store calls that were made elsewhere, with their own times, all of them durably together or none.

        What is stored under a key already stays, unless it is damaged.
        """
        ...

    async def remove(self, keys: Iterable[str]) -> int:
        """Remove calls, durably together; returns how many were there. Nothing but `mmra cache forget` does this."""
        ...

    async def set_aside(self, key: str, reply: Reply) -> str:
        """Keep a paid reply that could not be understood, outside the store; returns where, for people."""
        ...

    async def check_writable(self) -> None:
        """Raise StoreError while a reply could not be stored. Called before each paid call, so it must be quick."""
        ...

    async def find_row(self, key: str) -> StoredRow | None:
        """Return the row of a key, sound or with what is wrong with it, or None; notes and changes nothing."""
        ...

    def rows(self) -> AsyncIterator[StoredRow]:
        """Yield every row, oldest first, each sound or with what is wrong with it, in constant memory.

        Others may write meanwhile: what is read is never older than the start.
        """
        ...

    async def find_keys(self, prefix: str = "", *, limit: int) -> list[str]:
        """Return the keys that begin with ``prefix`` (hex digits), at most so many."""
        ...

    async def check_integrity(self) -> list[str]:
        """Return what is wrong with the store itself, beside its rows; empty where it is sound."""
        ...

    async def measure(self) -> int:
        """Return the bytes that it takes; 0 where nothing was ever stored."""
        ...

    async def note_hits(self, hits: Mapping[Asked, Hits]) -> None:
        """Add up what was answered from here. Never raises: a count that cannot be kept is lost."""
        ...

    async def read_hits(self) -> dict[Asked, Hits]:
        """Return what was answered from here so far, by service, address and model."""
        ...

    async def close(self) -> None:
        """Close it, after everything that was begun is durable. Closing twice does no harm."""
        ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
