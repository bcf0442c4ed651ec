"""The whole flow on one screen: a Job → a Run on disk; a Run read by another extractor → a derived Run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from mmra_api.benchmarks import load_published
from mmra_api.dispatch import CEILING, FATAL, HOPELESS, Dispatcher, Session
from mmra_api.errors import CallError, DataError, MmraError, NotCached
from mmra_api.extract import EXTRACTORS
from mmra_api.judges import Reader
from mmra_api.prompt import portable
from mmra_api.report import Format, summarise, write
from mmra_api.runs import (
    Job,
    Plan,
    Run,
    RunWriter,
    discard_empty,
    find_run,
    is_done,
    list_runs,
    load_run,
)
from mmra_api.score import score, score_failure
from mmra_api.types import Failure, FailureKind, Item, Part, Record, RunInfo, Sample

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
    on_start: Callable[[RunInfo, Session, int], None] = lambda _info, _session, _done: None,
    on_record: Callable[[Record], None] = lambda _: None,
) -> Run:
    """Carry out a plan and return its run.

    ``on_start`` is given the session, whose ``stop`` ends the run gently: what it was given is raised in the end; and
    how many records an earlier session of the run left.
    """
    run, new = plan.open_folder()
    try:
        with RunWriter(run, keep=None if new else is_done) as writer:
            if plan.earlier:
                writer.take_over(plan.earlier.records())
            session = plan.open_session(on_event=writer.note)

            def finish(record: Record) -> None:
                writer.append(record, session.budget.spent)
                on_record(record)

            try:
                async with session:
                    dispatcher, reader = plan.connect(session)
                    on_start(run.info, session, len(writer.done))
                    await _ask_all(_Flow(plan, session, dispatcher, reader, finish), writer.done)
            # Also after an error: what the calls took is spent all the same.
            finally:
                writer.note_spending(session.budget.spent)
            # Only now, outside of the session: by its end the calls in flight are awaited and stored.
            session.raise_if_stopped()
            return writer.finish()
    finally:
        # Only a folder that was made just now; an older one holds what an earlier session asked.
        if new:
            discard_empty(run)


@dataclass(frozen=True, slots=True)
class _Flow:
    """What every sample passes through."""

    plan: Plan
    session: Session
    dispatcher: Dispatcher
    reader: Reader | None
    finish: Callable[[Record], None]


async def _ask_all(flow: _Flow, done: set[Item]) -> None:
    """Follow every item that is not done; a few samples more than there are slots, so that memory stays flat."""
    plan, session = flow.plan, flow.session
    window = asyncio.Semaphore(WINDOW * (plan.limits.concurrency or CEILING))

    async def follow(sample: Sample, item: Item) -> None:
        try:
            await _follow(flow, sample, item)
        except Exception as error:  # noqa: BLE001 - what concerns the whole run, or a bug: it ends, and what is in flight is kept
            session.stop(error)
        finally:
            window.release()

    async with asyncio.TaskGroup() as group:
        try:
            for sample, item in plan.items():
                if item in done:
                    continue
                await window.acquire()
                # Asked after the wait, during which the run may have ended.
                if session.stopped_by is not None:
                    break
                group.create_task(follow(sample, item))
        # From reading the data. It must not leave the group, which would cancel the calls in flight: they are paid for.
        except MmraError as error:
            session.stop(error)


async def _follow(flow: _Flow, sample: Sample, item: Item) -> None:
    """Ask, read, score and record one item. Raises what should end the run."""
    record = await _ask(flow, sample, item)
    if flow.reader is not None:
        if flow.session.stopped_by is None:
            record = await flow.reader.review(record)
        elif record.failure is None:
            return  # the reader was not asked: the next session takes the reply from the cache
    flow.finish(record)


async def _ask(flow: _Flow, sample: Sample, item: Item) -> Record:
    """Ask, read and score one item. Raises what should end the run; any other failure is a failed record."""
    plan = flow.plan
    prompt: tuple[Part, ...] = ()
    response, failure, answer = None, None, None
    try:
        # Written here and not before: a prompt may hold what another model must be asked for first.
        request = plan.write(sample, item)
        # Set twice: where the images cannot be fitted, the record still shows what was to be asked.
        prompt = request.parts
        request = plan.fit(request)
        prompt = request.parts
        response = await flow.dispatcher.ask(request)
        answer = EXTRACTORS[plan.job.extractor](response.text, kind=sample.kind, options=sample.options)
        outcome = score(answer, response, sample.gold)
    except NotCached as error:
        failure = Failure(kind="not_cached", message=str(error))
        outcome = score_failure(failure)
    except CallError as error:
        # What ends the run gets no record: it is no fault of this sample, and the next session asks it again.
        if error.kind in FATAL or (error.kind in REFUSED and flow.session.stopped_by):
            raise
        failure = Failure(kind=error.kind, message=str(error), attempts=error.attempts)
        outcome = score_failure(failure)
    except DataError as error:  # an image is not what it was: one bad sample, and the next run prepares the data anew
        plan.selection.dataset.forget()
        failure = Failure(kind="data", message=str(error))
        outcome = score_failure(failure)
    return Record(
        sample=item.sample,
        setting=item.setting,
        variant=item.variant,
        trial=item.trial,
        subtask=sample.subtask,
        level=sample.level,
        kind=sample.kind,
        question=sample.question,
        options=sample.options,
        gold=sample.gold,
        prompt=portable(prompt),
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


__all__ = ["Job", "evaluate", "find_run", "format_report", "list_runs", "load_run"]
