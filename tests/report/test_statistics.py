"""Wilson intervals against scipy and against figures worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest  # type: ignore[import-untyped]  # scipy ships no types

from mmra_api.statistics.intervals import wilson

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
