"""Calls in, waits out: a rate limit as a service enforces it."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from time import monotonic

DUST = 1e-9
"""What floats leave over is no shortage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketLevel:
    """How full a bucket is."""

    per_minute: int
    """What flows in."""
    left: float
    """What can be taken now; below 0 after a call that was larger than the bucket."""
    until_full: float
    """Seconds."""


class TokenBucket:
    """A bucket of requests or tokens, refilled evenly; ``per_minute`` is what flows in.

    Without a ``capacity`` it holds one second's worth, and at least two, so that jitter does no harm: services say
    requests per minute and enforce shorter stretches. OpenAI's guide to rate limits says that 60,000 a minute may be
    enforced as 1,000 a second.
    """

    def __init__(self, per_minute: int, *, capacity: float | None = None) -> None:
        # Many connections take from one bucket; looking and taking must not come apart.
        self._lock = Lock()
        self._per_minute = per_minute
        self._per_second = per_minute / 60
        self._capacity = capacity or max(2.0, self._per_second)
        self.reset()

    def reset(self) -> None:
        """Fill the bucket."""
        with self._lock:
            self._tokens = self._capacity
            self._filled = monotonic()

    def take(self, amount: float = 1) -> float:
        """Take an amount: 0.0 if it was there, else the seconds until it will be, with nothing taken.

        More than the bucket holds is let in when it is full, and owed: the rate stays true over time.
        """
        with self._lock:
            self._fill()
            # Capped: a call that is larger than the bucket would otherwise wait for ever.
            short = min(amount, self._capacity) - self._tokens
            if short > DUST:
                return short / self._per_second
            # May go below 0: the rest is owed, and the next call waits for it.
            self._tokens -= amount
            return 0.0

    @property
    def level(self) -> BucketLevel:
        with self._lock:
            self._fill()
            until_full = (self._capacity - self._tokens) / self._per_second
            return BucketLevel(per_minute=self._per_minute, left=self._tokens, until_full=until_full)

    def _fill(self) -> None:
        # Not the wall clock: one that is set back would take tokens away.
        now = monotonic()
        self._tokens = min(self._capacity, self._tokens + (now - self._filled) * self._per_second)
        self._filled = now
