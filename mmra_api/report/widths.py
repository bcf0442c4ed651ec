"""A grid's columns → how wide each is, and lines of cells and headings set in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from rich.cells import cell_len
from rich.text import Text

from mmra_api.report.grid import Grid, Styled

RULE = "grey50"
"""The colour of what only guides the eye."""


class Widths:
    """The widths of a grid's columns and of the gaps between them; a gap between groups is wider."""

    def __init__(self, grid: Grid, gap: int, *, margin: int) -> None:
        lines = [line for block in grid.blocks for line in block.lines]
        self.heads = grid.heads
        self.margin = margin
        # A space more between groups, or their headings would run together.
        self.gaps = [0, *(gap if a.group == b.group else gap + 1 for a, b in pairwise(self.heads))]
        self.widths = [
            max(cell_len(head.text), *(cell_len(line.cells[i][0]) for line in lines)) if lines else cell_len(head.text)
            for i, head in enumerate(self.heads)
        ]
        # The first column of a group grows until the group's heading fits above it.
        for group, start, end in self._groups():
            self.widths[start] += max(cell_len(group) - self._measure(start, end), 0)

    @property
    def width(self) -> int:
        return self.margin + sum(self.widths) + sum(self.gaps)

    def row(self, cells: Sequence[Styled], label: Text | None = None) -> Text:
        row = label.copy() if label else Text()
        # In terminal cells, not characters: a Chinese name takes two cells a character.
        row.pad_right(self.margin - row.cell_len)
        for (text, style), width, gap in zip(cells, self.widths, self.gaps, strict=True):
            row.append(" " * (gap + width - cell_len(text)))
            row.append(text, style)
        return row

    def headings(self) -> list[Text]:
        heads = [self.row([(head.text, "bold") for head in self.heads])]
        # No line of blanks where no column has a group.
        if not any(head.group for head in self.heads):
            return heads
        spans = Text(" " * self.margin)
        for group, start, end in self._groups():
            room = self._measure(start, end)
            spans.append(" " * self.gaps[start])
            spans.append(_banner(group, room), RULE)
        # A terminal that wraps would show trailing blanks as an empty line.
        spans.rstrip()
        return [spans, *heads]

    def _groups(self) -> Iterator[tuple[str, int, int]]:
        start = 0
        for group, heads in groupby(self.heads, key=lambda head: head.group):
            end = start + len(list(heads))
            yield group, start, end
            start = end

    def _measure(self, start: int, end: int) -> int:
        return sum(self.widths[start:end]) + sum(self.gaps[start + 1 : end])


def _banner(group: str, room: int) -> str:
    if not group:
        return " " * room
    left = (room - cell_len(group) - 2) // 2  # 2: a blank on each side of the name
    # Too little room for rules on both sides: the name alone, above its numbers, which are set to the right too.
    if left < 1:
        return group.rjust(room)
    return f"{'─' * left} {group} ".ljust(room, "─")
