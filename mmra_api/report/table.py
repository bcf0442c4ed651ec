"""Records → one table: a column for each fact, a row for each record. Every figure of a report is made from it.

A new aggregate reads columns that are there; a new fact is a field of ``RecordTable`` and a line in one of the
functions below it. Columns are plain lists and ``array``s because a report must start without numpy, whose import
takes longer than a report of 20,000 records; ``numpy.asarray`` of an ``array`` copies nothing.
"""

from __future__ import annotations

import sys
from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from math import nan
from typing import Any, TypeAlias

from mmra_api.types import HUMAN, JUDGE, Answer, Image, Record, Response

Texts: TypeAlias = list[str]
Groups: TypeAlias = list[tuple[str, ...]]
Counts: TypeAlias = "array[int]"
Numbers: TypeAlias = "array[float]"

_EMPTY: Mapping[object, Callable[[], Any]] = {
    "Texts": list,
    "Groups": list,
    "Counts": partial(array, "q"),
    "Numbers": partial(array, "d"),
}
"""How a column begins, by the name of its type; 8 bytes a row in an ``array``, as numpy would hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTable:
    """Columns of equal length, in the order in which the records came. A text that is not known is empty."""

    sample: Texts
    """The sample's id: what the trials of one sample, and the same sample in two runs, have in common."""
    setting: Texts
    variant: Texts
    trial: Counts
    subtask: Texts
    level: Texts
    kind: Texts
    outcome: Texts
    credit: Numbers
    """0 to 1."""
    reader: Texts
    """Who read the answer; see ``find_reader``. ``grader`` where a model gave points."""
    failure: Texts
    """The kind of failure."""
    attempts: Counts
    """Calls made, also in vain."""
    source: Texts
    """Where the reply came from; empty where there is none."""
    model: Texts
    """The model id that answered, in the service's words."""
    upstream: Texts
    """The provider behind a router."""
    simulated: Counts
    """1 where the sandbox replied."""
    finish: Texts
    finish_word: Texts
    """The vendor's own word for it."""
    input_tokens: Numbers
    output_tokens: Numbers
    reasoning_tokens: Numbers
    """NaN where the service did not say, so that 0 stays a number that somebody reported."""
    images: Counts
    """Images in the prompt."""
    changed: Groups
    """Why images of the prompt were changed before they were sent, one reason for each that was."""
    judged: Counts
    """1 where a judge was asked."""
    judge_failed: Counts
    judge_calls: Counts
    judge_saved: Counts
    judge_input: Counts
    judge_output: Counts
    """Tokens of the judge's calls."""
    judge_compared: Counts
    """1 where the judge's value stands beside one that rules had read."""
    judge_agreed: Counts

    def __len__(self) -> int:
        return len(self.sample)

    def take(self, rows: Sequence[int]) -> RecordTable:
        """Return a table of these rows; this one where they are all of its rows, in their order."""
        # So it is in most runs, which have one setting: there is no need for a copy.
        if rows == list(range(len(self))):
            return self
        taken: dict[str, Any] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            taken[field.name] = column[:0]  # empty, and of the same type
            taken[field.name].extend(map(column.__getitem__, rows))
        return RecordTable(**taken)


def read_table(records: Iterable[Record]) -> RecordTable:
    """Read records into a table, in one pass that keeps none: some 300 bytes a record, whatever the replies' length."""
    # The type is a text here, because annotations are not evaluated in this module.
    columns = {field.name: _EMPTY[field.type]() for field in fields(RecordTable)}
    add = {name: column.append for name, column in columns.items()}  # found once: this loop is half of a report's time
    for record in records:
        for facts in (_describe_record(record), _describe_reply(record), _describe_judgement(record)):
            for name, fact in facts.items():
                add[name](fact)
    return RecordTable(**columns)


def group_rows(keys: Iterable[Hashable]) -> dict[Any, list[int]]:
    """Return the numbers of the rows that share a key, in the order in which the keys first appear."""
    groups: defaultdict[Any, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        groups[key].append(row)
    return dict(groups)


def find_reader(answer: Answer | None) -> str:
    """Return who read an answer: ``rules``, ``judge``, ``human`` or ``nobody``."""
    if answer is None or (answer.value is None and answer.rule != HUMAN):
        return "nobody"
    return answer.rule if answer.rule in {JUDGE, HUMAN} else "rules"


def _describe_record(record: Record) -> dict[str, Any]:
    # Interned, because the decoder makes a new text for every record, and a table has few different ones.
    share = sys.intern
    outcome, images = record.score.outcome, [part for part in record.prompt if isinstance(part, Image)]
    return {
        "sample": share(record.sample),
        "setting": record.setting,
        "variant": share(record.variant),
        "trial": record.trial,
        "subtask": share(record.subtask),
        "level": share(record.level or ""),
        "kind": record.kind,
        "outcome": outcome,
        "credit": record.score.credit,
        # Points are given for the whole reply: who read an option in it, if anyone, has no part in them.
        "reader": "grader" if outcome == "graded" else find_reader(record.answer),
        "failure": record.failure.kind if record.failure else "",
        "images": len(images),
        "changed": tuple(share(image.fit.reason) for image in images if image.fit is not None),
    }


# In place of a missing reply, so that all columns stay equally long.
_NO_REPLY = Response(text="", finish="stop")


def _describe_reply(record: Record) -> dict[str, Any]:
    response = record.response or _NO_REPLY
    usage, share = response.usage, sys.intern
    unanswered = record.failure.attempts if record.failure else 0
    return {
        "attempts": response.attempts if record.response else unanswered,
        "source": response.source if record.response else "",
        "model": share(response.model),
        "upstream": share(response.upstream),
        "simulated": int(response.simulated),
        "finish": response.finish,
        "finish_word": share(response.finish_raw),
        "input_tokens": nan if usage.input_tokens is None else usage.input_tokens,
        "output_tokens": nan if usage.output_tokens is None else usage.output_tokens,
        "reasoning_tokens": nan if usage.reasoning_tokens is None else usage.reasoning_tokens,
    }


# By the names of the columns, so that a new one needs no entry here.
_NOT_JUDGED = dict.fromkeys((field.name for field in fields(RecordTable) if field.name.startswith("judge")), 0)


def _describe_judgement(record: Record) -> dict[str, Any]:
    said = record.judgement
    if said is None:
        return _NOT_JUDGED
    answer = record.answer
    live = [response.usage for response in said.responses if response.source == "live"]
    # Only where both spoke: the judge is asked about what rules read in order to compare, not to decide.
    compared = answer is not None and find_reader(answer) == "rules" and not said.failure
    return {
        "judged": 1,
        "judge_failed": int(bool(said.failure)),
        "judge_calls": len(live),
        "judge_saved": len(said.responses) - len(live),
        "judge_input": sum(usage.input_tokens or 0 for usage in live),
        "judge_output": sum(usage.output_tokens or 0 for usage in live),
        "judge_compared": int(compared),
        "judge_agreed": int(compared and answer is not None and answer.value == said.value),
    }
