"""A request and its key → one reply that was paid for: under a lease, within the limits, retried where that helps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mmra_api.dispatch.circuit_breaker import CircuitBreaker
from mmra_api.dispatch.coordination import Coordination, Leases
from mmra_api.dispatch.cost import Budget, Estimator, Price, find_price
from mmra_api.dispatch.ending import Ending
from mmra_api.dispatch.events import EventLog
from mmra_api.dispatch.limits import CallQueue, Slot
from mmra_api.dispatch.retry import FATAL, RetryPolicy, retrying
from mmra_api.dispatch.status import Status
from mmra_api.dispatch.store import Entry, Keyed, Store, make_entry
from mmra_api.errors import CallError, OverBudget, StoreError
from mmra_api.providers import Provider
from mmra_api.providers.wires import count_text
from mmra_api.types import Event, RateLimits, Reply, Request, Response

FRESH = 10.0
"""Seconds for which a lease that was taken need not be looked at again: less by far than the time after which others
may take it over, so that a call made within it is surely ours."""


@dataclass(slots=True)
class Call:
    """One request on its way through its attempts."""

    key: str
    keyed: Keyed
    request: Request
    since: float
    """When the wait for the next attempt began, in seconds of the event loop's clock."""
    attempts: int = 0
    leased: float = 0.0
    """When its lease was taken."""
    storing: asyncio.Task[None] | None = None
    """The writing of its reply, once there is one."""


class Attempts:
    """Makes the calls to one model. A request goes straight down: lease, queue, call, store."""

    def __init__(
        self,
        provider: Provider,
        *,
        store: Store,
        coordination: Coordination,
        budget: Budget,
        policy: RetryPolicy,
        ending: Ending,
        limits: RateLimits,
        price: Price | None,
        on_event: Callable[[Event], None],
    ) -> None:
        self._provider = provider
        self._store = store
        self._leases = Leases(coordination, ending)
        self._budget = budget
        self._policy = policy
        self._ending = ending
        self._given_price = price
        self._events = EventLog(on_event, ending)
        self._breaker = CircuitBreaker()
        self._estimator = Estimator(provider)
        self._queue = CallQueue(
            f"{provider.service} {provider.base_url} {provider.model}",
            limits,
            facts=provider.facts,
            buckets=coordination,
            budget=budget,
            ending=ending,
        )
        self._background: set[asyncio.Task[None]] = set()
        """Writes and leases that are seen to by the end, whoever waits for them or no longer does."""
        self._retrying = 0

    async def call(self, key: str, keyed: Keyed, request: Request) -> Response | Entry:
        """Return the response of a call, stored, or the entry that another process stored meanwhile.

        Raises as ``Dispatcher.ask``.
        """
        call = Call(key, keyed, request, since=_now())
        try:
            return await retrying(self._policy, self._sleep)(self._attempt, call)
        except CallError as error:
            error.attempts = call.attempts
            self._end_where_hopeless(error)
            raise
        except (OverBudget, StoreError) as error:  # there is one budget and one store for all
            self._ending.begin_for_all(error)
            raise
        finally:
            self._begin(self._release(call))

    async def _attempt(self, call: Call) -> Response | Entry:
        """Make one attempt, from the lease to the reply in the store."""
        call.attempts += 1
        while True:  # the lease may be lost in the queue, for example while this process was stopped
            await self._leases.take(call.key)
            call.leased = _now()
            found = await self._store.get(call.key)
            if found is not None:  # whoever had the lease before has stored a reply
                return found
            self._settle_breaker()  # a request that waited for another process waits no more
            try:
                response = await self._send(call)
            finally:
                self._settle_breaker()
            if response is not None and call.storing is not None:
                # Out of the slot: the next call need not wait for this reply's disk. Shielded: a write that waits its
                # turn is of a reply that was paid for, also when the run is cancelled.
                await asyncio.shield(call.storing)
                return replace(response, attempts=call.attempts, key=call.key)

    async def _has_lost(self, call: Call) -> bool:
        """Return whether a lease that was taken a while ago is another's now, or its call was made."""
        if _now() - call.leased < FRESH:
            return False
        return not await self._leases.keep(call.key) or await self._store.get(call.key) is not None

    async def _send(self, call: Call) -> Response | None:
        """Make one call, holding a slot from the building of its body to its reply; the reply is being stored then.

        Returns None where the lease was lost while it waited for the slot.
        """
        estimate = self._estimator.estimate(call.request)
        async with self._queue.slot(estimate, self._price) as slot:
            if await self._has_lost(call):
                return None
            await self._store.check_writable()
            self._ending.check()
            begun = _now()
            try:
                reply = await self._provider.send(call.request)
                response = await self._decode(call.key, reply)
            except CallError as error:
                self._note(call, slot, begun, error)
                await self._queue.note_failure(slot, error, patient=not self._policy.asks_too_much(error))
                raise
            except asyncio.CancelledError:
                self._note(call, slot, begun, CallError("connection", "given up by the user", maybe_billed=True))
                raise
            # Before anything else that could fail or be cancelled: the reply was paid for.
            call.storing = self._begin(self._keep(call, reply))
            self.note_answer()
            written = count_text(response.text) + count_text(response.reasoning)
            self._budget.settle(slot.reservation, response.usage, written=written)
            self._estimator.learn(estimate, response.usage)
            self._note(call, slot, begun, None)
            self._queue.note_reply(slot, response.usage, reply.allowances)
            return response

    async def _decode(self, key: str, reply: Reply) -> Response:
        """Read a reply. What cannot be understood is set aside: it was paid for, but must not be found again."""
        try:
            return self._provider.decode(reply)
        except Exception as error:  # even a bug in a decoder must not lose a reply that was paid for
            kept = ""
            try:
                kept = f"; the reply is kept in {await self._store.set_aside(key, reply)!r}"
            except StoreError as broken:
                self._ending.begin_for_all(broken)
            raise CallError("unreadable", f"{error}{kept}", maybe_billed=True) from error

    async def _keep(self, call: Call, reply: Reply) -> None:
        """Store a reply. Where it cannot be written the run ends, but whoever asked still gets the reply in hand."""
        try:
            await self._store.put(call.key, make_entry(call.keyed, reply))
        except StoreError as error:
            self._ending.begin_for_all(error)

    async def _release(self, call: Call) -> None:
        """Give the lease back, once the reply is in the store: whoever waits for the lease looks there first."""
        if call.storing is not None:
            await call.storing
        try:
            await self._leases.release(call.key)
        except StoreError as error:
            self._ending.begin_for_all(error)

    def _end_where_hopeless(self, error: CallError) -> None:
        """Begin the end where no other call could succeed either."""
        self._breaker.note_failure(error)
        self._settle_breaker()
        if error.kind in FATAL:
            self._ending.begin(error)
        elif self._policy.asks_too_much(error):
            self._ending.begin(CallError(error.kind, f"{error}; it asks to wait {error.retry_after:,.0f} s"))

    def note_answer(self) -> None:
        """Note that the model has answered with these parameters, now or in the store."""
        self._breaker.note_answer()
        self._settle_breaker()

    def _settle_breaker(self) -> None:
        """Begin no call while the breaker is tripped, and end the run when none of those under way was answered.

        To be asked whenever a call may have been the last one under way, here or in another process.
        """
        tripped = self._breaker.tripped_by
        self._queue.hold("calls that fail alike: those under way will tell" if tripped else "")
        if tripped is not None and not self._queue.in_flight and not self._leases.waiting:
            self._ending.begin(tripped)

    def _note(self, call: Call, slot: Slot, begun: float, error: CallError | None) -> None:
        """Count an attempt that ended now, and tell of it."""
        if error is not None and error.maybe_billed:
            self._budget.lose(slot.reservation)
        now = _now()
        self._events.note(call.key, call.attempts, waited=begun - call.since, seconds=now - begun, error=error)
        call.since = now

    @cached_property
    def _price(self) -> Price | None:
        # Looked up when the first call is made: the list of prices takes a third of a second to load.
        provider = self._provider
        return self._given_price or find_price(provider.service, provider.model, base_url=provider.base_url)

    async def _sleep(self, seconds: float) -> None:
        self._retrying += 1
        try:
            await self._ending.sleep(seconds)
        finally:
            self._retrying -= 1

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    def describe(self) -> Status:
        """Return what is going on now."""
        return Status(
            in_flight=self._queue.in_flight,
            queued=self._queue.waiting,
            reason=self._queue.reason,
            retrying=self._retrying,
            elsewhere=self._leases.waiting,
            failures=self._events.failures.copy(),
        )

    async def close(self) -> None:
        """Wait until every reply is stored and every lease given back."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)
        self._leases.close()
        # After the calls: each of them may still have corrections to write.
        await self._queue.close()


def _now() -> float:
    return asyncio.get_running_loop().time()
