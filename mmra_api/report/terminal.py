"""Summaries → the report as people read it, in a terminal or as plain text in a pipe."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, Group
from rich.text import Text

from mmra_api.benchmarks import Published
from mmra_api.report.advice import next_steps
from mmra_api.report.compare import compare
from mmra_api.report.grid import lay_out
from mmra_api.report.notes import answering_models, call_captions, captions
from mmra_api.report.panels import calls_grid, clean, comparison_grid, detail_grids, outcomes_grid
from mmra_api.report.parameters import describe_params
from mmra_api.report.summary import Summary

_PROSE_WIDTH = 100
_ASCII = str.maketrans("─–·", "--.")


def print_report(
    summaries: Sequence[Summary], *, published: Sequence[Published] = (), console: Console | None = None
) -> None:
    """Print the report: as wide as the terminal, or uncut and without escape codes where there is no terminal."""
    console = console or Console()
    lines = render(summaries, published=published, width=console.width if console.is_terminal else None)
    if console.options.ascii_only:
        for line in lines:
            line.plain = line.plain.translate(_ASCII)
    console.print(Group(*lines), soft_wrap=True)


def render(
    summaries: Sequence[Summary], *, published: Sequence[Published] = (), width: int | None = None
) -> list[Text]:
    """Build the report as lines of at most ``width`` terminal cells, or as wide as they need.

    The comparison of all rows comes first; a single run adds its subtasks, levels and kinds; then every outcome, calls
    and tokens, and what to do next. Only a name that is longer than the width can make a line longer.
    """
    if not summaries:
        return [Text("No runs to report.")]
    comparison = compare(summaries, published)
    prose = min(width or _PROSE_WIDTH, _PROSE_WIDTH)
    lines = [*_titled("Accuracy, percent", lay_out(comparison_grid(comparison), width))]
    lines += _prose(captions(summaries, comparison), prose)
    if len({s.run for s in summaries}) == 1:
        full, *briefer = detail_grids(summaries)
        lines += _titled("In detail", lay_out(full, width, briefer=briefer))
    lines += _titled("What became of every sample", lay_out(outcomes_grid(summaries), width))
    lines += _titled("Calls and tokens", lay_out(calls_grid(summaries), width))
    lines += _prose(call_captions(summaries), prose)
    return [*lines, *_closing(summaries, prose)]


def _closing(summaries: Sequence[Summary], width: int) -> Iterator[Text]:
    """The runs behind the figures, the models that answered, and what to do next."""
    yield Text()
    for s in {s.run: s for s in summaries}.values():
        facts = f"{s.info.data.benchmark}, data {s.fingerprint[:12]}, {s.info.style}, extractor {s.extractor}"
        facts += f", judge {s.info.judge.model}" if s.info.judge else ""
        asked = ", ".join([facts, *describe_params(s.info.params)])
        yield from _wrapped(f"run {s.run}: {s.model}, {asked}", width, "grey50")
    for note in answering_models(summaries):
        yield from _wrapped(f"note: {note}", width, "yellow")
    steps = list(next_steps(summaries))
    if steps:
        yield from (Text(), Text("What to do next", "bold"))
    for what, command in steps:
        yield from _wrapped(what, width, "")
        if command:
            yield Text(f"    {clean(command)}", "cyan")


def _titled(title: str, table: Iterable[Text]) -> Iterator[Text]:
    yield from (Text(), Text(title, "bold"), Text(), *table)


def _prose(sentences: Iterable[str], width: int) -> Iterator[Text]:
    for sentence in sentences:
        yield from _wrapped(sentence, width, "bold magenta" if sentence.startswith("SIMULATED") else "grey62")


def _wrapped(text: str, width: int, style: str) -> Iterator[Text]:
    lines = textwrap.wrap(clean(text), width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    yield from (Text(line, style) for line in lines)
