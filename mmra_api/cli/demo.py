"""``mmra demo``: the whole tool on drawn probes, offline: a tour of a run, a free re-run, and a comparison."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mmra_api.runs import Job, Run

FOLDER = Path("mmra-demo")
FAULTS = "429=0.05,500=0.03,slow=0.02,drop=0.02,html=0.02"
MODELS = ("openai/simulated-strong", "anthropic/simulated-chatty", "google/simulated-weak", "baseline/random")
WIRES = {"openai": "openai_responses"}
"""Formats to be named, because another address is taken for a compatible server."""


@click.command("demo", short_help="See the whole tool at work, offline, in under a minute.")
@click.option("--limit", type=click.IntRange(min=11, max=220), default=110, show_default=True, help="Image pairs.")
@click.option("--seed", type=click.IntRange(min=0), default=7, show_default=True, help="Draws other pairs.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    show_default=True,
    help="Where the demo keeps its cache and its runs, apart from yours.",
)
def command(limit: int, seed: int, out: Path) -> None:
    """See the whole tool at work, offline, in under a minute.

    Draws image pairs, serves simulated models on this machine with faults switched on, asks one through the SDK of
    each vendor and a baseline, compares them, and asks one again to show that it costs nothing.
    """
    from mmra_api.benchmarks import load
    from mmra_api.runs import Job
    from mmra_api.sandbox import Sandbox, parse_faults

    say("A tour of mmra", title=True)
    say(f"1. Drawing image pairs with known answers (probes, seed {seed}). Those of a fresh seed are new to any model.")
    samples = load("probes", root=out / "cache" / "prepared", seed=seed, limit=limit)
    say("2. Starting simulated models on this machine. They fail now and then, on purpose:")
    say(f"   {FAULTS}")
    with Sandbox(samples, faults=parse_faults(FAULTS), seed=seed) as sandbox:
        jobs = [
            Job(
                benchmark="probes",
                model=model,
                limit=limit,
                seed=seed,
                base_url=None if model.startswith("baseline/") else sandbox.base_url,
                wire=WIRES.get(model.partition("/")[0]),
                cache=out / "cache",
                runs=out / "runs",
            )
            for model in MODELS
        ]
        say(f"3. Asking {', '.join(MODELS)} about {samples.count} pairs, each in its vendor's format through its SDK.")
        runs = [_ask(job) for job in jobs]
        paid, calls = sandbox.counters.paid, sandbox.counters.calls
        say(f"   {calls - paid} calls failed and were made again. Paid for: {paid} replies, one for each question.")
        say(f"4. The same command again, for {jobs[0].model}:")
        _ask(jobs[0])
        say(f"   New calls: {sandbox.counters.calls - calls}. Every reply came from the cache.")
    say("5. The comparison. These models are simulated: the figures show the report, not any model.")
    _print_comparison(runs)
    _print_next_steps(runs, out)


def _ask(job: Job) -> Run:
    from mmra_api.cli.live import Watch
    from mmra_api.runs import Plan

    watch = Watch()
    run = asyncio.run(watch.follow(Plan.make(job)))
    say(f"   {job.model:26} {watch.summary()}")
    return run


def _print_comparison(runs: list[Run]) -> None:
    from mmra_api.report import print_report, summarise
    from mmra_api.runs import name_for_commands

    print_report([each for run in runs for each in summarise(name_for_commands(run).info, run.records())])


def _print_next_steps(runs: list[Run], out: Path) -> None:
    folder = out / "runs"
    say(f"The runs are folders in {folder}:")
    for run in runs:
        say(f"  {run.folder}")
    if shutil.which("mmra") is None:
        say("To have the command mmra on your path, as in the lines below:")
        say("  . .venv/bin/activate")
    say("Look further:")
    say(f"  mmra show {runs[0].folder} wrong")
    say(f"  mmra score {runs[1].folder} --extractor official")
    say(f"  mmra report {folder}/* --published")
    say("Ask a real model:")
    say("  export OPENAI_API_KEY=…")
    say("  mmra models --check openai/<id>")
    say("  mmra run probes --model openai/<id> --limit 22")


def say(text: str, *, title: bool = False) -> None:
    """Print a line of the tour."""
    indent = " " * (len(text) - len(text.lstrip()))
    width = shutil.get_terminal_size().columns
    line = text if text.lstrip().startswith("mmra") else click.wrap_text(text.strip(), width, indent, indent or "   ")
    click.echo(click.style(line, bold=True) if title else line)
