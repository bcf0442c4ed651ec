"""Everything that was paid for: cache key → the raw reply, durable on disk before anyone sees it.

The product's store is diskcache, hardened in ``disk``. By default it evicts beyond 1 GiB, keeps large values in files
that are never synced, and unpickles what it reads. Here nothing is evicted, expires or is unpickled, every value lies
in the database, and a write returns after it was synced.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from mmra_api.dispatch.store.disk import UNUSABLE, explain, open_cache
from mmra_api.dispatch.store.entry import Entry, pack, unpack
from mmra_api.dispatch.store.rows import count_rows, list_keys, read_row
from mmra_api.errors import StoreError

if TYPE_CHECKING:
    import diskcache

MIN_FREE = 32 * 2**20
"""Bytes that must be free before a call is paid for: room for the replies in flight, and for SQLite's journal."""


class Database:
    """The store of one cache folder. Safe for many threads and processes; one on a read-only disk can be read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "responses"
        self.unreadable: set[str] = set()
        """Keys whose entry is damaged; they count as not stored, and the damaged entry is replaced by a new reply."""
        self._cache: diskcache.Cache | None = None
        if self.folder.is_dir() and not os.access(self.folder, os.W_OK):
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._cache = open_cache(self.folder)
        except UNUSABLE as error:
            raise self._explain("opened", error) from error

    def get(self, key: str) -> Entry | None:
        """Return the stored call, or None. A damaged entry is noted in ``unreadable`` and counts as none."""
        if self._cache is None:
            row = read_row(self.folder, key)
            if row is not None and row.entry is None:
                self.unreadable.add(key)
            return row.entry if row is not None else None
        try:
            value = self._cache.get(key)
        except ValueError:
            self.unreadable.add(key)
            return None
        except UNUSABLE as error:
            raise self._explain("read", error) from error
        if value is None:
            return None
        try:
            return unpack(value)
        except ValueError:
            self.unreadable.add(key)
            self._keep_damaged(key, value)
            return None

    def put(self, key: str, entry: Entry) -> None:
        """Store a call durably. Returns after the disk has it; raises StoreError when it could not be written."""
        self._set(key, entry)

    def add(self, key: str, entry: Entry) -> Literal["new", "known", "other"]:
        """Store a call that was made elsewhere, with its own time, unless there is one: that stays.

        Returns ``known`` when the stored reply is the same, and ``other`` when it is not.
        """
        known = self.get(key)
        if known is None:
            self._set(key, entry)
            return "new"
        return "known" if _canonical(known) == _canonical(entry) else "other"

    def remove(self, key: str) -> bool:
        """Remove a call; returns whether it was there. Nothing but `mmra cache forget` does this."""
        try:
            return bool(self._open().delete(key))
        except UNUSABLE as error:
            raise self._explain("written", error) from error

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Make the writes inside durable together, at the end: all of them, or after a failure none."""
        self.check_writable()
        try:
            with self._open().transact():
                yield
        except UNUSABLE as error:
            raise self._explain("written", error) from error

    def _set(self, key: str, entry: Entry) -> None:
        try:
            # Not retry=True: SQLite waits for a lock by itself, and on a read-only disk diskcache would try for ever.
            self._open().set(key, pack(entry))
        except UNUSABLE as error:
            raise self._explain("written", error) from error

    def _open(self) -> diskcache.Cache:
        if self._cache is None:
            raise OSError("it is read-only")
        return self._cache

    def _keep_damaged(self, key: str, value: bytes) -> None:
        """Keep the bytes of a damaged entry: it was paid for, and a new reply will replace it."""
        file = self.folder.parent / "unreadable" / f"{key[:16]}.damaged"
        try:
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(value)
        except OSError as error:
            raise self._explain("written", error) from error

    def set_aside(self, key: str, text: str) -> Path:
        """Keep a paid reply that could not be understood, for inspection, outside the store."""
        folder = self.folder.parent / "unreadable"
        file = folder / f"{key[:16]}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json"
        try:
            folder.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise self._explain("written", error) from error
        return file

    def check_writable(self) -> None:
        """Raise StoreError while a reply could not be stored. Called before each paid call; takes microseconds."""
        try:
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise self._explain("found", error) from error
        if not os.access(self.folder, os.W_OK):
            raise self._explain("written", OSError("it is read-only"))
        if free < MIN_FREE:
            raise self._explain("written", OSError(f"less than {MIN_FREE >> 20} MiB of disk space is free"))

    def __iter__(self) -> Iterator[str]:
        """Yield every key, oldest first; rows of a form that this store never writes are passed over."""
        return list_keys(self.folder)

    def __len__(self) -> int:
        return count_rows(self.folder)

    def close(self) -> None:
        """Close the database."""
        if self._cache is not None:
            self._cache.close()

    def _explain(self, what: str, error: Exception) -> StoreError:
        return explain(self.folder, what, error)


def measure(folder: Path) -> int:
    """Return the bytes that the store in ``folder`` takes on disk."""
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())


def _canonical(entry: Entry) -> bytes:
    return msgspec.json.encode(entry.reply, order="sorted")
