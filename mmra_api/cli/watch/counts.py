"""What became of the records of a run so far, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from mmra_api.types import Record

COUNTED_AS_REFUSED = {"content_filtered"}
"""Failures that are an outcome of the model's service: asking again would change nothing, so the run is complete."""


@dataclass(slots=True)
class RunCounts:
    """What became of the records so far. Records are counted and let go, so that memory does not grow with the run."""

    records: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    missing: dict[str, list[str]] = field(default_factory=dict)
    """Sample ids by setting that are not in the cache, when offline."""
    simulated: int = 0
    unjudged: Counter[str] = field(default_factory=Counter)
    """Replies on which the judge gave no verdict, by the reason."""

    def add(self, record: Record) -> None:
        """Count a record."""
        self.records += 1
        if record.failure is not None:
            self.failures[record.failure.kind] += 1
            if record.failure.kind == "not_cached":
                self.missing.setdefault(record.setting, []).append(record.sample)
        if record.judgement is not None and record.judgement.failure:
            self.unjudged[record.judgement.failure] += 1
        if record.response is not None:
            self.sources[record.response.source] += 1
            self.simulated += record.response.simulated

    @property
    def saved(self) -> int:
        """Return the records whose reply took no call: from the cache, or from an equal request."""
        return self.sources["cache"] + self.sources["twin"]

    @property
    def incomplete(self) -> bool:
        """Return whether the same command again would have something to do."""
        return bool(self.failures.keys() - COUNTED_AS_REFUSED or self.unjudged)
