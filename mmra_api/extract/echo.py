"""Page → where an echo of the prompt ends: all options in their order, each on a line with nothing but its own text."""

from __future__ import annotations

from functools import lru_cache

from mmra_api.extract.folding import fold, lower
from mmra_api.extract.page import Page

_OPENERS = " \t([{\"'#>-$."
_AFTER_LABEL = ")]}.:\"' -,"


def echo_end(page: Page) -> int:
    """The end of a verbatim list of all options that something follows; 0 where there is none."""
    options = page.options
    if len(options) < 2 or page.low.count("\n") < len(options):
        return 0
    at = 0
    for key, text in options.items():
        wanted = _as_on_page(text)
        at = _item_end(page.low, key.lower(), wanted, at) if wanted else -1
        if at < 0:
            return 0
    return at if page.low[at:].strip() else 0


@lru_cache(maxsize=4096)
def _as_on_page(text: str) -> str:
    return " ".join(lower(fold(text)).split())


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
