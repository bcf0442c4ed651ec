"""Page → claims made in an option's own words, up to case, articles, punctuation, number and unit format."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import islice

from mmra_api.extract.folding import LONGEST
from mmra_api.extract.labels import Claim
from mmra_api.extract.page import Page
from mmra_api.extract.tokens import WRITTEN_OTHERWISE, tokens, words_of

_SKIP = re.compile(r"[\s:=\"'$\[({<>|,.\-→*]{0,40}")
_BOUNDARY = re.compile(
    r"\\?[)\]}\"'$]{0,4}\s{0,2}(?:[.,;:!?)\]\n\\(}<]|$|(?:because|since|as|which|that|for|due|given|based|and|but|so|"
    r"in|on|at|of)\b)"
)
_JOINT = re.compile(
    r"[)\"']{0,2}(?:\s(?:and|or|or maybe|or perhaps|and/or|und|oder|et|ou|y|o|e)\s|\s?(?:或者?|和|/)\s?)[(\"']{0,2}"
)
_OPERATOR = re.compile(r"\\?[)\]}\"'$]{0,4}\s{0,2}(?:[=+*/×·÷^<>-]|\\(?:times|cdot|div|frac|approx))")
_INSIDE = re.compile(r"[+*/×·÷^(_{\-]\s?$")
_ASKED = re.compile(r"\s?\?\s*\S")
_ASKED_WHICH = re.compile(r"[^.!?\n]{0,60}\?\s*\S")
"""What follows the first of two texts in a question: "Street or beach? …"."""
_IN_ONE = re.compile(
    r"\s(?:for|in|on)\s(?:the\s)?(?:first|left|one|(?:image|picture|photo)\s[^\W_]{1,3})\b[^.;,\n]{0,40}[,;]\s"
)
"""What follows a text that holds for one picture only: "Spring for the first, autumn for the second"."""
_HYPHENED = re.compile(r"-[a-z]")
_NOT_ALONE = frozenset(
    ("no", "none", "some", "all", "both", "one", "not", "any", "it", "is", "are", "yes", "never", "right", "left")
)
"""Words so common that they are no option's text in the middle of a sentence."""
_HYPHEN_BEFORE = re.compile(r"[a-z]-$")
_SIGNED = re.compile(r"(?:^|[\s(=:\"$])-$")
_QUANTIFIED = re.compile(
    r"[\s\"'(]*(both|neither|none|all)(?:\sof\s(?:the\s)?(?:two\s)?(?:them|these|those|images|pictures|photos|above))?[\s.!\"')]*"
)
_UNIT = re.compile(r"(?:square |cubic )?(?:[a-zµ]{1,12}|°|%)(?: / [a-z]{1,8})?(?: \^ [23])?")
_NAME = re.compile(r"[a-z]")


def text_at(page: Page, at: int) -> Claim | None:
    """The option whose text stands at ``at``, past quotes and brackets, and ends where a phrase ends."""
    skipped = _SKIP.match(page.plain, at)
    start = skipped.end() if skipped else at
    if _SIGNED.search(page.plain, max(0, start - 2), start) and page.plain[start : start + 1].isdigit():
        start -= 1
    wanted, firsts, longest = _index(page)
    if not longest:
        return None
    here: list[tuple[str, int, int]] = []
    for word in tokens(page.plain, start, min(len(page.plain), start + 40 * longest + 80)):
        if not here and word[0] not in firsts:
            return None
        here.append(word)
        if len(here) > longest:
            break
    words = tuple(word for word, _, _ in here[:longest])
    best, length = _longest(wanted, words)
    if best is None:
        best, length = _without_unit(wanted, words), 1
    if best is None:
        return None
    if length < len(here) and here[length][1] == here[length - 1][1]:
        return None
    end = here[length - 1][2]
    numeric = not any(word.isalpha() for word in wanted[best])
    if _joined(page, wanted, best, end):
        return Claim(None, (here[0][1], end), "several")
    if not _BOUNDARY.match(page.low, end) or (numeric and _OPERATOR.match(page.low, end)):
        return None
    return Claim(best, (here[0][1], end))


def _joined(page: Page, wanted: dict[str, tuple[str, ...]], key: str, end: int) -> bool:
    """Whether another option's text is joined to the one that ends at ``end``: "a cat and a dog", "red or blue"."""
    joint = _JOINT.match(page.low, end)
    if joint is None:
        return False
    longest = max(len(words) for words in wanted.values())
    here = tuple(islice((word for word, _, _ in tokens(page.plain, joint.end(), joint.end() + 40 * longest)), longest))
    other, _ = _longest(wanted, here)
    return other is not None and other != key


def _index(page: Page) -> tuple[dict[str, tuple[str, ...]], frozenset[str], int]:
    """The options' words, the words that can start one, and the number of words of the longest."""
    if "index" not in page.memo:
        wanted = _wanted(page.options)
        firsts = frozenset(words[0] for words in wanted.values())
        page.memo["index"] = (wanted, firsts, max((len(words) for words in wanted.values()), default=0))
    index: tuple[dict[str, tuple[str, ...]], frozenset[str], int] = page.memo["index"]
    return index


def present(page: Page) -> bool:
    """Whether an option's text may stand anywhere on the page: a quick look before the rules for texts are asked."""
    if "present" not in page.memo:
        _, _, longest = _index(page)
        page.memo["present"] = longest > 0 and _may_be_present(page)
    return bool(page.memo["present"])


def _may_be_present(page: Page) -> bool:
    """Whether all plain words of some option occur; a word that is written in several ways always may."""
    here, low = page.words, page.low
    for words in _index(page)[0].values():
        for word in words:
            if (
                word.isalpha()
                and word not in WRITTEN_OTHERWISE
                and word not in here
                and (low.isascii() or word not in low)
            ):
                break
        else:
            return True
    return False


def _may_hold(page: Page, start: int, end: int) -> bool:
    """Whether an option's first word occurs at all; one that is written in several ways always may."""
    firsts = _index(page)[1]
    text = page.low[start:end]
    return any(not first.isalpha() or first in WRITTEN_OTHERWISE or first in text for first in firsts)


def texts_in(page: Page, start: int, end: int) -> list[Claim]:
    """Every option text between two positions, in order; a text inside a longer option's text does not count."""
    found: dict[tuple[int, int], list[Claim]] = page.memo.setdefault("texts", {})
    if (start, end) not in found:
        found[start, end] = _find_texts(page, start, end)
    return found[start, end]


def _find_texts(page: Page, start: int, end: int) -> list[Claim]:
    if not _may_hold(page, start, end):
        return []
    places: list[tuple[int, int]] = []
    words: list[str] = []
    for word, left, right in tokens(page.plain, start, end):
        words.append(word)
        places.append((left, right))
    line = f" {' '.join(words)} "
    starts = _starts(words)
    hits: list[tuple[int, int, str]] = []
    for key, wanted in _index(page)[0].items():
        if len(wanted) == 1 and wanted[0] in _NOT_ALONE:
            continue
        needle = f" {' '.join(wanted)} "
        at = line.find(needle)
        while at >= 0:
            first = bisect_right(starts, at + 1) - 1
            after = first + len(wanted)
            inside = (first and places[first - 1] == places[first]) or (
                after < len(places) and places[after] == places[after - 1]
            )
            if not inside:
                hits.append((first, after, key))
            at = line.find(needle, at + 1)
    claims = [Claim(key, (places[a][0], places[b - 1][1])) for a, b, key in _outermost(hits)]
    return [
        claim
        for claim in claims
        if not (_HYPHENED.match(page.plain, claim.span[1]) or _HYPHEN_BEFORE.search(page.low, 0, claim.span[0]))
    ]


def in_formula(page: Page, left: int, right: int) -> bool:
    """Whether a number stands inside a formula, as a step and not as its result: "9 + 2", "x^2", but not "= 2"."""
    if any(char.isalpha() for char in page.plain[left:right]):
        return False
    return (
        _OPERATOR.match(page.low, right) is not None or _INSIDE.search(page.plain, max(0, left - 4), left) is not None
    )


def whole(page: Page) -> Iterator[Claim]:
    """A reply that is an option's text and nothing else, "a cat", "A cat.", or its quantifier: "Neither of them"."""
    quantified = _QUANTIFIED.fullmatch(page.low)
    if quantified:
        keys = [key for key, words in _index(page)[0].items() if words[0] == quantified[1]]
        if len(keys) == 1:
            yield Claim(keys[0], quantified.span(1))
        return
    text = page.plain
    if len(text.strip()) > 40 + 2 * max(map(len, page.options.values()), default=0):
        return
    here = list(tokens(text, 0, len(text)))
    words = tuple(word for word, _, _ in here)
    for key, wanted in _index(page)[0].items():
        if words == wanted:
            yield Claim(key, (here[0][1], here[-1][2]))


def text_opening(page: Page) -> Iterator[Claim]:
    """An option's text as the first phrase: "Yes, …", "Red, since …"; the reasons that follow may name others."""
    claim = text_at(page, len(page.plain) - len(page.plain.lstrip()))
    if claim is None or _ASKED.match(page.low, claim.span[1]) or _IN_ONE.match(page.low, claim.span[1]):
        return
    if claim.value is not None or not _ASKED_WHICH.match(page.low, claim.span[1]):
        yield claim


def _wanted(options: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The options that can be told by their text: not empty, not a single letter, not the same as another's."""
    wanted = {key: words_of(text[:LONGEST]) for key, text in options.items()}
    seen = list(wanted.values())
    return {
        key: words
        for key, words in wanted.items()
        if words and seen.count(words) == 1 and not (len(words) == 1 and len(words[0]) == 1 and _NAME.match(words[0]))
    }


def _longest(wanted: dict[str, tuple[str, ...]], here: tuple[str, ...]) -> tuple[str | None, int]:
    fits = [(len(words), key) for key, words in wanted.items() if here[: len(words)] == words]
    length, key = max(fits, default=(0, None))
    return key, length


def _without_unit(wanted: dict[str, tuple[str, ...]], here: tuple[str, ...]) -> str | None:
    """The one option that is the number here and a unit besides: 26 for "26 cm^2"."""
    if not here or not here[0][0].isdigit():
        return None
    fits = [key for key, words in wanted.items() if words[0] == here[0] and _UNIT.fullmatch(" ".join(words[1:]))]
    return fits[0] if len(fits) == 1 else None


def _starts(words: list[str]) -> list[int]:
    starts, at = [], 1
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return starts


def _outermost(hits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for hit in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if not kept or hit[1] > kept[-1][1]:
            kept.append(hit)
    return kept
