"""When the next call to a model may start, for all processes of a cache folder: a token bucket for each limit.

A bucket is a row of the shared database with one number, the moment from which it allows another call. It says as much
as a level and the time of its last refill, and needs no refill.

The caller holds the transaction.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass

CATCH_UP = 0.25
"""Seconds of unused allowance that may be made up for: a timer that wakes late must not cost throughput."""
LONGEST = 3600.0
"""Seconds that a call is put off at most; what lies further ahead is of a clock that was set back."""
PAUSE = "pause"
"""The unit of a pause: a bucket that nothing is charged to, so that all callers look at it with the others."""
TABLE = """
CREATE TABLE IF NOT EXISTS pace (scope TEXT, unit TEXT, free REAL NOT NULL, PRIMARY KEY (scope, unit)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a call takes from one limit."""

    unit: str
    amount: float
    per_second: float
    """How much of it comes back."""

    @property
    def seconds(self) -> float:
        """Return how long it takes until the amount is there again."""
        return self.amount / self.per_second


def charge(database: sqlite3.Connection, scope: str, charges: list[Charge]) -> float:
    """Charge all limits of a scope for a call that starts now, and return 0.0; or charge nothing, and return the
    seconds until it may start.

    Charges come back evenly: a call that takes 1/300 of a minute's allowance puts the next one off by 0.2 s.
    """
    now = time.time()  # the wall clock, because monotonic clocks of two processes need not agree
    rows = database.execute("SELECT unit, free FROM pace WHERE scope = ?", (scope,)).fetchall()
    free = {unit: moment for unit, moment in rows if moment <= now + LONGEST}
    wait: float = max(free.get(unit, 0.0) - now for unit in (PAUSE, *(each.unit for each in charges)))
    if wait > 0:
        return wait
    for each in charges:
        start = max(free.get(each.unit, now), now - CATCH_UP)  # what was not used longer ago is lost: no bursts
        _set_free(database, scope, each.unit, min(start + each.seconds, now + LONGEST))
    return 0.0


def correct(database: sqlite3.Connection, scope: str, charges: Iterable[Charge]) -> None:
    """Add to what was charged, or give back where the amount is negative."""
    for each in charges:
        database.execute(
            "UPDATE pace SET free = free + ? WHERE scope = ? AND unit = ?", (each.seconds, scope, each.unit)
        )


def pause(database: sqlite3.Connection, scope: str, seconds: float) -> None:
    """Let nobody call a scope for a while; a longer pause that is set already stays."""
    now = time.time()
    row = database.execute("SELECT free FROM pace WHERE scope = ? AND unit = ?", (scope, PAUSE)).fetchone()
    until = row[0] if row is not None and row[0] <= now + LONGEST else 0.0
    _set_free(database, scope, PAUSE, max(until, now + seconds))


def _set_free(database: sqlite3.Connection, scope: str, unit: str, moment: float) -> None:
    database.execute("INSERT OR REPLACE INTO pace VALUES (?, ?, ?)", (scope, unit, moment))
