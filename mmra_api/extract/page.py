"""Reply text → Page: the same text, character for character in place, made easy to read for the rules.

Every step keeps positions: look-alike characters are replaced one for one, what a rule must not read (thinking, what
follows the reply's end) is blanked or cut off, and of a very long reply only the middle is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

HEAD, TAIL = 4_000, 8_000
"""Characters that are read at either end: a verdict stands at one of them, and rules stay fast on any text."""

MANY = 60
"""A form that occurs more often than this in one reply is noise; only its last occurrences are looked at."""

_BLANKS = "*_`~\u200b\u200c\u200d\u2060\ufeff\u00a0\u3000\u202f\u2009\u200a\u00ad\u200e\u200f\t"
_PAIRS = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "：": ":", "（": "(", "）": ")"}
_PAIRS |= {
    "，": ",",
    "；": ";",
    "！": "!",
    "？": "?",
    "。": "\n",
    "．": ".",
    "【": "[",
    "】": "]",
    "「": '"',
    "」": '"',
}
_PAIRS |= {"『": '"', "』": '"', "《": '"', "》": '"', "［": "[", "］": "]", "｛": "{", "｝": "}", "＝": "=", "−": "-"}
_PAIRS |= {"–": "-", "—": "-", "―": "-", "‐": "-", "‑": "-", "、": ",", "％": "%", "؟": "?", "،": ","}
_PAIRS |= {"\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}

_FOLD: dict[int, str] = {ord(char): " " for char in _BLANKS}
_FOLD |= {ord(char): twin for char, twin in _PAIRS.items()}
_FULL_WIDTH = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
_FOLD |= {full: chr(full - 0xFEE0) for full in _FULL_WIDTH}
_FOLD |= {0x24B6 + n: chr(65 + n) for n in range(26)} | {0x24D0 + n: chr(97 + n) for n in range(26)}

_ASCII_LOWER = {upper: upper + 32 for upper in range(65, 91)}

_THINK_NAMES = r"(?:think(?:ing)?|thoughts?|reasoning|scratchpad|reflection)"
_THINK = re.compile(rf"[<◁]\s?(/?)\s?{_THINK_NAMES}\s?[>▷]")
_MARK = r"<\|?/?(?:s|im end|endoftext|eot id|end of turn|end|eoa|eos)\|?>"
_END_MARK = re.compile(_MARK)
_LEAD = re.compile(rf"(?:\s|{_MARK})*")
_TURN = re.compile(
    r"\n[\s#>\-]{0,8}(?:question|q|hint|human|user|instruction|input|problem|exercise|example|题目|问题|问)"
    r"\s?\d{0,3}\s?\d{0,3}\s{0,2}[:.]|\n\s?<\|im start\|>|\n\s?\[inst\]|\n[\s#]{0,6}(?:next|new|another) question\b"
)


def fold(text: str) -> str:
    """The text with look-alikes replaced one for one: full-width forms, quotes, brackets, dashes, line ends, markup."""
    return text.translate(_FOLD)


def lower(text: str) -> str:
    """Lower case of the same length (a few letters grow when lowered; then only ASCII is lowered)."""
    low = text.lower()
    return low if len(low) == len(text) else text.translate(_ASCII_LOWER)


class Page:
    """A reply as the rules see it.

    ``plain`` is the folded text, as far as it is read, and ``low`` its lower case, of the same length. A position is
    that of the original text, but for the ``gap`` characters in the middle of a long reply that are left out:
    ``place`` adds them. ``options`` maps letters to texts as given, ``cut`` tells that thinking was never closed.
    """

    __slots__ = ("cut", "gap", "low", "options", "plain")

    def __init__(self, text: str, options: Mapping[str, str]) -> None:
        plain = fold(text).rstrip()
        low = lower(plain)
        self.options = options
        self.cut = False
        if "<" in low or "◁" in low:
            plain, self.cut = _blank_thinking(plain, low)
            plain = _stop_at_end_mark(plain).rstrip()
            low = lower(plain)
        self.gap = max(0, len(plain) - HEAD - TAIL - 1)
        if self.gap:
            plain = f"{plain[:HEAD]}\n{plain[-TAIL:]}"
            low = lower(plain)
        self.plain = plain
        self.low = low

    def until(self, end: int) -> Page:
        """The same page, ending at ``end``."""
        page = object.__new__(Page)
        page.options, page.cut, page.gap = self.options, self.cut, self.gap
        page.plain, page.low = self.plain[:end], self.low[:end]
        return page

    def place(self, span: tuple[int, int]) -> tuple[int, int]:
        """The place in the original text of a place on the page."""
        start, end = (at + self.gap if at > HEAD else at for at in span)
        return start, end

    def turns(self) -> list[int]:
        """Where a new question seems to start: the places at which a runaway reply is cut. At most eight."""
        starts: list[int] = []
        for match in _TURN.finditer(self.low):
            if self.low[: match.start()].strip():
                starts.append(match.start())
            if len(starts) == 8:
                break
        return starts


def _blank_thinking(plain: str, low: str) -> tuple[str, bool]:
    """Blank thinking: closed blocks, all before a stray closing tag, all after an opening tag that is never closed."""
    kept: list[tuple[int, int]] = []
    start, inside = 0, False
    for match in _THINK.finditer(low):
        if not match[1] and not inside:
            kept.append((start, match.start()))
            inside = True
        elif match[1]:
            if not inside:
                kept.clear()
            start, inside = match.end(), False
    if not inside:
        kept.append((start, len(plain)))
    return _keep(plain, kept), inside


def _stop_at_end_mark(plain: str) -> str:
    """Blank a leading mark such as ``<s>``, and everything after the first mark that follows some text."""
    lead = _LEAD.match(plain)
    start = lead.end() if lead else 0
    stop = _END_MARK.search(plain, start)
    end = stop.start() if stop else len(plain)
    return _keep(plain, [(start, end)]) if start or stop else plain


def _keep(plain: str, kept: list[tuple[int, int]]) -> str:
    """The text with everything outside the given places blanked or, at the end, cut off; places are in order."""
    pieces: list[str] = []
    done = 0
    for start, end in kept:
        pieces += (" " * (start - done), plain[start:end])
        done = end
    return "".join(pieces)
