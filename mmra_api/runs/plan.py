"""A Job → a Plan: its data, its prompts, its limits and its folder, found and checked before the first call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from mmra_api.benchmarks import Selection, load
from mmra_api.config import Config, load_config
from mmra_api.dispatch import Budget, Dispatcher, Session, open_session
from mmra_api.dispatch.cost import Price
from mmra_api.dispatch.store import find_folder
from mmra_api.errors import RunError
from mmra_api.images import ImageLimits, find_limits, fit_request
from mmra_api.judges import HelperPlan, Reader, describe_reader, require_price
from mmra_api.prompt import Prompter
from mmra_api.providers import Provider, resolve
from mmra_api.providers.wires import name_wire
from mmra_api.runs.folder import INFO, Run, find_runs_folder, load_run
from mmra_api.runs.job import Job
from mmra_api.runs.parameter_check import check_params, write_empty_body
from mmra_api.runs.retry import Earlier, find_earlier, is_same, name_job
from mmra_api.runs.writer import describe_versions, now, start_run
from mmra_api.types import Event, Item, RateLimits, Record, Request, RunInfo, Sample


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
    reader: HelperPlan | None
    """The model that reads what rules leave open."""
    provider: Provider
    """The model that is measured."""

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
        reader = _find_reader(job, config, provider, limits)
        # A baseline draws by the seed; a model's own seed is another flag, because it is sent and changes the key.
        params = replace(job.params, seed=job.seed) if job.model.startswith("baseline/") else job.params
        prompter = Prompter(style=job.style, own=job.prompt, params=params)
        # Templates before data: preparing may take minutes, and a missing template is known at once.
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
            reader=reader,
            provider=provider,
        )
        if not job.retry:
            return plan
        return replace(plan, earlier=find_earlier(plan._describe(), job.retry, find_runs_folder(job.runs)))

    def open_session(self, *, offline: bool = False, on_event: Callable[[Event], None] = lambda _: None) -> Session:
        """Return the session that asks: its store, its budget and how it asks, not entered yet."""
        job = self.job
        return open_session(
            job.cache,
            budget=Budget(usd=job.max_cost, tokens=job.max_tokens_total),
            policy=job.policy,
            # A baseline without a judge asks nobody.
            offline=offline or job.offline or not (self.provider.facts.stored or self.reader),
            on_event=on_event,
        )

    def connect(self, session: Session) -> tuple[Dispatcher, Reader | None]:
        """Return the dispatcher of the model, and the reader if there is one."""
        dispatcher = session.connect(self.provider, limits=self.limits, price=self.price)
        if self.reader is None:
            return dispatcher, None
        return dispatcher, Reader(self.reader.connect(session), everything=self.job.judge_all)

    def write(self, sample: Sample, item: Item) -> Request:
        """Return the request for an item. Raises PromptError."""
        return self.prompter.write(sample, item.setting, trial=item.trial)

    def fit(self, request: Request) -> Request:
        """Return a request with its images as the policy has them.

        Raises CallError for more images than the service takes.
        """
        return fit_request(request, self.images)

    def items(self) -> Iterator[tuple[Sample, Item]]:
        """Yield what is to be asked, each with its sample."""
        stands = self.earlier.stands if self.earlier else ()
        for setting in self.job.settings:
            for sample in self.selection:
                for trial in range(self.job.trials):
                    item = Item(sample=sample.id, setting=setting, trial=trial)
                    if item not in stands:
                        yield sample, item

    def open_folder(self) -> tuple[Run, bool]:
        """Return a new run, or the one of this name and job that may go on, and whether it is new.

        A run may go on while samples are missing or failed. Raises RunError for the name of another job or of a
        complete run.
        """
        info, runs = self._describe(), find_runs_folder(self.job.runs)
        named = self.job.name is not None
        # Without --name the name holds the time, so the run is new. A --retry keeps its name, and may go on.
        if not (named or self.earlier) or not (runs / info.name / INFO).exists():
            return start_run(info, runs), True
        old = load_run(runs / info.name)
        complete = bool(old.info.finished) and all(map(is_done, old.records()))
        same = is_same(old.info, info, name_job)
        if same and not complete:
            return old, False
        # Another --retry has that name already; this one gets a number behind it.
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
        provider = self.provider
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
            judge=describe_reader(self.reader, everything=job.judge_all) if self.reader else None,
            parent=earlier.run.info.name if earlier else "",
            retried=earlier.facts if earlier else None,
        )


def connect(job: Job, config: Config) -> Provider:
    """Return the provider of a job. Raises InputError for an unknown service or a malformed address."""
    return resolve(job.model, base_url=job.base_url, wire=job.wire, timeout=job.timeout, services=config.services)


def _find_reader(job: Job, config: Config, asked: Provider, limits: RateLimits) -> HelperPlan | None:
    if job.judge is None:
        return None
    reader = HelperPlan.find(
        "reader",
        job.judge,
        config,
        flag="--judge",
        base_url=job.judge_base_url,
        max_cost=job.max_cost,  # a budget needs both prices
        timeout=job.timeout,
    )
    return reader.sharing(asked, limits)


def _make_name(job: Job) -> str:
    benchmark = Path(job.benchmark).stem
    # Cut, because file systems take names of 255 bytes, and a number may be added behind.
    model = re.sub(r"[^A-Za-z0-9.]+", "-", job.model).strip("-")[:100]
    return f"{benchmark[:50]}-{model}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
