"""The table of languages → patterns: words of one purpose in all languages, as one alternation."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mmra_api.extract.languages import LANGUAGES, Words

UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
"""Scripts that set no blank between a word and a label: kana, Chinese characters, hangul."""
_UNSPACED = re.compile(f"[{UNSPACED}]$")
_SOME_UNSPACED = re.compile(f"[{UNSPACED}]")
_NO_LETTER = re.compile(r"[^a-z]")
_BAR = re.compile(r"\|(?![^()]*\))")
END = rf"(?![^\W\d_{UNSPACED}])"
"""A word of an alphabet ends here."""


def words(purpose: str, languages: Iterable[Words] = LANGUAGES.values()) -> tuple[str, ...]:
    """The alternatives of one field in the languages, each once, the longest first."""
    every = {word for language in languages for word in _split(getattr(language, purpose)) if word}
    return tuple(sorted(every, key=lambda word: (-len(word), word)))


def alternatives(field: str) -> frozenset[str]:
    """The words of a list that is written apart by bars, or else by blanks."""
    return frozenset(field.split("|") if "|" in field else field.split())


def _split(field: str) -> list[str]:
    """The alternatives of a field; bars inside brackets do not part them."""
    return [part for part in _BAR.split(field) if part]


def literal(plain_words: Iterable[str]) -> str:
    """An alternation of plain words; those of an alphabet must end where they end, "is" does not begin "island"."""
    plain = sorted(set(plain_words), key=lambda word: (-len(word), word))
    tight = [re.escape(word) for word in plain if _UNSPACED.search(word) or not word[-1].isalpha()]
    spaced = [re.escape(word) for word in plain if not _UNSPACED.search(word) and word[-1].isalpha()]
    return "|".join((*([f"(?:{'|'.join(spaced)}){END}"] if spaced else ()), *tight))


def grammar(purpose: str, languages: Iterable[Words] = LANGUAGES.values()) -> str:
    """An alternation of one field in the languages, whose words are patterns; they end as in ``literal``."""
    every = words(purpose, languages)
    tight = [word for word in every if _SOME_UNSPACED.search(word) or not word[-1].isalpha()]
    spaced = [word for word in every if word not in tight]
    return "|".join((*([f"(?:{'|'.join(spaced)}){END}"] if spaced else ()), *tight))


def by_first_letter(every: Iterable[str], after: str) -> dict[str, re.Pattern[str]]:
    """One pattern a first letter, the word being its first group: a look-up rules most places out at once."""
    groups: dict[str, list[str]] = {}
    for word in every:
        groups.setdefault(word[0], []).append(word)
    return {first: re.compile(f"({literal(group)}){after}") for first, group in groups.items()}


def by_first_word(every: Iterable[str]) -> dict[str, list[str]]:
    """Plain ASCII phrases by the word that each begins with, as a page's words are parted."""
    groups: dict[str, list[str]] = {}
    for phrase in every:
        groups.setdefault(_NO_LETTER.split(phrase)[0], []).append(phrase)
    return groups


RESERVE = re.compile(r"\b(?:but|though|although) (?:it |that |this |there )?(?:could|may|might)\b[^.!?\n]*$")
"""What sets a second choice behind the verdict: "Probably C, but it might be D"."""
