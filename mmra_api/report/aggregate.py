"""A run's description and its stream of records → one Summary per setting, in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeVar, get_args

from mmra_api.errors import RunError
from mmra_api.report.summary import Calls, Cell, Summary, Tokens
from mmra_api.types import (
    HUMAN,
    JUDGE,
    Answer,
    FailureKind,
    Image,
    Kind,
    Level,
    Outcome,
    Record,
    Response,
    RunInfo,
    Setting,
    Subtask,
    Usage,
)

_Name = TypeVar("_Name", bound=str)
_SET_BITS = 128


def summarise(info: RunInfo, records: Iterable[Record]) -> tuple[Summary, ...]:
    """Count the records of a run: one Summary per setting of ``info``, in that order.

    ``records`` is read once and not kept: memory depends on the number of subtasks, not of records. It holds one record
    per sample, setting and trial. A subtask that ``info.data`` does not list becomes a further column. Raises RunError
    for a record in a setting that the run does not have.
    """
    tallies = {setting: _Tally() for setting in info.settings}
    for record in records:
        tally = tallies.get(record.setting)
        if tally is None:
            raise RunError(
                f"run {info.name!r}: the record of sample {record.sample!r} has setting {record.setting!r}, but"
                f" run.json lists {', '.join(info.settings)}: do run.json and records.jsonl belong together?"
            )
        tally.add(record)
    return tuple(_summary(info, setting, tally) for setting, tally in tallies.items())


def find_reader(answer: Answer | None) -> str:
    """Return who read an answer: ``rules``, ``judge``, ``human`` or ``nobody``."""
    if answer is None or (answer.value is None and answer.rule != HUMAN):
        return "nobody"
    return answer.rule if answer.rule in {JUDGE, HUMAN} else "rules"


@dataclass(slots=True)
class _Spending:
    """Running sums over the replies of one source."""

    replies: int = 0
    silent: int = 0
    sums: Counter[str] = field(default_factory=Counter)

    def add(self, usage: Usage) -> None:
        reported = {"input": usage.input_tokens, "output": usage.output_tokens, "reasoning": usage.reasoning_tokens}
        self.replies += 1
        self.silent += usage.input_tokens is None and usage.output_tokens is None
        for name, tokens in reported.items():
            if tokens is not None:
                self.sums[name] += tokens


@dataclass(slots=True)
class _Tally:
    """Running counts of one setting."""

    subtasks: dict[str, Counter[Outcome]] = field(default_factory=dict)
    levels: dict[Level, Counter[Outcome]] = field(default_factory=dict)
    kinds: dict[Kind, Counter[Outcome]] = field(default_factory=dict)
    overall: Counter[Outcome] = field(default_factory=Counter)
    strays: dict[str, Level | None] = field(default_factory=dict)
    sources: dict[str, _Spending] = field(default_factory=dict)
    retries: int = 0
    unanswered: int = 0
    simulated: bool = False
    models: set[str] = field(default_factory=set)
    upstreams: Counter[str] = field(default_factory=Counter)
    failures: Counter[FailureKind] = field(default_factory=Counter)
    images: int = 0
    fitted: Counter[str] = field(default_factory=Counter)
    strange: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    judge: Counter[str] = field(default_factory=Counter)
    samples: int = 0

    def add(self, record: Record) -> None:
        outcome = record.score.outcome
        self.overall[outcome] += 1
        self.subtasks.setdefault(record.subtask, Counter())[outcome] += 1
        self.kinds.setdefault(record.kind, Counter())[outcome] += 1
        if record.level is not None:
            self.levels.setdefault(record.level, Counter())[outcome] += 1
        self.strays.setdefault(record.subtask, record.level)
        if record.trial == 0:
            self.samples += int.from_bytes(blake2b(record.sample.encode(), digest_size=_SET_BITS // 8).digest())
        self._add_reading(record)
        for part in record.prompt:
            if isinstance(part, Image):
                self.images += 1
                if part.fit is not None:
                    self.fitted[part.fit.reason] += 1
        if record.response is not None:
            self._add_response(record.response)
        if record.failure is not None:
            self.failures[record.failure.kind] += 1
            self.unanswered += record.failure.attempts > 0
            self.retries += max(record.failure.attempts - 1, 0)

    def _add_reading(self, record: Record) -> None:
        """Count who read the answer, and what the judge took."""
        answer, said = record.answer, record.judgement
        self.readers[find_reader(answer)] += 1
        if said is None:
            return
        self.judge["failed"] += bool(said.failure)
        live = [response.usage for response in said.responses if response.source == "live"]
        self.judge["calls"] += len(live)
        self.judge["saved"] += len(said.responses) - len(live)
        self.judge["input"] += sum(usage.input_tokens or 0 for usage in live)
        self.judge["output"] += sum(usage.output_tokens or 0 for usage in live)
        if find_reader(answer) == "rules" and answer is not None and not said.failure:
            self.judge["compared"] += 1
            self.judge["agreed"] += answer.value == said.value

    def _add_response(self, response: Response) -> None:
        self.simulated = self.simulated or response.simulated
        if response.model:
            self.models.add(response.model)
        if response.upstream:
            self.upstreams[response.upstream] += 1
        if response.finish == "other":
            self.strange[response.finish_raw] += 1
        self.sources.setdefault(response.source, _Spending()).add(response.usage)
        if response.source == "live":
            self.retries += max(response.attempts - 1, 0)


def _summary(info: RunInfo, setting: Setting, tally: _Tally) -> Summary:
    columns = _columns(info, tally)
    return Summary(
        info=info,
        setting=setting,
        columns=columns,
        subtasks={column.abbrev: _cell(tally.subtasks.get(column.abbrev, {})) for column in columns},
        levels=_cells(tuple(dict.fromkeys(c.level for c in columns if c.level)), tally.levels),
        kinds=_cells(get_args(Kind), tally.kinds),
        overall=_cell(tally.overall),
        planned=info.planned // len(info.settings),
        simulated=tally.simulated,
        calls=_calls(tally),
        answered_by=tuple(sorted(tally.models)),
        upstreams=dict(tally.upstreams.most_common()),
        failures=dict(tally.failures.most_common()),
        readers=dict(tally.readers),
        judge=dict(tally.judge),
        images=tally.images,
        fitted=dict(tally.fitted.most_common()),
        strange_finishes=dict(tally.strange.most_common()),
        sample_set=f"{tally.samples % 2**_SET_BITS:032x}",
    )


def _columns(info: RunInfo, tally: _Tally) -> tuple[Subtask, ...]:
    listed = {column.abbrev for column in info.data.subtasks}
    strays = (Subtask(abbrev=a, name=a, level=level) for a, level in tally.strays.items() if a not in listed)
    return (*info.data.subtasks, *strays)


def _cells(order: tuple[_Name, ...], counts: Mapping[_Name, Mapping[Outcome, int]]) -> dict[_Name, Cell]:
    return {name: _cell(counts[name]) for name in order if name in counts}


def _cell(counts: Mapping[Outcome, int]) -> Cell:
    return Cell(**{str(outcome): n for outcome, n in counts.items()})


def _calls(tally: _Tally) -> Calls:
    def of(source: str) -> _Spending:
        return tally.sources.get(source, _Spending())

    live, cached, twins = of("live"), of("cache"), of("twin")
    return Calls(
        made=live.replies + tally.unanswered,
        retries=tally.retries,
        cached=cached.replies,
        twins=twins.replies,
        local=of("local").replies,
        spent=_tokens(live.sums),
        spared=_tokens(cached.sums, twins.sums),
        silent=live.silent + cached.silent + twins.silent,
    )


def _tokens(*sums: Mapping[str, int]) -> Tokens:
    def total(name: str) -> int | None:
        reported = [part[name] for part in sums if name in part]
        return sum(reported) if reported else None

    return Tokens(input=total("input"), output=total("output"), reasoning=total("reasoning"))
