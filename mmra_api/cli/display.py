"""Texts from data sets and models → texts that are safe and readable on a terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import IO, TYPE_CHECKING

import click

from mmra_api.types import Outcome

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {"correct": "green", "wrong": "red"}


def safe(text: str) -> str:
    """Replace each control character but line ends and tabs, so that no reply can steer the terminal; same length."""
    return "".join(each if each.isprintable() or each in "\n\t" else "�" for each in text)


def is_terminal(stream: IO[str]) -> bool:
    """Return whether somebody reads a stream on a terminal."""
    return stream.isatty()


def wrap(text: str, stream: IO[str], *, indent: str = "") -> str:
    """Break lines at words where they are longer than the terminal; elsewhere they stay whole, for grep.

    Lines that go on begin with ``indent``, or two columns right of their own beginning.
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
        break_long_words=False,  # an address or a name must be copied whole
        break_on_hyphens=False,
        replace_whitespace=False,
    )


def put(text: str, *, indent: str = "", dim: bool = False) -> None:
    """Print lines, safe and wrapped."""
    click.echo(click.style(wrap(safe(text), sys.stdout, indent=indent), dim=dim))


def complain(text: str) -> None:
    """Print a message to the error stream, safe and wrapped."""
    click.echo(wrap(safe(text), sys.stderr), err=True)


def styled(outcome: Outcome) -> Text:
    """Return an outcome in its colour."""
    from rich.text import Text

    return Text(outcome, style=STYLES.get(outcome, "yellow"))
