"""Response → Answer: which option a reply commits to, named by the rule that read it, or None. Never a guess.

``rules`` reads with all rules, or with explicit forms alone; ``official`` as the MMRA demo does; ``judge`` reads the
verdict of a model that was asked about a reply. The rules are loaded when the first reply is read: compiling their
patterns takes half a second, which a command that reads nothing need not wait for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mmra_api.extract.judge import BrokenForm, read_verdict
from mmra_api.types import Answer, Kind

__all__ = [
    "EXTRACTORS",
    "BrokenForm",
    "Extractor",
    "read_answer",
    "read_official",
    "read_strict",
    "read_verdict",
]


class Extractor(Protocol):
    """Reads a reply's text. Pure: the same text, kind and options give the same answer. Never raises."""

    def __call__(self, text: str, *, kind: Kind, options: Mapping[str, str]) -> Answer: ...


def read_answer(text: str, *, kind: Kind, options: Mapping[str, str]) -> Answer:
    """Read a reply by all rules."""
    from mmra_api.extract import rules

    return rules.read_answer(text, kind=kind, options=options)


def read_strict(text: str, *, kind: Kind, options: Mapping[str, str]) -> Answer:
    """Read a reply by the rules for explicit forms alone."""
    from mmra_api.extract import rules

    return rules.read_strict(text, kind=kind, options=options)


def read_official(text: str, *, kind: Kind, options: Mapping[str, str]) -> Answer:
    """Read a reply by the rule of the MMRA demo."""
    from mmra_api.extract import official

    return official.read_official(text, kind=kind, options=options)


EXTRACTORS: Mapping[str, Extractor] = {"rules": read_answer, "strict": read_strict, "official": read_official}
"""What ``--extractor`` accepts."""
