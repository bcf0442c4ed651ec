"""The database of a cache folder, read only → its rows, whatever their form, each sound or with what is wrong.

Reads past diskcache: it writes when it opens, and stops at the first row of a foreign form. Other processes may write
meanwhile: what is read is never older than the start.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import diskcache

from mmra_api.dispatch.store.disk import DATABASE, LOCK_TIMEOUT, UNUSABLE, check_schema, explain
from mmra_api.dispatch.store.entry import LARGEST, StoredRow, find_fault, unpack

BATCH = 500
"""Rows read in one transaction: an unbroken one would let the journal of a run that writes meanwhile grow."""
# Whoever made the database may have put anything into any column: what is not of this form is not even looked at.
OURS = "typeof(key) = 'text' AND raw IS 1"
SELECT = (
    f"SELECT rowid, {OURS}, CAST(key AS TEXT), "  # noqa: S608 - constants
    f"mode IS {diskcache.core.MODE_RAW} AND filename IS NULL AND expire_time IS NULL, length(value), "
    f"CASE WHEN typeof(value) = 'blob' AND length(value) <= {LARGEST} THEN value END FROM Cache"
)
OPTIONS: dict[str, Any] = {"timeout": LOCK_TIMEOUT, "check_same_thread": False}
"""A reading that is given up may be closed by the garbage collector, in whatever thread it runs."""
FOREIGN = "it has a form that this store never writes; it was not read"


def has_database(folder: Path) -> bool:
    """Return whether ``folder`` holds a store; nothing is made."""
    return (folder / DATABASE).is_file()


def scan(folder: Path) -> Generator[StoredRow, None, None]:
    """Yield every row of the store in ``folder``, oldest first, in constant memory. Raises StoreError."""
    query = f"{SELECT} WHERE rowid > ? ORDER BY rowid LIMIT {BATCH}"
    with _reading(folder) as database:
        last, more = -(2**63), database is not None  # the smallest number that a row can have
        while database is not None and more:
            more = False
            for rowid, *columns in database.execute(query, (last,)):
                last, more = rowid, True
                yield _inspect(rowid, *columns)


def read_row(folder: Path, key: str) -> StoredRow | None:
    """Return the row of a key, or None. Raises StoreError."""
    with _reading(folder) as database:
        found = None if database is None else database.execute(f"{SELECT} WHERE key = ? AND {OURS}", (key,)).fetchone()
    return None if found is None else _inspect(*found)


def _inspect(rowid: int, ours: int, text: str, plain: int, size: int | None, value: bytes | None) -> StoredRow:
    key, size = text if ours else f"row {rowid}", size or 0
    if value is None or not (ours and plain):
        return StoredRow(key=key, fault=FOREIGN, size=size)
    try:
        entry = unpack(value)
    except ValueError as error:
        return StoredRow(key=key, fault=str(error), size=size)
    fault = find_fault(key, entry)
    return StoredRow(key=key, entry=None if fault else entry, fault=fault, size=size)


def list_keys(folder: Path, prefix: str = "", *, limit: int = -1) -> Iterator[str]:
    """Yield the keys that begin with ``prefix`` (hex digits), oldest first where there is none. Raises StoreError."""
    query = f"SELECT key FROM Cache WHERE {OURS}"  # noqa: S608 - a constant
    with _reading(folder) as database:
        if database is None:
            return
        if prefix:
            found = database.execute(
                f"{query} AND key >= ? AND key < ? LIMIT ?", (prefix, f"{prefix}g", limit)
            )  # g follows f, the last hex digit
        else:
            found = database.execute(f"{query} LIMIT ?", (limit,))
        for (key,) in found.fetchall():
            yield key


def measure(folder: Path) -> int:
    """Return the bytes that the store in ``folder`` takes on disk."""
    if not has_database(folder):
        return 0
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())


def check_database(folder: Path) -> list[str]:
    """Return what SQLite finds wrong with its file: structure and indexes, at most 20 things."""
    with _reading(folder) as database:
        found = [] if database is None else database.execute("PRAGMA integrity_check(20)").fetchall()
    return [str(said) for (said,) in found if said != "ok"]


@contextmanager
def _reading(folder: Path) -> Iterator[sqlite3.Connection | None]:
    """Give a connection that cannot write, or None where no store has been made yet."""
    file = folder / DATABASE
    if not file.is_file():
        yield None
        return
    # Where nobody can write, SQLite cannot keep its log beside the file, and needs none.
    mode = "mode=ro" if os.access(folder, os.W_OK) else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?{mode}", uri=True, **OPTIONS)) as database:
            # A foreign row may hold bytes that are no text; they must not end the reading of all others.
            database.text_factory = lambda data: data.decode("utf-8", "replace")
            yield database if "Cache" in check_schema(database, file) else None
    except UNUSABLE as error:
        raise explain(folder, "read", error) from error
