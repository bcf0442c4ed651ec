"""Runs and records made by hand, in the shape that ``mmra run`` writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from mmra_api.types import (
    DataInfo,
    Failure,
    FailureKind,
    Kind,
    Outcome,
    Record,
    ReplySource,
    Response,
    RunInfo,
    Score,
    Setting,
    Subtask,
    Usage,
)

COLUMNS = (
    Subtask(abbrev="RP", name="RelativePosition", level="entity"),
    Subtask(abbrev="US", name="UsageSimilarity", level="entity"),
    Subtask(abbrev="Env", name="Environment", level="image"),
)


def make_info(
    name: str = "first",
    *,
    model: str = "openai/gpt-x",
    settings: tuple[Setting, ...] = ("IQ",),
    planned: int = 6,
    columns: tuple[Subtask, ...] = COLUMNS,
    subtasks: tuple[str, ...] = (),
    fingerprint: str = "ab" * 32,
    benchmark: str = "mmra",
    parent: str = "",
    trials: int = 1,
    extractor: str = "rules",
) -> RunInfo:
    """``planned`` counts the records of all settings."""
    data = DataInfo(benchmark=benchmark, source="made", fingerprint=fingerprint, rows=planned, subtasks=columns)
    return RunInfo(
        name=name,
        model=model,
        settings=settings,
        data=data,
        planned=planned,
        subtasks=subtasks,
        started="2026-01-02T03:04:05+00:00",
        parent=parent,
        trials=trials,
        extractor=extractor,
    )


def make_record(
    sample: str,
    outcome: Outcome = "correct",
    *,
    subtask: str = "RP",
    kind: Kind = "choice",
    setting: Setting = "IQ",
    source: ReplySource = "live",
    attempts: int = 1,
    usage: Usage | None = None,
    model: str = "gpt-x",
    upstream: str = "",
    simulated: bool = False,
    failure: FailureKind = "timeout",
    trial: int = 0,
) -> Record:
    response = Response(
        text="A",
        finish="stop",
        model=model,
        upstream=upstream,
        source=source,
        attempts=attempts,
        usage=usage or Usage(),
        simulated=simulated,
    )
    failed = outcome == "failed"
    return Record(
        sample=sample,
        setting=setting,
        subtask=subtask,
        level={"RP": "entity", "US": "entity", "Env": "image"}.get(subtask),
        kind=kind,
        question="Which one?",
        options={"A": "left", "B": "right"},
        gold="A",
        prompt=("Which one?",),
        trial=trial,
        response=None if failed else response,
        failure=Failure(kind=failure, message="no reply", attempts=attempts) if failed else None,
        score=Score(outcome=outcome, credit=float(outcome == "correct")),
    )


def make_records(*outcomes: Outcome, simulated: bool = False, setting: Setting = "IQ") -> Iterator[Record]:
    """One record per outcome, the subtasks of ``COLUMNS`` in turn."""
    for number, outcome in enumerate(outcomes):
        subtask = COLUMNS[number % len(COLUMNS)].abbrev
        yield make_record(f"s{number}", outcome, subtask=subtask, simulated=simulated, setting=setting)


@pytest.fixture(scope="session")
def info() -> Callable[..., RunInfo]:
    return make_info


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    return make_record


@pytest.fixture(scope="session")
def records() -> Callable[..., Iterator[Record]]:
    return make_records
