"""Columns and lines of text → a laid-out table that fits a width without cutting a word or a number.

Rich's own tables wrap or cut cells when space is short, and have no headings that span columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.text import Text

from mmra_api.report.grid import Grid, Styled, TableLine
from mmra_api.report.show import ABSENT
from mmra_api.report.widths import RULE, Widths

_INDENT = 2


def lay_out(grid: Grid, width: int | None, *, briefer: Sequence[Grid] = ()) -> list[Text]:
    """Lay a grid out in ``width`` terminal cells (None: as wide as it needs), in the first form that fits.

    The forms: marks beside the label, for the grid and then for each ``briefer`` one; marks under the label; label and
    marks on a line above the numbers; and last the same with the columns that may move (``Head.aside``) beside the
    label and the others broken into several tables.
    """
    if width is None:
        return _beside(grid, gap=2, under=False)
    # A tighter gap before a briefer text, for it loses nothing.
    for option in (grid, *briefer):
        for gap in (2, 1):
            if _width(lines := _beside(option, gap=gap, under=False)) <= width:
                return lines
    last = (grid, *briefer)[-1]
    for gap in (2, 1):
        if _width(lines := _beside(last, gap=gap, under=True)) <= width:
            return lines
    for gap in (2, 1):
        if _width(lines := _above(last, gap=gap, width=width)) <= width:
            return lines
    # Several tables are the last resort: whoever reads them must put the rows together again.
    return _broken(last, width)


def _beside(grid: Grid, *, gap: int, under: bool) -> list[Text]:
    """Give each row a line, its marks beside the label or (``under``) on the next line where the label is long."""
    lines = [line for block in grid.blocks for line in block.lines]
    wanted = [cell_len(line.label) for line in lines] if under else [_label(line).cell_len for line in lines]
    # A mark below its label is still in the label's column, and needs room there.
    wanted += [_INDENT + _join(line.marks).cell_len for line in lines if under]
    room = max(wanted, default=0)
    widths = Widths(grid, gap, margin=room + 2)
    return _frame(
        widths, grid, [[t for line in block.lines for t in _row(line, widths, room)] for block in grid.blocks]
    )


def _row(line: TableLine, widths: Widths, room: int) -> Iterator[Text]:
    label = _label(line)
    if label.cell_len <= room:
        yield widths.row(line.cells, label)
    else:
        yield widths.row(line.cells, Text(line.label))
        yield Text(" " * _INDENT).append_text(_join(line.marks))


def _above(grid: Grid, *, gap: int, width: int) -> list[Text]:
    """Give each row a line for its label and marks, and below it one for its numbers."""
    widths = Widths(grid, gap, margin=_INDENT)
    body = [
        [text for line in block.lines for text in (*_pack(line, width), widths.row(line.cells))]
        for block in grid.blocks
    ]
    return _frame(widths, grid, body)


def _broken(grid: Grid, width: int) -> list[Text]:
    """Put the columns that may move beside the label, and as many of the others side by side as fit."""
    aside = [i for i, head in enumerate(grid.heads) if head.aside]
    rest = [i for i, head in enumerate(grid.heads) if not head.aside]
    lines: list[Text] = []
    for columns in _fitting(grid, rest, width):
        # Once is enough: the first table says what the moved columns hold, for all tables after it.
        part = _choose(grid, columns, () if lines else aside)
        gap = 2 if Widths(part, 2, margin=_INDENT).width <= width else 1
        lines += [*([Text()] if lines else []), *_above(part, gap=gap, width=width)]
    return lines


def _fitting(grid: Grid, columns: Sequence[int], width: int) -> Iterator[Sequence[int]]:
    """Cut the columns into runs that fit, at least one column each."""
    start = 0
    for end in range(1, len(columns) + 1):
        longer = columns[start : end + 1]
        # A single column goes through even where it is too wide: a line that is too long is better than a lost figure.
        if end == len(columns) or Widths(_choose(grid, longer), 1, margin=_INDENT).width > width:
            yield columns[start:end]
            start = end


def _choose(grid: Grid, kept: Sequence[int], aside: Sequence[int] = ()) -> Grid:
    """Keep some columns, and turn others into marks, each named by its heading."""

    def choose(line: TableLine) -> TableLine:
        moved = [
            # With its heading, for none stands above it there; and an absent number would say nothing.
            (f"{grid.heads[i].text} {line.cells[i][0]}", line.cells[i][1])
            for i in aside
            if line.cells[i][0] != ABSENT
        ]
        return replace(line, marks=(*line.marks, *moved), cells=tuple(line.cells[i] for i in kept))

    blocks = tuple(replace(block, lines=tuple(map(choose, block.lines))) for block in grid.blocks)
    return Grid(heads=tuple(grid.heads[i] for i in kept), blocks=blocks)


def _frame(widths: Widths, grid: Grid, body: Sequence[Sequence[Text]]) -> list[Text]:
    """Set headings, rules and titles around the rows."""
    head = widths.headings()
    # As long as the longest line, titles apart: a label above its numbers may reach past them.
    rule = Text("─" * _width([*head, *(text for texts in body for text in texts)]), RULE)
    lines = [*head, rule]
    for i, (block, texts) in enumerate(zip(grid.blocks, body, strict=True)):
        if i:
            lines.append(Text())
        if block.title:
            lines.append(Text(block.title, "bold cyan"))
        lines += texts
    return [*lines, rule]


def _label(line: TableLine) -> Text:
    return _join([(line.label, ""), *line.marks])


def _join(texts: Sequence[Styled]) -> Text:
    return Text("  ").join(Text(text, style) for text, style in texts)


def _pack(line: TableLine, width: int) -> list[Text]:
    """Put label and marks on as few lines as hold them whole."""
    lines = [Text(line.label)]
    for text, style in line.marks:
        # A mark is never cut: half a mark, such as a run's name, could be taken for a whole one.
        if lines[-1].cell_len + 2 + cell_len(text) > width:
            lines.append(Text(" " * _INDENT).append(text, style))
        else:
            lines[-1].append("  ").append(text, style)
    return lines


def _width(lines: Sequence[Text]) -> int:
    return max((line.cell_len for line in lines), default=0)
