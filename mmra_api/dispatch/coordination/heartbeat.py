"""A session's heartbeat: by it, the processes that share a store see that its leases are held by somebody who lives."""

from __future__ import annotations

import asyncio
import logging

from mmra_api.dispatch.coordination.protocol import BEAT, Coordination, OwnerLost
from mmra_api.dispatch.ending import Ending
from mmra_api.errors import StoreError

LOG = logging.getLogger(__name__)


class Heartbeat:
    """Beats from ``start`` to ``close``. It goes on while a run is ending: calls in flight still hold their leases."""

    def __init__(self, coordination: Coordination, ending: Ending) -> None:
        self._coordination = coordination
        self._ending = ending
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to beat."""
        self._task = asyncio.create_task(self._beat())

    def close(self) -> None:
        """Beat no more."""
        if self._task is not None:
            self._task.cancel()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self._coordination.beat()
            except OwnerLost as error:
                self._ending.begin(error)
            except StoreError as error:
                LOG.warning("this session's heartbeat was not seen: %s", error)
                continue  # a lost heartbeat costs a lease at worst, not the run; the next one may succeed
