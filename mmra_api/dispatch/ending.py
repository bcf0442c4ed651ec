"""Whether a run is ending, and why: one object that everybody who begins something looks at."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from mmra_api.errors import Stopped

LOG = logging.getLogger(__name__)


class Ending:
    """Begins once and is never taken back. Nothing new is sent from then on; what is in flight is awaited."""

    def __init__(self, parent: Ending | None = None) -> None:
        self.reason: BaseException | None = None
        """Why; None while the run goes on. The first reason is kept: later ones are mostly its consequences."""
        self._parent = parent
        self._begun = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    def begin(self, reason: BaseException) -> None:
        """End the run for a reason."""
        if self.reason is None:
            if not isinstance(reason, Stopped):  # a helper ends with the run, whose reason is told already
                LOG.warning("nothing new is sent: %s", reason)
            self.reason = reason
        self._begun.set()
        for wake in self._listeners:
            wake()

    def begin_for_all(self, reason: BaseException) -> None:
        """End the whole run, and not this model's calls alone: what everybody uses is broken."""
        (self._parent or self).begin(reason)

    def listen(self, wake: Callable[[], None]) -> None:
        """Have ``wake`` called when the run ends: whoever waits for something else must look again then."""
        self._listeners.append(wake)

    def add_helper(self) -> Ending:
        """Return the ending of a helper model's calls: it begins with this one, and may begin alone before it."""
        helper = Ending(self)
        # Its own reason, because the reason of the run would read as if the helper had failed.
        self.listen(lambda: helper.begin(Stopped("the run is ending")))
        return helper

    def check(self) -> None:
        """Raise Stopped once the run is ending."""
        if self.reason is not None:
            raise Stopped("the run is ending; this call was not made")

    async def sleep(self, seconds: float) -> None:
        """Sleep, but no longer than the run lasts: raises Stopped as soon as it ends."""
        self.check()
        LOG.debug("a call is tried again in %.1f s", seconds)
        try:
            async with asyncio.timeout(seconds):
                await self._begun.wait()
        except TimeoutError:
            return
        self.check()
