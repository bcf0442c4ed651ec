"""Intervals and agreement against scipy, against figures worked by hand, and by what must hold for any numbers."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm, sem  # type: ignore[import-untyped]  # scipy ships no types

from mmra_api.statistics import cohen_kappa, mean_interval, wilson

counts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_agrees_with_scipy(pair: tuple[int, int], level: float) -> None:
    hits, n = pair
    expected = binomtest(hits, n).proportion_ci(confidence_level=level, method="wilson")
    assert wilson(hits, n, level=level) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(counts)
def test_contains_the_estimate_and_stays_between_0_and_1(pair: tuple[int, int]) -> None:
    hits, n = pair
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1


@given(counts)
def test_hits_and_misses_mirror_each_other(pair: tuple[int, int]) -> None:
    hits, n = pair
    low, high = wilson(hits, n)
    assert wilson(n - hits, n) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (684, 1024, 0.6385, 0.6961),
    ],
)
def test_known_intervals(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("hits", "n", "level"), [(2, 1, 0.95), (-1, 1, 0.95), (1, 2, 1.0), (1, 2, 0.0)])
def test_refuses_what_is_no_proportion(hits: int, n: int, level: float) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        wilson(hits, n, level=level)


trials = st.lists(st.lists(st.sampled_from([0.0, 1.0]), min_size=2, max_size=4), min_size=2, max_size=30)


def pool(groups: list[list[float]]) -> tuple[list[float], list[int]]:
    return [value for own in groups for value in own], [number for number, own in enumerate(groups) for _ in own]


@given(st.lists(st.sampled_from([0.0, 1.0]), max_size=300), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_independent_answers_have_the_wilson_interval(values: list[float], level: float) -> None:
    expected = wilson(sum(values), len(values), level=level)
    assert mean_interval(values, level=level) == expected
    assert mean_interval(values, clusters=range(len(values)), level=level) == expected


def test_graded_answers_by_hand() -> None:
    """With m = 0.5 and V = 3/2 Σ(x - m)² / 9 = 1/12, the answers are worth m(1 - m)/V = 3: Wilson of 1.5 in 3."""
    values = [0.0, 0.5, 1.0]
    assert mean_interval(values) == pytest.approx(wilson(1.5, 3))


def test_the_variance_is_that_of_the_textbook() -> None:
    """Of many independent graded answers the interval is the usual one: mean and t-based or normal quantile."""
    values = [((7 * i) % 101) / 100 for i in range(5000)]
    error = sem(values)
    mean = sum(values) / len(values)
    expected = norm.interval(0.95, loc=mean, scale=error)
    assert mean_interval(values) == pytest.approx(expected, abs=2e-4)


@given(trials, st.integers(2, 5))
def test_equal_trials_say_no_more_than_one(groups: list[list[float]], times: int) -> None:
    answers = [own[0] for own in groups]
    low, high = mean_interval(answers * times, clusters=list(range(len(answers))) * times)
    once = wilson(sum(answers), len(answers))
    assert low <= once[0] + 1e-9
    assert high >= once[1] - 1e-9
    p, n = sum(answers) / len(answers), len(answers)
    worth = n - 1 if 0 < p < 1 else n  # the G / (G - 1) of the variance
    assert (low, high) == pytest.approx(wilson(p * worth, worth))


@given(trials)
def test_clusters_never_make_an_interval_narrower(groups: list[list[float]]) -> None:
    values, clusters = pool(groups)
    low, high = mean_interval(values, clusters=clusters)
    alone = wilson(sum(values), len(values))
    mean = sum(values) / len(values)
    assert low - 1e-9 <= alone[0] <= mean <= alone[1] <= high + 1e-9
    assert 0 <= low <= high <= 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.data())
def test_any_interval_holds_its_mean(values: list[float], data: st.DataObject) -> None:
    n = len(values)
    weights = data.draw(st.lists(st.floats(0.01, 100), min_size=n, max_size=n))
    clusters = data.draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    low, high = mean_interval(values, clusters=clusters, weights=weights)
    mean = sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)
    assert 0 <= low <= mean + 1e-9
    assert mean - 1e-9 <= high <= 1


@given(st.lists(st.floats(0, 1), min_size=2, max_size=40))
def test_only_the_ratios_of_weights_matter(values: list[float]) -> None:
    one = mean_interval(values, weights=[1.0 + i for i in range(len(values))])
    assert mean_interval(values, weights=[10.0 + 10 * i for i in range(len(values))]) == pytest.approx(one)


def test_whole_weights_are_copies_in_a_cluster() -> None:
    """A weight of k is the same as k equal answers that hang together."""
    values, weights = [1.0, 0.0, 0.5, 1.0], [3.0, 1.0, 2.0, 2.0]
    copies = [value for value, k in zip(values, weights, strict=True) for _ in range(int(k))]
    clusters = [number for number, k in enumerate(weights) for _ in range(int(k))]
    assert mean_interval(values, weights=weights) == pytest.approx(mean_interval(copies, clusters=clusters))


def test_equal_credits_are_not_certain() -> None:
    assert mean_interval([0.5] * 4) == pytest.approx(wilson(2, 4))
    assert mean_interval([0.3]) == pytest.approx(wilson(0.3, 1))
    assert mean_interval([1.0] * 6, clusters=[0, 0, 1, 1, 2, 2]) == pytest.approx(wilson(3, 3))
    assert mean_interval([1.0, 1.0], weights=[3.0, 1.0]) == pytest.approx(wilson(1.6, 1.6))
    assert mean_interval([], weights=[]) == (0.0, 1.0)


def test_intervals_of_trials_hold_the_truth_as_often_as_they_say() -> None:
    """Of samples whose trials agree in most cases; Wilson's interval of the count promises too much."""
    drawn = Random(0)
    held = counted = 0
    for _ in range(400):
        values, clusters = [], []
        for number in range(60):
            easy = drawn.betavariate(0.7, 0.3)
            values += [float(drawn.random() < easy) for _ in range(3)]
            clusters += [number] * 3
        low, high = mean_interval(values, clusters=clusters)
        held += low <= 0.7 <= high
        low, high = wilson(sum(values), len(values))
        counted += low <= 0.7 <= high
    assert 0.92 <= held / 400 <= 0.98
    assert counted / 400 < 0.9


@pytest.mark.parametrize(
    ("values", "about", "said"),
    [
        ([1.1], {}, "between 0 and 1"),
        ([-0.1, 0.0], {}, "between 0 and 1"),
        ([float("nan")], {}, "between 0 and 1"),
        ([1.0, 0.0], {"weights": [1.0, 0.0]}, "above 0"),
        ([1.0, 0.0], {"weights": [1.0]}, "one entry for each"),
        ([1.0, 0.0], {"clusters": ["a"]}, "one entry for each"),
    ],
)
def test_refuses_what_has_no_mean(values: list[float], about: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        mean_interval(values, **about)


def test_kappa_against_a_worked_example() -> None:
    """50 grant proposals, two readers: 20 both yes, 15 both no, 5 and 10 apart; kappa 0.4."""
    pairs = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    assert cohen_kappa(pairs) == pytest.approx(0.4)
    assert cohen_kappa([(a == "y", b == "y") for a, b in pairs]) == pytest.approx(0.4)
    assert cohen_kappa([]) is None
    assert cohen_kappa([(None, None)] * 3) is None
