"""A Job → a Plan: its data, its prompts, its limits and its folder, found and checked before the first call."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from mmra_api.benchmarks import Selection, load
from mmra_api.config import FILE, Config, load_config
from mmra_api.dispatch import RetryPolicy
from mmra_api.dispatch.prices import Price, find_price
from mmra_api.dispatch.store import find_folder
from mmra_api.errors import InputError, RunError
from mmra_api.extract import EXTRACTORS
from mmra_api.fitting import ImageLimits, find_limits, fit_request
from mmra_api.folder import (
    INFO,
    Run,
    describe_versions,
    find_runs_folder,
    load_run,
    now,
    start_run,
)
from mmra_api.images import embed_fingerprint
from mmra_api.prompt import Prompter
from mmra_api.providers import TIMEOUT, Provider, find_service, resolve
from mmra_api.reasking import Earlier, find_earlier
from mmra_api.types import Outcome, Params, RateLimits, Record, Request, RunInfo, Sample, Setting, Style


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


def is_done(record: Record) -> bool:
    """Return whether a record stands; a failed one is asked again when its run goes on."""
    return record.failure is None


def _check(job: Job) -> None:
    check_extractor(job.extractor)
    numbers = {
        "--concurrency": job.limits.concurrency,
        "--rpm": job.limits.rpm,
        "--tpm": job.limits.tpm,
        "--input-tpm": job.limits.input_tpm,
        "--output-tpm": job.limits.output_tpm,
        "--max-cost": job.max_cost,
        "--max-tokens-total": job.max_tokens_total,
        "--trials": job.trials,
        "--limit": job.limit,
        "--timeout": job.timeout,
    }
    for flag, number in numbers.items():
        if number is not None and not 0 < number < math.inf:
            raise InputError(f"{flag} {number!r}: give a number above 0")
    if job.params.top_p is not None and not 0 <= job.params.top_p <= 1:
        raise InputError(f"--top-p {job.params.top_p!r}: give a number from 0 to 1")
    if job.params.temperature is not None and not 0 <= job.params.temperature < math.inf:
        raise InputError(f"--temperature {job.params.temperature!r}: give a number from 0")
    if not job.model.isprintable():
        raise InputError(f"--model {job.model!r}: it holds a character that no id has")
    if not job.settings or len(set(job.settings)) < len(job.settings):
        raise InputError(f"settings {job.settings!r}: give each setting once, at least one")
    if job.name is not None and not re.fullmatch(r"\w[\w.@+-]{0,199}", job.name):
        raise InputError(
            f"--name {job.name!r}: use up to 200 letters, digits and . _ - + @, beginning with a letter or digit"
        )


def check_extractor(name: str) -> None:
    """Raise InputError unless there is such an extractor."""
    if name not in EXTRACTORS:
        raise InputError(f"unknown extractor {name!r}; there are {', '.join(EXTRACTORS)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A job with its data and its prompts found, so that every bad input is known before the first call."""

    job: Job
    config: Config
    selection: Selection
    prompter: Prompter
    earlier: Earlier | None = None
    """The run that ``retry`` goes back to."""
    images: ImageLimits | None
    """What every request's images must keep; None: they go as they are."""
    limits: RateLimits
    price: Price | None
    """Of the user's own table; any other is looked up when the first call is made."""

    @classmethod
    def make(cls, job: Job) -> Plan:
        """Find a job's data and prompts. Raises InputError for whatever is wrong, before any work is done."""
        _check(job)
        config = load_config(job.config)
        provider = connect(job, config)
        provider.encode(Request(parts=("",), params=job.params), embed_fingerprint)  # has the format a place for all?
        images = (
            None if provider.local else find_limits(job.image_policy, find_service(job.model, config.services).images)
        )
        price = _find_price(job, config, provider)
        params = replace(job.params, seed=job.seed) if job.model.startswith("baseline/") else job.params
        prompter = Prompter(style=job.style, own=job.prompt, params=params)
        prompter.check(job.settings)
        selection = load(
            job.benchmark,
            root=find_folder(job.cache) / "prepared",
            data=job.data,
            revision=job.revision,
            seed=job.seed,
            limit=job.limit,
            subtasks=job.subtasks,
            skip_bad_rows=job.skip_bad_rows,
        )
        prompter.preload(selection.kinds, job.settings)
        limits = config.find_limits(job.model, job.limits)
        plan = cls(
            job=job, config=config, selection=selection, prompter=prompter, images=images, limits=limits, price=price
        )
        if not job.retry:
            return plan
        return replace(plan, earlier=find_earlier(plan._describe(), job.retry, find_runs_folder(job.runs)))

    def connect(self) -> Provider:
        """Return the provider to ask."""
        return connect(self.job, self.config)

    def fit(self, request: Request) -> Request:
        """Return a request with its images as the policy has them.

        Raises CallError for more images than the service takes.
        """
        return fit_request(request, self.images)

    def items(self) -> Iterator[tuple[Sample, Setting, int]]:
        """Yield what is to be asked: sample, setting and trial."""
        stands = self.earlier.stands if self.earlier else ()
        for setting in self.job.settings:
            for sample in self.selection:
                for trial in range(self.job.trials):
                    if (sample.id, setting, trial) not in stands:
                        yield sample, setting, trial

    def open_folder(self) -> tuple[Run, bool]:
        """Return a new run, or the one of this name and job that may go on, and whether it is new.

        A run may go on while samples are missing or failed. Raises RunError for the name of another job or of a
        complete run.
        """
        info, runs = self._describe(), find_runs_folder(self.job.runs)
        named = self.job.name is not None
        if not (named or self.earlier) or not (runs / info.name / INFO).exists():
            return start_run(info, runs), True
        old = load_run(runs / info.name)
        complete = bool(old.info.finished) and all(map(is_done, old.records()))
        same = _identity(old.info) == _identity(info)
        if same and not complete:
            return old, False
        if not named:
            return start_run(info, runs), True
        if not same:
            raise RunError(f"the run {info.name!r} exists and is another job; choose another --name")
        raise RunError(
            f"the run {info.name!r} exists and is complete; nothing overwrites a run: choose another --name "
            "(what it asked is in the cache and costs nothing)"
        )

    def _describe(self) -> RunInfo:
        job = self.job
        provider = self.connect()
        earlier = self.earlier
        trial_body = provider.encode(Request(parts=("",), params=self.prompter.params), embed_fingerprint)
        return RunInfo(
            name=job.name or (f"{earlier.run.info.name}.retry" if earlier else _make_name(job)),
            model=job.model,
            base_url=provider.base_url,
            settings=job.settings,
            style=job.style,
            extractor=job.extractor,
            params=self.prompter.params,
            sent={name: value for name, value in trial_body.items() if not _holds_messages(value)},
            wire=job.wire or "",
            image_policy=job.image_policy,
            trials=job.trials,
            data=self.selection.info,
            subtasks=tuple(job.subtasks),
            limit=job.limit,
            planned=self.selection.count * len(job.settings) * job.trials,
            templates=self.prompter.templates(),
            versions=describe_versions(),
            started=now(),
            parent=earlier.run.info.name if earlier else "",
            reasked=earlier.facts if earlier else None,
        )


def _identity(info: RunInfo) -> RunInfo:
    data = replace(info.data, source="")  # the same data may be given by another path
    return replace(info, data=data, started="", finished="", versions={}, spent=None)


def connect(job: Job, config: Config) -> Provider:
    """Return the provider of a job. Raises InputError for an unknown service or a malformed address."""
    return resolve(job.model, base_url=job.base_url, wire=job.wire, timeout=job.timeout, services=config.services)


def _holds_messages(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _find_price(job: Job, config: Config, provider: Provider) -> Price | None:
    """Return the model's price; looked up now only where it is needed to keep a budget."""
    service, _, model = job.model.partition("/")
    if job.model in config.prices or job.max_cost is not None:
        price = find_price(service, model, base_url=job.base_url or "", own=config.prices)
        if price is None and not provider.local:
            raise InputError(
                f"--max-cost: nobody states a price for {job.model!r}; put it into {FILE}:\n"
                f'  [prices."{job.model}"]    # US dollars per million tokens\n  input = …\n  output = …\n'
                "or bound the run with --max-tokens-total"
            )
        return price
    return None


def _make_name(job: Job) -> str:
    benchmark = Path(job.benchmark).stem
    model = re.sub(r"[^A-Za-z0-9.]+", "-", job.model).strip("-")[:100]
    return f"{benchmark[:50]}-{model}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
