"""Ctrl-C, and the signal of a polite kill → a run that ends gently; and how many files a run may open."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

from mmra_api.cli.printing import print_error
from mmra_api.errors import Stopped

if TYPE_CHECKING:
    from mmra_api.dispatch import Session

GRACE = 60.0
"""Seconds that calls in flight are awaited after Ctrl-C: they are paid for, so their replies are worth the wait."""
FILES = 4096
"""Files that are enough for 1,024 calls at once, with their connections, the store and the run."""


class GentleStop:
    """The first signal ends a run when the calls in flight are answered, the second at once."""

    def __init__(self, print_line: Callable[[str], None] = print_error, *, reason: str = "interrupted") -> None:
        self._print_line = print_line
        self._reason = reason
        self._session: Session | None = None
        self._interrupted = False

    def listen(self, session: Session | None = None) -> None:
        """Begin to listen, inside the running event loop; or name the session that is to be stopped from now on."""
        self._session = session
        loop, main = asyncio.get_running_loop(), asyncio.current_task()
        if main is None:
            raise RuntimeError("listen() must be called by the task that a second signal is to end")
        # Handlers of the event loop, because one of signal.signal() would interrupt a step of the run in its middle.
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._interrupt, main)

    def _interrupt(self, main: asyncio.Task[object]) -> None:
        # Before the session there are no calls to wait for; a second signal says not to.
        if self._session is None or self._interrupted:
            main.cancel()
            return
        self._interrupted = True
        # A run that is ending already for another reason keeps that reason; its calls in flight are awaited too.
        self._session.stop(Stopped(self._reason))
        if waiting := self._session.in_flight:
            self._print_line(
                f"stopping: waiting for {waiting} in flight, as they are paid for (Ctrl-C again to stop at once)"
            )
        asyncio.get_running_loop().call_later(GRACE, main.cancel)


def raise_file_limit() -> None:
    """Let the process open as many files as it may: each call has a connection, and macOS begins with 256."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
