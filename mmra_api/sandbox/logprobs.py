"""A text and its Chance in, its tokens with log probabilities out. The figures are invented; only their laws are real.

Joined, the tokens are the text. The probabilities of the tokens that could stand in one place add up to less than 1,
and the chosen one is always the likeliest, as if the model had been asked at temperature 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from string import ascii_uppercase, digits

from mmra_api.sandbox.chance import Chance
from mmra_api.sandbox.tokens import split_tokens

MOST = 20
"""Tokens told for one place at most, by all vendors that tell any."""
POLES = ("Yes", "No")
WORDS = (
    "the", "a", "it", "this", "that", "both", "one", "two", "so", "as", "and", "or", "but", "not", "I", "in", "of",
    "is", "are", "to", "from", "by", "for",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token and the logarithm (base e) of its probability."""

    text: str
    logprob: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The token that was chosen for one place, and the likeliest ones for it: the chosen one first, then the others."""

    chosen: Token
    top: tuple[Token, ...]


def weigh_tokens(text: str, tops: int, chance: Chance) -> tuple[Step, ...]:
    """The tokens of a text, each with the ``tops`` likeliest for its place."""
    return tuple(_weigh(token, tops, chance, f"token {i}") for i, token in enumerate(split_tokens(text)))


def _weigh(token: str, tops: int, chance: Chance, name: str) -> Step:
    """The chosen token has at least 0.35; of nine tenths of the rest the next one takes half, and so forth."""
    # At most 0.99, so that something is left for the others.
    probability = 0.35 + 0.64 * chance.roll(name)
    chosen = Token(text=token, logprob=_log(probability))
    # 0.9: the likeliest other has at most 0.45 * 0.65, which is below 0.35, so the chosen one stays first.
    rest = 0.9 * (1 - probability)
    # One less, as the chosen token counts among the ones told. Nothing less than none.
    others = _find_others(token, chance, name)[: max(0, tops - 1)]
    weighed = [Token(text=other, logprob=_log(rest / 2 ** (i + 1))) for i, other in enumerate(others)]
    return Step(chosen=chosen, top=(chosen, *weighed)[:tops])


def _log(probability: float) -> float:
    # Rounded, so that machines whose logarithms differ in the last place send the same body.
    return round(log(probability), 6)


def _find_others(token: str, chance: Chance, name: str) -> list[str]:
    """What else could stand in a token's place, with the same space before it: its like first, then any words."""
    word = token.strip()
    # Tokens carry the space before them; another word in the same place needs it too.
    space = token[: len(token) - len(token.lstrip())]
    kin = _shuffle(_find_kin(word), chance, f"{name} kin")
    words = _shuffle(WORDS, chance, f"{name} words")
    return [space + other for other in [*kin, *words] if other != word][: MOST - 1]


def _find_kin(word: str) -> Sequence[str]:
    """What is of a kind with a word: option letters, polarities, digits; nothing for other words."""
    if word in POLES:
        return POLES
    if len(word) == 1 and word in ascii_uppercase[:8]:
        return ascii_uppercase[:8]
    # The length first: `in` also finds longer pieces of the text, and the empty word.
    return digits if len(word) == 1 and word in digits else ()


def _shuffle(items: Sequence[str], chance: Chance, name: str) -> list[str]:
    # Sorted by a number of its own for each item, so that one item more does not reorder the others.
    return sorted(items, key=lambda item: chance.roll(f"{name} {item}"))
