"""One thread for what blocks: work goes in from tasks of an event loop, and results come back to it in groups."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
LOG = logging.getLogger(__name__)

GROUP = 64
"""Results that are handed back together. Waking an event loop costs as much as reading a stored reply, so one wake-up
should serve many tasks; more than this many would let the loop idle while it could go on."""
LONGEST = 0.002
"""Seconds that a result may wait for others: much less than a call takes, and enough for a group to gather."""


class _Job(NamedTuple):
    work: Callable[[], Any]
    future: asyncio.Future[Any]


class _Result(NamedTuple):
    future: asyncio.Future[Any]
    value: Any
    error: BaseException | None


class Worker:
    """Does work in a thread of its own, one piece after the other, in the order in which it was given.

    What was begun is finished, although the task that waits for it is cancelled, and although the program ends: the
    work may be the writing of a reply that was paid for. No thread is made before the first piece of work.
    """

    def __init__(self, name: str) -> None:
        # An executor and no bare thread, because the interpreter waits at its end for what executors have begun.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._jobs: deque[_Job] = deque()
        self._lock = threading.Lock()
        """Held for the two lines where "nothing is left to do" and "here is more to do" must not cross."""
        self._awake = False
        self._closed = False

    def do(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Begin work at once; the future is its result. Raises RuntimeError after ``close``.

        Cancelling the future gives up the result, never the work.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._lock:
            if self._closed:  # asked here: the executor says so only to a thread that sleeps
                raise RuntimeError("this worker is closed")
            if not self._awake:
                self._thread.submit(self._work)
                self._awake = True
            self._jobs.append(_Job(work, future))
        return future

    def close(self) -> None:
        """Take no further work. What was begun is finished."""
        with self._lock:
            self._closed = True
        self._thread.shutdown(wait=False)  # waiting would block the event loop; the interpreter waits at its end

    def _work(self) -> None:
        """Do everything that waits, then let the thread sleep."""
        results: list[_Result] = []
        due = 0.0
        while job := self._next():
            results.append(_run(job))
            now = time.monotonic()
            if len(results) == 1:
                due = now + LONGEST
            if len(results) >= GROUP or now >= due or not self._jobs:
                _hand_back(results)
                results = []

    def _next(self) -> _Job | None:
        with self._lock:
            if self._jobs:
                return self._jobs.popleft()
            self._awake = False
            return None


def _run(job: _Job) -> _Result:
    try:
        return _Result(job.future, job.work(), None)
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits; this thread must go on for the others
        return _Result(job.future, None, error)


def _hand_back(results: list[_Result]) -> None:
    """Give results to the event loops of those who wait: nearly always one, so nearly always one wake-up."""
    groups: dict[asyncio.AbstractEventLoop, list[_Result]] = {}
    for each in results:
        groups.setdefault(each.future.get_loop(), []).append(each)
    for loop, group in groups.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, group)


def _settle(results: list[_Result]) -> None:
    for future, value, error in results:
        if future.done():  # given up by whoever waited; a failure must still be seen by somebody
            if error is not None:
                LOG.warning("work that nobody waits for any more failed: %s", error)
        elif error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)
