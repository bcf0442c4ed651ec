"""Reply text → Page: the same text, character for character in place, made easy to read for the rules.

Every step keeps positions: look-alike characters are replaced one for one, what a rule must not read (thinking, what
follows the reply's end) is blanked or cut off, and of a very long reply only the middle is left out.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from mmra_api.extract.folding import as_on_page, fold, lower
from mmra_api.extract.patterns import alternatives

HEAD, TAIL = 3_000, 6_000
"""Characters that are read at either end: a verdict stands at one of them, and rules stay fast on any text."""

MANY = 60
"""A form that occurs more often than this in one reply is noise; only its last occurrences are looked at."""

_ENGLISH = alternatives("the answer is correct i option of and to because it are")
_NOT_ENGLISH = alternatives(
    "la de di der die het yang es est ist el é è não respuesta resposta réponse reponse risposta antwort antwoord "
    "jawaban jawabannya odpowiedź cevap opción opção saya ik je ich yo eu io ja das les und que lo il svar svaret "
    "alternativ vastaus vaihtoehto och jag aleg"
)
"""Words by which a text may be told to be English only, or not; a wrong "not" costs time and nothing else."""
_APART = {ord(char): " " for char in string.punctuation + string.digits}
_APART |= {ord(tick): f" {tick} " for tick in "✓✔✅☑✗❌✘"}
_APART_ASCII = bytes(ord(chr(code).translate(_APART)) for code in range(256))

_THINK_NAMES = r"(?:think(?:ing)?|thoughts?|reasoning|scratchpad|reflection)"
_THINK = re.compile(rf"(?:[<◁]|\[(?=/?\s?think))\s?(/?)\s?{_THINK_NAMES}\s?[>▷\]]")
_MARK = r"<\|?/?(?:s|im end|endoftext|eot id|end of turn|end|eoa|eos)\|?>"
_FINAL = re.compile(r"channel\|>\s?final\s?<\|?message\|?>|^\W{0,6}assistantfinal|(?<=[.!?\n])\s?assistantfinal")
_HTML = re.compile(
    r"</?(?:b|i|u|p|em|strong|div|span|br|code|sup|sub|li|ul|ol|h[1-6]|td|tr|th|table|center|font|mark)\s?/?>",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"</?(?:br|li|p|div|h[1-6]|tr)\s?/?>", re.IGNORECASE)
_STRUCK = re.compile(r"(?<!~)~~(?!~)[^~\n]{1,200}~~(?!~)|<del>[^<\n]{1,200}</del>")
"""What the writer struck out."""
_BLANK_RUN = re.compile(" {2,}")
_END_MARK = re.compile(_MARK)
_LEAD = re.compile(rf"(?:\s|{_MARK})*")
_NEW_QUESTION = re.compile(
    r"\n[\s#>\-]{0,8}(?:question|q|hint|human|user|instruction|input|problem|exercise|example|题目|问题|"
    r"问)\s?\d{0,3}\s?\d{0,3}\s{0,2}[:.]|\n[\s#>\-]{0,8}(?:question|problem|exercise|example|task)\s\d{1,3}\s?(?:\n|"
    r"$)|\n\s?<\|im start\|>|\n\s?\[inst\]"
    r"|\n[\s#]{0,6}(?:(?:here is |here's )?(?:the )?(?:next|new|another) (?:question|problem|task)|(?:now,? )?answer "
    r"(?:this|the following)|now answer)\b"
)


_QUESTION_WITH_OPTIONS = re.compile(
    r"\n[\s#]{0,6}(?:\d{1,2}[.)]\s|(?:image|picture|figure) \d{1,2}:)[^\n?]{3,200}\?"
    r"|\n[^\n?]{5,200}\?\s{0,2}\n\s?\(?(?P<first>[^\W_]{1,3})[).:]\s"
)
_CUTS = 8
"""Places at most at which a runaway reply is cut."""


class Page:
    """A reply as the rules see it.

    ``plain`` is the folded text, as far as it is read, with one blank where several stood; ``low`` is its lower case,
    of the same length. ``place`` leads from a position here to the original text. ``options`` maps letters to texts
    as given, ``words`` holds every word once: what rules look at before they look closer. ``cut`` tells that thinking
    was never closed, ``memo`` keeps what several rules work out from the page, ``labels`` what stands at each place
    that was asked for.
    """

    __slots__ = ("_gap", "_shifts", "_start", "_stops", "cut", "labels", "low", "memo", "options", "plain", "words")

    def __init__(self, text: str, options: Mapping[str, str]) -> None:
        if "~~" in text or "</del>" in text:
            text = _STRUCK.sub(lambda struck: " " * len(struck[0]), text)
        plain = fold(text).rstrip()
        low = lower(plain)
        self.options = options
        self.cut = False
        self.memo: dict[str, Any] = {}
        self.labels: dict[int, tuple[str | None, int] | None] = {}
        if "channel|>" in low or "assistantfinal" in low:
            plain = _blank_channels(plain, low)
            low = lower(plain)
        if "<" in low or "◁" in low or "[think" in low:
            plain, self.cut = _blank_thinking(plain, low)
            plain = _stop_at_end_mark(plain).rstrip()
            low = lower(plain)
        self._start = 0
        self._gap = max(0, len(plain) - HEAD - TAIL - 1)
        if self._gap:
            plain = f"{plain[:HEAD]}\n{plain[-TAIL:]}"
            low = lower(plain)
        if "</" in low or "<br" in low:
            plain = _HTML.sub(lambda tag: _blank_tag(tag, low), plain).rstrip()
            low = lower(plain)
        self._stops: list[int] = []
        self._shifts: list[int] = []
        if "  " in plain:
            plain = self._squeeze(plain)
            low = lower(plain)
        self.plain = plain
        self.low = low
        self.words = _words(low)

    def between(self, start: int, end: int) -> Page:
        """The page from ``start`` to ``end``, as a page of its own."""
        page = object.__new__(Page)
        page.options, page.cut, page.memo, page.labels = self.options, self.cut, {}, {}
        page._gap, page._stops, page._shifts = self._gap, self._stops, self._shifts
        page._start = self._start + start
        page.plain = self.plain[start:end]
        page.low = self.low[start:end]
        page.words = _words(page.low)
        return page

    def text_of(self, key: str | None) -> str:
        """An option's text as it stands on a page, without a last full stop; empty for what has none."""
        text = self.options.get(key, "") if key is not None else ""
        return as_on_page(text) if text else ""

    def english(self) -> bool:
        """Whether the text looks English through and through, so that other languages' words need not be looked for."""
        if "english" not in self.memo:
            words = self.words
            latin = self.low.isascii() or all(word.isascii() for word in words)
            self.memo["english"] = latin and not _ENGLISH.isdisjoint(words) and _NOT_ENGLISH.isdisjoint(words)
        return bool(self.memo["english"])

    def place(self, span: tuple[int, int]) -> tuple[int, int]:
        """The place in the original text of a place on the page that is not empty."""
        return self._origin(span[0]), self._origin(span[1] - 1) + 1

    def _origin(self, at: int) -> int:
        at += self._start
        stop = bisect_right(self._stops, at)
        at += self._shifts[stop - 1] if stop else 0
        return at + self._gap if at > HEAD else at

    def _squeeze(self, plain: str) -> str:
        """Leave one blank of several, and remember how many went before each place."""
        pieces: list[str] = []
        done = gone = 0
        for run in _BLANK_RUN.finditer(plain):
            pieces.append(plain[done : run.start() + 1])
            done = run.end()
            gone += done - run.start() - 1
            self._stops.append(done - gone)
            self._shifts.append(gone)
        pieces.append(plain[done:])
        return "".join(pieces)

    def turns(self) -> list[int]:
        """Where a new question seems to start: the places at which a runaway reply is cut. At most eight."""
        low = self.low
        if "\n" not in low:
            return []
        forms = (_NEW_QUESTION, _QUESTION_WITH_OPTIONS) if "?" in low else (_NEW_QUESTION,)
        first = {next(iter(self.options), "a").lower(), "a", "1", None}
        found = (match for form in forms for match in form.finditer(low))
        starts = sorted({match.start() for match in found if match.groupdict().get("first") in first})
        return [start for start in starts if low[:start].strip()][:_CUTS]


def _words(low: str) -> frozenset[str]:
    apart = low.encode().translate(_APART_ASCII).decode() if low.isascii() else low.translate(_APART)
    return frozenset(apart.split())


def _blank_tag(tag: re.Match[str], low: str) -> str:
    """Blanks for a tag, a new line for one that begins or ends a line; ``<B>`` is an answer where nothing closes it."""
    name = tag[0].strip("</ >").lower()
    if len(name) == 1 and name != "p" and f"</{name}" not in low:
        return tag[0]
    return ("\n" if _BLOCK.fullmatch(tag[0]) else " ") + " " * (len(tag[0]) - 1)


def _blank_channels(plain: str, low: str) -> str:
    """Blank all channels but the last that is called final."""
    final = max((match.end() for match in _FINAL.finditer(low)), default=0)
    return _keep(plain, [(final, len(plain))]) if final else plain


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
    low = lower(plain)
    lead = _LEAD.match(low)
    start = lead.end() if lead else 0
    stop = _END_MARK.search(low, start)
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
