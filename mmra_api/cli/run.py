"""``mmra run``: flags → a Job → a run with live progress, its report, and how to go on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from mmra_api.cli.options import cache_option, runs_option, split_names
from mmra_api.types import Params, Setting, Style

if TYPE_CHECKING:
    from mmra_api.plan import Job

SETTINGS = get_args(Setting)


def check_settings(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Split a list of settings, in any case, and refuse unknown ones."""
    names = tuple(name.upper() for name in split_names(ctx, param, value))
    unknown = [name for name in names if name not in SETTINGS]
    if unknown or not names:
        raise click.BadParameter(f"{', '.join(unknown) or 'empty'}: choose from {', '.join(SETTINGS)}")
    return names


@click.command("run", short_help="Ask a model about a benchmark, score the answers, report.")
@click.argument("benchmark")
@click.option(
    "--model", required=True, metavar="SERVICE/ID", help="openai/<id>, baseline/random, … Ids pass untouched."
)
@click.option(
    "--setting",
    "settings",
    multiple=True,
    default=("IQ",),
    show_default="IQ",
    callback=check_settings,
    metavar="IQ,QO",
    help="What the model sees: images and question (IQ), question only (QO).",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Parquet files, a folder or zip with metadata.json, or a .jsonl file.",
)
@click.option("--revision", metavar="REV", help="Pin the data set on the hub to a commit or tag.")
@click.option(
    "--subtask", "subtasks", multiple=True, callback=split_names, metavar="RP,US", help="Only these subtasks."
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many samples, spread over the subtasks.")
@click.option("--skip-bad-rows", is_flag=True, help="Leave out rows that cannot be used, and count them.")
@click.option(
    "--style",
    type=click.Choice(get_args(Style)),
    default="direct",
    show_default=True,
    help="The letter alone, or reasons first.",
)
@click.option("--prompt", type=click.Path(path_type=Path, dir_okay=False), help="A prompt template of your own.")
@click.option(
    "--max-tokens", type=click.IntRange(min=1), help="Output tokens, reasoning included [the vendor's default]."
)
@click.option("--temperature", type=click.FloatRange(min=0), help="[the vendor's default]")
@click.option(
    "--trials", type=click.IntRange(min=1), default=1, show_default=True, help="Ask each sample so many times."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Draws the probes, and baseline/random."
)
@click.option("--base-url", metavar="URL", help="Another address that speaks the service's format; needs no key.")
@click.option(
    "--concurrency", type=click.IntRange(min=1, max=1024), default=16, show_default=True, help="Calls at the same time."
)
@click.option("--rpm", type=click.FloatRange(min=0, min_open=True), help="Calls per minute at most.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=600.0,
    show_default=True,
    help="Seconds for one call.",
)
@click.option(
    "--extractor",
    default="rules",
    show_default=True,
    help="How answers are read: rules, or official (the MMRA demo's).",
)
@click.option("--offline", is_flag=True, help="Call nobody; list what is missing in the cache.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked, and stop.")
@click.option("--name", help="The run's name; given again, an unfinished run goes on.")
@click.option("--quiet", is_flag=True, help="No progress and no report, only where the run lies.")
@cache_option
@runs_option
def command(
    *,
    settings: tuple[Setting, ...],
    max_tokens: int | None,
    temperature: float | None,
    dry_run: bool,
    quiet: bool,
    **job_fields: Any,  # the fields of Job, by name, each checked by its flag
) -> None:
    """Ask a model about a benchmark's images, score the answers, and report.

    BENCHMARK is mmra (the published data set), probes (drawn pairs, no download), or a .jsonl file of your own.

    Every reply is stored before it is read. Running the same command again asks only what is missing: after an
    interruption it goes on, and when all is there it costs nothing.
    """
    from mmra_api.cli.live import run_live
    from mmra_api.plan import Job

    job = Job(settings=settings, params=Params(max_tokens=max_tokens, temperature=temperature), **job_fields)
    if dry_run:
        _print_quote(job)
    else:
        sys.exit(run_live(job, quiet=quiet))


def _print_quote(job: Job) -> None:
    from mmra_api.plan import quote

    offer = quote(job)
    click.echo(f"{offer.model}: {offer.records:,} records, {offer.requests:,} different requests")
    click.echo(f"  in the cache   {offer.cached:,}")
    click.echo(f"  calls to make  {offer.calls:,}")
    click.echo(f"  image data     {offer.image_bytes * 4 / 3 / 1e6:,.1f} MB to send, as base64")
