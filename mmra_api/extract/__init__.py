"""Response → Answer: which option a reply commits to, named by the rule that read it, or None. Never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mmra_api.extract.official import read_official
from mmra_api.extract.rules import read_answer, read_strict
from mmra_api.types import Answer, Kind

__all__ = ["EXTRACTORS", "Extractor", "read_answer", "read_official", "read_strict"]


class Extractor(Protocol):
    """Reads a reply's text. Pure: the same text, kind and options give the same answer. Never raises."""

    def __call__(self, text: str, *, kind: Kind, options: Mapping[str, str]) -> Answer: ...


EXTRACTORS: Mapping[str, Extractor] = {"rules": read_answer, "strict": read_strict, "official": read_official}
"""What ``--extractor`` accepts."""
