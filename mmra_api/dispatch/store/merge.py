"""A file of ``export`` → a store: verified whole before a line is believed, merged without loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import msgspec

from mmra_api.dispatch.store.entry import Entry
from mmra_api.dispatch.store.export import Export, read_export
from mmra_api.dispatch.store.protocol import Added, Store
from mmra_api.errors import InputError

BATCH = 500
"""Calls that are made durable together while importing: a sync of the disk for each would take minutes."""
BATCH_BYTES = 64 * 2**20
"""Bytes after which a batch ends early."""
CONFLICTS = "conflicts"
"""The folder for calls of a file to which the store has another reply."""
EXAMPLES = 3
"""Keys that are named of those."""


@dataclass(slots=True)
class Merged:
    """What an import did."""

    new: int = 0
    known: int = 0
    """Calls that were there with the same reply."""
    other: int = 0
    """Calls that were there with another reply, which stayed; those of the file are in ``conflicts``."""
    conflicts: Path | None = None
    examples: list[str] = field(default_factory=list)
    """The first keys with another reply."""

    def count(self, key: str, what: Added) -> bool:
        """Count one call; returns whether the store has another reply to it."""
        setattr(self, what, getattr(self, what) + 1)
        if what == "other" and len(self.examples) < EXAMPLES:
            self.examples.append(key)
        return what == "other"


class Others:
    """The replies of a file that differ from those stored: in a file of their own, which is made with the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._export: Export | None = None

    def add(self, key: str, entry: Entry) -> None:
        """Keep one call."""
        if self._export is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._export = Export(self._folder)
        self._export.add(key, entry)

    def finish(self) -> Path | None:
        """Put the file in its place, named by its content, so that the same import twice makes one file."""
        if self._export is None:
            return None
        file = self._folder / self._export.name
        self._export.finish(file)
        return file

    def discard(self) -> None:
        """Remove what was written, unless it is finished."""
        if self._export is not None:
            self._export.discard()


async def merge_export(file: Path, store: Store, folder: Path) -> Merged:
    """Add the calls of a file to a store; what is there stays, and other replies of the file go to ``folder``.

    The whole file is read and verified first: raises InputError, with nothing written. After a kill, or a StoreError
    such as a full disk, what was added is kept, and the same import completes it.
    """
    _verify(file)
    merged, others, entries = Merged(), Others(folder / CONFLICTS), read_export(file)
    try:
        while await _merge_next(entries, store, merged, others):
            pass
        merged.conflicts = others.finish()
    finally:
        others.discard()
    return merged


async def _merge_next(entries: Iterator[tuple[str, Entry]], store: Store, merged: Merged, others: Others) -> bool:
    """Add the next calls; returns whether there were any. A function, so that no two batches are in memory at once."""
    batch = _take(entries)
    if not batch:
        return False
    for (key, entry), what in zip(batch, await store.add(batch), strict=True):
        if merged.count(key, what):
            others.add(key, entry)
    return True


def _verify(file: Path) -> None:
    """Read a whole file. Raises InputError where anything is wrong with it."""
    if not file.is_file():
        raise InputError(f"no such file: {str(file)!r}")
    for _ in read_export(file):
        pass


def _take(entries: Iterator[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    """Return the next calls; few where they are large, so that the memory stays constant."""
    batch, size = list[tuple[str, Entry]](), 0
    for key, entry in islice(entries, BATCH):
        batch.append((key, entry))
        size += len(msgspec.json.encode(entry))
        if size > BATCH_BYTES:
            break
    return batch
