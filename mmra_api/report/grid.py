"""A table of the terminal before it has a width: columns, and lines of text in blocks. ``layout`` gives it one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Styled: TypeAlias = tuple[str, str]
"""A text and its Rich style."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A column: its heading, the heading of its group, and whether it may stand beside the label if need be."""

    text: str
    group: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """A row: its label, what must be said about it wherever it stands, and one cell per column."""

    label: str
    marks: tuple[Styled, ...] = ()
    cells: tuple[Styled, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows under a common title; no title, no line for it."""

    title: str = ""
    lines: tuple[TableLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table before it has a width."""

    heads: tuple[Head, ...]
    blocks: tuple[Block, ...]
