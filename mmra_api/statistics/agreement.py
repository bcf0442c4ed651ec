"""Two readers' labels for the same things → how far they agree beyond chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Give Cohen's kappa of two readers: 1 for full agreement, 0 for what chance alone would give, down to -1.

    ``pairs`` holds what each of them says about one thing; None is a category like any other. With the share ``p`` on
    which they agree and the share ``q`` on which two readers with their habits would agree by chance, it is
    ``(p - q) / (1 - q)`` (J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
    Measurement 20 (1960) 37-46, doi:10.1177/001316446002000104). None where it is not defined: nothing was compared, or
    both always say the same single thing, so that chance alone makes them agree.
    """
    n = len(pairs)
    if n == 0:
        return None
    ours, theirs = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    # Names that only the other reader uses add nothing: the product is 0.
    chance = sum(ours[name] * theirs[name] for name in ours) / n**2
    same = sum(one == other for one, other in pairs) / n
    return (same - chance) / (1 - chance) if chance < 1 else None
