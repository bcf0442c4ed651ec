"""Summaries → a text in one of the formats of ``mmra report``."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias, get_args

from mmra_api.benchmarks import Published
from mmra_api.report.csv_text import to_csv
from mmra_api.report.json_text import to_json
from mmra_api.report.latex import to_latex
from mmra_api.report.markdown import to_markdown
from mmra_api.report.summary import Summary

Format: TypeAlias = Literal["terminal", "json", "csv", "markdown", "latex"]
FORMATS: tuple[Format, ...] = get_args(Format)


def write(form: Format, summaries: Sequence[Summary], published: Sequence[Published] = ()) -> str:
    """Return the report as a text; ``terminal`` without colour and as wide as it needs."""
    return _WRITERS[form](summaries, published)


def _plain(summaries: Sequence[Summary], published: Sequence[Published]) -> str:
    from rich.console import Console  # here, because no other format needs it

    from mmra_api.report.terminal import print_report

    text = io.StringIO()
    # Both said outright: FORCE_COLOR in the environment must not put escape codes into a file.
    print_report(summaries, published=published, console=Console(file=text, force_terminal=False, color_system=None))
    return text.getvalue()


_WRITERS: Mapping[Format, Callable[[Sequence[Summary], Sequence[Published]], str]] = {
    "terminal": _plain,
    "json": to_json,
    "csv": to_csv,
    "markdown": to_markdown,
    "latex": to_latex,
}
"""A new format is a file and a line here, and its name above."""
