"""Credits of samples → an interval for the mean behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from math import fsum, sqrt
from statistics import NormalDist

_SAME = 1e-9
"""Credits that differ by less are the same: the difference is rounding, and its square would vanish."""


def mean_interval(
    values: Sequence[float],
    *,
    clusters: Sequence[Hashable] | None = None,
    weights: Sequence[float] | None = None,
    level: float = 0.95,
) -> tuple[float, float]:
    """Give a two-sided interval for a (weighted) mean of credits between 0 and 1, as fractions between 0 and 1.

    ``clusters`` names for each credit what it hangs together with: the trials of one sample share its id. ``weights``
    says how much each counts in the mean; only their ratios matter. Both stand in the order of ``values``.

    Independent credits of 0 and 1 with equal weights: the Wilson interval of their count. Else the Wilson interval of
    as many independent answers as the credits are worth, ``m(1 - m) / V`` of them, where ``m`` is the mean and ``V``
    its variance. ``V`` is robust to what hangs together in a cluster: with ``r`` the sum of ``weight (credit - m)`` in
    each of ``G`` clusters it is ``G / (G - 1) Σ r² / (Σ weight)²`` (K.-Y. Liang and S. L. Zeger, "Longitudinal data
    analysis using generalized linear models", Biometrika 73 (1986) 13-22), but never less than if all credits were
    independent. The effective number of samples in Wilson's interval follows N. Dean and M. Pagano, "Evaluating
    confidence interval methods for binomial proportions in clustered surveys", Journal of Survey Statistics and
    Methodology 3 (2015) 484-503. Unlike ``m ± z sqrt(V)`` it stays between 0 and 1 and does not shrink to nothing
    where every credit is the same. In simulated runs of 90 samples with 2 or 5 trials, whose answers agree more or
    less, it held the truth in 93 to 95 of 100, and Wilson's interval of the count in 64 to 92 (a test repeats
    some of this).

    Raises ValueError for a credit outside 0 to 1, a weight that is not above 0, or sequences of different lengths.
    """
    n = len(values)
    if any(len(each) != n for each in (clusters, weights) if each is not None):
        raise ValueError("clusters and weights must have one entry for each value")
    distinct = set(values)
    if any(not 0 <= value <= 1 for value in distinct):
        raise ValueError("values must lie between 0 and 1")
    # Clusters of one are no clusters: a run without trials gets the very numbers it had before there were any.
    alone = clusters is None or len(set(clusters)) == n
    if n == 0 or (alone and weights is None and distinct <= {0, 1}):
        return wilson(fsum(values), n, level=level)
    weights = [1.0] * n if weights is None else weights
    if any(not weight > 0 for weight in weights):
        raise ValueError("weights must be above 0")
    mean = fsum(w * value for w, value in zip(weights, values, strict=True)) / fsum(weights)
    effective = _effective_number(values, range(n) if clusters is None else clusters, weights, mean)
    return wilson(effective * mean, effective, level=level)


def _effective_number(
    values: Sequence[float], clusters: Sequence[Hashable], weights: Sequence[float], mean: float
) -> float:
    """Return how many independent answers would leave the mean as uncertain as these credits do."""
    residuals: defaultdict[Hashable, list[float]] = defaultdict(list)
    sizes: defaultdict[Hashable, float] = defaultdict(float)
    for value, cluster, weight in zip(values, clusters, weights, strict=True):
        residuals[cluster].append(weight * (value - mean))
        sizes[cluster] += weight
    groups, total = len(sizes), fsum(weights)
    if groups == 1 or max(values) - min(values) < _SAME:
        # One cluster shows no variance, nor do credits that are all the same: then a cluster is worth one answer, and
        # fewer than that where weights differ (L. Kish, Survey Sampling, 1965, section 11.7).
        return total**2 / fsum(size**2 for size in sizes.values())
    single = fsum(r * r for own in residuals.values() for r in own) / total**2
    robust = fsum(fsum(own) ** 2 for own in residuals.values()) / total**2 * groups / (groups - 1)
    # By chance the trials of each sample may look like opposites; taken at its word, that would promise too much.
    return mean * (1 - mean) / max(robust, single)


def wilson(hits: float, n: float, *, level: float = 0.95) -> tuple[float, float]:
    """Give the two-sided Wilson score interval of a proportion, as fractions between 0 and 1.

    The closed form of E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927) 209-212, without continuity correction: with ``p = hits / n`` and the
    normal quantile ``z``, the centre is ``(p + z²/2n) / (1 + z²/n)`` and the half width
    ``z · sqrt(p(1 - p)/n + z²/4n²) / (1 + z²/n)``. Nothing was seen when ``n`` is 0, so every rate is possible:
    ``(0.0, 1.0)``. Neither need be a whole number: see ``mean_interval``. Raises ValueError unless ``0 <= hits <= n``
    and ``0 < level < 1``.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"hits must lie between 0 and n, got hits={hits!r}, n={n!r}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, for example 0.95, got {level!r}")
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    p = hits / n
    shrink = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / shrink
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / shrink
    # At the ends the limit is exact in theory; floating point would leave 1e-17 and exclude the estimate itself.
    return (0.0 if hits == 0 else centre - half), (1.0 if hits == n else centre + half)
