"""When a call may start: a free slot, the budget, the paces that the user or the service's headers set, and what was
learned from refusals. Calls wait in one queue, and hold nothing while they wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from mmra_api.dispatch.coordination import Charge, Coordination
from mmra_api.dispatch.cost import Budget, Guess, Price, Reservation
from mmra_api.dispatch.ending import Ending
from mmra_api.dispatch.limits.adaptive import LONGEST_PAUSE, Adaptation
from mmra_api.errors import CallError
from mmra_api.providers import Provider
from mmra_api.types import Allowance, RateLimits, Tokens, Usage

STARTING_ROOM = 16
"""Calls at the same time to begin with, where the user names no number."""
CEILING = 64
"""Calls at the same time at most, where the user names no number: each holds a body with its images."""
MARGIN = 0.98
"""The part of a stated limit that is used: calls do not arrive in the rhythm in which they were sent."""
LOOK_AGAIN = 0.5
"""Seconds after which a call that waits looks again, whatever it waits for: others may have changed it."""
NEWS = 0.2
"""Seconds within which the pauses of other processes are not looked up again where no limit is to be charged."""
WORDS = {
    "requests": "calls a minute",
    "tokens": "tokens a minute",
    "input_tokens": "input tokens a minute",
    "output_tokens": "output tokens a minute",
}

FAILING = frozenset({"overloaded", "server", "timeout", "connection"})
"""Kinds by which a service, or the way to it, fails by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The right to make one call."""

    started: float
    """Seconds of the event loop's clock."""
    guess: Guess
    reservation: Reservation
    charges: list[Charge]
    """What was charged to the limits for it."""


class CallQueue:
    """The limits of one model at one service (``scope``); what is stated holds for all processes of a cache folder."""

    def __init__(
        self, provider: Provider, limits: RateLimits, *, coordination: Coordination, budget: Budget, ending: Ending
    ) -> None:
        self.in_flight = 0
        self.waiting = 0
        """Calls in the queue."""
        self.reason = ""
        """Why the first of them waits, in words."""
        self._scope = f"{provider.service} {provider.base_url} {provider.model}"
        self._coordination = coordination
        self._ending = ending
        self._budget = budget
        self._per_minute: dict[str, float | None] = {
            "requests": limits.rpm,
            "tokens": limits.tpm,
            "input_tokens": limits.input_tpm,
            "output_tokens": limits.output_tpm,
        }
        self._held = ""
        """Why no call may start for now, in words."""
        self._learned: dict[str, float] = {}
        start = limits.concurrency or STARTING_ROOM
        self._adaptation = Adaptation(start=start, ceiling=limits.concurrency or CEILING)
        self._asked_others = 0.0
        self._gate = asyncio.Lock()
        self._changed = asyncio.Event()
        self._background: set[asyncio.Task[None]] = set()
        ending.listen(self._changed.set)

    @asynccontextmanager
    async def slot(self, guess: Guess, price: Price | None) -> AsyncIterator[Slot]:
        """Hold the right to make one call. Raises Stopped when the run ends first, OverBudget when it does not fit."""
        self.waiting += 1
        try:
            async with self._gate:
                slot = await self._wait_for_turn(guess, price)
                self.in_flight += 1
        finally:
            self.waiting -= 1
        try:
            yield slot
        finally:
            self.in_flight -= 1
            self._budget.release(slot.reservation)
            self._changed.set()

    async def _wait_for_turn(self, guess: Guess, price: Price | None) -> Slot:
        while True:
            self._ending.check()
            self._changed.clear()
            found = await self._try(guess, price)
            if isinstance(found, Slot):
                self.reason = ""
                return found
            wait, self.reason = found
            await self._sleep_until_change(min(wait, LOOK_AGAIN))

    async def _try(self, guess: Guess, price: Price | None) -> Slot | tuple[float, str]:
        """Return the right to call now, or how many seconds to wait and the reason in words."""
        wait, reason = self._look()
        if wait:
            return wait, reason
        reservation = self._budget.reserve(guess.most, price)
        if reservation is None:
            return LOOK_AGAIN, "the budget: calls under way may leave some of theirs"
        charges = self._list_charges(guess.likely)
        try:
            if charges or _now() - self._asked_others > NEWS:
                self._asked_others = _now()
                wait = await self._coordination.charge(self._scope, charges)
        except BaseException:
            self._budget.release(reservation)
            raise
        if wait:
            self._budget.release(reservation)
            return wait, self._describe_paces() or "the service asked another process to wait"
        started = _now()
        self._adaptation.start(started)
        return Slot(started=started, guess=guess, reservation=reservation, charges=charges)

    def _look(self) -> tuple[float, str]:
        """Return how long to wait for a slot or for the learned pace, and the reason in words."""
        if self._held:
            return LOOK_AGAIN, self._held
        if self._adaptation.down:
            wait = max(self._adaptation.wait(_now()), LOOK_AGAIN if self.in_flight else 0.0)
            return wait, "the service fails every call; one at a time looks whether it is back"
        if self.in_flight >= self._adaptation.limit:
            return LOOK_AGAIN, f"{self.in_flight} calls are under way"
        now = _now()
        wait = self._adaptation.wait(now)
        if now < self._adaptation.paused_until:
            return wait, f"the service refused for its rate; next call in {wait:,.0f} s"
        return wait, f"learned pace, {(self._adaptation.pace or 0.0) * 60:,.0f} calls a minute"

    async def _sleep_until_change(self, seconds: float) -> None:
        """Sleep, but wake when a call ends or the run does."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    def _rates(self) -> dict[str, float]:
        """Return what limits there are, in units per minute: the user's, else those learned from headers."""
        stated = {unit: rate for unit, rate in self._per_minute.items() if rate}
        return self._learned | stated

    def _list_charges(self, tokens: Tokens) -> list[Charge]:
        amounts = _measure(tokens)
        return [
            Charge(unit=unit, amount=amounts[unit], per_second=rate * MARGIN / 60)
            for unit, rate in self._rates().items()
        ]

    def _describe_paces(self) -> str:
        return ", ".join(f"{rate:,.0f} {WORDS[unit]}" for unit, rate in self._rates().items())

    def note_reply(self, slot: Slot, usage: Usage, allowances: Iterable[Allowance]) -> None:
        """Learn from a reply, and settle what was charged for it."""
        self._adaptation.succeed(_now(), started=slot.started, running=self.in_flight)
        self._learn(allowances)
        took = Tokens(
            input=slot.guess.likely.input if usage.input_tokens is None else usage.input_tokens,
            output=slot.guess.likely.output if usage.output_tokens is None else usage.output_tokens,
        )
        amounts = _measure(took)
        owed = [replace(each, amount=amounts[each.unit] - each.amount) for each in slot.charges]
        if any(each.amount for each in owed):
            # In the background: the reply need not wait until the difference is settled.
            task = asyncio.create_task(self._coordination.correct(self._scope, owed))
            self._background.add(task)
            task.add_done_callback(self._background.discard)

    async def note_failure(self, slot: Slot, error: CallError, *, patient: bool) -> None:
        """Learn from a failure: a refusal for the rate slows everyone, a failing service is not asked more at once.

        Without ``patient`` nobody waits for as long as the service asks: the run ends instead.
        """
        self._learn(error.allowances)
        if not patient:
            return
        now, asked = _now(), _find_wait(error)
        if error.kind == "rate_limit":
            pause = self._adaptation.refuse(now, started=slot.started, running=self.in_flight, asked=asked)
            await self._coordination.pause(self._scope, pause)
        elif error.kind in FAILING:
            self._adaptation.stumble(now, started=slot.started, asked=asked)
            if asked:
                await self._coordination.pause(self._scope, asked)
        else:
            self._adaptation.admit(now, started=slot.started)

    def _learn(self, allowances: Iterable[Allowance]) -> None:
        """Take the limits that a service states; the user's own come before them."""
        self._learned |= {each.unit: each.limit for each in allowances if each.limit is not None}

    def hold(self, reason: str) -> None:
        """Let no call start for a reason in words; with an empty one they go on."""
        if reason != self._held:
            self._held = reason
            self._changed.set()

    async def close(self) -> None:
        """Wait until everything is settled."""
        await asyncio.gather(*self._background, return_exceptions=True)


def _measure(tokens: Tokens) -> dict[str, float]:
    """Return what one call takes of each limit."""
    return {"requests": 1, "tokens": tokens.total, "input_tokens": tokens.input, "output_tokens": tokens.output}


def _find_wait(error: CallError) -> float | None:
    """Return how long a refusal asks to wait; where it does not say so, until what is used up is there again."""
    if error.retry_after is not None:
        return error.retry_after
    resets = [each.reset for each in error.allowances if each.remaining == 0 and each.reset is not None]
    return min(max(resets), LONGEST_PAUSE) if resets else None


def _now() -> float:
    return asyncio.get_running_loop().time()
