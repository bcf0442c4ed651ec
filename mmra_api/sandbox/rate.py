"""Calls in, waits out: a rate limit as a service enforces it."""

from __future__ import annotations

from threading import Lock
from time import monotonic


class Rate:
    """A bucket of tokens, refilled evenly; it holds one second's worth, and at least two so that jitter does no harm.

    Services say requests per minute and enforce shorter stretches: OpenAI's guide to rate limits says that 60,000 a
    minute may be enforced as 1,000 a second.
    """

    def __init__(self, rpm: int) -> None:
        self._lock = Lock()
        self._per_second = rpm / 60
        self._capacity = max(2.0, self._per_second)
        self.reset()

    def reset(self) -> None:
        """Fill the bucket."""
        with self._lock:
            self._tokens = self._capacity
            self._filled = monotonic()

    def take(self) -> float:
        """Take a token: 0.0 if there was one, else the seconds until there will be."""
        with self._lock:
            now = monotonic()
            self._tokens = min(self._capacity, self._tokens + (now - self._filled) * self._per_second)
            self._filled = now
            if self._tokens < 1:
                return (1 - self._tokens) / self._per_second
            self._tokens -= 1
            return 0.0
