"""The packaged rows of the paper."""

from __future__ import annotations

from mmra_api.benchmarks import load_published

SAMPLES = {"RP": 81, "US": 99, "MS": 89, "SM": 106, "AS": 90, "NSE": 65}
SAMPLES |= {"Env": 90, "LO": 90, "SimE": 90, "SubE": 100, "OA": 126}
"""Of the paper's first version, 1,026 in all: the weights behind its overall column."""


def test_all_rows_and_columns_are_there() -> None:
    rows = load_published()
    assert [sum(row.setting == setting for row in rows) for setting in ("IQ", "QO")] == [8, 9]
    assert all(list(row.subtasks) == list(SAMPLES) for row in rows)


def test_a_row_as_printed() -> None:
    first = load_published()[0]
    assert (first.model, first.setting, first.overall) == ("GPT4o", "IQ", 0.668)
    assert (first.subtasks["RP"], first.subtasks["OA"]) == (0.4321, 0.7075)


def test_the_printed_overall_is_the_mean_over_the_papers_samples() -> None:
    for row in load_published():
        mean = sum(row.subtasks[name] * n for name, n in SAMPLES.items()) / sum(SAMPLES.values())
        assert abs(row.overall - mean) < 1e-4, row.model


def test_only_the_settings_asked_for() -> None:
    assert {row.setting for row in load_published({"QO"})} == {"QO"}
    assert load_published({"DQ"}) == ()
