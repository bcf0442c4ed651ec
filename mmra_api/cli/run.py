"""``mmra run``: flags → a Job → a run with live progress, its report, and how to go on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from mmra_api.cli.display import put
from mmra_api.cli.options import (
    EXTRACTORS_HELP,
    address_options,
    cache_option,
    judge_options,
    refuse_blank,
    runs_option,
    split_names,
)
from mmra_api.cli.progress import Form, format_time, format_usd
from mmra_api.cli.values import check_outcomes, check_settings, parse_extra, refuse_empty
from mmra_api.types import Params, RateLimits, Setting, Style

if TYPE_CHECKING:
    from mmra_api.runs import Job, Quote

ABOVE_0 = click.FloatRange(min=0, min_open=True)


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
@click.option("--top-p", type=click.FloatRange(0, 1), help="[the vendor's default]")
@click.option(
    "--stop",
    multiple=True,
    callback=refuse_empty,
    help="A text at which the model stops writing; may be given several times.",
)
@click.option(
    "--effort",
    metavar="WORD",
    callback=refuse_blank,
    help="How much to reason, in the vendor's word: low, medium, high, …",
)
@click.option(
    "--thinking-budget",
    type=click.IntRange(min=-1),
    help="Tokens to reason with, where a number is taken; 0: none, -1: as the model likes (Gemini).",
)
@click.option("--model-seed", type=int, help="The seed of the model's sampling, where one is taken.")
@click.option("--system", metavar="TEXT", callback=refuse_blank, help="Instructions apart from the user's message.")
@click.option(
    "--image-detail",
    metavar="WORD",
    callback=refuse_blank,
    help="How finely images are looked at, in the vendor's word: low, high.",
)
@click.option(
    "--logprobs",
    type=click.IntRange(min=0, max=20),
    metavar="N",
    help="Record the tokens' log probabilities, and N alternatives of each.",
)
@click.option(
    "--extra",
    multiple=True,
    metavar="NAME=JSON",
    callback=parse_extra,
    help="A further field of the body, in the service's own words.",
)
@click.option(
    "--trials", type=click.IntRange(min=1), default=1, show_default=True, help="Ask each sample so many times."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Draws the probes, and baseline/random."
)
@address_options
@click.option(
    "--image-policy",
    default="fit",
    show_default=True,
    metavar="as-is|fit|uniform:N",
    help="Change images only where the service does not take them, never, or alike for all services, N pixels a side.",
)
@click.option(
    "--retry",
    multiple=True,
    callback=check_outcomes,
    metavar="OUTCOME",
    help="Ask again only what was truncated (empty, …) in the latest run of this job; use with --max-tokens.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(min=1, max=1024),
    help="Calls at the same time at most [begins with 16, finds its way up to 64].",
)
@click.option("--rpm", type=ABOVE_0, help="Calls per minute at most [learned from the service].")
@click.option("--tpm", type=ABOVE_0, help="Tokens per minute at most, input and output [learned].")
@click.option("--input-tpm", type=ABOVE_0, help="Input tokens per minute at most [learned].")
@click.option("--output-tpm", type=ABOVE_0, help="Output tokens per minute at most [learned].")
@click.option("--max-cost", type=ABOVE_0, metavar="USD", help="Stop before the calls of this command cost more.")
@click.option("--max-tokens-total", type=click.IntRange(min=1), help="Stop before they take more tokens, in and out.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Your limits and prices [MMRA_CONFIG, else ./mmra.toml if there is one].",
)
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
    help=EXTRACTORS_HELP,
)
@judge_options
@click.option("--offline", is_flag=True, help="Call nobody; list what is missing in the cache.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked, and stop.")
@click.option("--name", help="The run's name; given again, an unfinished run goes on.")
@click.option(
    "--progress",
    type=click.Choice(get_args(Form)),
    default="auto",
    show_default=True,
    help="On stderr: live on a terminal, else a line each 30 s; json is a line each 5 s for programs.",
)
@click.option("--quiet", is_flag=True, help="No progress and no report, only where the run lies.")
@cache_option
@runs_option
def command(
    *,
    settings: tuple[Setting, ...],
    max_tokens: int | None,
    temperature: float | None,
    top_p: float | None,
    stop: tuple[str, ...],
    effort: str | None,
    thinking_budget: int | None,
    model_seed: int | None,
    system: str | None,
    image_detail: str | None,
    logprobs: int | None,
    extra: dict[str, Any],
    rpm: float | None,
    tpm: float | None,
    input_tpm: float | None,
    output_tpm: float | None,
    concurrency: int | None,
    dry_run: bool,
    quiet: bool,
    progress: Form,
    **job_fields: Any,  # the fields of Job, by name, each checked by its flag
) -> None:
    """Ask a model about a benchmark's images, score the answers, and report.

    BENCHMARK is mmra (the published data set), probes (drawn pairs, no download), or a .jsonl file of your own.

    Every reply is stored before it is read. Running the same command again asks only what is missing: after an
    interruption it goes on, and when all is there it costs nothing.
    """
    from mmra_api.cli.live import run_live
    from mmra_api.runs import Job

    limits = RateLimits(rpm=rpm, tpm=tpm, input_tpm=input_tpm, output_tpm=output_tpm, concurrency=concurrency)
    params = Params(
        max_tokens=max_tokens,
        temperature=temperature,
        top_p=top_p,
        stop=stop,
        effort=effort,
        thinking_budget=thinking_budget,
        seed=model_seed,
        system=system or "",
        image_detail=image_detail,
        logprobs=logprobs,
        extra=extra,
    )
    job = Job(settings=settings, params=params, limits=limits, **job_fields)
    if dry_run:
        _print_quote(job)
    else:
        sys.exit(run_live(job, quiet=quiet, progress=progress))


def _print_quote(job: Job) -> None:
    from mmra_api.runs import quote

    offer = quote(job)
    put(f"{offer.model}: {offer.records:,} records, {offer.requests:,} different requests")
    lines = {"in the cache": f"{offer.cached:,}", "calls to make": f"{offer.calls:,}"}
    if offer.elsewhere:
        lines["of these now"] = f"{offer.elsewhere:,} are being asked by another process, which will share its replies"
    if offer.calls:
        lines |= _describe_needs(offer, asked=job.params.max_tokens is not None)
    if job.judge:
        lines["the judge"] = f"{job.judge} is asked about what no rule can read: not counted here"
    for name, text in lines.items():
        put(f"  {name:14} {text}", indent=" " * 17)


def _describe_needs(offer: Quote, *, asked: bool) -> dict[str, str]:
    """Return what the missing calls take, by name."""
    low, high = offer.tokens
    basis = f"foretold from {offer.measured:,} stored replies, 95 %" if offer.measured else "by formula"
    money, time = "price unknown; see --config", "as the service allows; give --rpm or --tpm to know"
    if offer.usd is not None:
        money = f"{format_usd(offer.usd[0])} to {format_usd(offer.usd[1])} (prices: {offer.price_source})"
    if offer.minutes is not None:
        time = f"{format_time(60 * offer.minutes[0])} to {format_time(60 * offer.minutes[1])} at the given limits"
    return {
        "input tokens": f"{low.input:,} to {high.input:,} ({basis})",
        "output tokens": f"{low.output:,} to {high.output:,} ({_describe_bound(offer, asked=asked)})",
        "cost": money,
        "time": time,
        "to send": f"{offer.image_bytes * 4 / 3 / 1e6:,.1f} MB of images, as base64",
    }


def _describe_bound(offer: Quote, *, asked: bool) -> str:
    """Return what bounds the output of a call."""
    from mmra_api.dispatch.cost import UNBOUNDED_OUTPUT

    if asked:
        bound = "--max-tokens"
    elif offer.budget is not None:
        bound = f"{offer.budget:,} each, the budget that is sent"
    elif offer.measured:
        return "nothing bounds them: no budget is sent"
    else:
        bound = f"{UNBOUNDED_OUTPUT:,} each, a guess: no budget is sent"
    return f"at most {bound}" if offer.measured else f"from 1 to {bound}"
