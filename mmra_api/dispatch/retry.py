"""The one retry policy: the facts about a failed call → try again or not, and after how long."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import tenacity

from mmra_api.errors import CallError
from mmra_api.types import FailureKind

NUMBERED = re.compile(r"\w*\d[\w-]*")
"""Words with a digit: times, and ids of requests, which differ between errors that are the same."""

FATAL: frozenset[FailureKind] = frozenset({"authentication", "permission", "not_found", "quota"})
"""Facts that hold for every call of the run: it ends at once."""
HOPELESS: frozenset[FailureKind] = frozenset({"bad_request", "too_large", "unreadable"})
"""Failures that come of what is asked, or how: where the first calls all end so, the run ends."""

# Rate limits and overload pass by themselves and cost nothing, so they are worth ten calls; what may have been billed
# without a reply is worth two.
ATTEMPTS: dict[FailureKind, int] = {
    "rate_limit": 10,
    "overloaded": 10,
    "connection": 6,
    "server": 6,
    "timeout": 2,  # a call given up may have been billed
}
"""How many calls of a request may end so. Kinds that are not here never change by asking again."""
MOST = 10
"""Calls for one request in all, whatever they ended with."""
SAME = 3
"""Calls that may end with the same server error, word for word but for numbers: a fourth would end so too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Exponential waits with full jitter, unless the service names a time; then its time, and a little more."""

    first_wait: float = 1.0
    """Seconds; the ceiling of the first wait, doubled for each further one."""
    longest_wait: float = 60.0
    longest_asked: float = 900.0
    """Seconds; a service that asks for a longer wait ends the run: the user should decide."""
    longest_total: float = 3600.0
    """Seconds after the first failure of a request, after which it is not tried again."""

    def asks_too_much(self, error: CallError) -> bool:
        """Return whether the service asks for a wait so long that the user should decide."""
        return (error.retry_after or 0.0) > self.longest_asked

    def is_worth(self, error: CallError, so_far: int) -> bool:
        """Return whether to try again after ``so_far`` calls ended as this one did."""
        return so_far < ATTEMPTS.get(error.kind, 1) and not self.asks_too_much(error)

    def wait(self, error: BaseException, attempt: int) -> float:
        """Return the seconds to wait after ``attempt`` calls."""
        asked = error.retry_after if isinstance(error, CallError) else None
        # Full jitter: clients that failed together must not come back together (AWS, "Exponential Backoff and Jitter").
        ceiling = min(self.longest_wait, self.first_wait * 2 ** (attempt - 1))
        jitter = random.uniform(0.0, ceiling)  # noqa: S311 - spreads the waits of many clients; nothing secret
        return jitter if asked is None else asked + min(jitter, 1.0)


class _History:
    """How the calls of one request ended so far."""

    def __init__(self) -> None:
        self._kinds: Counter[FailureKind] = Counter()
        self._words: Counter[str] = Counter()
        self._began: float | None = None

    def age(self) -> float:
        """Return the seconds since the first failure: what went before is waiting for a turn."""
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        return now - self._began

    def add(self, error: CallError) -> int:
        """Note an error; returns how many calls ended so: too many, when one came word for word SAME times."""
        self._kinds[error.kind] += 1
        if error.kind == "server":
            words = f"{error.status} {NUMBERED.sub('#', str(error))}"
            self._words[words] += 1
            if self._words[words] >= SAME:
                return ATTEMPTS["server"]
        return self._kinds[error.kind]


def retrying(policy: RetryPolicy, sleep: Callable[[float], Awaitable[None]]) -> tenacity.AsyncRetrying:
    """Return what makes the calls of one request: ``await retrying(...)(make_one, request)``.

    The last error is raised as it is.
    """

    history = _History()

    def decide(state: tenacity.RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        if not isinstance(error, CallError) or history.age() > policy.longest_total:
            return False
        return policy.is_worth(error, history.add(error))

    def wait(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return policy.wait(error, state.attempt_number) if error else 0.0

    # tenacity owns the loop alone: whether and how long to wait is decided here, by the facts.
    stop = tenacity.stop_after_attempt(MOST)
    return tenacity.AsyncRetrying(retry=decide, wait=wait, stop=stop, sleep=sleep, reraise=True)
