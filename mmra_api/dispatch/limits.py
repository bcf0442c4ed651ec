"""When a call may start: a number of slots, a pace in calls per minute, and pauses that a service asks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mmra_api.errors import Stopped


class Limits:
    """The limits that all calls of a dispatcher share.

    Calls start evenly spaced, 60 / ``rpm`` seconds apart, so that no window of a minute holds more than ``rpm``.
    """

    def __init__(self, *, concurrency: int, rpm: float | None = None) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._gate = asyncio.Lock()
        self._spacing = 60.0 / rpm if rpm else 0.0
        self._next_start = 0.0
        self._stopping = asyncio.Event()
        self.in_flight = 0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot for one call. Raises Stopped when the run ends before the call could start."""
        async with self._slots:
            await self._wait_for_turn()
            self.in_flight += 1
            try:
                yield
            finally:
                self.in_flight -= 1

    async def _wait_for_turn(self) -> None:
        async with self._gate:
            while (wait := self._next_start - _now()) > 0:
                await self.sleep(wait)
            self._check()
            self._next_start = max(self._next_start, _now()) + self._spacing

    def pause(self, seconds: float) -> None:
        """Let nobody start a call for a while: a service that refuses one call for its rate refuses the next too."""
        self._next_start = max(self._next_start, _now() + seconds)

    async def sleep(self, seconds: float) -> None:
        """Sleep, but no longer than the run lasts: raises Stopped as soon as it ends."""
        self._check()
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
        self._check()

    def stop(self) -> None:
        """Let no further call start; those in flight go on."""
        self._stopping.set()

    def _check(self) -> None:
        if self._stopping.is_set():
            raise Stopped("the run is ending; this call was not made")


def _now() -> float:
    return asyncio.get_running_loop().time()
