"""A column of a report is one entry in one table: what is added there shows in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import get_args

import pytest

from mmra_api.report import Format, Summary, columns, summarise, write
from mmra_api.report.columns import COLUMNS, Column, Show
from mmra_api.types import Record, RunInfo, Usage

Info = Callable[..., RunInfo]
Make = Callable[..., Record]


@pytest.fixture
def summaries(info: Info, record: Make) -> list[Summary]:
    """A run with 3 correct answers of 4, 1,800 output tokens in all."""
    outcomes = ("correct", "correct", "wrong", "correct")
    usage = Usage(input_tokens=100, output_tokens=450)
    return list(summarise(info(planned=4), [record(f"s{i}", o, usage=usage) for i, o in enumerate(outcomes)]))


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Callable[[Column], None]:
    """Add a column as a change of the source would: as one more entry of the table."""
    return lambda column: monkeypatch.setattr(columns, "COLUMNS", (*COLUMNS, column))


def tokens_per_correct(row: Summary) -> float | None:
    spent = row.calls.spent.output
    return spent / row.overall.correct if spent and row.overall.correct else None


PER_CORRECT = Column(name="tokens_per_correct", heading="tokens/correct", row=tokens_per_correct)


def test_an_entry_shows_in_every_format(summaries: list[Summary], add: Callable[[Column], None]) -> None:
    before = {form: write(form, summaries) for form in get_args(Format)}
    add(PER_CORRECT)
    after = {form: write(form, summaries) for form in get_args(Format)}
    assert "tokens" in after["terminal"].split("In detail")[0]
    for form in ("terminal", "markdown", "latex"):
        assert ("600.0" in before[form], "600.0" in after[form]) == (False, True), form
    assert "Tokens/correct" in after["latex"]
    assert json.loads(after["json"])["rows"][0]["tokens_per_correct"] == 600
    lines = {line["scope"]: line for line in csv.DictReader(io.StringIO(after["csv"]))}
    assert lines["overall"]["tokens_per_correct"] == "600.0"
    assert lines["subtask"]["tokens_per_correct"] == "", "it is about the row as a whole"


def test_an_entry_about_a_cell_is_written_for_every_group(
    summaries: list[Summary], add: Callable[[Column], None]
) -> None:
    add(Column(name="misses", heading="misses", cell=lambda cell: cell.n - cell.correct))
    row = json.loads(write("json", summaries))["rows"][0]
    assert [row["overall"]["misses"], row["levels"]["entity"]["misses"], row["kinds"]["choice"]["misses"]] == [1, 1, 1]
    assert {line["misses"] for line in csv.DictReader(io.StringIO(write("csv", summaries)))} >= {"0", "1", ""}


@pytest.mark.parametrize(
    ("show", "value", "shown", "written"),
    [
        ("percent", 0.125, "12.5", {"new": "0.125"}),
        ("count", 12345, "12,345", {"new": "12345"}),
        ("interval", (0.25, 0.5), "25.0–50.0", {"new_low": "0.25", "new_high": "0.5"}),
        ("text", "fair_1", "fair_1", {"new": "fair_1"}),
        ("count", None, "–", {"new": ""}),
    ],
)
def test_each_way_to_show(
    summaries: list[Summary],
    add: Callable[[Column], None],
    show: Show,
    value: float | str | tuple[float, float] | None,
    shown: str,
    written: dict[str, str],
) -> None:
    add(Column(name="new", heading="new", show=show, row=lambda _: value))
    markdown = write("markdown", summaries).splitlines()
    assert markdown[2].split(" | ")[-1].removesuffix(" |").replace("\\", "") == shown
    line = next(csv.DictReader(io.StringIO(write("csv", summaries))))
    assert {name: line[name] for name in written} == written
    assert f"new\n{'─' * 20}" in write("terminal", summaries).replace("\n  ", "\n")
    assert write("latex", summaries).count("New") == 1


def test_the_highest_of_a_contest_is_best(info: Info, record: Make, add: Callable[[Column], None]) -> None:
    add(Column(name="made", heading="made", row=lambda row: row.calls.made, contest=True))
    runs = [summarise(info(f"r{n}", planned=n), [record(f"{i}") for i in range(n)]) for n in (2, 3)]
    cells = [line.split(" | ")[-1] for line in write("markdown", [s for run in runs for s in run]).splitlines()[2:4]]
    assert cells == ["2 |", "**3** |"]


def test_names_are_unique_and_every_entry_can_be_read(summaries: list[Summary]) -> None:
    names = [name for column in columns.list_written() for name in column.names]
    row = json.loads(write("json", summaries))["rows"][0]
    assert len(set(names)) == len(names)
    assert all((column.cell is None) != (column.row is None) for column in COLUMNS)
    assert {column.name for column in columns.list_written()} <= row.keys() | row["overall"].keys()
    assert {type(row[name]) for name in ("overall", "subtasks", "calls", "judge", "info")} == {dict, list}
