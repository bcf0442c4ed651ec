"""Request → Response: asked once, politely.

What happens to a request, in order, straight down; whoever owns a step is named with it:

1. Equal to one in flight here? It joins, and shares that one's reply (``dispatcher``).
2. In the store? The stored reply is read again, and nothing is asked (``store/``).
3. Is another process asking? It waits for that one's lease (``coordination/``); then the store is looked at again.
4. It waits in one queue for a slot, the rate limits and the budget (``limits/``, ``cost/``).
5. The provider makes one call; every attempt is an event (``attempts``, ``events``).
6. A reply is stored durably before anything else is done with it, then the lease is given back.
7. A failure is a set of facts; the policy decides on another attempt, whose wait holds no slot (``retry``).
8. Where every call fails alike before any answer, the run ends (``circuit_breaker``); so it does where no call can
   succeed, the budget is spent or the store cannot be written (``ending``).

A ``Session`` holds what all calls of a run share; it connects one Dispatcher for each model.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from mmra_api.dispatch.coordination import open_coordination
from mmra_api.dispatch.cost import Budget
from mmra_api.dispatch.dispatcher import Dispatcher
from mmra_api.dispatch.limits import CEILING
from mmra_api.dispatch.retry import FATAL, HOPELESS, RetryPolicy
from mmra_api.dispatch.session import Session
from mmra_api.dispatch.status import Status
from mmra_api.dispatch.store import open_store
from mmra_api.types import Event

# A library says nothing unless its user asks. Here, because whatever logs comes after this front door, while
# `import mmra_api` does without logging.
logging.getLogger("mmra_api").addHandler(logging.NullHandler())


def open_session(
    cache: Path | None = None,
    *,
    budget: Budget | None = None,
    policy: RetryPolicy | None = None,
    offline: bool = False,
    on_event: Callable[[Event], None] = lambda _: None,
) -> Session:
    """Return the session on a cache folder, not entered yet; None is where ``--cache`` would find it."""
    return Session(
        open_store(cache),
        lambda: open_coordination(cache),
        budget=budget,
        policy=policy,
        offline=offline,
        on_event=on_event,
    )


__all__ = [
    "CEILING",
    "FATAL",
    "HOPELESS",
    "Budget",
    "Dispatcher",
    "RetryPolicy",
    "Session",
    "Status",
    "open_session",
]
