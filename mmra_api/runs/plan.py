"""A Job → a Plan: its data, its prompts, its limits and its folder, found and checked before the first call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from mmra_api.benchmarks import Selection, load
from mmra_api.config import Config, load_config
from mmra_api.dispatch.cost import Price
from mmra_api.dispatch.store import find_folder
from mmra_api.errors import RunError
from mmra_api.images import ImageLimits, find_limits, fit_request
from mmra_api.judges import JudgePlan, require_price
from mmra_api.prompt import Prompter
from mmra_api.providers import Provider, resolve
from mmra_api.providers.wires import name_wire
from mmra_api.runs.folder import INFO, Run, find_runs_folder, load_run
from mmra_api.runs.job import Job
from mmra_api.runs.parameter_check import check_params, write_empty_body
from mmra_api.runs.retry import Earlier, find_earlier, is_same, name_job
from mmra_api.runs.writer import describe_versions, now, start_run
from mmra_api.types import RateLimits, Record, Request, RunInfo, Sample, Setting


def is_done(record: Record) -> bool:
    """Return whether a record stands; one that failed, or that the judge failed on, is asked again."""
    return record.failure is None and not (record.judgement and record.judgement.failure)


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
    judge: JudgePlan | None

    @classmethod
    def make(cls, job: Job) -> Plan:
        """Find a job's data and prompts. Raises InputError for whatever is wrong, before any work is done."""
        job.check()
        config = load_config(job.config)
        provider = connect(job, config)
        check_params(provider, job.params, lambda wire: connect(replace(job, wire=wire), config))
        images = find_limits(job.image_policy, provider.images) if provider.images else None
        price = require_price(job.model, provider, config, job.max_cost)
        limits = config.find_limits(job.model, job.limits)
        judge = _find_judge(job, config, provider, limits)
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
        plan = cls(
            job=job,
            config=config,
            selection=selection,
            prompter=prompter,
            images=images,
            limits=limits,
            price=price,
            judge=judge,
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
        same = is_same(old.info, info, name_job)
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
        return RunInfo(
            name=job.name or (f"{earlier.run.info.name}.retry" if earlier else _make_name(job)),
            model=job.model,
            base_url=provider.base_url,
            settings=job.settings,
            style=job.style,
            extractor=job.extractor,
            params=self.prompter.params,
            sent=write_empty_body(provider, self.prompter.params, job.settings),
            wire=name_wire(provider.path),
            image_policy=job.image_policy,
            trials=job.trials,
            data=self.selection.info,
            subtasks=tuple(job.subtasks),
            limit=job.limit,
            planned=self.selection.count * len(job.settings) * job.trials,
            templates=self.prompter.templates(),
            versions=describe_versions(),
            started=now(),
            judge=self.judge.info if self.judge else None,
            parent=earlier.run.info.name if earlier else "",
            reasked=earlier.facts if earlier else None,
        )


def connect(job: Job, config: Config) -> Provider:
    """Return the provider of a job. Raises InputError for an unknown service or a malformed address."""
    return resolve(job.model, base_url=job.base_url, wire=job.wire, timeout=job.timeout, services=config.services)


def _find_judge(job: Job, config: Config, asked: Provider, limits: RateLimits) -> JudgePlan | None:
    if job.judge is None:
        return None
    judge = JudgePlan.make(
        job.judge,
        config,
        everything=job.judge_all,
        base_url=job.judge_base_url,
        max_cost=job.max_cost,  # a budget needs both prices
        timeout=job.timeout,
    )
    return judge.sharing(asked, limits)


def _make_name(job: Job) -> str:
    benchmark = Path(job.benchmark).stem
    model = re.sub(r"[^A-Za-z0-9.]+", "-", job.model).strip("-")[:100]
    return f"{benchmark[:50]}-{model}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
