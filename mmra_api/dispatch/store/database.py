"""The database of one cache folder: stored calls on disk, durable before anyone sees them. Synchronous; for one thread.

It is diskcache, hardened in ``disk``. By default that evicts beyond 1 GiB, keeps large values in files that are never
synced, and unpickles what it reads. Here nothing is evicted, expires or is unpickled, every value lies in the database,
and a write returns after it was synced.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from mmra_api.dispatch.store.disk import UNUSABLE, explain, open_cache
from mmra_api.dispatch.store.entry import Entry, pack, unpack
from mmra_api.dispatch.store.rows import has_database, read_row

if TYPE_CHECKING:
    import diskcache

LOG = logging.getLogger(__name__)

MIN_FREE = 32 * 2**20
"""Bytes that must be free before a call is paid for: room for the replies in flight, and for SQLite's journal."""
READ_ONLY = "it is read-only"


class ReplyDatabase:
    """The database of one cache folder; opened when first needed, and made when first written to."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "responses"
        self.damaged: set[str] = set()
        self._aside = root / "unreadable"
        self._cache: diskcache.Cache | None = None

    def get(self, key: str) -> Entry | None:
        """Return the stored call, or None. A damaged entry is noted in ``damaged`` and counts as none."""
        # None where diskcache would have to write in order to open it; the row is then read past it.
        cache = self._open_to_read()
        if cache is None:
            row = read_row(self.folder, key)
            if row is not None and row.entry is None:
                self._note_damage(key, row.fault)
            return row.entry if row is not None else None
        try:
            value = cache.get(key)
        except ValueError as error:
            self._note_damage(key, str(error))
            return None
        except UNUSABLE as error:
            raise explain(self.folder, "read", error) from error
        if value is None:
            return None
        try:
            return unpack(value)
        except ValueError as error:
            self._note_damage(key, str(error))
            self._keep_damaged(key, value)
            return None

    def put(self, key: str, entry: Entry) -> None:
        """Store a call durably. Returns after the disk has it; raises StoreError when it could not be written."""
        value = pack(entry)
        with self._explained("written"):
            # Not retry=True: SQLite waits for a lock by itself, and on a read-only disk diskcache would try for ever.
            self._open().set(key, value)

    def put_together(self, entries: Sequence[tuple[str, Entry]]) -> list[Exception | None]:
        """Store calls, each with an outcome of its own; where all is well, one sync of the disk serves them all."""
        if len(entries) > 1:
            # A failure may be of one alone (too large, say); what was written before it is undone, so each is tried
            # again by itself below, and says for itself what became of it.
            with suppress(Exception), self._transaction():
                for key, entry in entries:
                    self.put(key, entry)
                return [None] * len(entries)
        return [self._try_put(key, entry) for key, entry in entries]

    def _try_put(self, key: str, entry: Entry) -> Exception | None:
        try:
            self.put(key, entry)
        except Exception as error:  # noqa: BLE001 - it is handed to the one whom it concerns
            return error
        return None

    def add(self, entries: Iterable[tuple[str, Entry]]) -> list[Literal["new", "known", "other"]]:
        """Store calls that were made elsewhere, with their own times, unless there is one: that stays."""
        self.check_writable()
        with self._transaction():
            return [self._add(key, entry) for key, entry in entries]

    def _add(self, key: str, entry: Entry) -> Literal["new", "known", "other"]:
        known = self.get(key)
        if known is None:
            self.put(key, entry)
            return "new"
        return "known" if _canonical(known) == _canonical(entry) else "other"

    def remove(self, keys: Iterable[str]) -> int:
        """Remove calls, durably together; returns how many were there."""
        with self._explained("written"), self._transaction():
            return sum(bool(self._open().delete(key)) for key in keys)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Make the writes inside durable together, at the end: all of them, or after a failure none."""
        cache: diskcache.Cache | None = None
        try:
            with self._explained("written"):
                cache = self._open()
                with cache.transact():
                    yield
        except BaseException:
            # Where the last step itself fails, diskcache leaves the transaction open, and nothing could be written any
            # more; where it was closed already, there is nothing to roll back, which is an error to SQLite.
            if cache is not None:
                with suppress(sqlite3.Error):
                    cache._sql("ROLLBACK")  # noqa: SLF001 - diskcache has no public way to its connection
            raise

    def _open(self) -> diskcache.Cache:
        """Return the database, made where there is none. Raises StoreError, or OSError where nobody may write."""
        if self._cache is None:
            if self.folder.is_dir() and not os.access(self.folder, os.W_OK):
                raise OSError(READ_ONLY)
            with self._explained("opened"):
                self.folder.mkdir(parents=True, exist_ok=True)
                self._cache = open_cache(self.folder)
        return self._cache

    def _open_to_read(self) -> diskcache.Cache | None:
        """Return the database; None where there is none, or only one that nobody may write: diskcache would write."""
        if self._cache is None and (not has_database(self.folder) or not os.access(self.folder, os.W_OK)):
            return None
        return self._open()

    def _note_damage(self, key: str, fault: str) -> None:
        LOG.warning("the stored reply %s counts as not stored: %s", key, fault)
        self.damaged.add(key)

    def _keep_damaged(self, key: str, value: bytes) -> None:
        """Keep the bytes of a damaged entry: it was paid for, and a new reply will replace it."""
        with self._explained("written"):
            self._aside.mkdir(exist_ok=True)
            (self._aside / f"{key[:16]}.damaged").write_bytes(value)

    def set_aside(self, key: str, text: str) -> Path:
        """Keep a paid reply that could not be understood, for inspection, outside the store."""
        file = self._aside / f"{key[:16]}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json"
        with self._explained("written"):
            self._aside.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return file

    def check_writable(self) -> None:
        """Raise StoreError while a reply could not be stored; takes microseconds once the database is open."""
        with self._explained("written"):
            self._open()
        try:
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise explain(self.folder, "found", error) from error
        if not os.access(self.folder, os.W_OK):
            raise explain(self.folder, "written", OSError(READ_ONLY))
        if free < MIN_FREE:
            raise explain(self.folder, "written", OSError(f"less than {MIN_FREE >> 20} MiB of disk space is free"))

    def close(self) -> None:
        """Close the database."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except UNUSABLE as error:
            raise explain(self.folder, what, error) from error


def _canonical(entry: Entry) -> bytes:
    """Return a reply in one spelling: the order in which a service writes its fields makes no other reply."""
    return msgspec.json.encode(entry.reply, order="sorted")
