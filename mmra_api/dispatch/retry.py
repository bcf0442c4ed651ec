"""The one retry policy: the facts about a failed call → try again or not, and after how long."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import tenacity

from mmra_api.errors import CallError
from mmra_api.types import FailureKind

FATAL: frozenset[FailureKind] = frozenset({"authentication", "permission", "not_found", "quota"})
"""Facts that hold for every call of the run: it ends at once."""

ATTEMPTS: dict[FailureKind, int] = {
    "rate_limit": 12,
    "overloaded": 10,
    "connection": 6,
    "server": 4,
    "timeout": 2,  # a call given up may have been billed
}
"""How often a call is made in all, by what went wrong last. Kinds that are not here never change by asking again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Exponential waits with full jitter, unless the service names a time; then its time, and a little more."""

    first_wait: float = 1.0
    """Seconds; the ceiling of the first wait, doubled for each further one."""
    longest_wait: float = 60.0
    longest_asked: float = 900.0
    """Seconds; a service that asks for a longer wait ends the run: the user should decide."""

    def asks_too_much(self, error: CallError) -> bool:
        """Return whether the service asks for a wait so long that the user should decide."""
        return (error.retry_after or 0.0) > self.longest_asked

    def is_worth(self, error: BaseException, attempt: int) -> bool:
        """Return whether to try again after ``attempt`` calls."""
        if not isinstance(error, CallError) or attempt >= ATTEMPTS.get(error.kind, 1):
            return False
        return not self.asks_too_much(error)

    def wait(self, error: BaseException, attempt: int) -> float:
        """Return the seconds to wait after ``attempt`` calls."""
        asked = error.retry_after if isinstance(error, CallError) else None
        ceiling = min(self.longest_wait, self.first_wait * 2 ** (attempt - 1))
        jitter = random.uniform(0.0, ceiling)  # noqa: S311 - spreads the waits of many clients; nothing secret
        return jitter if asked is None else asked + min(jitter, 1.0)


def retrying(policy: RetryPolicy, sleep: Callable[[float], Awaitable[None]]) -> tenacity.AsyncRetrying:
    """Return the loop that makes the calls of one request: ``async for attempt in retrying(...): with attempt: ...``.

    The last error is raised as it is.
    """

    def decide(state: tenacity.RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        return error is not None and policy.is_worth(error, state.attempt_number)

    def wait(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return policy.wait(error, state.attempt_number) if error else 0.0

    return tenacity.AsyncRetrying(retry=decide, wait=wait, sleep=sleep, reraise=True)
