"""A prompt's text in, what a simulated model understands of it out: the options, and the form of answer wanted."""

from __future__ import annotations

import re

OPTION_LINE = re.compile(r"^[\s>*-]*\(?([A-Z])(?:\)|[.:])[*]*[ \t]+(\S.*?)\s*$", re.MULTILINE)
# Brackets on both sides only: within a line, "A." may just end a sentence.
OPTION_INLINE = re.compile(r"\(([A-Z])\)\s*(\S.*?)[\s,;]*(?=\([A-Z]\)|$)", re.MULTILINE)
MARKER = re.compile(r"\b((?:the |final |correct )*answer):", re.IGNORECASE)
REASON = re.compile(
    r"step[- ]by[- ]step|\breason(?:ing)? (?:first|briefly|through|about|it|in|before)|\byour reasoning"
    r"|\bthink (?:first|it|this|carefully|through|aloud|out loud)|\bexplain (?:your|how|why|briefly|first)"
    r"|\b(?:last|final) line",
    re.IGNORECASE,
)
# 40 characters back, within the sentence: "do not explain" asks for no reasoning.
NEGATED = re.compile(r"\b(?:no|not|without|don't|don’t|never|avoid|skip|instead of)\b[^.\n]{0,40}$", re.IGNORECASE)


def fold(text: str) -> str:
    """The text without white space, in lower case: templates wrap and indent as they like."""
    return "".join(text.split()).casefold()


def read_options(prompt: str) -> dict[str, str]:
    """Letter to text of the options that the prompt shows, in its order; empty when it shows none.

    Options are lines such as ``A. text``, ``(A) text`` or ``A: text``, or one line of ``(A) text (B) text``. A prompt
    with worked examples shows several lists: the last one counts.
    """
    # Lines first: an option's own text may hold brackets with letters.
    return _last_list(OPTION_LINE, prompt) or _last_list(OPTION_INLINE, prompt)


def _last_list(pattern: re.Pattern[str], prompt: str) -> dict[str, str]:
    lists: list[dict[str, str]] = [{}]
    for match in pattern.finditer(prompt):
        # A letter that comes again begins a new list, as after a worked example.
        if match[1] in lists[-1]:
            lists.append({})
        lists[-1][match[1]] = match[2].strip("*")
    # One line that looks like an option is none, and a list without A began somewhere else.
    return next((options for options in reversed(lists) if len(options) > 1 and "A" in options), {})


def read_marker(prompt: str) -> str:
    """The words before the colon of the last line that the prompt asks for after the reasoning, such as ``Answer``.

    Empty when the prompt does not ask to reason first, or not for such a line.
    """
    wanted = any(not NEGATED.search(prompt[: cue.start()]) for cue in REASON.finditer(prompt))
    marker = MARKER.search(prompt) if wanted else None
    return marker[1] if marker else ""
