"""Request → Response: asked once, politely.

In-flight twin? → cache? → lease (who else is asking?) → budget and limits → send → retry, or store and read.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

import msgspec

from mmra_api.dispatch.caller import Caller
from mmra_api.dispatch.cost import Budget, Price
from mmra_api.dispatch.retry import RetryPolicy
from mmra_api.dispatch.store import Entry, Keyed, Savings, Store, describe_call, hash_call
from mmra_api.errors import CallError, NotCached, Stopped, StoreError
from mmra_api.providers import Provider
from mmra_api.types import Event, RateLimits, Reply, ReplySource, Request, Response

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a dispatcher is doing now, for a progress display."""

    in_flight: int = 0
    """Calls under way."""
    queued: int = 0
    """Calls that wait for a slot, a limit or the budget."""
    reason: str = ""
    """Why the first of them waits, in words."""
    retrying: int = 0
    """Requests that wait for the time of their next attempt."""
    elsewhere: int = 0
    """Requests that another process is calling for."""
    failures: Counter[str] = field(default_factory=Counter)
    """Attempts that failed, by kind, whatever became of their request."""


class Dispatcher:
    """Asks one model. Use it as an async context manager: leaving it waits for the calls in flight, and cancels them
    only when it is cancelled itself.

    ``stop`` ends it gently: nothing new is sent, what is in flight is awaited and stored. A fatal failure (bad key,
    unknown model, no quota, a store that cannot be written, a budget that is spent) stops it by itself and is kept in
    ``stopped_by``. ``on_event`` is told of every attempt. ``price`` is looked up when none is given.
    """

    def __init__(
        self,
        provider: Provider,
        store: Store,
        *,
        limits: RateLimits | None = None,
        budget: Budget | None = None,
        price: Price | None = None,
        offline: bool = False,
        policy: RetryPolicy | None = None,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self.stopped_by: BaseException | None = None
        self.companions: list[Dispatcher] = []
        """Dispatchers of the same run, as the judge's: they stop with this one, and their calls count as its own."""
        self.budget = budget or Budget()
        self._provider = provider
        self._store = store
        self._flying: dict[str, asyncio.Task[Response]] = {}
        self._savings = Savings((provider.service, provider.base_url, provider.model))
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mmra-store")
        self._caller: Caller | None = None
        if provider.facts.stored and not offline:
            self._caller = Caller(
                provider,
                store,
                limits=limits or RateLimits(),
                budget=self.budget,
                price=price,
                policy=policy or RetryPolicy(),
                on_event=on_event,
                set_aside=self._set_aside,
                stop=self.stop,
            )

    async def __aenter__(self) -> Self:
        if self._caller:
            self._caller.leases.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is asyncio.CancelledError:
            for task in self._flying.values():
                task.cancel()
        try:
            await asyncio.gather(*self._flying.values(), return_exceptions=True)
            await self._provider.close()
        finally:
            self._writer.shutdown()  # before the leases are given back: what was paid for is stored first
            if self._caller:
                await self._caller.limits.close()
                self._caller.close()
            self._savings.flush(self._store.folder.parent)

    @property
    def in_flight(self) -> int:
        """Return the number of calls under way."""
        own = self._caller.limits.in_flight if self._caller else 0
        return own + sum(each.in_flight for each in self.companions)

    @property
    def status(self) -> Status:
        """Return what is going on now."""
        if self._caller is None:
            return Status()
        return Status(
            in_flight=self._caller.limits.in_flight,
            queued=self._caller.limits.waiting,
            reason=self._caller.limits.reason,
            retrying=self._caller.retrying,
            elsewhere=self._caller.leases.waiting,
            failures=self._caller.failures.copy(),
        )

    @property
    def damaged(self) -> int:
        """Return how many stored replies could not be read, and counted as not stored."""
        return len(self._store.unreadable)

    def stop(self, reason: BaseException) -> None:
        """Send nothing new. The first reason is kept."""
        self.stopped_by = self.stopped_by or reason
        for each in self.companions:
            each.stop(Stopped("the run is ending"))  # its own reason would read as a failure of theirs
        if self._caller:
            self._caller.limits.stop()
            self._caller.leases.wake()

    async def ask(self, request: Request) -> Response:
        """Return the response, from an equal request in flight, from the cache, or by a call.

        Raises CallError when the call failed for good, NotCached when offline and there is no stored reply, Stopped
        or OverBudget when the run ends first, StoreError when the store cannot be used.
        """
        if not self._provider.facts.stored:
            return self._provider.decode(await self._provider.send(request))
        keyed = describe_call(self._provider, request)
        key = hash_call(keyed)
        twin = self._flying.get(key)
        if twin is not None:
            return await _share(twin)
        entry = self._store.get(key)
        if entry is not None:
            return self._recall(key, entry, "cache")
        if self._caller is None:
            raise NotCached(key)
        # A task of its own: when whoever asks is cancelled, the call that is being paid for goes on and is stored.
        task = asyncio.create_task(self._call(self._caller, key, keyed, request))
        self._flying[key] = task
        task.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(task)

    def _recall(self, key: str, entry: Entry, source: ReplySource) -> Response:
        response = self._provider.decode(Reply(body=entry.reply, headers=entry.headers))
        self._savings.add(response.usage)
        if self._caller:
            self._caller.note_answer()
        return replace(response, source=source, attempts=0, key=key)

    def _land(self, key: str, task: asyncio.Task[Response]) -> None:
        self._flying.pop(key, None)
        if not task.cancelled():
            task.exception()  # marks it as seen: whoever asked may be gone

    async def _call(self, caller: Caller, key: str, keyed: Keyed, request: Request) -> Response:
        def keep(key: str, reply: Reply) -> Awaitable[None]:
            return self._write(lambda: self._store.put(key, keyed, reply))

        try:
            found = await caller.call(key, request, keep)
            return self._recall(key, found, "twin") if isinstance(found, Entry) else found
        except StoreError as error:
            self.stop(error)
            raise
        finally:
            self._writer.submit(caller.release, key)  # behind the write of its reply

    async def _set_aside(self, key: str, reply: Reply) -> str:
        text = msgspec.json.encode({"body": reply.body, "headers": reply.headers}).decode()
        file = await self._write(lambda: self._store.set_aside(key, text))
        return f"; the reply is kept in {str(file)!r}" if file else ""

    def _write(self, work: Callable[[], T]) -> Awaitable[T | None]:
        """Begin to write in a thread of its own: a durable write waits for the disk, and the event loop must not.

        A store that cannot be written ends the run, but the reply in hand still goes to whoever asked, and into the
        record: None is returned, nothing is raised.
        """
        writing = asyncio.get_running_loop().run_in_executor(self._writer, work)
        return asyncio.create_task(self._wait_for(writing))

    async def _wait_for(self, writing: Awaitable[T]) -> T | None:
        try:
            # Shielded: a write that waits its turn is of a reply that was paid for, also when the run is cancelled.
            return await asyncio.shield(writing)
        except StoreError as error:
            self.stop(error)
            return None


async def _share(call: asyncio.Task[Response]) -> Response:
    """Return what another request's call brings. What it cost is counted there, not here."""
    try:
        return replace(await asyncio.shield(call), source="twin", attempts=0)
    except CallError as error:
        raise CallError(error.kind, str(error), retry_after=error.retry_after) from error


__all__ = ["Budget", "Dispatcher", "RetryPolicy", "Status", "Store"]
