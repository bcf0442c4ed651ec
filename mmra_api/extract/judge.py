"""A judge model's text → its verdict on a reply: an option with the words it rests on, or none. Pure.

The form is two lines, ``CHOICE: B`` and ``QUOTE: the exact words``. A verdict counts only where its quote really stands
in the reply, word for word; everything else is a broken form, and never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mmra_api.types import Kind

NONE = "none"
_MARK = re.compile(r"(choice|quote)[*_`\"' ]{0,4}[:：=]", re.IGNORECASE)
_CHOSEN = re.compile(r"[\W_]{0,8}(\w{1,12})(?![\w'])(.{0,200})", re.DOTALL)
_ELLIPSIS = re.compile(r"\.\.\.|…")
_THOUGHT = "</think>"
_AROUND = "\"' \t\n<>-,;"
"""What stands around a quote without being part of it."""
_SAME = {**dict.fromkeys("“”„«»「」", '"'), **dict.fromkeys("‘’‚`´", "'"), "*": "", "_": "", "\u00a0": " "}
"""Characters that a judge copies in another form, or not at all."""
TRIES = 50
"""Places that are looked at for one that stands by itself."""


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
    chosen, quote = _split(text.rpartition(_THOUGHT)[2])
    names = {name.casefold(): name for name in (options if kind == "choice" else ("Yes", "No"))}
    value = _read_choice(chosen, names)
    return Verdict(value=None) if value is None else Verdict(value=value, span=_find(quote, value, reply))


def _split(text: str) -> tuple[str, str]:
    """Return what follows CHOICE and what follows QUOTE. A quote may hold anything, also another form."""
    marks = [(mark[1].casefold(), mark.start(), mark.end()) for mark in _MARK.finditer(text)]
    choices = [end for name, _, end in marks if name == "choice"]
    if not choices:
        raise BrokenForm("nothing that begins with CHOICE")
    first = choices[0]
    quotes = [(start, end) for name, start, end in marks if name == "quote" and start >= first]
    start, end = quotes[0] if quotes else (len(text), len(text))
    if any(first < other < start for other in choices):
        raise BrokenForm("several that begin with CHOICE")
    return text[first:start], text[end:].replace("```", "")


def _read_choice(chosen: str, names: dict[str, str]) -> str | None:
    found = _CHOSEN.match(chosen)
    word, rest = (found[1].casefold(), found[2]) if found else ("", "")
    others = {name for name in names.values() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", rest)}
    if word == NONE:
        return None
    if word not in names or others - {names[word]} or re.match(r"\W{0,4}(or|and|oder|ou|y|o)\b", rest):
        raise BrokenForm(f"the choice {' '.join(chosen.split())[:40]!r} is none of {', '.join(names.values())}, NONE")
    return names[word]


def _find(quote: str, value: str, reply: str) -> tuple[int, int]:
    """Return the last place of a quote in a reply, up to case, white space, markup and the form of quotation marks.

    A piece that was left out stands as an ellipsis. Raises BrokenForm where it does not stand there by itself.
    """
    folded, places = _fold(reply)
    pieces = [_fold(piece)[0].strip(_AROUND) for piece in _ELLIPSIS.split(quote)]
    pieces = [piece for piece in pieces if piece]
    letters = sum(map(str.isalnum, "".join(pieces)))
    if not letters:
        raise BrokenForm("no quote")
    if letters == 1:
        return _find_letter(quote, value, reply)
    end = len(folded)
    span: list[int] = []
    for piece in reversed(pieces):
        at = _find_word(piece, folded, end)
        if at is None:
            shown = " ".join(quote.split())[:60]
            raise BrokenForm(f"the quote {shown!r} does not occur in the reply")
        span += [at, at + len(piece) - 1]
        end = at
    return places[min(span)], places[max(span)] + 1


def _find_letter(quote: str, value: str, reply: str) -> tuple[int, int]:
    """Return the last place where the chosen letter stands by itself: a quote of one letter can be no other."""
    letter = next(filter(str.isalnum, quote))
    places = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(letter)}(?![\w'])", reply)]
    if letter != value or not places:
        raise BrokenForm(f"the quote {letter!r} is not the choice, standing by itself in the reply")
    return places[-1]


def _find_word(piece: str, folded: str, end: int) -> int | None:
    """Return the last place before ``end`` where a piece stands without cutting a word."""
    for _ in range(TRIES):
        at = folded.rfind(piece, 0, end)
        if at < 0:
            return None
        before, after = folded[at - 1 : at], folded[at + len(piece) : at + len(piece) + 1]
        if not (before.isalnum() and piece[0].isalnum()) and not (after.isalnum() and piece[-1].isalnum()):
            return at
        end = at + len(piece) - 1
    return None


def _fold(text: str) -> tuple[str, list[int]]:
    """Return a text in one form of white space, case and quotation marks, and where each character was."""
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        one = " " if char.isspace() else _SAME.get(char, char).casefold()
        if one == " " and folded and folded[-1] == " ":
            continue
        for each in one:
            folded.append(each)
            places.append(place)
    return "".join(folded), places
