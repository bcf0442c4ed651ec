"""Page → claims made in an option's own words, up to case, articles, punctuation, number and unit format."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice

from mmra_api.extract.folding import LONGEST
from mmra_api.extract.labels import Claim
from mmra_api.extract.page import Page

_TOKEN = re.compile(
    r"\\[dt]?frac\s?\{(?P<over>[^{}\\]{1,12})\}\s?\{(?P<under>[^{}\\]{1,12})\}|\\(?:text\w{0,2}|math\w{2}|left|right|"
    r"displaystyle)(?![a-z])|(?<!\w)(?<!\w')(?:the|an|a|The|An)\s+(?=[^\W_])"
    r"|(?<!\w)(?:[dljDLJ]|[qQ]u)'(?=[^\W\d_]{2})|(?P<nth>(?i:first|second|third|fourth|fifth|sixth)\s(?i:image|"
    r"picture|photo|figure))(?!\w)"
    r"|(?:^|(?<=[.!?:\n(\"]\s)|(?<=[\n(\"]))A\s+(?=[a-z])(?!is\b|has\b|was\b|and\b|or\b|to\b|can|does|appears|seems)"
    r"|(?P<word>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3①-⑳]|"
    r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3①-⑳]+(?:'[a-z]{1,2}(?![a-z]))?)"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+\.\d+|(?<![\w])\.\d+|\d+)"
    r"|(?P<sign>[€£¥₹±≈≠≥≤]|\$(?=\d[\d,.]*(?![\d$,.\\ ]*[$\\^=+*/(]))|\^\s?\{?\\circ\}?|[%°+/<>=^×·∠√π|&]|"
    r"(?<![\w)])-(?=[\d.\\$]))"
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_SAME = {"degrees": "°", "degree": "°", "circ": "°", "percent": "%", "pi": "π", "sqrt": "√", "times": "×", "cdot": "×"}
_SAME |= {
    "dfrac": "frac",
    "tfrac": "frac",
    "cannot": "can't",
    "grey": "gray",
    "metres": "m",
    "meters": "m",
    "metre": "m",
}
_SAME |= {
    "meter": "m",
    "centimeters": "cm",
    "centimetres": "cm",
    "kilometers": "km",
    "kilometres": "km",
    "minutes": "min",
}
_SAME |= {word: str(n) for n, word in enumerate(_NUMBERS, 2)}
_SAME |= {word: str(10 * n) for n, word in enumerate(_TENS, 2)} | {"hundred": "100", "minus": "-", "negative": "-"}
_SAME |= {"hrs": "hours", "hr": "hours", "mins": "min", "secs": "seconds", "sec": "seconds"}
_WRITTEN_OTHERWISE = frozenset(_SAME.values())
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
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
_SIGNED = re.compile(r"(?:^|[\s(=:\"$])-$")
_QUANTIFIED = re.compile(
    r"[\s\"'(]*(both|neither|none|all)(?:\sof\s(?:the\s)?(?:two\s)?(?:them|these|those|images|pictures|photos|above))?[\s.!\"')]*"
)
_UNIT = re.compile(r"(?:square |cubic )?(?:[a-zµ]{1,12}|°|%)(?: / [a-z]{1,8})?(?: \^ [23])?")
_NAME = re.compile(r"[a-z]")


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """A text as the words that are compared: lower case, without articles, markup and most punctuation."""
    return tuple(word for word, _, _ in _words(text, 0, len(text)))


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
    for word in _words(page.plain, start, min(len(page.plain), start + 40 * longest + 80)):
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
    here = tuple(islice((word for word, _, _ in _words(page.plain, joint.end(), joint.end() + 40 * longest)), longest))
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
                and word not in _WRITTEN_OTHERWISE
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
    return any(not first.isalpha() or first in _WRITTEN_OTHERWISE or first in text for first in firsts)


def texts_in(page: Page, start: int, end: int) -> list[Claim]:
    """Every option text between two positions, in order; a text inside a longer option's text does not count."""
    if not _may_hold(page, start, end):
        return []
    places: list[tuple[int, int]] = []
    words: list[str] = []
    for word, left, right in _words(page.plain, start, end):
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
    return [claim for claim in claims if not _HYPHENED.match(page.plain, claim.span[1])]


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
    here = list(_words(text, 0, len(text)))
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


def _words(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup
        if kind is None:
            continue
        if kind == "under":
            pieces = [
                word for part in (match["over"], "/", match["under"]) for word, _, _ in _words(part, 0, len(part))
            ]
            yield from ((word, match.start(), match.end()) for word in pieces)
            continue
        if kind == "nth":
            place, noun = match[0].lower().split()
            yield noun, match.start(), match.end()
            yield str(_PLACES.index(place) + 1), match.start(), match.end()
            continue
        word = match[0].lower()
        if kind == "number":
            word = _number(word)
        elif word.endswith(("circ", "circ}")):
            word = "°"
        yield _SAME.get(word, word), match.start(), match.end()


def _number(digits: str) -> str:
    plain = digits.replace(",", "")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return f"0{plain}" if plain.startswith(".") else plain or "0"


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
