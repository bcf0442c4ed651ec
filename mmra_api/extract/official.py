"""Reply text → Answer, bug for bug as MMRA's public demo reads it, for comparison with published numbers.

Source: ``evaluate/evaluate_demo.py`` of the repository Wusiwei0410/MMRA, run on cases and described in our own words.
Its faults around the reading (rows scored with the previous prediction, rows dropped) are not copied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mmra_api.extract.decline import decline
from mmra_api.types import Answer, Kind

_BRACKETED = re.compile(r"\(([ABCD])\)")
_BARE = re.compile(r"\b([ABCD])\b")
_YES_NO = re.compile(r"\b(yes|no)\b", re.IGNORECASE)


def read_official(
    text: str,
    *,
    kind: Kind,
    options: Mapping[str, str],  # noqa: ARG001 - the demo knows A to D only; the extractors share one signature
) -> Answer:
    """Read the most frequent of A to D (in round brackets if any is), or the most frequent spelling of yes and no.

    Of equally frequent ones the one whose first occurrence comes latest wins, and the span is that occurrence. For
    choice the value is a capital letter even where ``options`` has no such letter; for yesno it is ``Yes`` or ``No``,
    whatever the spelling. The demo has no open questions: kind ``open`` is never read.
    """
    if kind == "open":
        return Answer(value=None, rule="unsupported_kind")
    places = _places(text, _YES_NO) if kind == "yesno" else _places(text, _BRACKETED) or _places(text, _BARE)
    if not places:
        return Answer(value=None, rule=_reason(text))
    word = max(places, key=lambda word: (len(places[word]), places[word][0]))
    rule = "most_frequent_word" if kind == "yesno" else "most_frequent_letter"
    return Answer(value=word.capitalize(), rule=rule, span=places[word][0])


def _places(text: str, pattern: re.Pattern[str]) -> dict[str, list[tuple[int, int]]]:
    """Every spelling found, with its places in order."""
    places: dict[str, list[tuple[int, int]]] = {}
    for match in pattern.finditer(text):
        places.setdefault(match[1], []).append(match.span(1))
    return places


def _reason(text: str) -> str:
    return ("refusal" if decline(text.lower()) == "refusal" else "no_answer") if text.strip() else "empty"
