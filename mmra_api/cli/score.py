"""``mmra score``: runs → derived runs read by another extractor or a judge, and every answer that flipped."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.flags import ABOVE_0, cache_flag, config_flag, extractor_flag, judge_flags, runs_flag
from mmra_api.cli.printing import color_outcome, make_safe
from mmra_api.errors import Stopped

if TYPE_CHECKING:
    from mmra_api.dispatch import Session
    from mmra_api.report import Summary
    from mmra_api.runs import Flip
    from mmra_api.types import Record


@click.command("score", short_help="Read the replies of runs again: another extractor, or a judge.")
@click.argument("names", metavar="RUN...", nargs=-1, required=True)
@extractor_flag
@judge_flags
@click.option("--max-cost", type=ABOVE_0, metavar="USD", help="Stop before the judge's calls cost more.")
@config_flag
@cache_flag
@runs_flag
def command(
    names: tuple[str, ...],
    extractor: str,
    judge: str | None,
    judge_all: bool,
    judge_base_url: str | None,
    max_cost: float | None,
    config: Path | None,
    cache: Path | None,
    runs: Path | None,
) -> None:
    """Read the stored replies of runs again, and list every answer that is read differently.

    Makes a new run for each RUN; the run itself stays as it is. No calls are made, except to a judge if you
    name one: it reads what the extractor could not read.
    """
    from mmra_api.errors import InputError
    from mmra_api.report import print_report, summarise
    from mmra_api.runs import JudgeJob, find_run, find_runs_folder, load_run, name_for_commands, rescore

    if judge is None and (judge_all or judge_base_url or max_cost):
        raise InputError("--judge-all, --judge-base-url and --max-cost belong to --judge SERVICE/ID")
    asked = judge and JudgeJob(
        model=judge, everything=judge_all, base_url=judge_base_url, config=config, cache=cache, max_cost=max_cost
    )
    # All before the first is read, so that a wrong name is found before a judge is paid.
    parents = [load_run(find_run(name, find_runs_folder(runs))) for name in names]
    summaries: list[Summary] = []
    for parent in parents:
        try:
            derived, flips = asyncio.run(
                rescore(parent, extractor, judge=asked or None, runs=parent.folder.parent, on_start=_stop_gently)
            )
        except asyncio.CancelledError as error:  # a second Ctrl-C
            raise Stopped("interrupted; calls in flight were given up") from error
        print_flips(parent.info.name, derived.info.name, flips)
        # Both, so that the table shows what the new reading changed.
        for run in (parent, derived):
            summaries += summarise(name_for_commands(run).info, run.records())
    print_report(summaries)


def _stop_gently(session: Session) -> None:
    """Let Ctrl-C wait for the judge's calls in flight, which are paid for; a second one ends at once."""
    from mmra_api.cli.watch import GentleStop

    GentleStop(reason="interrupted; the judge's replies so far are in the cache").listen(session)


def print_flips(parent: str, derived: str, flips: list[Flip]) -> None:
    """Print every flip in three lines: what it did to the outcome, and the words read before and after."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)  # a flip is one line each, for grep
    noun = "answer" if len(flips) == 1 else "answers"
    console.print(Text(f"{derived}: {len(flips):,} {noun} flipped against {parent}", style="bold"))
    for flip in flips:
        before, after = flip.before, flip.after
        line = Text(f"{make_safe(before.sample)} · {before.setting} · gold {before.gold} · ")
        console.print(
            line.append(color_outcome(before.score.outcome)).append(" → ").append(color_outcome(after.score.outcome))
        )
        console.print(Text(f"    was {_reading(before)}"))
        console.print(Text(f"    is  {_reading(after)}"))
    console.print()


def _reading(record: Record) -> str:
    """Return what was read, the words it rests on and their place in characters, and the rule."""
    if record.answer is None or record.response is None:
        return "–   no reply"
    answer = record.answer
    start, end = answer.span or (0, 0)
    words = f"{make_safe(record.response.text[start:end])!r} at {start}–{end} by " if answer.span else ""
    return f"{answer.value or '–':3} {words}{answer.rule}"
