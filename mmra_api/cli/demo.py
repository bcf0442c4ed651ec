"""``mmra demo``: the whole tool on drawn probes, offline: a tour of a run, a free re-run, and a comparison."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.flags import FOLDER

if TYPE_CHECKING:
    from mmra_api.runs import Job, Run

OUT = Path("mmra-demo")
# Only faults that another try overcomes: 401 or quota would end the run.
FAULTS = "429=0.05,500=0.03,slow=0.02,drop=0.02,html=0.02"
# One for each vendor's SDK, and the chance level.
MODELS = ("openai/simulated-strong", "anthropic/simulated-chatty", "google/simulated-weak", "baseline/random")
WIRES = {"openai": "openai_responses"}
"""Formats that must be named: at another address than its own, `openai` is taken for a compatible server."""


@click.command("demo", short_help="See the whole tool at work, offline, in under a minute.")
# At least a pair for each of the 11 subtasks; more than 220 take longer than the minute that is promised.
@click.option("--limit", type=click.IntRange(min=11, max=220), default=110, show_default=True, help="Image pairs.")
@click.option("--seed", type=click.IntRange(min=0), default=7, show_default=True, help="Draws other pairs.")
@click.option(
    "--out",
    type=FOLDER,
    default=OUT,
    show_default=True,
    help="Where the demo keeps its cache and its runs, apart from yours.",
)
def command(limit: int, seed: int, out: Path) -> None:
    """See the whole tool at work, offline, in under a minute.

    Draws image pairs and starts simulated models on this machine, which fail now and then on purpose. Asks one model
    through the SDK of each vendor, and a baseline; asks one again, which costs nothing; compares them all.
    """
    from mmra_api.benchmarks import load
    from mmra_api.runs import Job
    from mmra_api.sandbox import Sandbox, parse_faults

    print_line("A tour of mmra", title=True)
    print_line(
        f"1. Drawing image pairs with known answers (seed {seed}). Pairs of an unused seed are new to every model."
    )
    samples = load("probes", root=out / "cache" / "prepared", seed=seed, limit=limit)
    print_line("2. Starting simulated models on this machine. They fail now and then, on purpose:")
    print_line(f"   {FAULTS}")
    with Sandbox(samples, faults=parse_faults(FAULTS), seed=seed) as sandbox:
        jobs = [
            Job(
                benchmark="probes",
                model=model,
                limit=limit,
                seed=seed,
                # The baselines draw their answers here: there is nobody to ask at an address.
                base_url=None if model.startswith("baseline/") else sandbox.base_url,
                wire=WIRES.get(model.partition("/")[0]),
                cache=out / "cache",
                runs=out / "runs",
            )
            for model in MODELS
        ]
        print_line(
            f"3. Asking {', '.join(MODELS)} about {samples.count} pairs, each in its vendor's format through its SDK."
        )
        runs = [_ask(job) for job in jobs]
        # Noted before the next run, which must add nothing to them.
        paid, calls = sandbox.counters.paid, sandbox.counters.calls
        print_line(
            f"   {calls - paid} calls failed and were made again. Paid for: {paid} replies, one for each question."
        )
        print_line(f"4. The same command again, for {jobs[0].model}:")
        _ask(jobs[0])
        print_line(f"   New calls: {sandbox.counters.calls - calls}. Every reply came from the cache.")
    print_line("5. The comparison. These models are simulated: the figures show the report, not any model.")
    _print_comparison(runs)
    _print_next_steps(runs, out)


def _ask(job: Job) -> Run:
    from mmra_api.cli.watch import Watch
    from mmra_api.runs import Plan

    watch = Watch()  # and not run_watched: four reports would hide the comparison
    run = asyncio.run(watch.follow(Plan.make(job)))
    print_line(f"   {job.model:26} {watch.summarise()}")
    return run


def _print_comparison(runs: list[Run]) -> None:
    from mmra_api.report import print_report, summarise
    from mmra_api.runs import name_for_commands

    print_report([each for run in runs for each in summarise(name_for_commands(run).info, run.records())])


def _print_next_steps(runs: list[Run], out: Path) -> None:
    folder = out / "runs"
    print_line("")
    print_line(f"The runs are folders in {folder}:")
    for run in runs:
        print_line(f"  {run.folder}")
    # So it is after `make demo`, which installs into .venv.
    if shutil.which("mmra") is None:
        print_line("To have the command mmra on your path, as in the lines below:")
        print_line("  . .venv/bin/activate")
    print_line("Look further:")
    print_line(f"  mmra show {runs[0].folder} wrong")
    print_line(f"  mmra score {runs[1].folder} --extractor official")
    print_line(f"  mmra report {folder}/* --published")
    print_line("Ask a real model:")
    print_line("  export OPENAI_API_KEY=…")
    print_line("  mmra models --check openai/<id>")
    print_line("  mmra run probes --model openai/<id> --limit 22")


def print_line(text: str, *, title: bool = False) -> None:
    """Print a line of the tour."""
    indent = " " * (len(text) - len(text.lstrip()))
    width = shutil.get_terminal_size().columns
    # A command stays whole, because a line that click breaks cannot be copied into a shell.
    line = text if text.lstrip().startswith("mmra") else click.wrap_text(text.strip(), width, indent, indent or "   ")
    click.echo(click.style(line, bold=True) if title else line)
