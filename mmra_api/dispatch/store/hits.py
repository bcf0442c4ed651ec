"""What was answered from the store: hits and their tokens, by service and model, added up in a small file beside it.

A convenience: a count that cannot be kept is lost without a word, and never disturbs a run.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TypeAlias

from mmra_api.types import Usage

LEDGER = "saved.db"
"""Its name, and that of its table, are of a time when hits were called savings; old folders are still read."""
LOCK_TIMEOUT = 5.0
"""Seconds to wait for another process; then the count is lost."""
CREATE = """CREATE TABLE IF NOT EXISTS saved (
    service TEXT, base_url TEXT, model TEXT,
    hits INTEGER, input_tokens INTEGER, output_tokens INTEGER, cached_tokens INTEGER,
    PRIMARY KEY (service, base_url, model))"""
ADD = """INSERT INTO saved VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    hits = hits + excluded.hits, input_tokens = input_tokens + excluded.input_tokens,
    output_tokens = output_tokens + excluded.output_tokens, cached_tokens = cached_tokens + excluded.cached_tokens"""

Asked: TypeAlias = tuple[str, str, str]
"""Service, base URL, model."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Hits that were added up: what was not asked again."""

    hits: int = 0
    """Replies that came from the store."""
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    """The part of ``input_tokens`` that the service had read from its own prompt cache."""

    def plus(self, other: Hits) -> Hits:
        """Return both together."""
        return Hits(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


class HitCounter:
    """Counts the hits of one dispatcher in memory; whoever closes it adds them to the store, with ``note_hits``."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._hits = Hits()

    def add(self, usage: Usage) -> None:
        """Count one hit."""
        counts = (usage.input_tokens, usage.output_tokens, usage.cached_tokens)
        # Never below zero, whatever a service reported: one odd reply must not lower the sums of all others.
        self._hits = self._hits.plus(Hits(1, *(max(0, count or 0) for count in counts)))

    def take(self) -> dict[Asked, Hits]:
        """Return what was counted since the last time, and begin at zero."""
        hits, self._hits = self._hits, Hits()
        return {self._asked: hits}


def note_hits(root: Path, hits: Mapping[Asked, Hits]) -> None:
    """Add counts to the ledger of a cache folder; never raises, and loses them where the ledger cannot be written."""
    rows = [(*asked, *astuple(counts)) for asked, counts in hits.items() if counts.hits]
    # Overflow: a service may report counts that no database holds.
    with contextlib.suppress(sqlite3.Error, OSError, OverflowError, ValueError):
        if not rows:
            return
        with closing(sqlite3.connect(root / LEDGER, timeout=LOCK_TIMEOUT, isolation_level=None)) as ledger:
            ledger.execute("BEGIN IMMEDIATE")
            ledger.execute(CREATE)
            ledger.executemany(ADD, rows)
            ledger.execute("COMMIT")


def read_hits(root: Path) -> dict[Asked, Hits]:
    """Return the ledger of a cache folder; empty where there is none, or none that can be read. Makes nothing."""
    file = root / LEDGER
    rows: list[tuple[object, ...]] = []
    with contextlib.suppress(sqlite3.Error, OSError, ValueError), closing(_open_to_read(file)) as ledger:
        rows = ledger.execute("SELECT * FROM saved").fetchall()
    return {
        (str(row[0]), str(row[1]), str(row[2])): Hits(*counts)
        for row in rows
        if len(row) == 7 and len(counts := [n for n in row[3:] if isinstance(n, int) and n >= 0]) == 4
    }


def _open_to_read(file: Path) -> sqlite3.Connection:
    ledger = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=LOCK_TIMEOUT)
    ledger.text_factory = lambda data: data.decode("utf-8", "replace")
    return ledger
