"""The whole flow on one screen: a Job → a Run on disk; a Run read by another extractor → a derived Run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import closing, nullcontext

from mmra_api.benchmarks import load_published
from mmra_api.dispatch import FATAL, HOPELESS, Dispatcher
from mmra_api.dispatch.cost import Budget
from mmra_api.dispatch.limits import CEILING
from mmra_api.dispatch.store import Store, find_folder
from mmra_api.errors import CallError, DataError, MmraError, NotCached
from mmra_api.extract import EXTRACTORS
from mmra_api.judges import Judge
from mmra_api.prompt import portable
from mmra_api.report import Format, summarise, write
from mmra_api.runs import (
    Job,
    Plan,
    Quote,
    RecordId,
    Run,
    RunWriter,
    discard_empty,
    find_run,
    is_done,
    list_runs,
    load_run,
    quote,
)
from mmra_api.score import score, score_failure
from mmra_api.types import Failure, FailureKind, Record, Request, RunInfo, Sample, Setting

NOTE_EVERY = 5.0
"""Seconds between two notes of what the calls took."""
REFUSED: frozenset[FailureKind] = HOPELESS | {"parameter"}
"""Failures of a sample, until so many are the same that they end the run; then the others need no record."""
WINDOW = 4
"""Samples under way per slot: enough to keep the slots busy while some wait for a retry."""


async def evaluate(job: Job, *, on_record: Callable[[Record], None] = lambda _: None) -> Run:
    """Run a job and return its run. Nothing that lies in the cache is asked again.

    ``on_record`` sees each finished sample. Raises InputError for what is wrong with the job, before anything is
    asked; and what ended the run early, after the calls in flight are stored: CallError for a bad key, an unknown
    model or no quota, or StoreError. The folder keeps what was finished.
    """
    return await carry_out(Plan.make(job), on_record=on_record)


async def carry_out(
    plan: Plan,
    *,
    on_start: Callable[[RunInfo, Dispatcher, int], None] = lambda _info, _dispatcher, _done: None,
    on_record: Callable[[Record], None] = lambda _: None,
) -> Run:
    """Carry out a plan and return its run.

    ``on_start`` is given the dispatcher, whose ``stop`` ends the run gently: what it was given is raised in the end;
    and how many records an earlier session of the run left.
    """
    with closing(Store(find_folder(plan.job.cache))) as store:
        run, new = plan.open_folder()
        try:
            with RunWriter(run, keep=None if new else is_done) as writer:
                if plan.earlier:
                    writer.take_over(plan.earlier.records())
                budget = Budget(usd=plan.job.max_cost, tokens=plan.job.max_tokens_total)
                dispatcher = _connect(plan, store, budget, writer)
                judge = _open_judge(plan, store, budget, writer)
                if judge is not None:
                    dispatcher.companions.append(judge.dispatcher)
                noted = time.monotonic()

                def finish(record: Record) -> None:
                    nonlocal noted
                    writer.append(record)
                    on_record(record)
                    if time.monotonic() - noted > NOTE_EVERY:  # a killed run too knows what it took, but for the last
                        writer.note_spending(budget.spent)
                        noted = time.monotonic()

                try:
                    async with dispatcher, judge or nullcontext():
                        on_start(run.info, dispatcher, len(writer.done))
                        await _ask_all(plan, dispatcher, judge, writer.done, finish)
                finally:
                    writer.note_spending(budget.spent)
                if dispatcher.stopped_by is not None:
                    raise dispatcher.stopped_by
                return writer.finish()
        finally:
            if new:
                discard_empty(run)


def _open_judge(plan: Plan, store: Store, budget: Budget, writer: RunWriter) -> Judge | None:
    if plan.judge is None:
        return None
    job = plan.job
    return plan.judge.open(store, budget=budget, offline=job.offline, policy=job.policy, on_event=writer.note)


def _connect(plan: Plan, store: Store, budget: Budget, writer: RunWriter) -> Dispatcher:
    job = plan.job
    return Dispatcher(
        plan.connect(),
        store,
        limits=plan.limits,
        budget=budget,
        price=plan.price,
        offline=job.offline,
        policy=job.policy,
        on_event=writer.note,
    )


async def _ask_all(
    plan: Plan, dispatcher: Dispatcher, judge: Judge | None, done: set[RecordId], finish: Callable[[Record], None]
) -> None:
    window = asyncio.Semaphore(WINDOW * (plan.limits.concurrency or CEILING))

    async def follow(sample: Sample, setting: Setting, request: Request) -> None:
        try:
            record = await _ask(plan, dispatcher, sample, setting, request)
            if judge is not None and dispatcher.stopped_by is None:
                record = await judge.review(record)
            elif judge is not None and record.failure is None:
                return  # the judge was not asked: the next session takes the reply from the cache
            finish(record)
        except Exception as error:  # noqa: BLE001 - what concerns the whole run, or a bug: it ends, and what is in flight is kept
            dispatcher.stop(error)
        finally:
            window.release()

    async with asyncio.TaskGroup() as group:
        try:
            for sample, setting, trial in plan.items():
                if (sample.id, setting, trial) in done:
                    continue
                await window.acquire()
                if dispatcher.stopped_by is not None:
                    break
                request = plan.prompter.write(sample, setting, trial=trial)
                group.create_task(follow(sample, setting, request))
        except MmraError as error:
            dispatcher.stop(error)


async def _ask(plan: Plan, dispatcher: Dispatcher, sample: Sample, setting: Setting, request: Request) -> Record:
    """Ask, read and score one sample. Raises what should end the run; any other failure is a failed record."""
    response, failure, answer = None, None, None
    try:
        request = plan.fit(request)
        response = await dispatcher.ask(request)
        answer = EXTRACTORS[plan.job.extractor](response.text, kind=sample.kind, options=sample.options)
        outcome = score(answer, response, sample.gold)
    except NotCached as error:
        failure = Failure(kind="not_cached", message=str(error))
    except CallError as error:
        if error.kind in FATAL or (error.kind in REFUSED and dispatcher.stopped_by):
            raise
        failure = Failure(kind=error.kind, message=str(error), attempts=error.attempts)
    except DataError as error:  # an image is not what it was: one bad sample, and the next run prepares the data anew
        plan.selection.dataset.forget()
        failure = Failure(kind="data", message=str(error))
    if failure is not None:
        outcome = score_failure(failure)
    return Record(
        sample=sample.id,
        setting=setting,
        subtask=sample.subtask,
        level=sample.level,
        kind=sample.kind,
        question=sample.question,
        options=sample.options,
        gold=sample.gold,
        prompt=portable(request.parts),
        trial=request.trial,
        response=response,
        failure=failure,
        answer=answer,
        score=outcome,
    )


def format_report(*runs: Run, form: Format = "terminal", published: bool = False) -> str:
    """Return the report of runs as a text: ``terminal`` (plain), ``json``, ``csv``, ``markdown`` or ``latex``.

    ``published`` adds the rows of the MMRA paper, marked as published.
    """
    summaries = [summary for run in runs for summary in summarise(run.info, run.records())]
    return write(form, summaries, load_published({each.setting for each in summaries}) if published else ())


__all__ = ["Job", "Quote", "evaluate", "find_run", "format_report", "list_runs", "load_run", "quote"]
