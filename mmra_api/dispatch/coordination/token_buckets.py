"""When the next call to a model may start: a token bucket for each limit, as arithmetic that any backend can store.

A bucket is one number, the moment from which it allows another call (seconds of the wall clock, because the monotonic
clocks of two processes need not agree). It says as much as a level and the time of its last refill, and needs no
refill. A backend reads the moments of a scope by their units, asks here, and stores what is new, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CATCH_UP = 0.25
"""Seconds of unused allowance that may be made up for: a timer that wakes late must not cost throughput."""
LONGEST = 3600.0
"""Seconds that a call is put off at most; what lies further ahead is of a clock that was set back."""
PAUSE = "pause"
"""The unit of a pause: a bucket that nothing is charged to, so that all callers look at it with the others."""


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


def charge(free: Mapping[str, float], charges: Iterable[Charge], now: float) -> tuple[float, dict[str, float]]:
    """Charge all limits of a scope for a call that starts now: returns 0.0 and the moments that are new.

    Or charge nothing: returns the seconds until it may start, and no moments. Charges come back evenly: a call that
    takes 1/300 of a minute's allowance puts the next one off by 0.2 s.
    """
    free, charges = {unit: moment for unit, moment in free.items() if moment <= now + LONGEST}, list(charges)
    wait = max(free.get(unit, 0.0) - now for unit in (PAUSE, *(each.unit for each in charges)))
    if wait > 0:
        return wait, {}
    moments: dict[str, float] = {}
    for each in charges:
        start = max(free.get(each.unit, now), now - CATCH_UP)  # what was not used longer ago is lost: no bursts
        moments[each.unit] = min(start + each.seconds, now + LONGEST)
    return 0.0, moments


def correct(free: Mapping[str, float], charges: Iterable[Charge], now: float) -> dict[str, float]:
    """Add to what was charged, or give back where the amount is negative; returns the moments that are new."""
    # Never beyond LONGEST, where ``charge`` would take the moment for one of a clock that was set back, and forget it.
    return {each.unit: min(free[each.unit] + each.seconds, now + LONGEST) for each in charges if each.unit in free}


def pause(free: Mapping[str, float], seconds: float, now: float) -> dict[str, float]:
    """Let nobody call for a while; returns the moments that are new. A longer pause that is set already stays."""
    until = free.get(PAUSE, 0.0)
    return {PAUSE: max(until if until <= now + LONGEST else 0.0, now + seconds)}
