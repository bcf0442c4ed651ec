"""A job and the outcomes to ask again → the finished run it goes back to, and the records of it that stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mmra_api.errors import RunError
from mmra_api.folder import RecordId, Run, list_runs, load_run
from mmra_api.types import Outcome, Params, Reasked, Record, RunInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A finished run, and which of its records stand."""

    run: Run
    facts: Reasked
    stands: frozenset[RecordId]

    def records(self) -> Iterator[Record]:
        """Yield the records that stand, as answered from the store: this time nobody was asked."""
        for record in self.run.records():
            if _identify(record) in self.stands:
                response = record.response and replace(record.response, source="cache", attempts=0)
                yield replace(record, response=response)


def find_earlier(info: RunInfo, outcomes: Sequence[Outcome], runs: Path) -> Earlier:
    """Return the latest finished run of the same job, whatever its output budget and effort were.

    Raises RunError where there is none, or none of its records has one of the outcomes.
    """
    finished = (load_run(folder) for folder in reversed(list_runs(runs)))
    run = next((run for run in finished if run.info.finished and strip(run.info) == strip(info)), None)
    if run is None:
        raise RunError(
            f"--retry {','.join(outcomes)}: no finished run of this job in {str(runs)!r}; "
            "run the same command without --retry first (what it asked is in the cache)"
        )
    stands = frozenset(_identify(record) for record in run.records() if record.score.outcome not in outcomes)
    samples = sum(1 for _ in run.records()) - len(stands)
    if not samples:
        raise RunError(f"--retry {','.join(outcomes)}: the run {run.info.name!r} has no such record")
    facts = Reasked(outcomes=tuple(outcomes), samples=samples, params=run.info.params)
    return Earlier(run=run, facts=facts, stands=stands)


def strip(info: RunInfo) -> RunInfo:
    """Return what must be the same in both runs."""
    return replace(
        info,
        name="",
        params=_strip(info.params),
        sent={},
        data=replace(info.data, source=""),
        parent="",
        reasked=None,
        started="",
        finished="",
        versions={},
        spent=None,
    )


def _strip(params: Params) -> Params:
    return replace(params, max_tokens=None, effort=None, thinking_budget=None)


def _identify(record: Record) -> RecordId:
    return record.sample, record.setting, record.trial
