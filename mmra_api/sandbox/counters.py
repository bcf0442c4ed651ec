"""What happened in, a snapshot of the counts out: what a test or a user asks a sandbox after a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from mmra_api.sandbox.faults import Fault
from mmra_api.sandbox.wire import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Counts since the start or the last reset."""

    calls: int = 0
    """POSTs to a model, whatever became of them."""
    paid: int = 0
    """Successful replies sent: what a real service would bill."""
    unique_bodies: int = 0
    """Distinct bodies among the paid calls; equal to ``paid`` when nothing was paid twice."""
    images: int = 0
    """Images in the paid calls."""
    input_tokens: int = 0
    output_tokens: int = 0
    peak_concurrency: int = 0
    """Most calls in work at one time, each from its header's arrival until just before its reply is sent."""
    abandoned: int = 0
    """Calls whose client hung up before the reply was ready; not paid."""
    faults: Mapping[str, int] = field(default_factory=dict)
    """Injected faults by kind, and ``at_once``, ``rpm`` and ``tpm`` for calls beyond these limits."""
    rejections: Mapping[str, int] = field(default_factory=dict)
    """Calls turned down by the usual checks, by kind: ``authentication``, ``bad_request`` ..."""
    replies: Mapping[str, int] = field(default_factory=dict)
    """Paid replies by style; ``check`` is one to the program's own check of a model."""
    by_second: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Seconds since the first call that was let in or got a 429 of a limit or a fault, to how many fared so.

    A second without such a call is left out. A call counts when it is decided, not when its reply leaves.
    """


class CallCounter:
    """Counts from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        # Outside `reset`: calls in work end after it as well, and from 0 they would count down to -1.
        self._in_work = 0
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._counts: Counter[str] = Counter()
            self._faults: Counter[str] = Counter()
            self._rejections: Counter[str] = Counter()
            self._replies: Counter[str] = Counter()
            self._paid_bodies: set[bytes] = set()
            # By digest: a body with its images has megabytes, and a run has thousands of them.
            self._attempts: Counter[bytes] = Counter()
            self._admitted: Counter[int] = Counter()
            self._refused: Counter[int] = Counter()
            self._begun: float | None = None

    @contextmanager
    def work(self) -> Iterator[None]:
        """One call, while it is in work."""
        with self._lock:
            self._counts["calls"] += 1
            self._in_work += 1
            self._counts["peak_concurrency"] = max(self._counts["peak_concurrency"], self._in_work)
        try:
            yield
        finally:
            with self._lock:
                self._in_work -= 1

    def attempt(self, body: bytes) -> int:
        """Number this attempt of a body, given by its digest, from 0."""
        with self._lock:
            self._attempts[body] += 1
            return self._attempts[body] - 1

    def mark(self, *, refused: bool) -> None:
        """Note in which second a call was let in, or got a 429."""
        with self._lock:
            # Not the wall clock: one that is set back would give seconds below zero.
            now = monotonic()
            self._begun = now if self._begun is None else self._begun
            (self._refused if refused else self._admitted)[int(now - self._begun)] += 1

    def fault(self, kind: Fault | str) -> None:
        with self._lock:
            self._faults[kind] += 1

    def reject(self, kind: str) -> None:
        with self._lock:
            self._rejections[kind] += 1

    def abandon(self) -> None:
        with self._lock:
            self._counts["abandoned"] += 1

    def pay(self, body: bytes, said: Said) -> None:
        """Count a successful reply."""
        with self._lock:
            self._paid_bodies.add(body)
            self._replies[said.style] += 1
            self._counts["paid"] += 1
            self._counts["images"] += said.images
            self._counts["input_tokens"] += said.usage.input_tokens or 0
            self._counts["output_tokens"] += said.usage.output_tokens or 0

    def snapshot(self) -> Counters:
        with self._lock:
            return Counters(
                # Its keys are fields of Counters; what never happened has the default there.
                **self._counts,
                unique_bodies=len(self._paid_bodies),
                faults=dict(self._faults),
                rejections=dict(self._rejections),
                replies=dict(self._replies),
                by_second={
                    # Asked for with [], as a Counter gives 0 for what it lacks and stores nothing.
                    second: (self._admitted[second], self._refused[second])
                    for second in sorted(self._admitted.keys() | self._refused.keys())
                },
            )
