"""A folder → its diskcache, hardened: it refuses databases that could do more than hold rows, and obeys no settings.

diskcache keeps its settings in the database, obeys those it finds there, unpickles what a row says is a pickle, reads
and deletes the file that a row names. Whoever made the database could use each of these; here none has an effect.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import diskcache

from mmra_api.errors import StoreError

DATABASE: str = diskcache.core.DBNAME
LOCK_TIMEOUT = 60.0
"""Seconds to wait for another process that is writing."""
UNUSABLE = (OSError, sqlite3.Error, diskcache.Timeout)
"""What is raised when the database cannot be used."""
SETTINGS: dict[str, Any] = {
    **diskcache.DEFAULT_SETTINGS,
    # Nothing is ever thrown away: it was paid for.
    "eviction_policy": "none",
    "cull_limit": 0,
    "size_limit": 2**62,
    # FULL: a write returns when the disk has it, so that a power loss takes no reply.
    "sqlite_synchronous": 2,
    # Above any value: all of them lie in the database, where a write is synced.
    "disk_min_file_size": 2**30,
}
"""Every setting there is, so that none is taken from the database."""
SCHEMA = frozenset(
    {
        "7dc3acaeb6bbc0a0c892f05e6137e3ae4bfe9b597749840068befb0857b37b5a",  # table Settings
        "b1e287d8264b4cfbe0cdf38785a8d28cd27a4f53293bf20b3de63fb0e95e314b",  # table Cache
        "4f0a5302019317d054a2318ce5d24770bde7b9aeb55b7fc50b00d9305f84532d",  # index Cache_key_raw
        "4a273a1da0f568b25c405ed4a3f02565b97112b7f57210efdcab581fdac52034",  # index Cache_expire_time
        "0d6ef5b954e42033fa0a4648a1933166c00002f8e8396467763f2499da9b22f8",  # trigger Settings_count_insert
        "2eb9bf040815f4bc03e2c86bdb84efb80dbfb7cedfb4f4eb2053fc7066146c70",  # trigger Settings_count_delete
        "404b74ec6db5c3f13de9f5d670e6be67ce895783898dd830c1f5957e651578e3",  # trigger Settings_size_insert
        "18eb18f5d803b49045792c86ef36a505be71f7d89137b295d732630d24355e85",  # trigger Settings_size_update
        "613ef63fc328c3a911bc65913bf603d333872d791aa0b2cc177dfb096920c434",  # trigger Settings_size_delete
    }
)
"""SHA-256 of each statement by which diskcache 5.6.3 makes its database, with single spaces."""
OPTIONAL = ("Cache_store_time", "Cache_access_time", "Cache_access_count", "Cache_tag_rowid")
"""Indexes that diskcache makes under other settings; the database may hold them from before."""


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

    def remove(self, file_path: str) -> None:
        """Delete nothing: this store makes no files, so a row that names one was made by somebody else."""


def open_cache(folder: Path) -> diskcache.Cache:
    """Open the database of a folder, or make it. Raises StoreError when it was made by something else."""
    name = str(folder.resolve())
    if os.path.expandvars(name) != name:  # diskcache expands them, and would use another folder
        raise StoreError(f"the cache cannot lie in {name!r}, whose name holds a variable; choose another with --cache")
    deadline = time.monotonic() + LOCK_TIMEOUT
    while True:
        try:
            _disarm(folder / DATABASE)
            return diskcache.Cache(name, timeout=LOCK_TIMEOUT, disk=JsonDisk, **SETTINGS)
        except sqlite3.OperationalError as error:  # diskcache waits for most locks while it opens, but not for all
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _disarm(file: Path) -> None:
    """Refuse what is not diskcache's own schema, and put its settings right before diskcache obeys them."""
    if not file.exists():
        return
    with closing(sqlite3.connect(file, timeout=LOCK_TIMEOUT, isolation_level=None)) as database:
        names = check_schema(database, file)
        if "Settings" in names:
            counters = tuple(diskcache.core.METADATA)
            stored = database.execute("SELECT key, value FROM Settings").fetchall()
            if any(SETTINGS.get(key, ...) != value for key, value in stored if key not in counters):
                _reset_settings(database, counters)


def check_schema(database: sqlite3.Connection, file: Path) -> set[str]:
    """Return the names in a database; raises StoreError for a table, view or trigger that diskcache does not make."""
    # Before anything is read: functions in a hostile schema then cannot run.
    database.execute("PRAGMA trusted_schema = OFF")
    names = set()
    for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master"):
        names.add(name)
        digest = hashlib.sha256(" ".join(str(sql).split()).encode("utf-8", "replace")).hexdigest()
        known = digest in SCHEMA or (kind == "index" and (sql is None or name in OPTIONAL))
        if not known:
            raise StoreError(
                f"the cache {str(file)!r} holds the {kind} {str(name)[:40]!r}, which this program never makes; it was "
                "not used; ask whoever made it for a file of `mmra cache export` instead"
            )
    return names


def _reset_settings(database: sqlite3.Connection, counters: tuple[str, ...]) -> None:
    # Both changes or none: another process must never open it without its settings.
    database.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * len(counters))
    database.execute(f"DELETE FROM Settings WHERE key NOT IN ({marks})", counters)  # noqa: S608 - only question marks
    database.executemany("INSERT INTO Settings VALUES (?, ?)", SETTINGS.items())
    database.execute("COMMIT")


def explain(folder: Path, what: str, error: Exception) -> StoreError:
    """Return the error that says why a cache folder cannot be opened, read or written, and what to do."""
    reason = str(error) or "it is read-only, or another process holds it"  # diskcache.Timeout says nothing
    fix = "choose another folder with --cache"
    if isinstance(error, sqlite3.DatabaseError) and ("malformed" in reason or "not a database" in reason):
        fix = f"it is damaged; move {str(folder)!r} away to begin a new one (nothing was deleted)"
    elif "full" in reason or "space" in reason:
        fix = "free some space and run the same command again; what was paid for is kept"
    return StoreError(f"the cache {str(folder)!r} cannot be {what}: {reason}; {fix}")
