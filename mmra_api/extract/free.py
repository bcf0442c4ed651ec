"""Page → the text that a reply to an open question gives: boxed, tagged, stated, or all of a short reply."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmra_api.extract.labels import Claim
from mmra_api.extract.page import Page

_LEAD = re.compile(r"[\s:=\"'$\[({<>\->→]{0,20}")
_STOP = re.compile(r"[.!?](?=\s|$)|\n|\"|</|\$(?=\s|$|\.)|\\\)|[})\]]+(?=\s*$|\s*[.$\n])|$")
_LIMIT = 200
"""Characters of a phrase that still counts as an answer."""


def phrase_at(page: Page, at: int) -> Claim | None:
    """The phrase that starts at ``at`` and ends with its sentence, line, quote or bracket."""
    lead = _LEAD.match(page.plain, at)
    start = lead.end() if lead else at
    stop = _STOP.search(page.plain, start, min(len(page.plain), start + _LIMIT))
    end = len(page.plain[start : stop.start()].rstrip()) + start if stop else start
    return Claim(page.plain[start:end], (start, end)) if end > start else None


def short_reply(page: Page) -> Iterator[Claim]:
    """A reply of one short line: all of it, without a full stop."""
    text = page.plain.strip()
    if 0 < len(text) <= 80 and "\n" not in text:
        start = page.plain.find(text)
        end = start + len(text.rstrip(" ."))
        if end > start:
            yield Claim(page.plain[start:end], (start, end))
