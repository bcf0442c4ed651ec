"""Counting records: figures worked by hand, and properties that hold for any records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmra_api.errors import RunError
from mmra_api.report import summarise, warnings
from mmra_api.report.aggregate import count_cell
from mmra_api.report.summary import OUTCOMES, Cell, TokenSums
from mmra_api.report.table import read_table
from mmra_api.score import score_graded
from mmra_api.statistics import mean_interval, wilson
from mmra_api.types import Outcome, Record, RunInfo, Subtask, Usage

Info = Callable[..., RunInfo]
Make = Callable[..., Record]
MakeMany = Callable[..., Iterator[Record]]


def test_every_outcome_is_listed_once() -> None:
    assert get_args(Outcome) == OUTCOMES


@pytest.fixture(scope="session")
def cell(record: Make) -> Callable[..., Cell]:
    """Make a cell as reports do: from records with so many outcomes of each kind, graded ones with 2 of 4 points."""

    def make(**counts: int) -> Cell:
        outcomes = [outcome for outcome, n in counts.items() for _ in range(n)]
        table = read_table(grade(record(f"s{i}", outcome)) for i, outcome in enumerate(outcomes))
        return count_cell(table, range(len(table)))

    return make


def grade(record: Record, points: float = 2.0) -> Record:
    return replace(record, score=score_graded(points, 4)) if record.score.outcome == "graded" else record


def test_a_cell_by_hand(cell: Callable[..., Cell]) -> None:
    made = cell(correct=4, wrong=2, unparsed=1, refused=1, truncated=1, empty=0, failed=1)
    assert (made.n, made.unread) == (10, 4)
    assert (made.accuracy, made.answered, made.lower_bound, made.upper_bound) == (0.4, 0.6, 0.4, 0.8)
    assert made.interval == pytest.approx((0.1682, 0.6873), abs=5e-5)


def test_a_graded_answer_counts_by_its_credit(info: Info, record: Make) -> None:
    points = [0.0, 1.0, 3.0, 4.0, 4.0, 2.5]
    records = [grade(record(f"s{i}", "graded"), given) for i, given in enumerate(points)]
    (summary,) = summarise(info(planned=7), [*records, record("u", "unparsed")])
    cell = summary.overall
    assert (cell.n, cell.graded, cell.wrong, cell.unread) == (7, 6, 0, 1)
    assert cell.credit == 3.625
    assert cell.accuracy == pytest.approx(3.625 / 7)
    assert cell.upper_bound == pytest.approx(4.625 / 7)
    assert cell.answered == pytest.approx(6 / 7)
    assert cell.interval == mean_interval([*(given / 4 for given in points), 0.0])
    assert summary.readers == {"grader": 6, "nobody": 1}


def test_trials_of_a_sample_are_one_cluster(info: Info, record: Make) -> None:
    outcomes = [("a", "correct"), ("b", "wrong"), ("c", "correct"), ("d", "correct")]
    once = summarise(info(planned=4), [record(*each) for each in outcomes])[0].overall
    thrice = [record(*each, trial=trial) for each in outcomes for trial in range(3)]
    again = summarise(info(planned=12, trials=3), thrice)[0].overall
    assert (again.n, again.accuracy) == (12, once.accuracy)
    low, high = wilson(9, 12)
    assert again.interval[0] < low, "twelve equal answers of four samples say no more than these four"
    assert again.interval[1] > high
    assert once.interval == wilson(3, 4)


@given(st.lists(st.integers(0, 60), min_size=len(OUTCOMES), max_size=len(OUTCOMES)))
def test_any_cell_keeps_its_order(cell: Callable[..., Cell], counts: list[int]) -> None:
    made = cell(**dict(zip(OUTCOMES, counts, strict=True)))
    assert made.n == sum(made.count(outcome) for outcome in OUTCOMES) == sum(counts)
    if made.accuracy is None or made.upper_bound is None or made.lower_bound is None or made.answered is None:
        assert made.n == 0
        assert made.interval == (0.0, 1.0)
        return
    assert 0 <= made.lower_bound <= made.accuracy <= made.upper_bound <= 1
    assert made.interval[0] <= made.accuracy <= made.interval[1]
    assert made.answered + made.unread / made.n == pytest.approx(1)


def test_scopes_by_hand(info: Info, record: Make, cell: Callable[..., Cell]) -> None:
    records = [
        record("1", "correct", subtask="RP"),
        record("2", "wrong", subtask="RP"),
        record("3", "refused", subtask="RP", kind="yesno"),
        record("4", "failed", subtask="RP"),
        record("5", "correct", subtask="Env", kind="yesno"),
    ]
    (summary,) = summarise(info(), records)
    assert summary.subtasks == {
        "RP": cell(correct=1, wrong=1, refused=1, failed=1),
        "US": Cell(),
        "Env": cell(correct=1),
    }
    assert summary.levels == {"entity": summary.subtasks["RP"], "image": summary.subtasks["Env"]}
    assert summary.kinds == {"choice": cell(correct=1, wrong=1, failed=1), "yesno": cell(correct=1, refused=1)}
    assert summary.overall == cell(correct=2, wrong=1, refused=1, failed=1)
    assert summary.macro == pytest.approx((1 / 4 + 1) / 2)
    assert (summary.n, summary.planned, summary.complete) == (5, 6, False)


@given(st.lists(st.tuples(st.sampled_from(OUTCOMES), st.sampled_from(["RP", "US", "Env", "other"]))))
def test_counts_of_every_scope_sum_to_n(info: Info, record: Make, drawn: list[tuple[Outcome, str]]) -> None:
    (summary,) = summarise(info(), [record(str(i), o, subtask=s) for i, (o, s) in enumerate(drawn)])
    assert summary.n == len(drawn)
    for outcome in OUTCOMES:
        total = sum(o == outcome for o, _ in drawn)
        assert sum(cell.count(outcome) for cell in summary.subtasks.values()) == total
        assert sum(cell.count(outcome) for cell in summary.kinds.values()) == total
    assert sum(cell.n for cell in summary.levels.values()) == sum(s != "other" for _, s in drawn)


def test_settings_stand_in_the_order_of_the_run(info: Info, record: Make) -> None:
    run = info(settings=("QO", "IQ"), planned=4)
    summaries = summarise(run, [record("1", "wrong", setting="IQ"), record("1", "correct", setting="QO")])
    assert [(s.setting, s.overall.correct, s.n, s.planned) for s in summaries] == [("QO", 1, 1, 2), ("IQ", 0, 1, 2)]


def test_variants_are_rows_of_their_own(info: Info, record: Make) -> None:
    run = info(settings=("IQ", "QO"), planned=8)
    asked = [
        ("1", "IQ", "", "correct"),
        ("2", "IQ", "", "wrong"),
        ("1", "IQ", "swapped", "wrong"),
        ("1", "QO", "", "wrong"),
    ]
    records = [replace(record(s, o, setting=setting), variant=variant) for s, setting, variant, o in asked]
    summaries = summarise(run, records)
    assert [(s.setting, s.variant, s.n, s.overall.correct, s.planned) for s in summaries] == [
        ("IQ", "", 2, 1, 2),
        ("IQ", "swapped", 1, 0, 2),
        ("QO", "", 1, 0, 2),
        ("QO", "swapped", 0, 0, 2),
    ]
    assert [s.label for s in summaries] == ["IQ", "IQ swapped", "QO", "QO swapped"]


def test_levels_are_any_groups_in_the_order_of_the_data(info: Info, record: Make) -> None:
    columns = (
        Subtask(abbrev="z", name="z", level="temporal"),
        Subtask(abbrev="a", name="a", level="spatial"),
        Subtask(abbrev="q", name="q"),
    )
    records = [
        replace(record(n, subtask=n), level=level) for n, level in (("a", "spatial"), ("z", "temporal"), ("q", None))
    ]
    (summary,) = summarise(info(columns=columns), records)
    assert list(summary.levels) == ["temporal", "spatial"]
    assert sum(cell.n for cell in summary.levels.values()) == 2


def test_a_setting_that_the_run_lacks_is_named(info: Info, record: Make) -> None:
    with pytest.raises(RunError, match=r"sample '7' has setting 'QO', but run.json lists IQ"):
        summarise(info(), [record("7", setting="QO")])


def test_a_subtask_that_the_run_does_not_list_becomes_a_column(info: Info, record: Make) -> None:
    (summary,) = summarise(info(), [record("1", subtask="new")])
    assert summary.columns[-1] == Subtask(abbrev="new", name="new")
    assert summary.subtasks["new"].n == 1


def test_no_records(info: Info) -> None:
    (summary,) = summarise(info(), [])
    assert (summary.n, summary.macro, summary.overall.accuracy, summary.complete) == (0, None, None, False)
    assert (summary.levels, summary.kinds) == ({}, {})
    assert list(summary.subtasks) == ["RP", "US", "Env"]


def test_records_are_read_once_as_they_come(info: Info, records: MakeMany) -> None:
    (summary,) = summarise(info(), iter(records("correct", "wrong")))
    assert summary.n == 2


def test_calls_and_tokens_by_source(info: Info, record: Make) -> None:
    (summary,) = summarise(
        info(),
        [
            record("1", attempts=3, usage=Usage(input_tokens=100, output_tokens=10, reasoning_tokens=4)),
            record("2", usage=Usage(input_tokens=50)),
            record("3"),
            record("4", source="cache", attempts=0, usage=Usage(input_tokens=7, output_tokens=1)),
            record("5", source="twin", attempts=3, usage=Usage(input_tokens=5, output_tokens=1)),
            record("6", source="local", attempts=1),
            record("7", "failed", attempts=5, failure="rate_limit"),
        ],
    )
    calls = summary.calls
    assert (calls.made, calls.cached, calls.twins, calls.saved, calls.local) == (4, 1, 1, 2, 1)
    assert calls.retries == 2 + 4
    assert calls.spent == TokenSums(input=150, output=10, reasoning=4)
    assert calls.spared == TokenSums(input=12, output=2, reasoning=None)
    assert calls.silent == 1
    assert summary.failures == {"rate_limit": 1}


def test_zero_tokens_are_not_unreported(info: Info, record: Make) -> None:
    (summary,) = summarise(info(), [record("1", usage=Usage(input_tokens=0, output_tokens=0))])
    assert summary.calls.spent == TokenSums(input=0, output=0)
    assert summary.calls.silent == 0


def test_one_simulated_reply_marks_the_setting(info: Info, record: Make) -> None:
    run = info(settings=("IQ", "QO"))
    iq, qo = summarise(run, [record("1"), record("2", simulated=True), record("1", setting="QO")])
    assert (iq.simulated, qo.simulated) == (True, False)


def test_answering_models(info: Info, record: Make) -> None:
    (summary,) = summarise(info(), [record("1", model="b"), record("2", model="a"), record("3", model="")])
    assert summary.answered_by == ("a", "b")


def test_providers_behind_a_router_are_counted_and_a_mixture_is_named(info: Info, record: Make) -> None:
    replies = [record("1", upstream="Lab"), record("2", upstream="Lab"), record("3", upstream="Mill"), record("4")]
    (mixed,), (pure,) = summarise(info(), replies), summarise(info(), replies[:2])
    assert (mixed.upstreams, pure.upstreams) == ({"Lab": 2, "Mill": 1}, {"Lab": 2})
    (warning,) = [text for text in warnings([mixed]) if "router" in text]
    assert "several providers answered behind the router: Lab 2, Mill 1" in warning
    assert not [text for text in warnings([pure]) if "router" in text]


def test_sample_sets_ignore_order_and_trials(info: Info, record: Make) -> None:
    def sample_set(*samples: tuple[str, int]) -> str:
        (summary,) = summarise(info(), [record(name, trial=trial) for name, trial in samples])
        return summary.sample_set

    assert sample_set(("a", 0), ("b", 0)) == sample_set(("b", 0), ("a", 1), ("a", 0), ("b", 1))
    assert sample_set(("a", 0), ("b", 0)) != sample_set(("a", 0))
    assert sample_set(("a", 0), ("b", 0)) != sample_set(("ab", 0))
