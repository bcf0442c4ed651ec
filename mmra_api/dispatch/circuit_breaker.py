"""Failures that came before any answer → whether every call would end so: then the run ends, instead of failing sample
by sample for the price of all of them."""

from __future__ import annotations

from collections import Counter

from mmra_api.dispatch.retry import HOPELESS, NUMBERED
from mmra_api.errors import CallError

ALIKE = 10
"""Calls that end alike, word for word but for numbers, before the breaker trips.

Fewer may be about their questions, because neighbours in a data set are often of one kind.
"""
REJECTIONS = 2
"""The same for a rejected parameter: one alone may be about its question, in whose words a field's name may occur."""


class CircuitBreaker:
    """Trips where calls fail alike before any was answered. While calls are under way the run goes on: one of them may
    be answered, and an answer closes the breaker for good.
    """

    def __init__(self) -> None:
        self._answered = False
        self._alike: Counter[str] = Counter()
        self.tripped_by: CallError | None = None
        """The failure of every call, as it seems; None while there is no reason to think so."""

    def note_answer(self) -> None:
        """Note that the model has answered with these parameters, now or in the store."""
        self._answered = True
        self.tripped_by = None

    def note_failure(self, error: CallError) -> None:
        """Note how a request ended, after all attempts."""
        if self._answered or not _would_come_again(error):
            return
        words = f"{error.kind} {NUMBERED.sub('#', str(error))}"
        self._alike[words] += 1
        if error.kind == "parameter" and self._alike[words] >= REJECTIONS:
            self.tripped_by = error
        elif self._alike[words] >= ALIKE:
            said = f"{error}; {ALIKE} calls ended in these words, and none was answered"
            self.tripped_by = CallError(error.kind, said, status=error.status)


def _would_come_again(error: CallError) -> bool:
    """Return whether a failure comes of what is asked, or how; so does a page with status 200, time after time."""
    return error.kind == "parameter" or error.kind in HOPELESS or (error.kind == "server" and error.status == 200)
