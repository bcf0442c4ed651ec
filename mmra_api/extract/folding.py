"""Text → the same text with look-alikes replaced one for one, so that positions stay those of the original."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LONGEST = 2_000
"""Characters of an option's text that are compared."""

_BLANKS = "*_`~¿¡\t\u200b\u200c\u200d\u2060\ufeff\u00a0\u3000\u202f\u205f\u1680\u00ad\u061c\ufe0e\ufe0f\u20e3\u180e"
_BLANK_RANGES = (
    range(0x09),
    range(0x0E, 0x1C),
    range(0x7F, 0x80),
    range(0x2000, 0x2010),
    range(0x202A, 0x202F),
    range(0x2066, 0x206A),
)
"""Spaces of every width, and the invisible marks that direct right-to-left text."""
_TWINS = (
    ("“”„«»「」『』《》〈〉″", '"'),
    ("‘’‚‹›′´", "'"),
    ("：꞉︰", ":"),
    ("（﹙", "("),
    ("）﹚", ")"),
    ("【［〔〖", "["),
    ("】］〕〗", "]"),
    ("｛", "{"),
    ("｝", "}"),
    ("，、،﹐､", ","),
    ("；؛", ";"),
    ("！", "!"),
    ("？؟", "?"),
    ("．…", "."),
    ("。｡।\v\f\x85\u2028\u2029\r", "\n"),
    ("＝", "="),
    ("−–—―‐‑‒－﹣", "-"),
    ("％٪", "%"),
    ("／", "/"),
    ("＜", "<"),
    ("＞", ">"),
    ("＃", "#"),
    ("⇒➡⟶➜➔⟹", "→"),
    ("＊", " "),
    ("•●▪◦‣■◆►▶", "-"),
    ("＄", "$"),
    ("İ", "I"),
)
_SQUARED = (0x1F130, 0x1F150, 0x1F170)
"""First letters of the squared and circled alphabets; Unicode knows no plain twin for the later two."""


_CIRCLED = (0x2460, 0x2474, 0x2776, 0x2780, 0x278A)
"""The digit 1 in circles and brackets."""


def _table() -> dict[int, str]:
    table = {ord(char): " " for char in _BLANKS}
    table |= {code: " " for places in _BLANK_RANGES for code in places}
    table |= {ord(char): twin for chars, twin in _TWINS for char in chars}
    table |= {first + n: chr(65 + n) for first in _SQUARED for n in range(26)}
    table |= {0x24B6 + n: chr(65 + n) for n in range(26)} | {0x24D0 + n: chr(97 + n) for n in range(26)}
    table |= {0x249C + n: chr(97 + n) for n in range(26)}
    table |= {first + n: chr(49 + n) for first in _CIRCLED for n in range(9)}
    table |= {full: chr(full - 0xFEE0) for full in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))}
    table |= {full: chr(full - 0xFEE0) for full in range(0xFF41, 0xFF5B)}
    plain = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x1D400, 0x1D800)}
    return table | {code: twin for code, twin in plain.items() if len(twin) == 1 and twin.isascii()}


_FOLD = str.maketrans(_table())
_FOLD_ASCII = bytes(ord(chr(code).translate(_FOLD)) for code in range(256))
"""The same for bytes: ten times as fast, and most replies are plain ASCII."""
_ASCII_LOWER = {upper: upper + 32 for upper in range(65, 91)}


def fold(text: str) -> str:
    """The text with look-alikes replaced one for one: full-width forms, quotes, brackets, dashes, blanks, line ends."""
    if "\r" in text:
        text = text.replace("\r\n", " \n")
    return text.encode().translate(_FOLD_ASCII).decode() if text.isascii() else text.translate(_FOLD)


@lru_cache(maxsize=4096)
def as_on_page(text: str) -> str:
    """An option's text as a page shows it: folded, lower case, single blanks, without a last full stop."""
    return " ".join(lower(fold(text[:LONGEST])).split()).rstrip(" .")


def lower(text: str) -> str:
    """Lower case of the same length (a few letters grow when lowered; then only ASCII is lowered)."""
    low = text.lower()
    return low if len(low) == len(text) else text.translate(_ASCII_LOWER)
