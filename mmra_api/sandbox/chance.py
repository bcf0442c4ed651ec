"""Names in, chance out: every choice that looks random is a hash of what it is about, never of when it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chance:
    """What looks random about one subject; the same subject and the same name always give the same."""

    subject: str

    @classmethod
    def about(cls, *subject: object) -> Chance:
        """The chance of a subject of several parts, for example seed, model and content."""
        # Joined by a sign that no part holds: ("a", "bc") and ("ab", "c") are two subjects.
        return cls("\x1f".join(map(str, subject)))

    def roll(self, name: str) -> float:
        """A number in [0, 1): the first 53 bits of SHA-256(subject, name)."""
        # Not `hash`, which is salted: every process would draw anew. Another sign stands before the name, so that no
        # name can pass for a part of a subject.
        head = sha256(f"{self.subject}\x1e{name}".encode()).digest()[:8]
        # A float holds 53 bits. All 64 could be rounded up to 1.0, and `pick` would reach behind its last item.
        return (int.from_bytes(head) >> 11) / 2**53

    def pick(self, name: str, items: Sequence[T]) -> T:
        """One of the items, each as likely as the others."""
        return items[int(self.roll(name) * len(items))]

    def weigh(self, name: str, weights: Mapping[T, float]) -> T:
        """One of the keys, each in proportion to its weight; the weights need not add up to 1."""
        mark = self.roll(name) * sum(weights.values())
        for item, weight in weights.items():
            mark -= weight
            if mark < 0:
                return item
        # Taking away weight by weight may leave a speck that is not below zero.
        return list(weights)[-1]
