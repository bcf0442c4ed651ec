"""Failures that came before any answer → whether every call would end so."""

from __future__ import annotations

from collections import Counter

from mmra_api.dispatch.retry import HOPELESS, NUMBERED
from mmra_api.errors import CallError

ALIKE = 10
"""Calls that end alike, word for word but for numbers, before all are doubted.

Fewer may be about their questions, which lie side by side in the data.
"""
REJECTIONS = 2
"""The same for a rejected parameter: one alone may be about its question, in whose words a field's name may occur."""


class Doubts:
    """Whether a service answers at all. While calls are under way a verdict waits: one of them may be answered."""

    def __init__(self) -> None:
        self._answered = False
        self._alike: Counter[str] = Counter()
        self.verdict: CallError | None = None
        """The failure of every call, as it seems; None while there is no reason to think so."""

    def note_answer(self) -> None:
        """Note that the model has answered with these parameters, now or in the store."""
        self._answered = True
        self.verdict = None

    def note_failure(self, error: CallError) -> None:
        """Note how a request ended, after all attempts."""
        if self._answered or not _would_come_again(error):
            return
        words = f"{error.kind} {NUMBERED.sub('#', str(error))}"
        self._alike[words] += 1
        if error.kind == "parameter" and self._alike[words] >= REJECTIONS:
            self.verdict = error
        elif self._alike[words] >= ALIKE:
            said = f"{error}; {ALIKE} calls ended in these words, and none was answered"
            self.verdict = CallError(error.kind, said, status=error.status)


def _would_come_again(error: CallError) -> bool:
    """Return whether a failure comes of what is asked, or how; so does a page with status 200, time after time."""
    return error.kind == "parameter" or error.kind in HOPELESS or (error.kind == "server" and error.status == 200)
