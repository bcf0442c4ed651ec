"""One model's Requests → Responses: from an equal request in flight, from the store, or by a call."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from mmra_api.dispatch.attempts import Attempts
from mmra_api.dispatch.ending import Ending
from mmra_api.dispatch.status import Status
from mmra_api.dispatch.store import Entry, HitCounter, Keyed, Store, describe_call, hash_call
from mmra_api.errors import CallError, NotCached
from mmra_api.providers import Provider
from mmra_api.types import Reply, ReplySource, Request, Response


class Dispatcher:
    """Asks one model; made by ``Session.connect``, and closed with the session.

    A fatal failure (bad key, unknown model, no quota, a store that cannot be written, a budget that is spent) begins
    its ending by itself.
    """

    def __init__(self, provider: Provider, store: Store, attempts: Attempts | None, ending: Ending) -> None:
        self.ending = ending
        self._provider = provider
        self._store = store
        self._attempts = attempts
        """None where nobody is called: offline, and for a provider whose replies are not stored."""
        self._flights: dict[str, asyncio.Task[Response]] = {}
        """The requests under way, by key: an equal one joins."""
        self._hits = HitCounter((provider.service, provider.base_url, provider.model))

    async def ask(self, request: Request) -> Response:
        """Return the response, from an equal request in flight, from the store, or by a call.

        Raises CallError when the call failed for good, NotCached when offline and there is no stored reply, Stopped
        or OverBudget when the run ends first, StoreError when the store cannot be used.
        """
        if not self._provider.facts.stored:
            return self._provider.decode(await self._provider.send(request))
        keyed = describe_call(self._provider, request)
        key = hash_call(keyed)
        flight = self._flights.get(key)
        if flight is not None:
            return await self._join(flight)
        # A task of its own: when whoever asks is cancelled, the call that is being paid for goes on and is stored.
        flight = asyncio.create_task(self._answer(key, keyed, request))
        self._flights[key] = flight
        flight.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(flight)

    async def _answer(self, key: str, keyed: Keyed, request: Request) -> Response:
        entry = await self._store.get(key)
        if entry is not None:
            return self._recall(key, entry, "cache")
        if self._attempts is None:
            raise NotCached(key)
        found = await self._attempts.call(key, keyed, request)
        return self._recall(key, found, "twin") if isinstance(found, Entry) else found

    def _recall(self, key: str, entry: Entry, source: ReplySource) -> Response:
        # The raw reply is read again each time, so that a better decoder serves old replies too.
        response = self._provider.decode(Reply(body=entry.reply, headers=entry.headers))
        self._hits.add(response.usage)
        if self._attempts is not None:
            # A stored answer proves that the model takes these parameters: the circuit breaker stays closed.
            self._attempts.note_answer()
        return replace(response, source=source, attempts=0, key=key)

    async def _join(self, flight: asyncio.Task[Response]) -> Response:
        """Return what an equal request brings. What its call cost is counted there, not here."""
        try:
            response = await asyncio.shield(flight)
        except CallError as error:
            # An error of its own: two tasks that raise one object would add to each other's traceback.
            raise CallError(error.kind, str(error), retry_after=error.retry_after) from error
        # Found in the store: a hit for this one too.
        if response.source == "cache":
            self._hits.add(response.usage)
            return response
        return replace(response, source="twin", attempts=0)

    def _land(self, key: str, flight: asyncio.Task[Response]) -> None:
        self._flights.pop(key, None)
        if not flight.cancelled():
            flight.exception()  # marks it as seen: whoever asked may be gone

    @property
    def stopped_by(self) -> BaseException | None:
        """Return why nothing more is sent to this model, or None while calls go on."""
        return self.ending.reason

    @property
    def status(self) -> Status:
        """Return what is going on now."""
        return Status() if self._attempts is None else self._attempts.describe()

    async def close(self, *, cancel: bool = False) -> None:
        """Wait for the requests under way, or cancel them; what was paid for is stored in either case."""
        flights = list(self._flights.values())
        if cancel:
            for flight in flights:
                flight.cancel()
        try:
            await asyncio.gather(*flights, return_exceptions=True)
            await self._provider.close()
        finally:
            if self._attempts is not None:
                await self._attempts.close()
            await self._store.note_hits(self._hits.take())
