"""The figures of one run in one setting and variant, counted once: every table and picture reads them from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import get_args

from mmra_api.types import UNREAD, FailureKind, Kind, Level, Outcome, RunInfo, Setting, Subtask

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Counts of the outcomes over some samples, and their rates: fractions, None where n is 0."""

    correct: int = 0
    wrong: int = 0
    graded: int = 0
    unparsed: int = 0
    refused: int = 0
    truncated: int = 0
    empty: int = 0
    failed: int = 0
    credit: float = 0.0
    """The sum over all samples: 1 for each correct one, the share of the points for each graded one."""
    # Where there are no samples any accuracy is possible.
    interval: tuple[float, float] = (0.0, 1.0)
    """Of the accuracy, 95 %; see ``statistics.mean_interval``. The trials of a sample are one cluster."""

    @property
    def n(self) -> int:
        """All samples: the denominator of every rate."""
        return sum(self.count(outcome) for outcome in OUTCOMES)

    @property
    def unread(self) -> int:
        return sum(self.count(outcome) for outcome in UNREAD)

    @property
    def accuracy(self) -> float | None:
        """The mean credit over all samples: correct answers over all where nothing is graded."""
        return self._share(self.credit)

    @property
    def answered(self) -> float | None:
        """The share of samples in which an answer was read: right, wrong or graded."""
        return self._share(self.n - self.unread)

    @property
    def lower_bound(self) -> float | None:
        """The accuracy if every unread answer were wrong. It equals ``accuracy``, which counts them so."""
        return self._share(self.credit)

    @property
    def upper_bound(self) -> float | None:
        """The accuracy if every unread answer were right."""
        return self._share(self.credit + self.unread)

    def count(self, outcome: Outcome) -> int:
        return int(getattr(self, outcome))

    def _share(self, count: float) -> float | None:
        # None and not 0: no rate was measured.
        return count / self.n if self.n else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSums:
    """Sums of what the services reported; None where no reply reported it."""

    input: int | None = None
    output: int | None = None
    reasoning: int | None = None
    """A part of ``output``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSums:
    """What the replies cost and what the store saved."""

    made: int = 0
    """Requests that this run made calls for: those answered (source ``live``), and those that failed in the end."""
    retries: int = 0
    """Attempts beyond the first, of live replies and of samples that failed."""
    cached: int = 0
    twins: int = 0
    local: int = 0
    """Replies of local models and baselines: neither made nor saved."""
    spent: TokenSums = field(default_factory=TokenSums)
    """Of the calls made."""
    spared: TokenSums = field(default_factory=TokenSums)
    """Of the calls saved."""
    silent: int = 0
    """Replies, made or saved, that reported no token counts; the sums leave them out."""

    @property
    def saved(self) -> int:
        """Replies that came from the store or from an equal request in flight."""
        return self.cached + self.twins


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One run in one setting and variant. With several trials each trial of a sample counts once in every mean."""

    info: RunInfo
    setting: Setting
    variant: str = ""
    """How the samples were changed before they were asked; empty for the samples as they are."""
    columns: tuple[Subtask, ...]
    """The subtasks of the data in order, then any that only the records name."""
    subtasks: Mapping[str, Cell]
    """By abbreviation, one for every column, in their order."""
    levels: Mapping[Level, Cell]
    """Only levels that occur; samples without a level are in none."""
    kinds: Mapping[Kind, Cell]
    """Only kinds that occur."""
    overall: Cell
    """All samples: the micro average."""
    planned: int
    """Records that this setting and variant has in a finished run."""
    simulated: bool
    """True when the sandbox gave any of the replies."""
    calls: CallSums
    answered_by: tuple[str, ...]
    """The model ids that answered, in the services' words, sorted."""
    upstreams: Mapping[str, int]
    """How many replies came from each provider behind a router, most frequent first; empty where none is named."""
    failures: Mapping[FailureKind, int]
    """How many samples failed, by kind, most frequent first."""
    readers: Mapping[str, int]
    """How many answers were read by ``rules``, by the ``judge``, by a ``human``, by ``nobody``, or graded by a
    ``grader``."""
    judge: Mapping[str, int]
    """Of the judge: ``calls`` made, replies ``saved`` by the store, ``input`` and ``output`` tokens of the calls,
    ``failed`` verdicts, and, of those on answers that rules had read, how many were ``compared`` and ``agreed``."""
    images: int
    """Images in the prompts."""
    fitted: Mapping[str, int]
    """How many of them were changed before they were sent, by reason, most frequent first."""
    strange_finishes: Mapping[str, int]
    """How many replies ended for a reason that is neither stop, length, refusal nor filter, by the vendor's word."""
    sample_set: str
    """Equal for equal sets of samples in any order (32 hex digits); trials do not change it."""

    @property
    def run(self) -> str:
        return self.info.name

    @property
    def label(self) -> str:
        """Return what tells the summaries of one run apart: ``IQ``, or ``IQ swapped`` for a variant."""
        return f"{self.setting} {self.variant}".strip()

    @property
    def model(self) -> str:
        """``SERVICE/ID`` as the user gave it."""
        return self.info.model

    @property
    def extractor(self) -> str:
        return self.info.extractor

    @property
    def fingerprint(self) -> str:
        """Of the data."""
        return self.info.data.fingerprint

    @property
    def n(self) -> int:
        return self.overall.n

    @property
    def complete(self) -> bool:
        # More than planned is complete too; that some count twice is said by a warning of its own.
        return self.n >= self.planned

    @property
    def baseline(self) -> bool:
        """True for chance levels: no model was asked."""
        return self.model.startswith("baseline/")

    @property
    def macro(self) -> float | None:
        """The unweighted mean of the accuracies of the subtasks that have samples; None when none has."""
        # A subtask without samples would count as 0, though nobody asked it.
        shares = [cell.accuracy for cell in self.subtasks.values() if cell.accuracy is not None]
        return fmean(shares) if shares else None
