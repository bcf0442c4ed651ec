"""What a dispatcher is doing now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a dispatcher is doing now, for a progress display."""

    in_flight: int = 0
    """Calls under way."""
    queued: int = 0
    """Calls that wait for a slot, a limit or the budget."""
    reason: str = ""
    """Why the first of them waits, in words."""
    retrying: int = 0
    """Requests that wait for the time of their next attempt."""
    elsewhere: int = 0
    """Requests that another process is calling for."""
    failures: Counter[str] = field(default_factory=Counter)
    """Attempts that failed, by kind, whatever became of their request."""
