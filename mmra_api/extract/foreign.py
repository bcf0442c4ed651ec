"""Page → "the answer is B" and "I choose B" in the languages besides English that models answer in."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from mmra_api.extract.labels import Claim, claim_at, label_before
from mmra_api.extract.page import MANY, Page
from mmra_api.extract.patterns import UNSPACED, by_first_word, grammar, literal, words
from mmra_api.extract.verdicts import ReadAt, asked, found

_BRINGS = (*words("answer"), *words("choose"))
_BRINGS_ASCII = by_first_word(word for word in _BRINGS if word.isascii())
"""The plain ASCII ones by their first word, which must occur on the page."""
_ARTICLE = r"[ao](?=\s(?:letra|opção|opcao|alternativa|(?!(?:e|o|y|ou)\b)[a-z0-9]{1,2}(?![^\W_])))"
"""The Portuguese article, which is also a label: "é a letra B", "é a B", but not "é A"."""
_MARKS = r"-|:|\]|\[|\)|\(|\"|>|,|="
_LINK = re.compile(rf"(?:\s?(?:{grammar('link')}|{_ARTICLE}|{_MARKS})){{0,8}}\s{{0,4}}")
_NOT = re.compile(rf"(?:^|[\s{UNSPACED}])(?:{literal(words('negates'))})\s?$")
_CHOSEN_HINTS = (
    "莫属",
    "莫屬",
    "を選",
    "します",
    "と思",
    "だと",
    "と考",
    "선택",
    "고르",
    "고릅",
    "택",
    "하겠",
    "생각",
    "봅",
    "것",
    "चुन",
    "seç",
    "şık",
)
_ASIDE = 60
"""Characters of a text in brackets between a label and its verb."""
_CHOSEN = re.compile(grammar("chosen"))


def foreign(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    """What is said to be the answer, or chosen, in another language: "la respuesta es B", "因此选B", "B를 선택"."""
    low = page.low
    plain = low.isascii()
    if "brings" not in page.memo:
        here = page.words.intersection(_BRINGS_ASCII) if plain else ()
        wanted = tuple(word for first in here for word in _BRINGS_ASCII[first]) if plain else _BRINGS
        page.memo["brings"] = list(found(low, wanted))
    for start, end in page.memo["brings"]:
        if start and low[start].isalpha() and low[start - 1].isalpha() and not _unspaced(low[start - 1]):
            continue
        link = _LINK.match(low, end)
        at = link.end() if link else end
        if at == end and low[end - 1 : end + 1].isalpha() and not _unspaced(low[end - 1]):
            continue
        claim = read(page, at)
        if claim is not None and not _NOT.search(low, max(0, start - 14), start) and not asked(page, claim):
            yield claim
    if not plain and any(hint in low for hint in _CHOSEN_HINTS):
        yield from _chosen(page)


def _chosen(page: Page) -> Iterator[Claim]:
    """A label with the verb behind it, as in Japanese, Korean, Hindi and Turkish."""
    for verb in deque(_CHOSEN.finditer(page.low), maxlen=MANY):
        found_label = label_before(page, verb.start()) or _before_brackets(page, verb.start())
        if found_label is not None:
            yield found_label


def _before_brackets(page: Page, end: int) -> Claim | None:
    """The label before its option's text in brackets: "C(가을)를 선택"."""
    opened = page.low.rfind("(", max(0, end - _ASIDE), end) if page.low.endswith(")", 0, end) else -1
    return label_before(page, opened) if opened > 0 else None


def _unspaced(char: str) -> bool:
    return char >= "\u3040" and not char.isascii()
