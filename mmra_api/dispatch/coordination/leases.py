"""One caller for each key: whoever asks for what another process is calling for waits, and takes over when that one
ends without a reply."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Coroutine
from typing import Any

from mmra_api.dispatch.coordination.protocol import BEAT, Coordination, OwnerLost
from mmra_api.dispatch.ending import Ending
from mmra_api.errors import StoreError

FIRST_LOOK, SLOWEST_LOOK = 0.05, 0.5
"""Seconds between two looks at the leases of others, first and at last."""


class Leases:
    """Waits for the leases of others, and keeps the heartbeat of this session going."""

    def __init__(self, coordination: Coordination, ending: Ending) -> None:
        self._coordination = coordination
        self._ending_of_run = ending
        ending.listen(self.wake)
        self._awaited: dict[str, list[asyncio.Future[None]]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking = self._ending = False

    @property
    def waiting(self) -> int:
        """Return how many requests wait for calls of other processes."""
        return sum(map(len, self._awaited.values()))

    def start(self) -> None:
        """Begin the heartbeat."""
        self._spawn(self._beat())

    def close(self) -> None:
        """End the heartbeat, and wake whoever waits."""
        for task in self._tasks:
            task.cancel()
        self.wake()

    def wake(self) -> None:
        """Let nobody wait any more: the run is ending. The heartbeat goes on while calls are in flight."""
        self._ending = True
        self._wake(set(self._awaited))

    async def wait(self, key: str) -> None:
        """Wait until nobody else calls for a key."""
        if self._ending:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._awaited[key].append(waiter)
        if not self._looking:
            self._looking = True
            self._spawn(self._look())
        try:
            await waiter
        finally:
            waiters = self._awaited.get(key, [])
            if waiter in waiters:
                waiters.remove(waiter)
            if not waiters:
                self._awaited.pop(key, None)

    async def _look(self) -> None:
        pause = FIRST_LOOK
        try:
            while self._awaited:
                await asyncio.sleep(pause)
                keys = set(self._awaited)
                freed = keys - await self._coordination.find_held(keys)
                self._wake(freed)
                pause = FIRST_LOOK if freed else min(SLOWEST_LOOK, pause * 1.5)
        except BaseException:
            self._wake(set(self._awaited))  # each finds out by itself what is wrong
            raise
        finally:
            self._looking = False

    def _wake(self, keys: set[str]) -> None:
        for key in keys:
            for waiter in self._awaited.pop(key, []):
                if not waiter.done():
                    waiter.set_result(None)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self._coordination.beat()
            except OwnerLost as error:
                self._ending_of_run.begin(error)
            except StoreError:
                continue  # a lost heartbeat costs a lease at worst, not the run; the next one may succeed

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # marks it as seen: whoever waits finds out by itself
