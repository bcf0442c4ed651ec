"""Everything that was paid for: cache key → the raw reply, durable on disk before anyone sees it.

The product's store is diskcache, hardened. By default it evicts beyond 1 GiB, keeps large values in files that are
never synced, and unpickles what it reads. Here nothing is evicted, expires or is unpickled, every value lies in the
database, and a write returns after it was synced.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import diskcache
import msgspec
import platformdirs

from mmra_api.dispatch.key import Keyed
from mmra_api.errors import StoreError
from mmra_api.types import Reply

FOLDER_VARIABLE = "MMRA_CACHE"
MIN_FREE = 32 * 2**20
"""Bytes that must be free before a call is paid for: room for the replies in flight, and for SQLite's journal."""
LOCK_TIMEOUT = 60.0
"""Seconds to wait for another process that is writing."""
UNUSABLE = (OSError, sqlite3.Error, diskcache.Timeout)
"""What is raised when the database cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One stored call."""

    keyed: Keyed
    reply: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    stored: str
    """UTC, ISO 8601."""


def find_folder(chosen: Path | None = None) -> Path:
    """Return the cache folder: ``--cache``, MMRA_CACHE, ``./cache`` in a checkout, or else the user's data folder.

    The *data* folder, because folders for caches are wiped by cleaners, and these replies were paid for.
    """
    if chosen is not None:
        return chosen
    if os.environ.get(FOLDER_VARIABLE):
        return Path(os.environ[FOLDER_VARIABLE])
    here = Path.cwd()
    if (here / "cache" / "README.md").is_file() and (here / "mmra_api").is_dir():
        return here / "cache"
    return platformdirs.user_data_path("mmra", appauthor=False)


class JsonDisk(diskcache.Disk):  # type: ignore[misc] # diskcache ships no types
    """Values as compressed JSON inside the database; refuses every stored form that would be unpickled."""

    def put(self, key: object) -> tuple[str, bool]:
        """Accept text keys only."""
        if not isinstance(key, str):
            raise TypeError(f"a cache key is a text, not {key!r}")
        return key, True

    def get(self, key: object, raw: bool) -> str:
        """Refuse keys that diskcache would unpickle."""
        if not raw or not isinstance(key, str):
            raise sqlite3.DatabaseError("a key has a form that this store never writes; it was not read")
        return key

    def store(self, value: bytes, read: bool, key: object = None) -> tuple[int, int, None, sqlite3.Binary]:
        """Keep the value in the row, whatever its size."""
        return 0, diskcache.core.MODE_RAW, None, memoryview(value)

    def fetch(self, mode: int, filename: str | None, value: object, read: bool) -> bytes:
        """Refuse values that diskcache would unpickle or read from another file."""
        if mode != diskcache.core.MODE_RAW or not isinstance(value, bytes):
            raise ValueError("a value has a form that this store never writes; it was not read")
        return value


class Store:
    """The store of one cache folder. Safe for many threads and processes."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "responses"
        self.unreadable: list[str] = []
        """Keys whose entry is damaged; they count as not stored, and the damaged entry is replaced by a new reply."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._cache = diskcache.Cache(
                str(self.folder),
                timeout=LOCK_TIMEOUT,
                disk=JsonDisk,
                eviction_policy="none",
                cull_limit=0,
                size_limit=2**62,
                sqlite_synchronous=2,
                disk_min_file_size=2**30,
            )
        except UNUSABLE as error:
            raise self._explain("opened", error) from error

    def get(self, key: str) -> Entry | None:
        """Return the stored call, or None. A damaged entry is noted in ``unreadable`` and counts as none."""
        try:
            value = self._cache.get(key)
        except ValueError:
            self.unreadable.append(key)
            return None
        except UNUSABLE as error:
            raise self._explain("read", error) from error
        if value is None:
            return None
        try:
            return msgspec.json.decode(zlib.decompress(value), type=Entry)
        except (zlib.error, msgspec.DecodeError):
            self.unreadable.append(key)
            self._keep_damaged(key, value)
            return None

    def put(self, key: str, keyed: Keyed, reply: Reply) -> None:
        """Store a call durably. Returns after the disk has it; raises StoreError when it could not be written."""
        entry = Entry(
            keyed=keyed,
            reply=reply.body,
            headers=dict(reply.headers),
            stored=datetime.now(UTC).isoformat(timespec="milliseconds"),
        )
        try:
            # Not retry=True: SQLite waits for a lock by itself, and on a read-only disk diskcache would try for ever.
            self._cache.set(key, zlib.compress(msgspec.json.encode(entry), 6))
        except UNUSABLE as error:
            raise self._explain("written", error) from error

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
        """Yield every key, in no particular order."""
        try:
            yield from self._cache.iterkeys()
        except UNUSABLE as error:
            raise self._explain("read", error) from error

    def __len__(self) -> int:
        return len(self._cache)

    def size(self) -> int:
        """Return the bytes that the store takes on disk."""
        return sum(file.stat().st_size for file in self.folder.iterdir() if file.is_file())

    def close(self) -> None:
        """Close the database."""
        self._cache.close()

    def _explain(self, what: str, error: Exception) -> StoreError:
        reason = str(error) or "it is read-only, or another process holds it"  # diskcache.Timeout says nothing
        fix = "choose another folder with --cache"
        if isinstance(error, sqlite3.DatabaseError) and ("malformed" in reason or "not a database" in reason):
            fix = f"it is damaged; move {str(self.folder)!r} away to begin a new one (nothing was deleted)"
        elif "full" in reason or "space" in reason:
            fix = "free some space and run the same command again; what was paid for is kept"
        return StoreError(f"the cache {str(self.folder)!r} cannot be {what}: {reason}; {fix}")
