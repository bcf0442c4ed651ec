"""Summaries → a table in GitHub's Markdown. Percent with one decimal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mmra_api.benchmarks import Published
from mmra_api.report.caveats import warnings
from mmra_api.report.compare import Comparison, ComparisonRow, compare
from mmra_api.report.notes import captions, describe_data
from mmra_api.report.summary import Summary


def to_markdown(summaries: Sequence[Summary], published: Sequence[Published] = ()) -> str:
    """Write the comparison as one GitHub table, best values in bold, and its captions as a list below."""
    comparison = compare(summaries, published)
    heads = ["model", "setting", "note", *(column.heading for column in comparison.columns)]
    # Numbers to the right, so that digits of equal weight stand below each other.
    ruler = ["---"] * 3 + ["---:"] * len(comparison.columns)
    rows = [_row(row, section.label) for section in comparison.sections for row in section.rows]
    table = [[_escape(head) for head in heads], ruler, *rows]
    notes = [
        *_level_notes(comparison),
        *captions(summaries, comparison),
        *describe_data(summaries),
        # In the text and not only on the error stream: a table is copied into papers without what stood beside it.
        *(f"warning: {each}" for each in warnings(summaries, published)),
    ]
    lines = ["| " + " | ".join(cells) + " |" for cells in table]
    return "\n".join([*lines, "", *(f"- {_escape(note)}" for note in notes)]) + "\n"


def _row(row: ComparisonRow, setting: str) -> list[str]:
    # Escaped inside the stars: a text column may hold markup of its own.
    shown = [f"**{_escape(each.text)}**" if each.best else _escape(each.text) for each in row.figures]
    marks = ", ".join(f"**{mark}**" if mark == "simulated" else _escape(mark) for mark in row.marks)
    return [_escape(row.model), _escape(setting), marks, *shown]


def _level_notes(comparison: Comparison) -> Iterator[str]:
    levels = dict.fromkeys(subtask.level for subtask in comparison.subtasks if subtask.level)
    for level in levels:
        yield f"{level} level: {', '.join(each.abbrev for each in comparison.subtasks if each.level == level)}"


def _escape(text: str) -> str:
    """Escape what Markdown would read as markup; a line break would end the table's row."""
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", " ".join(text.split()))
