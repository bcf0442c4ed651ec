"""Texts from data sets, models and errors → lines on a terminal that are safe and readable."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import IO, TYPE_CHECKING

import click

from mmra_api.types import Outcome

if TYPE_CHECKING:
    from rich.text import Text

COLORS = {"correct": "green", "wrong": "red"}
"""All other outcomes are yellow: nothing was read, which is neither good nor bad."""


def make_safe(text: str) -> str:
    """Replace each control character but line ends and tabs, so that no reply can steer the terminal.

    The length stays the same, because spans point into the text.
    """
    return "".join(each if each.isprintable() or each in "\n\t" else "�" for each in text)


def is_terminal(stream: IO[str]) -> bool:
    """Return whether somebody reads a stream on a terminal."""
    return stream.isatty()


def wrap(text: str, stream: IO[str], *, indent: str = "") -> str:
    """Break lines at words where they are longer than the terminal; elsewhere they stay whole, for grep.

    Continuation lines begin with ``indent``, or two columns right of the beginning of their line.
    """
    if not is_terminal(stream):
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(_wrap_line(line, width, indent) for line in text.split("\n"))


def _wrap_line(line: str, width: int, indent: str) -> str:
    own = line[: len(line) - len(line.lstrip())]
    if len(line) <= width:
        return line
    return textwrap.fill(
        line,
        width,
        subsequent_indent=indent or f"{own}  ",
        break_long_words=False,  # because an address or a name must be copied whole
        break_on_hyphens=False,
        replace_whitespace=False,  # because a tab may align columns
    )


def print_text(text: str, *, indent: str = "", dim: bool = False) -> None:
    """Print lines, safe and wrapped."""
    click.echo(click.style(wrap(make_safe(text), sys.stdout, indent=indent), dim=dim))


def print_error(text: str) -> None:
    """Print a message to the error stream, safe and wrapped."""
    # Not to stdout, which another program may read.
    click.echo(wrap(make_safe(text), sys.stderr), err=True)


def color_outcome(outcome: Outcome) -> Text:
    """Return an outcome in its color."""
    # Here, because no help page may load rich.
    from rich.text import Text

    return Text(outcome, style=COLORS.get(outcome, "yellow"))


def format_usd(usd: float | None) -> str:
    """Return dollars with as many digits as tell something: most single calls cost less than a cent."""
    if usd is None:
        return "an unknown sum"
    return f"${usd:,.2f}" if usd >= 1 or usd == 0 else f"${usd:.4f}"


def format_time(seconds: float) -> str:
    """Return a time as h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def format_count(count: int, noun: str) -> str:
    """Return a number with its noun, which takes an s unless there is one: ``1 call``, ``2,000 calls``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
