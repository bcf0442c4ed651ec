"""Page → the tiers of rules worth asking: those whose words occur. Most replies need a few rules of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from mmra_api.extract.order import Rule, Tier
from mmra_api.extract.page import Page


class Sieve:
    """The tiers for one kind of question; each rule is a bit, each word that a rule waits for sets its rules' bits."""

    def __init__(self, tiers: Sequence[Tier]) -> None:
        self._tiers = tuple(tiers)
        bits = {rule: 1 << place for place, rule in enumerate(rule for tier in tiers for rule in tier.rules)}
        self._bits = bits
        self._by_word: dict[str, int] = {}
        for rule, bit in bits.items():
            for word in (rule.words or frozenset()) | (rule.english or frozenset()):
                self._by_word[word] = self._by_word.get(word, 0) | bit
        self._words = frozenset(self._by_word)
        self._always = sum(bit for rule, bit in bits.items() if rule.words is None and rule.english is None)
        self._unless_english = sum(bit for rule, bit in bits.items() if rule.english is not None)
        self._of = lru_cache(maxsize=1024)(self._sift)

    def tiers(self, page: Page) -> tuple[Tier, ...]:
        """The tiers that keep a rule, with the rules that may find something on the page by its words."""
        awake = self._always if page.english() else self._always | self._unless_english
        for word in self._words & page.words:
            awake |= self._by_word[word]
        return self._of(awake)

    def _sift(self, awake: int) -> tuple[Tier, ...]:
        def kept(tier: Tier) -> tuple[Rule, ...]:
            return tuple(rule for rule in tier.rules if self._bits[rule] & awake)

        return tuple(replace(tier, rules=rules) for tier in self._tiers if (rules := kept(tier)))
