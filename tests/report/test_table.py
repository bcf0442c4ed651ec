"""Records as columns: what a record says stands in its row, whatever it lacks."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import fields, replace
from math import isnan

import pytest

from mmra_api.report.table import RecordTable, group_rows, read_table
from mmra_api.types import Fit, Image, Judgement, Record, Response, Usage

Make = Callable[..., Record]


@pytest.fixture
def varied(record: Make) -> list[Record]:
    fit = Fit(media_type="image/jpeg", width=8, height=8, reason="pixels")
    image = Image(digest="ab" * 32, media_type="image/png", width=9, height=9, size=99)
    said = Judgement(value="A", responses=(Response(text="A", finish="stop", usage=Usage(input_tokens=7)),))
    return [
        record("a", usage=Usage(input_tokens=5, output_tokens=0)),
        replace(record("b", "failed", failure="server", attempts=3), variant="swapped"),
        replace(record("a", trial=1), level=None, prompt=(image, "?", replace(image, fit=fit)), judgement=said),
    ]


def test_a_row_for_each_record(varied: list[Record]) -> None:
    table = read_table(iter(varied))
    assert {len(getattr(table, field.name)) for field in fields(table)} == {len(table)} == {3}
    assert table.sample == ["a", "b", "a"]
    assert (table.variant, table.level) == (["", "swapped", ""], ["entity", "entity", ""])
    assert (table.failure, table.source) == (["", "server", ""], ["live", "", "live"])
    assert list(table.attempts) == [1, 3, 1]
    assert (table.input_tokens[0], table.output_tokens[0]) == (5, 0)
    assert all(isnan(tokens) for tokens in table.input_tokens[1:])
    assert (list(table.images), table.changed) == ([0, 0, 2], [(), (), ("pixels",)])
    assert (list(table.judged), list(table.judge_input)) == ([0, 0, 1], [0, 0, 7])


def test_rows_are_taken_in_the_order_asked(varied: list[Record]) -> None:
    table = read_table(varied)
    again = read_table([varied[2], varied[1]])
    taken = table.take([2, 1])
    names = [field.name for field in fields(table) if "tokens" not in field.name]  # NaN is not equal to itself
    assert all(list(getattr(taken, name)) == list(getattr(again, name)) for name in names)
    assert isinstance(taken.credit, array)
    assert len(table.take([])) == 0


def test_statistics_take_a_column_without_a_copy(varied: list[Record]) -> None:
    numpy = pytest.importorskip("numpy")
    credit = read_table(varied).credit
    view = numpy.asarray(credit)
    assert (view.dtype, view.tolist()) == (numpy.float64, [1.0, 0.0, 1.0])
    credit[0] = 0.5
    assert view[0] == 0.5


def test_groups_stand_in_the_order_of_their_first_row() -> None:
    assert list(group_rows("bab").items()) == [("b", [0, 2]), ("a", [1])]


def test_every_column_says_how_it_begins() -> None:
    assert {field.type for field in fields(RecordTable)} <= {"Texts", "Groups", "Counts", "Numbers"}
