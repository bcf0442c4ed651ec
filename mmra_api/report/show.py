"""Numbers → the text that people read; the same in the terminal, Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from mmra_api.types import Setting

ABSENT = "–"
"""Shown where there is no number."""

SETTING_WORDS: Mapping[Setting, str] = {
    "IQ": "images and question",
    "DQ": "descriptions and question",
    "IDQ": "images, descriptions and question",
    "QO": "question only",
}


def percent(share: float | None) -> str:
    """Show a fraction in percent with one decimal, a half rounded up: 0.4125 is 41.3, as readers of tables expect."""
    if share is None:
        return ABSENT
    # Six decimals first: 100 * 0.4125 may be a hair below 41.25 in binary.
    return str(Decimal(f"{100 * share:.6f}").quantize(Decimal("0.1"), ROUND_HALF_UP))


def span(bounds: tuple[float, float] | None) -> str:
    """Show two fractions in percent, from low to high."""
    return ABSENT if bounds is None else f"{percent(bounds[0])}–{percent(bounds[1])}"


def count(number: float | None) -> str:
    """Show how many, with commas at the thousands; with one decimal where it is not a whole number."""
    if number is None:
        return ABSENT
    # By type and not by value: in one column 12 and 12.5 should both show a decimal.
    return f"{number:,}" if isinstance(number, int) else f"{number:,.1f}"


def title(setting: Setting, variant: str) -> str:
    """Show what was asked: the setting with its words, and the variant where there is one."""
    return f"{setting} · {SETTING_WORDS[setting]}{f' · variant {variant}' if variant else ''}"
