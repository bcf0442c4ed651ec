"""Text → the words that are compared: without articles and markup, numbers and units in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_TOKEN = re.compile(
    r"\\[dt]?frac\s?\{(?P<over>[^{}\\]{1,12})\}\s?\{(?P<under>[^{}\\]{1,12})\}|\\(?:text\w{0,2}|math\w{2}|left|right|"
    r"displaystyle)(?![a-z])|(?<!\w)(?<!\w')(?:the|an|a|The|An|(?i:une?|les?|la|el|los|las|una|eine?[nmr]?|der|die|"
    r"das|den|dem|il|gli|uma?|het|een))\s+(?=[^\W_])"
    r"|(?<!\w)(?:[dljDLJ]|[qQ]u)'(?=[^\W\d_]{2})|(?P<nth>(?i:first|second|third|fourth|fifth|sixth)\s(?i:image|"
    r"picture|photo|figure))(?!\w)"
    r"|(?:^|(?<=[.!?:\n(\"]\s)|(?<=[\n(\"]))A\s+(?=[a-z])(?!is\b|has\b|was\b|and\b|or\b|to\b|can|does|appears|seems)"
    r"|(?P<word>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3①-⑳]|"
    r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3①-⑳]+(?:'[a-z]{1,2}(?![a-z]))?)"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+\.\d+|(?<![\w])\.\d+|\d+)"
    r"|(?P<sign>[€£¥₹±≈≠≥≤]|\$(?=\d[\d,.]*(?![\d$,.\\ ]*[$\\^=+*/(]))|\^\s?\{?\\circ\}?|[%°+/<>=^×·∠√π|&]|"
    r"(?<![\w)])-(?=[\d.\\$]))"
)
_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELLINGS = {
    "°": "degrees degree circ",
    "%": "percent",
    "π": "pi",
    "√": "sqrt",
    "×": "times cdot",
    "-": "minus negative",
    "frac": "dfrac tfrac",
    "m": "metres meters metre meter",
    "cm": "centimeters centimetres",
    "km": "kilometers kilometres",
    "hours": "hrs hr",
    "min": "minutes mins",
    "seconds": "secs sec",
    "100": "hundred",
    "can't": "cannot",
    "gray": "grey",
    "color": "colour",
    "harbor": "harbour",
    "center": "centre",
}
_SAME = {word: form for form, every in _SPELLINGS.items() for word in every.split()}
_SAME |= {word: str(n) for n, word in enumerate(_NUMBERS.split(), 2)}
_SAME |= {word: str(10 * n) for n, word in enumerate(_TENS.split(), 2)}
WRITTEN_OTHERWISE = frozenset(_SAME.values())
"""Forms that a text may write in another way."""
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """A text as the words that are compared: lower case, without articles, markup and most punctuation."""
    return tuple(word for word, _, _ in tokens(text, 0, len(text)))


def tokens(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The same between two positions, each word with its place; several may share one, as those of a fraction do."""
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup
        if kind is None:
            continue
        if kind == "under":
            pieces = [
                word for part in (match["over"], "/", match["under"]) for word, _, _ in tokens(part, 0, len(part))
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
