"""``mmra score``: runs → derived runs read by another extractor or a judge, and every answer that flipped."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.display import safe, styled
from mmra_api.cli.options import EXTRACTORS_HELP, cache_option, judge_options, runs_option
from mmra_api.errors import Stopped

if TYPE_CHECKING:
    from mmra_api.dispatch import Session
    from mmra_api.report import Summary
    from mmra_api.runs import Flip
    from mmra_api.types import Record


@click.command("score", short_help="Read the replies of runs again: another extractor, or a judge.")
@click.argument("names", metavar="RUN...", nargs=-1, required=True)
@click.option("--extractor", default="rules", show_default=True, help=EXTRACTORS_HELP)
@judge_options
@click.option("--max-cost", type=click.FloatRange(min=0, min_open=True), metavar="USD", help="What the judge may cost.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Your services, limits and prices.")
@cache_option
@runs_option
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

    Makes a new run for each RUN; the run itself stays as it is. Nobody is called, but for the judge where one is named:
    it reads what the extractor leaves open.
    """
    from mmra_api.errors import InputError
    from mmra_api.report import print_report, summarise
    from mmra_api.runs import JudgeJob, find_run, find_runs_folder, load_run, name_for_commands, rescore

    if judge is None and (judge_all or judge_base_url or max_cost):
        raise InputError("--judge-all, --judge-base-url and --max-cost belong to --judge SERVICE/ID")
    asked = judge and JudgeJob(
        model=judge, everything=judge_all, base_url=judge_base_url, config=config, cache=cache, max_cost=max_cost
    )
    parents = [load_run(find_run(name, find_runs_folder(runs))) for name in names]
    summaries: list[Summary] = []
    for parent in parents:
        derived, flips = asyncio.run(
            rescore(parent, extractor, judge=asked or None, runs=parent.folder.parent, on_start=stop_gently)
        )
        print_flips(parent.info.name, derived.info.name, flips)
        for run in (parent, derived):
            summaries += summarise(name_for_commands(run).info, run.records())
    print_report(summaries)


def stop_gently(session: Session) -> None:
    """Let Ctrl-C wait for the judge's calls in flight, which are paid for; a second one ends at once."""
    loop, main = asyncio.get_running_loop(), asyncio.current_task()

    def interrupt() -> None:
        if session.stopped_by is not None and main is not None:
            main.cancel()
            return
        session.stop(Stopped("interrupted; what the judge said is in the cache"))
        click.echo("stopping: calls in flight are paid for, waiting for them (Ctrl-C again to stop at once)", err=True)

    loop.add_signal_handler(signal.SIGINT, interrupt)


def print_flips(parent: str, derived: str, flips: list[Flip]) -> None:
    """Print every flip in three lines: what it did to the outcome, and the words read before and after."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    noun = "answer" if len(flips) == 1 else "answers"
    console.print(Text(f"{derived}: {len(flips):,} {noun} flipped against {parent}", style="bold"))
    for flip in flips:
        before, after = flip.before, flip.after
        line = Text(f"{safe(before.sample)} · {before.setting} · gold {before.gold} · ")
        console.print(line.append(styled(before.score.outcome)).append(" → ").append(styled(after.score.outcome)))
        console.print(Text(f"    was {_reading(before)}"))
        console.print(Text(f"    is  {_reading(after)}"))
    console.print()


def _reading(record: Record) -> str:
    """Return what was read, the words it rests on and their place in characters, and the rule."""
    if record.answer is None or record.response is None:
        return "–   no reply"
    answer = record.answer
    start, end = answer.span or (0, 0)
    words = f"{safe(record.response.text[start:end])!r} at {start}–{end} by " if answer.span else ""
    return f"{answer.value or '–':3} {words}{answer.rule}"
