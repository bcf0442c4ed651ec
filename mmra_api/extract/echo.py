"""Page → where the prompt is echoed, all options in their order, and where the reply itself starts."""

from __future__ import annotations

import re
from itertools import islice

from mmra_api.extract.folding import as_on_page
from mmra_api.extract.page import Page
from mmra_api.extract.patterns import alternatives

_MARKS = re.compile(r"[\s.,;:|)(\]\[>*\-]*")
_ROLE_WORDS = alternatives("assistant ai chatbot model inst")
_ROLE = re.compile(
    r"\s*(?:(?:<\|?(?:im start|start header id|start of turn)\|?>\s?)(?:assistant|model)\s?(?:<\|end header id\|>|\n|:)"
    r"|\[/inst\]|#{0,4}\s?(?:assistant|ai|chatbot)(?:\s?:|\s?\n))"
)
_TRIED = 20
"""Places at most at which a list is looked for."""
_OPENERS = " \t([{\"'#>-$."
_AFTER_LABEL = ")]}.:\"' -,"


def reply_start(page: Page) -> int:
    """Where the reply itself starts: past an echo of the prompt, and past the writer's role ("Assistant:")."""
    start = _echo_end(page)
    role = None if _ROLE_WORDS.isdisjoint(page.words) else _ROLE.match(page.low, start)
    return role.end() if role else start


def _echo_end(page: Page) -> int:
    """The end of a verbatim list of all options that something follows; 0 where there is none."""
    options = page.options
    if len(options) < 2 or page.low.count("\n") < len(options):
        return 0
    at = 0
    for key, text in options.items():
        wanted = as_on_page(text)
        at = _item_end(page.low, key.lower(), wanted, at) if wanted else -1
        if at < 0:
            return 0
    return at if page.low[at:].strip() else 0


def listed(page: Page) -> tuple[int, int]:
    """Where all options are listed, label and text or one of them, with nothing but marks between; (0, 0) without."""
    if "listed" not in page.memo:
        page.memo["listed"] = _find_list(page) if _may_list(page) else (0, 0)
    place: tuple[int, int] = page.memo["listed"]
    return place


def _may_list(page: Page) -> bool:
    """Whether there are options enough for a list, and each occurs by its label or its text."""
    low, here = page.low, page.words
    return len(page.options) > 2 and all(
        key.lower() in here or ((text := page.text_of(key)) and text in low) for key in page.options
    )


def _find_list(page: Page) -> tuple[int, int]:
    low = page.low
    for first in _starts(page):
        at = first
        for key, text in page.options.items():
            end = _listed_end(low, at, key.lower(), as_on_page(text))
            if end < 0:
                break
            at = end
        else:
            return first, at
    return 0, 0


def _starts(page: Page) -> list[int]:
    """Where the first option's label or text stands."""
    key, text = next(iter(page.options.items()))
    forms = [re.escape(form) for form in (key.lower(), as_on_page(text)) if form]
    places = re.finditer(rf"(?<![^\W_])(?:{'|'.join(forms)})(?![^\W_])", page.low)
    return [match.start() for match in islice(places, _TRIED)]


def _listed_end(low: str, at: int, key: str, text: str) -> int:
    """The end of one item, its label or its text or both, past the marks before it; -1 for anything else."""
    found = -1
    for form in (key, text):
        marks = _MARKS.match(low, at)
        start = marks.end() if marks else at
        if form and low.startswith(form, start) and not low[start + len(form) : start + len(form) + 1].isalnum():
            at = found = start + len(form)
    return found


def _item_end(low: str, key: str, text: str, at: int) -> int:
    """The end of the first line from ``at`` on that is the option's label and its text; -1 without one."""
    for _ in range(8):
        at = low.find(text, at)
        if at < 0:
            return -1
        line = low.rfind("\n", 0, at) + 1
        end = low.find("\n", at)
        end = len(low) if end < 0 else end
        head = low[line:at].strip(_OPENERS)
        if head.rstrip(_AFTER_LABEL) in {key, f"option {key}"} and not low[at + len(text) : end].strip(" .,;"):
            return end
        at += len(text)
    return -1
