"""What the calls of one run share: the store, the coordination with other processes, the budget, and one end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

from mmra_api.dispatch.attempts import Attempts
from mmra_api.dispatch.coordination import Coordination, Heartbeat
from mmra_api.dispatch.cost import Budget, Price
from mmra_api.dispatch.dispatcher import Dispatcher
from mmra_api.dispatch.ending import Ending
from mmra_api.dispatch.retry import RetryPolicy
from mmra_api.dispatch.status import Status
from mmra_api.dispatch.store import Store
from mmra_api.providers import Provider
from mmra_api.types import Event, RateLimits, Role


class Session:
    """Opens dispatchers, one for the model that is measured and one for each model that helps.

    Use it as an async context manager: leaving it waits for the calls in flight, and cancels them only when it is
    cancelled itself; what was paid for is stored in either case. ``open_coordination`` is called on entering, unless
    the session is offline: then nobody is called. ``on_event`` is told of every attempt.
    """

    def __init__(
        self,
        store: Store,
        open_coordination: Callable[[], Coordination],
        *,
        budget: Budget | None = None,
        policy: RetryPolicy | None = None,
        offline: bool = False,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self.store = store
        self.budget = budget or Budget()
        self.policy = policy or RetryPolicy()
        self.ending = Ending()
        self.coordination: Coordination | None = None
        """None while the session is not entered, and where it is offline."""
        self._heartbeat: Heartbeat | None = None
        self._open_coordination = None if offline else open_coordination
        self._on_event = on_event
        self._dispatchers: list[Dispatcher] = []

    async def __aenter__(self) -> Self:
        if self._open_coordination is not None:
            # Before anything is made in its folder: a store that cannot keep replies is no place to begin.
            try:
                await self.store.check_writable()
                self.coordination = self._open_coordination()
            except BaseException:
                await self.store.close()
                raise
            self._heartbeat = Heartbeat(self.coordination, self.ending)
            self._heartbeat.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        cancelled = kind is not None and issubclass(kind, asyncio.CancelledError)
        failures: list[BaseException] = []
        for each in self._dispatchers:
            try:
                await each.close(cancel=cancelled)
            except BaseException as failure:  # noqa: BLE001 - raised below, when the replies of all others are stored
                failures.append(failure)
                cancelled = cancelled or isinstance(failure, asyncio.CancelledError)
        try:
            # After the dispatchers: a lease is given back only when the reply that was paid for under it is stored.
            if self._heartbeat is not None:
                self._heartbeat.close()
            if self.coordination is not None:
                await self.coordination.close()
        finally:
            await self.store.close()
        if failures:
            raise failures[0]

    def connect(
        self,
        provider: Provider,
        *,
        role: Role = "model",
        limits: RateLimits | None = None,
        price: Price | None = None,
    ) -> Dispatcher:
        """Return a dispatcher for a model. ``price`` is looked up when the first call is made and none is given.

        What ends the calls of the model that is measured ends the session; a model that helps may end alone, as with a
        bad key: its failures are never charged to the model.
        """
        ending = self.ending if role == "model" else self.ending.add_helper()
        attempts: Attempts | None = None
        if self.coordination is not None and provider.facts.stored:
            attempts = Attempts(
                provider,
                store=self.store,
                coordination=self.coordination,
                budget=self.budget,
                policy=self.policy,
                ending=ending,
                limits=limits or RateLimits(),
                price=price,
                on_event=lambda event: self._on_event(event if role == "model" else replace(event, role=role)),
            )
        self._dispatchers.append(Dispatcher(provider, self.store, attempts, ending))
        return self._dispatchers[-1]

    def stop(self, reason: BaseException) -> None:
        """Send nothing new. What is in flight is awaited and stored; the first reason is kept."""
        self.ending.begin(reason)

    @property
    def stopped_by(self) -> BaseException | None:
        """Return why the session ends, or None while it goes on."""
        return self.ending.reason

    def raise_if_stopped(self) -> None:
        """Raise why the session ended, if it ended early."""
        if self.ending.reason is not None:
            raise self.ending.reason

    @property
    def in_flight(self) -> int:
        """Return the number of calls under way, those of helpers too."""
        return sum(each.status.in_flight for each in self._dispatchers)

    @property
    def damaged(self) -> int:
        """Return how many stored replies could not be read, and counted as not stored."""
        return len(self.store.damaged)

    @property
    def status(self) -> Status:
        """Return what the first dispatcher is doing now: that of the model that is measured."""
        return self._dispatchers[0].status if self._dispatchers else Status()
