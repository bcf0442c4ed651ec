"""Summaries → a text in one of the formats of ``mmra report``."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

from mmra_api.benchmarks import Published
from mmra_api.report import tables
from mmra_api.report.summary import Summary

Format: TypeAlias = Literal["terminal", "json", "csv", "markdown", "latex"]
FORMATS: tuple[Format, ...] = get_args(Format)


def write(form: Format, summaries: Sequence[Summary], published: Sequence[Published] = ()) -> str:
    """Return the report as a text; ``terminal`` without colour and as wide as it needs."""
    if form == "terminal":
        return _plain(summaries, published)
    writers = {
        "json": tables.to_json,
        "csv": tables.to_csv,
        "markdown": tables.to_markdown,
        "latex": tables.to_latex,
    }
    return writers[form](summaries, published)


def _plain(summaries: Sequence[Summary], published: Sequence[Published]) -> str:
    from rich.console import Console

    from mmra_api.report.terminal import print_report

    text = io.StringIO()
    # Both said outright: FORCE_COLOR in the environment must not put escape codes into a file.
    print_report(summaries, published=published, console=Console(file=text, force_terminal=False, color_system=None))
    return text.getvalue()
