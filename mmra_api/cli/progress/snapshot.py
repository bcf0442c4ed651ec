"""A run at one moment, and how it is described in a line."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from mmra_api.cli.printing import format_time, format_usd

SPEED_SPAN = 60.0
"""Seconds over which the speed of a run is measured: long enough to be steady, short enough to follow a change."""
FIRST_SPEED = 1.0
"""Seconds before a speed is stated; the first calls come back in a burst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A run at one moment; its fields are those of a JSON line, so they are not renamed."""

    run: str
    model: str
    done: int
    total: int
    called: int
    saved: int
    """From the cache, or shared with an equal request in flight."""
    running: int
    waiting: int
    """For a slot, a limit or the budget."""
    reason: str
    """Why the first of them waits."""
    retrying: int
    elsewhere: int
    """Asked by another process at the moment."""
    attempts_failed: dict[str, int] = field(default_factory=dict)
    """By kind, whatever became of their request."""
    failed: dict[str, int] = field(default_factory=dict)
    """Samples, by kind."""
    lost: int = 0
    """Calls without a usable reply that may have been billed."""
    tokens: int = 0
    usd: float | None = None
    usd_forecast: float | None = None
    """For the whole run, if nothing more comes from the cache."""
    seconds_left: float | None = None

    def describe_time_left(self) -> str:
        """Return the time left, or nothing while it is unknown."""
        return f"{format_time(self.seconds_left)} left" if self.seconds_left is not None else ""

    def describe_work(self) -> str:
        """Return what is going on, in one line."""
        waiting = f"{self.waiting:,} waiting" + (f" ({self.reason})" if self.reason else "")
        return join_facts(
            f"{self.called:,} called",
            f"{self.saved:,} saved",
            f"{self.running} running" if self.running else "",
            waiting if self.waiting else "",
            f"{self.retrying} waiting to retry" if self.retrying else "",
            f"{self.elsewhere} asked by another process" if self.elsewhere else "",
        )

    def describe_costs(self) -> str:
        """Return what the run took and what went wrong, in one line."""
        attempts = sum(self.attempts_failed.values())
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(self.attempts_failed.items()))
        forecast = f", about {format_usd(self.usd_forecast)} in all" if self.usd_forecast else ""
        return join_facts(
            f"{format_usd(self.usd)} spent{forecast}" if self.usd else "",
            f"{self.tokens:,} tokens" if self.tokens else "",
            f"{attempts:,} attempts failed: {kinds}" if attempts else "",
            *(f"{count:,} failed: {kind}" for kind, count in self.failed.items()),
        )


def join_facts(*facts: str) -> str:
    """Return those facts that are not empty, in one line."""
    return " · ".join(filter(None, facts))


class Speed:
    """How fast records come, over the last minute."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def estimate_time_left(self, done: int, total: int) -> float | None:
        """Return the seconds left; None while nothing can be said."""
        now = time.monotonic()
        self._seen.append((now, done))
        while now - self._seen[0][0] > SPEED_SPAN:
            self._seen.popleft()
        begun, first = self._seen[0]
        if done == first or now - begun < FIRST_SPEED:
            return None
        return (total - done) * (now - begun) / (done - first)
