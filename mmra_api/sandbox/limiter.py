"""Calls in, those beyond a limit out again; and what a service tells of its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Literal, TypeAlias

from mmra_api.errors import InputError
from mmra_api.sandbox.token_bucket import BucketLevel, TokenBucket
from mmra_api.sandbox.wire import Pause

Bound: TypeAlias = Literal["at_once", "rpm", "tpm"]

SHORTEST_WAIT = 0.1
"""Seconds that a call beyond ``at_once`` is asked to wait where replies take no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLimits:
    """How much a service takes; None is no limit. Raises InputError for a limit below 1."""

    at_once: int | None = None
    """Calls in work at one time."""
    rpm: int | None = None
    """Requests per minute, enforced by the second."""
    tpm: int | None = None
    """Tokens per minute, input and output together, images too; a whole minute's worth may come at once."""
    rate_headers: bool = False
    """Whether replies tell the limits in headers, in the words of their wire format; Google has none."""
    retry_after: bool = True
    """Whether a refusal for one of these limits says how long to wait."""

    def __post_init__(self) -> None:
        for name, limit in {"at_once": self.at_once, "rpm": self.rpm, "tpm": self.tpm}.items():
            if limit is not None and limit < 1:
                raise InputError(f"the sandbox needs {name} >= 1, or none for no limit; got {limit!r}")


class LimitExceeded(Exception):
    """A call is beyond a limit; ``wait`` is the seconds after which it may be let in."""

    def __init__(self, bound: Bound, wait: float) -> None:
        super().__init__(bound)
        self.bound = bound
        self.wait = wait


class Limiter:
    """The limits at work, for many threads. A call goes through ``enter``, then pays its tokens with ``charge``."""

    def __init__(self, limits: SandboxLimits, *, latency: float) -> None:
        self._limits = limits
        # A place comes free when a reply leaves, which takes the latency.
        self._turn = max(latency, SHORTEST_WAIT)
        self._lock = Lock()
        self._inside = 0
        self._requests = TokenBucket(limits.rpm) if limits.rpm else None
        self._tokens = TokenBucket(limits.tpm, capacity=limits.tpm) if limits.tpm else None

    def reset(self) -> None:
        """Forget the calls of the last minute; those in work stay in work."""
        for rate in filter(None, (self._requests, self._tokens)):
            rate.reset()

    @contextmanager
    def enter(self) -> Iterator[None]:
        """One call, while it is in work.

        Raises LimitExceeded; a call beyond ``at_once`` takes nothing from ``rpm``.
        """
        # Look and take under one lock: two threads could both see the last place free.
        with self._lock:
            if self._limits.at_once is not None and self._inside >= self._limits.at_once:
                raise LimitExceeded("at_once", self._turn)
            # After `at_once`: a call that finds no place has cost no request.
            if self._requests and (wait := self._requests.take()):
                raise LimitExceeded("rpm", wait)
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1

    # Apart from `enter`, since the price of a call is known only when its body has been read and its reply is made.
    def charge(self, tokens: int) -> None:
        """Take a call's tokens.

        Raises LimitExceeded; its request stays counted, as OpenAI's guide says of failed ones.
        """
        if self._tokens and (wait := self._tokens.take(tokens)):
            raise LimitExceeded("tpm", wait)

    def pause(self, exceeded: LimitExceeded) -> Pause | None:
        """How long a refused call is asked to wait; None where the service does not tell."""
        return Pause(seconds=exceeded.wait, form="limit") if self._limits.retry_after else None

    @property
    def levels(self) -> Mapping[str, BucketLevel]:
        """How full ``requests`` and ``tokens`` are, as far as they are limited and the service tells.

        ``left`` is what would be let in now, ``until_full`` the time until nothing is missing any more.
        """
        if not self._limits.rate_headers:
            return {}
        rates = {"requests": self._requests, "tokens": self._tokens}
        return {unit: rate.level for unit, rate in rates.items() if rate}
