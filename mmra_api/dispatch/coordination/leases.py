"""One caller for each key: who asks for what another process calls for waits, and takes over if no reply comes."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from mmra_api.dispatch.coordination.protocol import Coordination
from mmra_api.dispatch.ending import Ending

FIRST_LOOK, SLOWEST_LOOK = 0.05, 0.5
"""Seconds between two looks at the leases of others, first and at last: a call takes about a second or more."""


class Leases:
    """The leases of one dispatcher's calls."""

    def __init__(self, coordination: Coordination, ending: Ending) -> None:
        self.waiting = 0
        """Requests that wait for calls of other processes."""
        self._coordination = coordination
        self._ending = ending
        ending.listen(self._wake_all)
        self._awaited: dict[str, list[asyncio.Future[None]]] = defaultdict(list)
        self._looking: asyncio.Task[None] | None = None

    async def take(self, key: str) -> None:
        """Return when the lease of a key is this session's; waits while another process has it.

        Raises Stopped when the run ends first.
        """
        # Again after each wake: of several that waited only one gets it.
        while not await self._coordination.take(key):
            self.waiting += 1
            try:
                await self._wait(key)
            finally:
                self.waiting -= 1
            self._ending.check()

    async def keep(self, key: str) -> bool:
        """Return whether the lease is still this session's: it may be lost while the process is stopped."""
        return await self._coordination.take(key)

    async def release(self, key: str) -> None:
        """Give a lease back."""
        await self._coordination.release(key)

    async def _wait(self, key: str) -> None:
        """Wait until nobody else calls for a key, or the run ends."""
        if self._ending.reason is not None:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._awaited[key].append(waiter)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(_see)
        try:
            await waiter
        finally:
            waiters = self._awaited.get(key, [])
            if waiter in waiters:
                waiters.remove(waiter)
            if not waiters:
                self._awaited.pop(key, None)

    async def _look(self) -> None:
        """Look at the leases of others until nobody waits for any."""
        pause = FIRST_LOOK
        try:
            while self._awaited:
                await asyncio.sleep(pause)
                keys = set(self._awaited)
                freed = keys - await self._coordination.find_held(keys)
                self._wake(freed)
                # Slower while nothing happens: each look is a read of the shared file by every waiting process.
                pause = FIRST_LOOK if freed else min(SLOWEST_LOOK, pause * 1.5)
        except BaseException:
            self._wake_all()  # each finds out by itself what is wrong
            raise

    def _wake_all(self) -> None:
        self._wake(set(self._awaited))

    def _wake(self, keys: set[str]) -> None:
        for key in keys:
            for waiter in self._awaited.pop(key, []):
                if not waiter.done():
                    waiter.set_result(None)

    def close(self) -> None:
        """Look no more. Nobody waits any longer: the dispatcher has ended its calls."""
        if self._looking is not None:
            self._looking.cancel()


def _see(looking: asyncio.Task[None]) -> None:
    if not looking.cancelled():
        looking.exception()  # marks it as seen: whoever waits finds out by itself
