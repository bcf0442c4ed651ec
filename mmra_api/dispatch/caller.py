"""A request and its key → one reply that was paid for: under a lease, within the limits, retried where that helps."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from mmra_api.dispatch.circuit_breaker import Doubts
from mmra_api.dispatch.coordination import Charge, Consult, Leases, Shared
from mmra_api.dispatch.cost import Budget, Estimator, Price, find_price
from mmra_api.dispatch.limits import CallQueue, Slot
from mmra_api.dispatch.retry import FATAL, RetryPolicy, retrying
from mmra_api.dispatch.store import Entry, Store
from mmra_api.errors import CallError, MmraError, OverBudget
from mmra_api.providers import Provider
from mmra_api.providers.wires import count_text
from mmra_api.types import Event, RateLimits, Reply, Request, Response

T = TypeVar("T")

FRESH = 10.0
"""Seconds for which a lease that was taken need not be looked at again: less than EXPIRY, by far."""
Keep = Callable[[str, Reply], Awaitable[None]]
"""Begins to store a reply at once; what it returns ends when that is done."""
SetAside = Callable[[str, Reply], Awaitable[str]]
"""Keeps a reply that cannot be understood; returns words that say where."""


@dataclass(slots=True)
class Call:
    """One request on its way through its attempts."""

    key: str
    request: Request
    keep: Keep
    since: float
    """When the wait for the next attempt began, in seconds of the event loop's clock."""
    attempts: int = 0
    leased: float = 0.0
    """When the lease was last known to be ours."""


class _Buckets:
    """The shared database as limits need it, until a Coordination is handed in that is asynchronous itself."""

    def __init__(self, shared: Shared, consult: Consult) -> None:
        self._shared = shared
        self._consult = consult

    async def charge(self, scope: str, charges: Iterable[Charge]) -> float:
        return await self._consult(partial(self._shared.pay, scope, charges))

    async def correct(self, scope: str, charges: Iterable[Charge]) -> None:
        await self._consult(partial(self._shared.correct, scope, charges))

    async def pause(self, scope: str, seconds: float) -> None:
        await self._consult(partial(self._shared.pause, scope, seconds))


class Caller:
    """Makes the calls of one dispatcher. ``stop`` ends the run with a reason."""

    def __init__(
        self,
        provider: Provider,
        store: Store,
        *,
        limits: RateLimits,
        budget: Budget,
        price: Price | None,
        policy: RetryPolicy,
        on_event: Callable[[Event], None],
        set_aside: SetAside,
        stop: Callable[[BaseException], None],
    ) -> None:
        store.check_writable()  # before anything else is made in its folder
        self._provider = provider
        self._store = store
        self._budget = budget
        self._price = price
        self._priced = False
        self._doubts = Doubts()
        self._policy = policy
        self._on_event = on_event
        self._set_aside = set_aside
        self._stop = stop
        self._estimator = Estimator(provider)
        self._clerk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mmra-shared")
        self._shared = Shared(store.folder.parent)
        self.leases = Leases(self._shared, self._consult, stop)
        scope = f"{provider.service} {provider.base_url} {provider.model}"
        buckets = _Buckets(self._shared, self._consult)
        self.limits = CallQueue(scope, limits, facts=provider.facts, buckets=buckets, budget=budget)
        self.retrying = 0
        """Requests that wait for the time of their next attempt."""
        self.failures: Counter[str] = Counter()
        """Attempts that failed, by kind, whatever became of their request."""

    async def call(self, key: str, request: Request, keep: Keep) -> Response | Entry:
        """Return the response of a call, stored by ``keep``, or the entry that another process stored meanwhile.

        The lease of the key is held until ``release``. Raises as ``Dispatcher.ask``.
        """
        call = Call(key, request, keep, since=_now())
        try:
            async for attempt in retrying(self._policy, self._sleep):
                with attempt:
                    call.attempts = attempt.retry_state.attempt_number
                    sent = None
                    while sent is None:  # None: the lease was lost in the queue, for example while we were stopped
                        found = await self._wait_for_lease(call)
                        if found is not None:
                            return found
                        self._settle_doubts()  # one that waited for another process waits no more
                        try:
                            sent = await self._send(call)
                        finally:
                            self._settle_doubts()
                    response, stored = sent
            await stored
            return replace(response, attempts=call.attempts, key=key)
        except CallError as error:
            error.attempts = call.attempts
            self._doubts.note_failure(error)
            self._settle_doubts()
            if error.kind in FATAL:
                self._stop(error)
            elif self._policy.asks_too_much(error):
                self._stop(CallError(error.kind, f"{error}; it asks to wait {error.retry_after:,.0f} s"))
            raise
        except OverBudget as error:
            self._stop(error)
            raise

    def note_answer(self) -> None:
        """Note that the model has answered with these parameters, now or in the store."""
        self._doubts.note_answer()
        self._settle_doubts()

    def _settle_doubts(self) -> None:
        """Begin nothing while it seems that every call fails, and end the run when none that is under way answered.

        To be asked whenever a call may have been the last one under way, here or in another process.
        """
        verdict = self._doubts.verdict
        self.limits.hold("calls that fail alike: those under way will tell" if verdict else "")
        if verdict is not None and not self.limits.in_flight and not self.leases.waiting:
            self._stop(verdict)

    def release(self, key: str) -> None:
        """Give the lease of a key back."""
        self._clerk.submit(self._shared.release, key)

    def close(self) -> None:
        """End the heartbeat and give back what is still held."""
        self.leases.close()
        self._clerk.submit(self._shared.close)
        self._clerk.shutdown()

    async def _wait_for_lease(self, call: Call) -> Entry | None:
        """Return once nobody else is calling for a key; with the entry that was stored meanwhile, if any."""
        while not await self._consult(lambda: self._shared.take(call.key)):
            await self.leases.wait(call.key)
            self.limits.check()
        call.leased = _now()
        return self._store.get(call.key)

    async def _has_lost(self, call: Call) -> bool:
        """Return whether a lease that was taken a while ago is another's now, or its call was made."""
        if _now() - call.leased < FRESH:
            return False
        return not await self._consult(lambda: self._shared.take(call.key)) or self._store.get(call.key) is not None

    async def _send(self, call: Call) -> tuple[Response, Awaitable[None]] | None:
        """Make one call, holding a slot from the building of its body to its reply; the reply is being stored then.

        Returns None where the lease was lost while it waited for the slot.
        """
        estimate = self._estimator.estimate(call.request)
        async with self.limits.slot(estimate, self._find_price()) as slot:
            if await self._has_lost(call):
                return None
            self._store.check_writable()
            begun = _now()
            try:
                reply = await self._provider.send(call.request)
                response = await self._understand(call.key, reply)
            except CallError as error:
                self._note(call, slot, begun, error)
                await self.limits.note_failure(slot, error, patient=not self._policy.asks_too_much(error))
                raise
            except asyncio.CancelledError:
                self._note(call, slot, begun, CallError("connection", "given up by the user", maybe_billed=True))
                raise
            self.note_answer()
            stored = call.keep(call.key, reply)  # before anything else that could fail or be cancelled
            written = count_text(response.text) + count_text(response.reasoning)
            self._budget.settle(slot.reservation, response.usage, written=written)
            self._estimator.learn(estimate, response.usage)
            self._note(call, slot, begun, None)
            self.limits.note_reply(slot, response.usage, reply.allowances)
            return response, stored

    async def _understand(self, key: str, reply: Reply) -> Response:
        """Read a reply. What cannot be understood is set aside: it was paid for, but must not be found again."""
        try:
            return self._provider.decode(reply)
        except Exception as error:  # even a bug in a decoder must not lose a reply that was paid for
            kept = await self._set_aside(key, reply)
            raise CallError("unreadable", f"{error}{kept}", maybe_billed=True) from error

    def _note(self, call: Call, slot: Slot, begun: float, error: CallError | None) -> None:
        """Count an attempt, and tell of it."""
        if error is not None:
            self.failures[error.kind] += 1
            if error.maybe_billed:
                self._budget.lose(slot.reservation)
        now = _now()
        event = Event(
            time=datetime.now(UTC).isoformat(timespec="milliseconds"),
            key=call.key,
            attempt=call.attempts,
            kind=error.kind if error else "ok",
            waited=round(begun - call.since, 3),
            seconds=round(now - begun, 3),
            message=str(error) if error else "",
            maybe_billed=bool(error and error.maybe_billed),
        )
        call.since = now
        try:
            self._on_event(event)
        except MmraError as failure:  # the run folder is full, say; what was called for is not lost by that
            self._stop(failure)

    def _find_price(self) -> Price | None:
        if self._price is None and not self._priced:
            provider, self._priced = self._provider, True
            self._price = find_price(provider.service, provider.model, base_url=provider.base_url)
        return self._price

    async def _sleep(self, seconds: float) -> None:
        self.retrying += 1
        try:
            await self.limits.sleep(seconds)
        finally:
            self.retrying -= 1

    async def _consult(self, work: Callable[[], T]) -> T:
        """Do work on the shared database in the thread that owns it. Raises StoreError where it cannot be used."""
        return await asyncio.get_running_loop().run_in_executor(self._clerk, work)


def _now() -> float:
    return asyncio.get_running_loop().time()
