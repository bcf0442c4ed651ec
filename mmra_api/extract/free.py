"""Page → the text that a reply to an open question gives: boxed, tagged, stated, or all of a short reply."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmra_api.extract.labels import Claim
from mmra_api.extract.page import Page

_LEAD = re.compile(r"[\s:=\"'$\[({<>\->→]{0,20}")
_STOP = re.compile(r"[.!?](?=\s|$)|\n|\"|</|\$(?=\s|$|\.)|\\\)|\}|[)\]](?=[)\]}]*(?:\s*$|\s*[.$\n]))|$")
_ABBREVIATED = re.compile(r"(?<![^\W_])(?:Dr|Mr|Mrs|Ms|St|vs)$")
_INITIALS = re.compile(r"(?<![^\W_])[A-Z]\.\s?[A-Z]\.")
"""What a full stop belongs to, so that no sentence ends: "Dr. Smith", "J. K. Rowling"."""
_OPENED = {")": "(", "]": "[", "}": "{"}
_LIMIT = 200
"""Characters of a phrase that still counts as an answer."""


def phrase_at(page: Page, at: int) -> Claim | None:
    """The phrase that starts at ``at`` and ends with its sentence, line or quote, or with a bracket opened before."""
    plain = page.plain
    lead = _LEAD.match(plain, at)
    start = lead.end() if lead else at
    stops = _STOP.finditer(plain, start, min(len(plain), start + _LIMIT))
    stop = next((stop.start() for stop in stops if not _goes_on(plain, start, stop)), start)
    phrase = plain[start:stop].rstrip()
    if lead and "'" in lead[0]:
        phrase = phrase.removesuffix("'")
    return Claim(phrase, (start, start + len(phrase))) if phrase else None


def _goes_on(plain: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a full stop only shortens a word, or a bracket was opened within the phrase."""
    if stop[0] == ".":
        at = stop.start()
        initials = _INITIALS.match(plain, at - 1) or _INITIALS.search(plain, max(start, at - 4), at + 1)
        return initials is not None or _ABBREVIATED.search(plain, start, at) is not None
    opened = _OPENED.get(stop[0])
    before = plain[start : stop.start()]
    return opened is not None and before.count(opened) > before.count(stop[0])


def short_reply(page: Page) -> Iterator[Claim]:
    """A reply of one short line: all of it, without a full stop."""
    text = page.plain.strip()
    if 0 < len(text) <= 80 and "\n" not in text:
        start = page.plain.find(text)
        end = start + len(text.rstrip(" ."))
        if end > start:
            yield Claim(page.plain[start:end], (start, end))
