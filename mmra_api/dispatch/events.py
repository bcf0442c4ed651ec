"""Attempts → events, one for each, as they end; and how many failed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from mmra_api.dispatch.ending import Ending
from mmra_api.errors import CallError, MmraError
from mmra_api.types import Event

LOG = logging.getLogger(__name__)


class EventLog:
    """Tells ``on_event`` of every attempt to call one model."""

    def __init__(self, on_event: Callable[[Event], None], ending: Ending) -> None:
        self.failures: Counter[str] = Counter()
        """Attempts that failed, by kind, whatever became of their request."""
        self._on_event = on_event
        self._ending = ending

    def note(self, key: str, attempt: int, *, waited: float, seconds: float, error: CallError | None) -> None:
        """Tell of an attempt that ended now; ``error`` is None for one that brought a reply. Times are in seconds."""
        if error is None:
            LOG.debug("attempt %d of %.12s was answered in %.1f s", attempt, key, seconds)
        else:
            LOG.info("attempt %d of %.12s failed (%s): %s", attempt, key, error.kind, error)
            self.failures[error.kind] += 1
        event = Event(
            time=datetime.now(UTC).isoformat(timespec="milliseconds"),
            key=key,
            attempt=attempt,
            kind=error.kind if error else "ok",
            waited=round(waited, 3),
            seconds=round(seconds, 3),
            message=str(error) if error else "",
            maybe_billed=bool(error and error.maybe_billed),
        )
        try:
            self._on_event(event)
        except MmraError as failure:  # the run folder is full, say; what was called for is not lost by that
            self._ending.begin_for_all(failure)
