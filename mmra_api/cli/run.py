"""``mmra run``: flags → a Job → an estimate, or a run that is watched on the terminal."""

from __future__ import annotations

import sys
from typing import Any, get_args

import click

from mmra_api.cli.flags import SectionedCommand, build_job, job_flags
from mmra_api.cli.progress import Form


@click.command("run", cls=SectionedCommand, short_help="Ask a model about a benchmark, score the answers, report.")
@click.argument("benchmark")
@job_flags
@click.option("--dry-run", is_flag=True, help="Print what the run would take (calls, tokens, cost, time), and stop.")
@click.option(
    "--progress",
    type=click.Choice(get_args(Form)),
    default="auto",
    show_default=True,
    help="On the error stream: live on a terminal, elsewhere a line every 30 s; json is a line every 5 s for programs.",
)
@click.option("--quiet", is_flag=True, help="Print no progress and no report, only the run's folder.")
# The other flags reach the Job by their names: they are listed in flags/run.py alone.
def command(benchmark: str, *, dry_run: bool, progress: Form, quiet: bool, **fields: Any) -> None:
    """Ask a model about a benchmark's images, score the answers, and report.

    BENCHMARK is mmra (the published data set), probes (drawn pairs, no download), or a .jsonl file of your own.

    Every reply is stored before it is read. The same command again asks only what is missing: after an interruption it
    continues, and when nothing is missing it costs nothing.
    """
    job = build_job(benchmark, fields)
    # What runs a job is imported here, so that the help page appears at once.
    if dry_run:
        from mmra_api.cli.estimate import print_estimate

        print_estimate(job)
    else:
        from mmra_api.cli.watch import run_watched

        sys.exit(run_watched(job, quiet=quiet, progress=progress))
