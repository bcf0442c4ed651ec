"""Summaries → JSON, for programs. Fractions between 0 and 1; published rows carry accuracies only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from mmra_api.benchmarks import Published
from mmra_api.report.caveats import warnings
from mmra_api.report.columns import Column, list_written
from mmra_api.report.marks import origin_of
from mmra_api.report.summary import Cell, Summary


def to_json(summaries: Sequence[Summary], published: Sequence[Published] = ()) -> str:
    """Write everything that was counted, as an object with these keys.

    - ``version``: 1; it changes when a key changes its meaning.
    - ``rows``: one object per run, setting and variant: ``run``, ``model``, ``setting``, ``variant`` (empty for the
      samples as they are), ``origin`` (measured, simulated or baseline), ``simulated``, ``baseline``, ``published``
      (false), ``complete``, ``n``, ``planned``, ``overall`` (a cell), ``macro``, ``subtasks`` (a list of cells, each
      with ``abbrev``, ``name`` and ``level``), ``levels`` and ``kinds`` (cells by name), ``calls`` (``made``,
      ``retries``, ``saved``, ``cached``, ``twins``, ``local``, ``spent`` and ``spared`` with ``input``, ``output`` and
      ``reasoning`` tokens, null where nothing was reported, and ``silent``: replies without token counts),
      ``answered_by``, ``upstreams`` (replies by the provider behind a router), ``failures`` (counts by kind),
      ``read_by`` (answers by rules, judge, human, grader, nobody), ``judge`` (counts), ``images`` (``n``, and those
      ``changed`` by reason), ``strange_finishes`` (counts by the vendor's word), ``sample_set``, every column about the
      row as a whole (``columns.COLUMNS``), and ``info``: the run's description as in run.json, without prompt texts.
    - a cell: every column about some samples: ``n``, the outcomes, ``accuracy``, ``interval`` (low and high, 95 %),
      ``answered``, ``lower_bound``, ``upper_bound``, ``credit`` …
    - ``published``: ``model``, ``setting``, ``overall``, ``subtasks`` (accuracy by abbreviation), ``published`` (true).
    - ``warnings``: what makes rows incomparable or doubtful, one sentence each.
    """
    columns = list_written()
    report = {
        "version": 1,
        "rows": [_row(summary, columns) for summary in summaries],
        "published": [{**msgspec.to_builtins(row), "published": True} for row in published],
        "warnings": warnings(summaries, published),
    }
    # Indented, because people read it too.
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def _row(summary: Summary, columns: Sequence[Column]) -> dict[str, Any]:
    def write(cell: Cell) -> dict[str, Any]:
        return {column.name: column.cell(cell) for column in columns if column.cell is not None}

    subtasks = [msgspec.to_builtins(subtask) for subtask in summary.columns]
    return {
        "run": summary.run,
        "model": summary.model,
        "setting": summary.setting,
        "variant": summary.variant,
        "origin": origin_of(summary),
        "simulated": summary.simulated,
        "baseline": summary.baseline,
        "published": False,
        "complete": summary.complete,
        "n": summary.n,
        **{column.name: column.row(summary) for column in columns if column.row is not None},
        "overall": write(summary.overall),
        "subtasks": [{**subtask, **write(summary.subtasks[subtask["abbrev"]])} for subtask in subtasks],
        "levels": {level: write(cell) for level, cell in summary.levels.items()},
        "kinds": {kind: write(cell) for kind, cell in summary.kinds.items()},
        # A property is no field, so the encoder does not see it.
        "calls": {**msgspec.to_builtins(summary.calls), "saved": summary.calls.saved},
        "answered_by": summary.answered_by,
        "upstreams": summary.upstreams,
        "failures": summary.failures,
        "read_by": summary.readers,
        "judge": summary.judge,
        "images": {"n": summary.images, "changed": summary.fitted},
        "strange_finishes": summary.strange_finishes,
        "sample_set": summary.sample_set,
        "info": _describe_run(summary),
    }


def _describe_run(summary: Summary) -> dict[str, Any]:
    """Return the run's description with the prompts' names and hashes, but not their texts, which are long."""
    info: dict[str, Any] = msgspec.to_builtins(summary.info)
    for owner in filter(None, (info, info["judge"])):
        owner["templates"] = [{"name": each["name"], "sha256": each["sha256"]} for each in owner["templates"]]
    return info
