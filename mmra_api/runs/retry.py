"""A job and the outcomes to ask again → the finished run it goes back to, and the records of it that stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mmra_api.errors import RunError
from mmra_api.runs.folder import Run, list_runs, load_run
from mmra_api.types import Item, Judgement, Outcome, Record, Retried, RunInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A finished run, and which of its records stand."""

    run: Run
    facts: Retried
    stands: frozenset[Item]

    def records(self) -> Iterator[Record]:
        """Yield the records that stand, as answered from the store: this time nobody was asked."""
        for record in self.run.records():
            if record.item in self.stands:
                response = record.response and replace(record.response, source="cache", attempts=0)
                failure = record.failure and replace(record.failure, attempts=0)
                yield replace(record, response=response, failure=failure, judgement=_recall(record.judgement))


def find_earlier(info: RunInfo, outcomes: Sequence[Outcome], runs: Path) -> Earlier:
    """Return the latest finished run of the same job, whatever its output budget and effort were.

    The run that asks so already is passed over: it goes on, or stands. Raises RunError where there is no earlier run,
    where none of its records has one of the outcomes, or where the same would be asked as before.
    """
    asked = f"--retry {','.join(outcomes)}"
    run = next(
        (run for run in _list_finished(runs) if is_same(run.info, info, _strip) and not _asks_so(run, info, outcomes)),
        None,
    )
    if run is None:
        raise RunError(
            f"{asked}: no finished run of this job in {str(runs)!r}; "
            "run the same command without --retry first (what it asked is in the cache)"
        )
    wanted = _with_failed(run, outcomes)
    stands = frozenset(record.item for record in run.records() if record.score.outcome not in wanted)
    samples = sum(1 for _ in run.records()) - len(stands)
    if not samples:
        what = " or ".join(outcomes)
        raise RunError(f"{asked}: nothing in the run {run.info.name!r} is {what}, so there is nothing to ask again")
    # What failed left nothing in the cache, so it may be asked in the same way.
    if run.info.params == info.params and set(outcomes) != {"failed"}:
        raise RunError(
            f"{asked}: {run.info.name!r} was asked with the same parameters, and the cache would answer the "
            "same; give another --max-tokens, --effort or --thinking-budget, or ask all several times with --trials"
        )
    facts = Retried(outcomes=tuple(outcomes), samples=samples, params=run.info.params)
    return Earlier(run=run, facts=facts, stands=stands)


def _list_finished(runs: Path) -> Iterator[Run]:
    """Yield the finished runs, the latest first; one that cannot be read is none of this job."""
    # The latest first, because a run that went back to another holds the answers of both.
    for folder in reversed(list_runs(runs)):
        with suppress(RunError):
            run = load_run(folder)
            if run.info.finished and not any(_is_missing(record) for record in run.records()):
                yield run


def _recall(judgement: Judgement | None) -> Judgement | None:
    """Return a judgement as answered from the store."""
    if judgement is None:
        return None
    return replace(
        judgement, responses=tuple(replace(each, source="cache", attempts=0) for each in judgement.responses)
    )


def _is_missing(record: Record) -> bool:
    """Return whether an offline run found no reply: nobody was asked."""
    return record.failure is not None and record.failure.kind == "not_cached"


def _asks_so(run: Run, info: RunInfo, outcomes: Sequence[Outcome]) -> bool:
    again = run.info.retried
    return again is not None and again.outcomes == tuple(outcomes) and run.info.params == info.params


def _with_failed(run: Run, outcomes: Sequence[Outcome]) -> set[Outcome]:
    """Return the outcomes, and ``failed`` where that run had asked for them again itself: they were not mended then."""
    again = run.info.retried
    return {*outcomes, "failed"} if again and set(again.outcomes) & set(outcomes) else set(outcomes)


def is_same(old: RunInfo, new: RunInfo, name: Callable[[RunInfo], RunInfo]) -> bool:
    """Return whether two runs are about the same by ``name``; a run of before did not record the wire format."""
    return name(old) == name(new if old.wire else replace(new, wire=""))


def name_job(info: RunInfo) -> RunInfo:
    """Return what makes a run's job: equal for a run and for one that would go on with it."""
    data = replace(info.data, source="")  # the same data may be given by another path
    # A newer version may send other fields, and it may still go on with the run.
    return replace(info, data=data, sent={}, started="", finished="", versions={}, spent=None)


def _strip(info: RunInfo) -> RunInfo:
    """Return what must be the same in a run and in the one that goes back to it."""
    params = replace(info.params, max_tokens=None, effort=None, thinking_budget=None)
    return replace(name_job(info), name="", params=params, parent="", retried=None, judge=None)
