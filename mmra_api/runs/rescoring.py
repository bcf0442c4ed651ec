"""A Run and another way to read → a derived Run: another extractor, a judge, or labels by humans."""

from __future__ import annotations

import asyncio
import shutil
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mmra_api.config import load_config
from mmra_api.dispatch import Budget, Session, open_session
from mmra_api.extract import EXTRACTORS
from mmra_api.judges import HelperPlan, Reader, describe_reader
from mmra_api.runs.folder import Run, find_runs_folder
from mmra_api.runs.job import check_extractor
from mmra_api.runs.writer import RunWriter, describe_versions, now, start_run
from mmra_api.score import score
from mmra_api.types import HUMAN, Answer, Item, JudgeInfo, Record, RunInfo

WINDOW = 256
"""Records under way at a reader: four for each call that may run at once, so that a retry leaves no slot empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """An answer that is read differently."""

    before: Record
    after: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeJob:
    """Whom to ask about what rules leave open, and how."""

    model: str
    """``SERVICE/ID``."""
    everything: bool = False
    base_url: str | None = None
    config: Path | None = None
    cache: Path | None = None
    max_cost: float | None = None


async def rescore(
    run: Run,
    extractor: str,
    *,
    judge: JudgeJob | None = None,
    runs: Path | None = None,
    on_start: Callable[[Session], None] = lambda _: None,
) -> tuple[Run, list[Flip]]:
    """Read a run's replies with another extractor, and let a judge read what it leaves open.

    Returns the derived run and what changed; the run it comes from stays as it is. Without a judge nobody is called,
    and an earlier judge's verdicts are left out; labels by humans stand. ``on_start`` is given the session,
    whose ``stop`` ends it gently. Raises OverBudget when the next call could cost too much, InputError for an
    unknown extractor, or a judge that cannot be asked.
    """
    check_extractor(extractor)

    def read(record: Record) -> Record:
        return _reread(record, extractor)

    if judge is None:
        return _derive(run, f"{run.info.name}.{extractor}", runs, read, extractor=extractor)
    plan = HelperPlan.find(
        "reader",
        judge.model,
        load_config(judge.config),
        flag="--judge",
        base_url=judge.base_url,
        max_cost=judge.max_cost,
    )
    info = describe_reader(plan, everything=judge.everything)
    folder = _start(run, f"{run.info.name}.{extractor}.judged", runs, extractor=extractor, judge=info)
    try:
        with RunWriter(folder) as writer:
            session = open_session(judge.cache, budget=Budget(usd=judge.max_cost), on_event=writer.note)
            try:
                async with session:
                    on_start(session)
                    reader = Reader(plan.connect(session), everything=judge.everything)
                    flips = await _review_all(run, session, reader, read, writer)
            finally:
                writer.note_spending(session.budget.spent)
            session.raise_if_stopped()
            return (writer.finish() if run.info.finished else writer.run), flips
    except BaseException:  # what the judge said is in the cache, and the next try makes the run anew
        shutil.rmtree(folder.folder, ignore_errors=True)
        raise


async def _review_all(
    run: Run, session: Session, reader: Reader, read: Callable[[Record], Record], writer: RunWriter
) -> list[Flip]:
    flips: list[Flip] = []
    window = asyncio.Semaphore(WINDOW)

    async def follow(record: Record) -> None:
        try:
            _note(record, await reader.review(read(record)), writer, flips)
        except Exception as error:  # noqa: BLE001 - it ends the reading, and what is in flight is kept
            session.stop(error)
        finally:
            window.release()

    async with asyncio.TaskGroup() as group:
        for record in run.records():
            await window.acquire()
            if session.stopped_by is not None:
                break
            group.create_task(follow(record))
    return flips


def label(run: Run, labels: Mapping[Item, str | None], *, runs: Path | None = None) -> tuple[Run, list[Flip]]:
    """Return a derived run in which labels by humans stand above all other readings, and what they changed.

    A label is a letter, ``Yes`` or ``No``, or None where the reply commits to nothing.
    """

    def read(record: Record) -> Record:
        response = record.response
        if response is None or record.item not in labels:
            return record
        value = labels[record.item]
        # The words that were read stand for the label only where both say the same.
        span = record.answer.span if record.answer and record.answer.value == value else None
        # A second label must not hide what had been read before the first.
        before = record.overruled if record.answer and record.answer.rule == HUMAN else record.answer
        answer = Answer(value=value, rule=HUMAN, span=span)
        record = replace(record, overruled=before)
        if value is None and record.score.outcome not in {"correct", "wrong"}:
            return replace(record, answer=answer)  # why nothing was read stays as it was
        return replace(record, answer=answer, score=score(answer, response, record.gold))

    return _derive(run, f"{run.info.name}.labelled", runs, read, extractor=run.info.extractor, judge=run.info.judge)


def _derive(
    run: Run,
    name: str,
    runs: Path | None,
    read: Callable[[Record], Record],
    *,
    extractor: str,
    judge: JudgeInfo | None = None,
) -> tuple[Run, list[Flip]]:
    flips: list[Flip] = []
    with RunWriter(_start(run, name, runs, extractor=extractor, judge=judge)) as writer:
        for record in run.records():
            _note(record, read(record), writer, flips)
        if not run.info.finished:  # a part of a run stays a part
            return writer.run, flips
        return writer.finish(), flips


def _start(run: Run, name: str, runs: Path | None, *, extractor: str, judge: JudgeInfo | None) -> Run:
    deque(run.records(), maxlen=0)  # reads them all: a damaged line is known before a folder is made
    info: RunInfo = replace(
        run.info,
        name=name,
        extractor=extractor,
        judge=judge,
        parent=run.info.name,
        retried=None,
        versions=describe_versions(),
        started=now(),
        finished="",
        spent=None,
    )
    return start_run(info, find_runs_folder(runs))


def _note(before: Record, after: Record, writer: RunWriter, flips: list[Flip]) -> None:
    writer.append(after)
    if _reading(after) != _reading(before):
        flips.append(Flip(before=before, after=after))


def _reread(record: Record, extractor: str) -> Record:
    if record.response is None or (record.answer and record.answer.rule == HUMAN):
        return record
    answer = EXTRACTORS[extractor](record.response.text, kind=record.kind, options=record.options)
    return replace(record, answer=answer, judgement=None, score=score(answer, record.response, record.gold))


def _reading(record: Record) -> tuple[str | None, str]:
    # Neither the rule nor the words: the same answer found in another way is no flip.
    return record.answer.value if record.answer else None, record.score.outcome
