"""When a call may start: a free slot, the budget, the stated limits, and what was learned from 429s.

Calls wait in one queue, first come, first served, and hold nothing while they wait. The way of a call, top-down:

    slot → _wait_for_turn → _try → _look (held? down? slots? learned pace?) → budget → token buckets → Slot
    … the call … → note_reply or note_failure → the slot is free
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from mmra_api.dispatch.coordination import Charge
from mmra_api.dispatch.cost import FREE, Budget, Price, Reservation, TokenEstimate
from mmra_api.dispatch.ending import Ending
from mmra_api.dispatch.limits.adaptive import Adaptation
from mmra_api.dispatch.limits.stated import SharedBuckets, StatedLimits, find_wait
from mmra_api.errors import CallError
from mmra_api.providers import ProviderFacts
from mmra_api.types import Allowance, RateLimits, Usage

LOG = logging.getLogger(__name__)

FIRST_SLOTS = 16
"""Calls at the same time to begin with, where the user names no number: few services refuse so many at once."""
CEILING = 64
"""Calls at the same time at most, where the user names no number: each holds a body with its images."""
LOOK_AGAIN = 0.5
"""Seconds after which a call that waits looks again, whatever it waits for: others may have changed it."""
FAILING = frozenset({"overloaded", "server", "timeout", "connection"})
"""Kinds by which a service, or the way to it, fails by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The right to make one call, and what was set aside for it."""

    started: float
    """Seconds of the event loop's clock."""
    estimate: TokenEstimate
    reservation: Reservation
    """What it may take of the budget; settled or lost by the caller, else released when the slot is free."""
    charges: list[Charge]
    """What was charged to the stated limits, by the estimate; corrected once the reply tells what it took."""


class CallQueue:
    """The calls to one model at one service (``scope``) that wait or are under way.

    Where calls are not limited (``facts``) it has ``batch_size`` slots, and neither learns nor charges nor pauses.
    Where they are not billed, a budget in dollars does not hold them back.
    """

    def __init__(
        self,
        scope: str,
        limits: RateLimits,
        *,
        facts: ProviderFacts,
        buckets: SharedBuckets,
        budget: Budget,
        ending: Ending,
    ) -> None:
        self.in_flight = 0
        self.waiting = 0
        """Calls in the queue."""
        self.reason = ""
        """Why the first of them waits, in words."""
        self._facts = facts
        self._budget = budget
        self._stated = StatedLimits(scope, limits, buckets)
        # An adaptation that is never told how a call ended never changes: this is what the fixed slots are.
        slots = limits.concurrency if facts.limited else facts.batch_size
        self._adaptation = Adaptation(start=slots or FIRST_SLOTS, ceiling=slots or CEILING)
        self._held = ""
        """Why no call may start for now, in words."""
        self._gate = asyncio.Lock()  # only the first in the queue looks; asyncio's lock is fair, so that it is a queue
        self._changed = asyncio.Event()
        self._ending = ending
        ending.listen(self._changed.set)  # whoever waits here looks again, and finds that the run ends

    @asynccontextmanager
    async def slot(self, estimate: TokenEstimate, price: Price | None) -> AsyncIterator[Slot]:
        """Hold the right to make one call. Raises Stopped when the run ends first, OverBudget when it does not fit."""
        self.waiting += 1
        try:
            async with self._gate:
                slot = await self._wait_for_turn(estimate, price if self._facts.billed else FREE)
                self.in_flight += 1  # before the gate opens: the next in the queue must count this one
        finally:
            self.waiting -= 1
        try:
            yield slot
        finally:
            self.in_flight -= 1
            self._budget.release(slot.reservation)
            self._changed.set()

    async def _wait_for_turn(self, estimate: TokenEstimate, price: Price | None) -> Slot:
        while True:
            self._ending.check()
            self._changed.clear()  # before looking: what changes while it looks must wake it
            found = await self._try(estimate, price)
            if isinstance(found, Slot):
                self.reason = ""
                return found
            wait, self.reason = found
            await _wait_for(self._changed, min(wait, LOOK_AGAIN))

    async def _try(self, estimate: TokenEstimate, price: Price | None) -> Slot | tuple[float, str]:
        """Return the right to call now, or how many seconds to wait and the reason in words."""
        wait, reason = self._look()
        if wait:
            return wait, reason
        # Before the buckets: money that is not there needs no place in the minute.
        reservation = self._budget.reserve(estimate.at_most, price)
        if reservation is None:
            return LOOK_AGAIN, "the budget: calls under way may leave some of theirs"
        charges = self._stated.list_charges(estimate.expected) if self._facts.limited else []
        try:
            wait = await self._stated.charge(charges) if self._facts.limited else 0.0
        except BaseException:
            self._budget.release(reservation)
            raise
        if wait:
            self._budget.release(reservation)  # what waits must not keep others of the same budget from calling
            return wait, self._stated.describe() or "the service asked another process to wait"
        started = _now()
        self._adaptation.start(started)
        return Slot(started=started, estimate=estimate, reservation=reservation, charges=charges)

    def _look(self) -> tuple[float, str]:
        """Return how long to wait for a slot or for the learned pace, and the reason in words."""
        now, learned = _now(), self._adaptation
        if self._held:
            return LOOK_AGAIN, self._held
        if learned.down:
            wait = max(learned.wait(now), LOOK_AGAIN if self.in_flight else 0.0)
            return wait, "the service fails every call; one at a time looks whether it is back"
        if self.in_flight >= learned.limit:
            return LOOK_AGAIN, f"{self.in_flight} calls are under way"
        wait = learned.wait(now)
        if now < learned.paused_until:
            return wait, f"the service refused for its rate; next call in {wait:,.0f} s"
        return wait, f"learned pace, {(learned.pace or 0.0) * 60:,.0f} calls a minute"

    def note_reply(self, slot: Slot, usage: Usage, allowances: Iterable[Allowance]) -> None:
        """Learn from a reply, and correct what was charged for it, without waiting for that."""
        if not self._facts.limited:
            return
        self._adaptation.succeed(_now(), started=slot.started, running=self.in_flight)
        self._stated.learn(allowances)
        self._stated.correct(slot.charges, slot.estimate.replace_by(usage))

    async def note_failure(self, slot: Slot, error: CallError, *, patient: bool) -> None:
        """Learn from a failure: a refusal for the rate slows everyone, a failing service is not asked more at once.

        Without ``patient`` nobody waits for as long as the service asks: the run ends instead.
        """
        if not self._facts.limited:
            return
        self._stated.learn(error.allowances)
        if not patient:
            return
        now, asked = _now(), find_wait(error)
        if error.kind == "rate_limit":
            self._adaptation.stated = self._stated.calls_per_second
            pause = self._adaptation.refuse(now, started=slot.started, running=self.in_flight, asked=asked)
            LOG.info("refused for its rate: no call for %.1f s, then %d at once", pause, self._adaptation.limit)
            await self._stated.pause(pause)
        elif error.kind in FAILING:
            self._adaptation.stumble(now, started=slot.started, asked=asked)
            if asked:
                await self._stated.pause(asked)
        else:
            self._adaptation.admit(now, started=slot.started)

    def hold(self, reason: str) -> None:
        """Let no call start for a reason in words; with an empty one they go on."""
        if reason != self._held:
            self._held = reason
            self._changed.set()

    async def close(self) -> None:
        """Wait for what is still written to the shared token buckets."""
        await self._stated.close()


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    """Return when an event is set, or the time is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _now() -> float:
    return asyncio.get_running_loop().time()
