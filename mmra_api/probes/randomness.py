"""Names in, a random stream out: the same stream for the same names on every machine."""

from __future__ import annotations

import random
from typing import TypeAlias

Rng: TypeAlias = random.Random


def stream(*names: object) -> Rng:
    """Seeded by the text of the names (Python hashes it with SHA-512, so no process or platform differs)."""
    # Joined to a text: `Random` takes no tuple, and the hash of one differs between processes.
    return random.Random("/".join(map(str, names)))  # noqa: S311 - drawing pictures, not keeping secrets
