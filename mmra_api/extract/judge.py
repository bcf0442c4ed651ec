"""A judge model's text → its verdict on a reply: an option with the words it rests on, or none. Pure.

The form is two lines, ``CHOICE: B`` and ``QUOTE: the exact words``. A verdict counts only where its quote really stands
in the reply; everything else is a broken form, and never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mmra_api.types import Kind

NONE = "none"
_CHOICE = re.compile(r"^\W*choice\W*[:=]\W*(.+?)\W*$", re.IGNORECASE | re.MULTILINE)
_QUOTE = re.compile(r"^\W*quote\W*[:=]\s*(.*?)\s*$", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_QUOTED = "\"'`“”„‚‘’«»「」* \t\n"
"""What stands around a quote without being part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a judge says about a reply."""

    value: str | None
    """The option's letter, ``Yes`` or ``No``; None: the reply commits to nothing."""
    span: tuple[int, int] | None = None
    """Where the quote stands in the reply, in characters, end exclusive; None without a value."""


class BrokenForm(ValueError):
    """The judge's text is not of the form, or its quote does not occur; the message says which."""


def read_verdict(text: str, *, reply: str, kind: Kind, options: Iterable[str]) -> Verdict:
    """Read a judge's text about ``reply``. ``options`` are the letters; without any, Yes and No.

    Raises BrokenForm.
    """
    choices = _CHOICE.findall(text)
    if len(choices) != 1:
        raise BrokenForm(f"{len(choices)} lines that begin with CHOICE")
    names = {name.casefold(): name for name in (options if kind == "choice" else ("Yes", "No"))}
    chosen = choices[0].casefold()
    if chosen == NONE:
        return Verdict(value=None)
    if chosen not in names:
        raise BrokenForm(f"the choice {choices[0][:40]!r} is none of {', '.join(names.values())}, NONE")
    return Verdict(value=names[chosen], span=_find(_read_quote(text), reply))


def _read_quote(text: str) -> str:
    found = _QUOTE.search(text)
    quote = found[1].strip(_QUOTED) if found else ""
    if not quote:
        raise BrokenForm("no quote")
    return quote


def _find(quote: str, reply: str) -> tuple[int, int]:
    """Return the last place of a quote in a reply, up to case and white space."""
    words = r"\s+".join(map(re.escape, quote.split()))
    places = [match.span() for match in re.finditer(words, reply, re.IGNORECASE)]
    if not places:
        raise BrokenForm(f"the quote {quote[:60]!r} does not occur in the reply")
    return places[-1]
