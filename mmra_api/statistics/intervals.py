"""Hits and trials → an interval for the rate behind them."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist


def wilson(hits: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Give the two-sided Wilson score interval of a proportion, as fractions between 0 and 1.

    The closed form of E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927) 209-212, without continuity correction: with ``p = hits / n`` and the
    normal quantile ``z``, the centre is ``(p + z²/2n) / (1 + z²/n)`` and the half width
    ``z · sqrt(p(1 - p)/n + z²/4n²) / (1 + z²/n)``. Nothing was seen when ``n`` is 0, so every rate is possible:
    ``(0.0, 1.0)``. Raises ValueError unless ``0 <= hits <= n`` and ``0 < level < 1``.
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
