"""Texts from data sets and models → texts that are safe and readable on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmra_api.types import Outcome

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {"correct": "green", "wrong": "red"}


def safe(text: str) -> str:
    """Replace each control character but line ends and tabs, so that no reply can steer the terminal; same length."""
    return "".join(each if each.isprintable() or each in "\n\t" else "�" for each in text)


def styled(outcome: Outcome) -> Text:
    """Return an outcome in its colour."""
    from rich.text import Text

    return Text(outcome, style=STYLES.get(outcome, "yellow"))
