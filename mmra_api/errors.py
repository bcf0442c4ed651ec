"""The tree of errors. Every message says what happened, where, and how to mend it.

Whoever catches ``MmraError`` catches them all.

    MmraError                   the command line prints it and exits with code 2, without a traceback
    ├── InputError              what the user gave cannot be used: a flag, a path, a model name
    │   ├── DataError           a row of a data set; names the file, the row and the field
    │   ├── PromptError         a template that is missing, broken, or misplaces images
    │   └── RunError            a run folder that is missing, damaged or taken
    ├── StoreError              the response store cannot be opened, read or written
    ├── CallError               one call gave no usable reply; carries the facts, the retry policy decides
    ├── NotCached               offline, and the store has no reply for this request
    ├── OverBudget              the next call could exceed the budget; nothing new is sent
    └── Stopped                 the run is ending; nothing new is sent
"""

from __future__ import annotations

from collections.abc import Iterable

from mmra_api.types import Allowance, FailureKind


class MmraError(Exception):
    """Anything that this package raises on purpose."""


class InputError(MmraError):
    """What the user gave cannot be used."""


class DataError(InputError):
    """A data set, or one row of it, cannot be used."""


class PromptError(InputError):
    """A prompt template cannot be used."""


class RunError(InputError):
    """A run folder cannot be used."""


class StoreError(MmraError):
    """The response store cannot be used. Raised before a call that could not be stored is paid for."""


class CallError(MmraError):
    """A call gave no usable reply.

    ``kind`` says what happened, ``status`` the HTTP status (0 without one), ``retry_after`` the wait in seconds that
    the service asked for, ``allowances`` what it says about its limits, and ``maybe_billed`` whether it may have
    charged for the call. ``attempts`` is how many calls the dispatcher made in all: 0 for the twin of a request that
    failed, and for a stored reply.
    """

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        status: int = 0,
        retry_after: float | None = None,
        allowances: tuple[Allowance, ...] = (),
        maybe_billed: bool = False,
        attempts: int = 0,
    ) -> None:
        super().__init__(message)
        self.kind: FailureKind = kind
        self.status = status
        self.retry_after = retry_after
        self.allowances = allowances
        self.maybe_billed = maybe_billed
        self.attempts = attempts


class NotCached(MmraError):
    """Offline, and the store has no reply for this request."""

    def __init__(self, key: str) -> None:
        # The first 12 digits tell keys apart well enough, and `mmra cache show` takes them.
        super().__init__(f"no stored reply for request {key[:12]}")
        self.key = key


class OverBudget(MmraError):
    """The next call could exceed the budget. The run ends, and what is in flight is awaited."""


class Stopped(MmraError):
    """The run is ending; nothing new is sent."""


def suggest(name: str, known: Iterable[str]) -> str:
    """Return the nearest known name as a question, or nothing."""
    import difflib  # takes 10 ms, and errors are rare

    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def list_known(name: str, known: Iterable[str]) -> str:
    """Return the nearest known name, and all of them."""
    names = list(known)
    near = suggest(name, names)
    # The nearest name ends with a question mark, so the list begins a sentence of its own.
    return f"{near} There are {', '.join(names)}" if near else f"; there are {', '.join(names)}"
