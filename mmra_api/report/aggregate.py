"""A run's description and its stream of records → one Summary per setting and variant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import compress
from math import fsum, isnan
from typing import Any, get_args

from mmra_api.errors import RunError
from mmra_api.report.summary import CallSums, Cell, Summary, TokenSums
from mmra_api.report.table import RecordTable, group_rows, read_table
from mmra_api.statistics import mean_interval
from mmra_api.types import Kind, Record, RunInfo, Setting, Subtask

_SET_BITS = 128
"""Of the hash of a sample's id: so many that two sets of samples never have the same sum by chance."""


def summarise(info: RunInfo, records: Iterable[Record]) -> tuple[Summary, ...]:
    """Count the records of a run: one Summary per setting of ``info``, in that order, and per variant in the records.

    ``records`` is read once and not kept, only a table of its facts. It holds one record per item: sample, setting,
    variant and trial. A subtask that ``info.data`` does not list becomes a further column. Raises RunError for a record
    in a setting that the run does not have.
    """
    return summarise_table(info, read_table(records))


def summarise_table(info: RunInfo, table: RecordTable) -> tuple[Summary, ...]:
    """Do the same for records that are a table already."""
    groups = group_rows(zip(table.setting, table.variant, strict=True))
    for (setting, _), rows in groups.items():
        if setting not in info.settings:
            raise RunError(
                f"run {info.name!r}: the record of sample {table.sample[rows[0]]!r} has setting {setting!r}, but"
                f" run.json lists {', '.join(info.settings)}: do run.json and records.jsonl belong together?"
            )
    # A setting without records is a row too, with nothing in it: the run has not come to it yet.
    variants = sorted({variant for _, variant in groups}) or [""]  # sorted: records come in any order
    asked = [(setting, variant) for setting in info.settings for variant in variants]
    parts = {each: table.take(groups.get(each, [])) for each in asked}
    return tuple(
        _summarise_part(info, setting, variant, part, info.planned // len(asked))  # all of them are planned alike
        for (setting, variant), part in parts.items()
    )


def _summarise_part(info: RunInfo, setting: Setting, variant: str, part: RecordTable, planned: int) -> Summary:
    columns = _list_columns(info, part)
    subtasks = _count_groups(part, part.subtask)
    levels = dict.fromkeys(column.level for column in columns if column.level)
    return Summary(
        info=info,
        setting=setting,
        variant=variant,
        columns=columns,
        subtasks={column.abbrev: subtasks.get(column.abbrev, Cell()) for column in columns},
        levels=_in_order(levels, _count_groups(part, part.level)),
        kinds=_in_order(get_args(Kind), _count_groups(part, part.kind)),
        overall=count_cell(part, range(len(part))),
        planned=planned,
        simulated=any(part.simulated),
        calls=_sum_calls(part),
        answered_by=tuple(sorted(set(filter(None, part.model)))),
        upstreams=_count_named(part.upstream),
        failures=_count_named(part.failure),
        readers=dict(Counter(part.reader)),
        judge=_sum_judge(part),
        images=sum(part.images),
        fitted=_count_named(reason for reasons in part.changed for reason in reasons),
        strange_finishes=_count_all(compress(part.finish_word, [finish == "other" for finish in part.finish])),
        sample_set=_hash_samples(part),
    )


def count_cell(table: RecordTable, rows: Sequence[int]) -> Cell:
    """Count the outcomes of some rows and sum their credits. The trials of a sample hang together: a cluster."""
    outcomes = Counter(map(table.outcome.__getitem__, rows))
    values = list(map(table.credit.__getitem__, rows))
    clusters = list(map(table.sample.__getitem__, rows))
    # The names of the outcomes are the names of the cell's fields.
    counts: dict[str, Any] = dict(outcomes)
    # fsum rounds once, at the end: the order of the records does not change the sum.
    return Cell(**counts, credit=fsum(values), interval=mean_interval(values, clusters=clusters))


def _count_groups(table: RecordTable, keys: Iterable[str]) -> dict[str, Cell]:
    return {key: count_cell(table, rows) for key, rows in group_rows(keys).items() if key}


def _in_order(names: Iterable[Any], cells: Mapping[str, Cell]) -> dict[Any, Cell]:
    """Sort cells as the data names their groups; those that only records name come last."""
    return {name: cells[name] for name in dict.fromkeys([*names, *cells]) if name in cells}


def _list_columns(info: RunInfo, part: RecordTable) -> tuple[Subtask, ...]:
    listed = {column.abbrev for column in info.data.subtasks}
    # Records are the only source for a subtask that the data does not list: an older run, or one joined by hand.
    # Reversed, so that a subtask has the level of its first record.
    levels = dict(zip(reversed(part.subtask), reversed(part.level), strict=True))
    strays = (name for name in dict.fromkeys(part.subtask) if name not in listed)
    return (*info.data.subtasks, *(Subtask(abbrev=name, name=name, level=levels[name] or None) for name in strays))


def _count_named(names: Iterable[str]) -> dict[Any, int]:
    return _count_all(filter(None, names))


def _count_all(names: Iterable[str]) -> dict[Any, int]:
    return dict(Counter(names).most_common())


def _sum_calls(part: RecordTable) -> CallSums:
    sources = Counter(part.source)
    unanswered = [attempts for attempts, failure in zip(part.attempts, part.failure, strict=True) if failure]
    live = [attempts for attempts, source in zip(part.attempts, part.source, strict=True) if source == "live"]
    reported = zip(part.source, part.input_tokens, part.output_tokens, strict=True)
    return CallSums(
        made=sources["live"] + sum(attempts > 0 for attempts in unanswered),
        retries=sum(max(attempts - 1, 0) for attempts in (*live, *unanswered)),
        cached=sources["cache"],
        twins=sources["twin"],
        local=sources["local"],
        spent=_sum_tokens(part, {"live"}),
        spared=_sum_tokens(part, {"cache", "twin"}),
        # Local models report what they like, and nobody pays for it.
        silent=sum(isnan(i) and isnan(o) for source, i, o in reported if source not in ("", "local")),
    )


def _sum_tokens(part: RecordTable, sources: Collection[str]) -> TokenSums:
    wanted = [source in sources for source in part.source]

    def add(column: Iterable[float]) -> int | None:
        reported = [tokens for tokens in compress(column, wanted) if not isnan(tokens)]
        return int(fsum(reported)) if reported else None

    return TokenSums(input=add(part.input_tokens), output=add(part.output_tokens), reasoning=add(part.reasoning_tokens))


def _sum_judge(part: RecordTable) -> dict[str, int]:
    """Sum what a judge took; nothing where none was asked, nothing of a comparison where none was made."""
    if not any(part.judged):
        return {}
    sums = {
        "failed": sum(part.judge_failed),
        "calls": sum(part.judge_calls),
        "saved": sum(part.judge_saved),
        "input": sum(part.judge_input),
        "output": sum(part.judge_output),
    }
    compared = {"compared": sum(part.judge_compared), "agreed": sum(part.judge_agreed)}
    return sums | compared if compared["compared"] else sums


def _hash_samples(part: RecordTable) -> str:
    """Add up a hash of each id: equal for equal sets in any order, as runs finish their samples in none."""
    # Each sample once, so that several trials of the same samples are the same set.
    first = compress(part.sample, [trial == 0 for trial in part.trial])
    size = _SET_BITS // 8
    total = sum(int.from_bytes(blake2b(sample.encode(), digest_size=size).digest()) for sample in first)
    return f"{total % 2**_SET_BITS:032x}"
