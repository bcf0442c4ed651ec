"""What a user asks for: a Job, checked as far as it can be without data and service."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from mmra_api.dispatch import RetryPolicy
from mmra_api.errors import InputError
from mmra_api.extract import EXTRACTORS
from mmra_api.providers import TIMEOUT
from mmra_api.types import Outcome, Params, RateLimits, Setting, Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to run. The first block decides what is asked, the second how; only the first is part of the cache key."""

    benchmark: str
    """``mmra``, ``probes``, ``jsonl`` or the path of a .jsonl file."""
    model: str
    """``SERVICE/ID``."""
    settings: tuple[Setting, ...] = ("IQ",)
    data: Path | None = None
    revision: str | None = None
    subtasks: tuple[str, ...] = ()
    limit: int | None = None
    skip_bad_rows: bool = False
    style: Style = "direct"
    prompt: Path | None = None
    params: Params = field(default_factory=Params)
    trials: int = 1
    seed: int = 0
    """Draws the probes, and the answers of baseline/random."""
    base_url: str | None = None
    wire: str | None = None
    """The wire format to speak, instead of the service's own."""
    image_policy: str = "fit"
    """``as-is``, ``fit`` (only what the service does not take is changed) or ``uniform:N`` (alike for every service,
    N pixels a side)."""

    extractor: str = "rules"
    judge: str | None = None
    """``SERVICE/ID`` of a model that reads what no rule could."""
    judge_all: bool = False
    """Let the judge read all replies, to compare; what rules have read stands."""
    judge_base_url: str | None = None
    retry: tuple[Outcome, ...] = ()
    """Ask only the samples again that had these outcomes in the latest finished run of this job, whatever its output
    budget and effort were; the others stand."""
    limits: RateLimits = field(default_factory=RateLimits)
    max_cost: float | None = None
    """US dollars that the calls of this job may cost; judge calls are part of it."""
    max_tokens_total: int | None = None
    """Tokens that the calls of this job may take, input and output."""
    config: Path | None = None
    """Your limits and prices; None means MMRA_CONFIG, else ``./mmra.toml`` where there is one."""
    timeout: float = TIMEOUT
    """Seconds for one call."""
    offline: bool = False
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    name: str | None = None
    cache: Path | None = None
    runs: Path | None = None

    def check(self) -> None:
        """Raise InputError for what is wrong by itself, whatever the data and the service."""
        check_extractor(self.extractor)
        if self.judge is None and (self.judge_all or self.judge_base_url):
            raise InputError("--judge-all and --judge-base-url belong to --judge SERVICE/ID")
        # The flags check this too, but a Job may also come from Python.
        numbers = {
            "--concurrency": self.limits.concurrency,
            "--rpm": self.limits.rpm,
            "--tpm": self.limits.tpm,
            "--input-tpm": self.limits.input_tpm,
            "--output-tpm": self.limits.output_tpm,
            "--max-cost": self.max_cost,
            "--max-tokens-total": self.max_tokens_total,
            "--trials": self.trials,
            "--limit": self.limit,
            "--timeout": self.timeout,
        }
        # Infinity and NaN are numbers to Python: a limit that never holds, or a sum that is never reached.
        for flag, number in numbers.items():
            if number is not None and not 0 < number < math.inf:
                raise InputError(f"{flag} {number!r}: give a number above 0")
        if self.params.top_p is not None and not 0 <= self.params.top_p <= 1:
            raise InputError(f"--top-p {self.params.top_p!r}: give a number from 0 to 1")
        if self.params.temperature is not None and not 0 <= self.params.temperature < math.inf:
            raise InputError(f"--temperature {self.params.temperature!r}: give a number from 0")
        # A shell hands over bytes that are no UTF-8 as halves of surrogate pairs, which no JSON can carry.
        try:
            self.params.system.encode()
        except UnicodeEncodeError as error:
            raise InputError(f"--system: not a text in Unicode: {error.reason}") from error
        if not self.model.isprintable():
            raise InputError(f"--model {self.model!r}: it holds a character that no id has")
        if not self.settings or len(set(self.settings)) < len(self.settings):
            raise InputError(f"settings {self.settings!r}: give each setting once, at least one")
        # The name is a folder's: no separators, nothing hidden, and short enough for any file system.
        if self.name is not None and not re.fullmatch(r"\w[\w.@+-]{0,199}", self.name):
            raise InputError(
                f"--name {self.name!r}: use up to 200 letters, digits and . _ - + @, beginning with a letter or digit"
            )


def check_extractor(name: str) -> None:
    """Raise InputError unless there is such an extractor."""
    if name not in EXTRACTORS:
        raise InputError(f"unknown extractor {name!r}; there are {', '.join(EXTRACTORS)}")
