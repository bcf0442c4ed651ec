"""Request → Response: asked once, politely. In-flight twin? → cache? → limits → send → retry, or store and read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Self, TypeVar

import msgspec

from mmra_api.dispatch.key import Keyed, describe_call, hash_call
from mmra_api.dispatch.limits import Limits
from mmra_api.dispatch.retry import FATAL, RetryPolicy, retrying
from mmra_api.dispatch.store import Store
from mmra_api.errors import CallError, NotCached, StoreError
from mmra_api.images import embed_bytes, embed_fingerprint
from mmra_api.providers.base import Provider, encode_whole
from mmra_api.types import Reply, Request, Response

T = TypeVar("T")


class Dispatcher:
    """Asks one model. Use it as an async context manager: leaving it waits for the calls in flight, and cancels them
    only when it is cancelled itself.

    ``stop`` ends it gently: nothing new is sent, what is in flight is awaited and stored. A fatal failure (bad key,
    unknown model, no quota, a store that cannot be written) stops it by itself and is kept in ``stopped_by``.
    """

    def __init__(
        self,
        provider: Provider,
        store: Store,
        *,
        concurrency: int = 16,
        rpm: float | None = None,
        offline: bool = False,
        policy: RetryPolicy | None = None,
    ) -> None:
        self.stopped_by: BaseException | None = None
        self._provider = provider
        self._store = store
        self._offline = offline
        self._policy = policy or RetryPolicy()
        self._limits = Limits(concurrency=concurrency, rpm=rpm)
        self._flying: dict[str, asyncio.Task[Response]] = {}
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mmra-store")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is asyncio.CancelledError:
            for task in self._flying.values():
                task.cancel()
        await asyncio.gather(*self._flying.values(), return_exceptions=True)
        await self._provider.close()
        self._writer.shutdown()

    @property
    def in_flight(self) -> int:
        """Return the number of calls under way."""
        return self._limits.in_flight

    @property
    def damaged(self) -> int:
        """Return how many stored replies could not be read, and counted as not stored."""
        return len(self._store.unreadable)

    def stop(self, reason: BaseException) -> None:
        """Send nothing new. The first reason is kept."""
        self.stopped_by = self.stopped_by or reason
        self._limits.stop()

    async def ask(self, request: Request) -> Response:
        """Return the response, from an equal request in flight, from the cache, or by a call.

        Raises CallError when the call failed for good, NotCached when offline and there is no stored reply, Stopped
        when the run ends first, StoreError when a reply could not be stored.
        """
        if self._provider.local:
            return self._provider.decode(await self._provider.send(self._provider.encode(request, embed_fingerprint)))
        keyed = describe_call(self._provider, request)
        key = hash_call(keyed)
        twin = self._flying.get(key)
        if twin is not None:
            return await _share(twin)
        entry = self._store.get(key)
        if entry is not None:
            response = self._provider.decode(Reply(body=entry.reply, headers=entry.headers))
            return replace(response, source="cache", attempts=0, key=key)
        if self._offline:
            raise NotCached(key)
        # A task of its own: when whoever asks is cancelled, the call that is being paid for goes on and is stored.
        task = asyncio.create_task(self._call(key, keyed, request))
        self._flying[key] = task
        task.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(task)

    def _land(self, key: str, task: asyncio.Task[Response]) -> None:
        self._flying.pop(key, None)
        if not task.cancelled():
            task.exception()  # marks it as seen: whoever asked may be gone

    async def _call(self, key: str, keyed: Keyed, request: Request) -> Response:
        attempts = 0
        try:
            async for attempt in retrying(self._policy, self._limits.sleep):
                with attempt:
                    attempts = attempt.retry_state.attempt_number
                    reply = await self._send(request)
            response = await self._keep(key, keyed, reply)
        except CallError as error:
            error.attempts = attempts
            if error.kind in FATAL:
                self.stop(error)
            elif self._policy.asks_too_much(error):
                self.stop(CallError(error.kind, f"{error}; it asks to wait {error.retry_after:,.0f} s"))
            raise
        return replace(response, attempts=attempts, key=key)

    async def _send(self, request: Request) -> Reply:
        """Make one call, holding a slot from the building of its body to its reply."""
        async with self._limits.slot():
            self._check_store()
            body = encode_whole(self._provider, request, embed_bytes)
            try:
                return await self._provider.send(body)
            except CallError as error:
                if error.kind == "rate_limit" and not self._policy.asks_too_much(error):
                    self._limits.pause(error.retry_after or 0.0)
                raise

    async def _keep(self, key: str, keyed: Keyed, reply: Reply) -> Response:
        """Store a reply durably, then return it as a response. What cannot be understood is set aside, not stored."""
        try:
            response = self._provider.decode(reply)
        except Exception as error:  # even a bug in a decoder must not lose a reply that was paid for
            text = msgspec.json.encode(reply).decode()
            file = await self._write(lambda: self._store.set_aside(key, text))
            kept = f"; the reply is kept in {str(file)!r}" if file else ""
            raise CallError("unreadable", f"{error}{kept}") from error
        await self._write(lambda: self._store.put(key, keyed, reply))
        return response

    async def _write(self, work: Callable[[], T]) -> T | None:
        """Write in a thread of its own: a durable write waits for the disk, and the event loop must not.

        A store that cannot be written ends the run, but the reply in hand still goes to whoever asked, and into the
        record: None is returned, nothing is raised.
        """
        try:
            # Shielded: a write that waits its turn is of a reply that was paid for, also when the run is cancelled.
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._writer, work))
        except StoreError as error:
            self.stop(error)
            return None

    def _check_store(self) -> None:
        try:
            self._store.check_writable()
        except StoreError as error:
            self.stop(error)
            raise


async def _share(call: asyncio.Task[Response]) -> Response:
    """Return what another request's call brings. What it cost is counted there, not here."""
    try:
        return replace(await asyncio.shield(call), source="twin", attempts=0)
    except CallError as error:
        raise CallError(error.kind, str(error), retry_after=error.retry_after) from error


__all__ = ["Dispatcher", "RetryPolicy", "Store"]
