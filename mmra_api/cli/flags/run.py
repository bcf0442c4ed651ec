"""The flags that describe a Job, in sections that any command may take: ``run`` does.

A new flag is one entry here. ``job_flag`` fills the field of that name in ``Job``, ``params_flag`` in ``Params``,
``limits_flag`` in ``RateLimits``; a test compares the names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import click

from mmra_api.cli.flags import shared
from mmra_api.cli.flags.flag import Command, Section, job_flag, limits_flag, params_flag, take_fields
from mmra_api.cli.flags.shared import ABOVE_0, ANY_PATH, FILE
from mmra_api.cli.flags.values import (
    parse_extra,
    parse_outcomes,
    parse_settings,
    require_text,
    require_texts,
    split_names,
)
from mmra_api.types import Params, RateLimits, Style

if TYPE_CHECKING:
    from mmra_api.runs import Job

COUNT = click.IntRange(min=1)

what_is_asked = Section(
    "What is asked",
    (
        job_flag(
            "--model",
            required=True,
            metavar="SERVICE/ID",
            help="openai/<id>, baseline/random, … The id is sent as you write it.",
        ),
        job_flag(
            "--setting",
            "settings",
            multiple=True,
            default=("IQ",),
            callback=parse_settings,
            metavar="IQ,QO",
            help="What the model sees: images and question (IQ), or the question only (QO) [default: IQ].",
        ),
        job_flag("--data", type=ANY_PATH, help="Parquet files, a folder or zip with metadata.json, or a .jsonl file."),
        job_flag("--revision", metavar="REV", help="A commit or tag of the data set on the hub."),
        job_flag(
            "--subtask",
            "subtasks",
            multiple=True,
            callback=split_names,
            metavar="RP,US",
            help="Only these subtasks.",
        ),
        job_flag("--limit", type=COUNT, help="At most this many samples, spread over the subtasks."),
        job_flag("--skip-bad-rows", is_flag=True, help="Leave out rows that cannot be used, and count them."),
        job_flag(
            "--style",
            type=click.Choice(get_args(Style)),
            default="direct",
            show_default=True,
            help="Ask for the letter alone (direct), or for reasons first (cot).",
        ),
        job_flag("--prompt", type=FILE, help="A prompt template of your own."),
        job_flag("--trials", type=COUNT, default=1, show_default=True, help="Ask each sample this many times."),
        job_flag(
            "--seed",
            type=click.IntRange(min=0),
            default=0,
            show_default=True,
            help="For the drawing of the probes, and for baseline/random.",
        ),
        job_flag(
            "--image-policy",
            default="fit",
            show_default=True,
            metavar="as-is|fit|uniform:N",
            help="Change images only where the service does not take them (fit), never (as-is), or in the same way "
            "for all services, to at most N pixels a side (uniform:N).",
        ),
    ),
)

how_the_model_answers = Section(
    "How the model answers (default: the vendor's, as nothing is sent)",
    (
        params_flag("--max-tokens", type=COUNT, help="Output tokens at most, reasoning included."),
        params_flag("--temperature", type=click.FloatRange(min=0), help="Randomness of sampling; 0 is the least."),
        params_flag("--top-p", type=click.FloatRange(0, 1), help="Nucleus sampling, from 0 to 1."),
        # Not split at commas: a comma may be what the model is to stop at.
        params_flag(
            "--stop",
            multiple=True,
            callback=require_texts,
            help="A text at which the model stops writing; may be given several times.",
        ),
        params_flag(
            "--effort",
            metavar="WORD",
            callback=require_text,
            help="How much to reason, in the vendor's word: low, medium, high, …",
        ),
        params_flag(
            "--thinking-budget",
            type=click.IntRange(min=-1),
            help="Tokens for reasoning, where the service takes a number; 0: none, -1: the model decides (Gemini).",
        ),
        # Not --seed, which draws the probes on this machine.
        params_flag("--model-seed", "seed", type=int, help="The seed of the model's sampling."),
        params_flag(
            "--system", metavar="TEXT", callback=require_text, help="Instructions, separate from the user's message."
        ),
        params_flag(
            "--image-detail",
            metavar="WORD",
            callback=require_text,
            help="How closely the model looks at images, in the vendor's word: low, high, …",
        ),
        params_flag(
            "--logprobs",
            type=click.IntRange(min=0, max=20),  # because the vendors' interfaces stop at 20
            metavar="N",
            help="Record the log probability of each token, and of N alternatives to it.",
        ),
        params_flag(
            "--extra",
            multiple=True,
            metavar="NAME=JSON",
            callback=parse_extra,
            help="Another field of the request's body, as the service names it.",
        ),
    ),
)

how_the_service_is_asked = Section(
    "How the service is asked",
    (
        shared.base_url_flag,
        shared.wire_flag,
        limits_flag(
            "--concurrency",
            type=click.IntRange(min=1, max=1024),  # because each call has a connection; see raise_file_limit
            help="Calls at the same time, at most [starts with 16 and adapts, up to 64].",
        ),
        limits_flag("--rpm", type=ABOVE_0, help="Calls per minute, at most [learned from the service]."),
        limits_flag("--tpm", type=ABOVE_0, help="Tokens per minute, at most, input and output [learned]."),
        limits_flag("--input-tpm", type=ABOVE_0, help="Input tokens per minute, at most [learned]."),
        limits_flag("--output-tpm", type=ABOVE_0, help="Output tokens per minute, at most [learned]."),
        # As long as the vendors' own SDKs wait: a model that reasons may take minutes.
        job_flag("--timeout", type=ABOVE_0, default=600.0, show_default=True, help="Seconds for one call, at most."),
        job_flag("--offline", is_flag=True, help="Make no calls; list what is missing in the cache."),
        shared.config_flag,
    ),
)

# Apart from the rates: they say how fast to ask, these when to stop.
budget = Section(
    "Budget of this command",
    (
        job_flag("--max-cost", type=ABOVE_0, metavar="USD", help="Stop before the calls cost more."),
        job_flag("--max-tokens-total", type=COUNT, help="Stop before the calls take more tokens, input and output."),
    ),
)

how_answers_are_read = Section("How answers are read", (shared.extractor_flag, *shared.judge_flags.flags))

where_the_run_is_kept = Section(
    "The run",
    (
        job_flag("--name", help="The run's name. With the name of an unfinished run, that run continues."),
        job_flag(
            "--retry",
            multiple=True,
            callback=parse_outcomes,
            metavar="OUTCOME",
            help="Ask again only the samples with this outcome (truncated, empty, …) in the latest run of this job; "
            "use with --max-tokens.",
        ),
        shared.runs_flag,
        shared.cache_flag,
    ),
)


def job_flags(command: Command) -> Command:
    """Add all flags that describe a Job."""
    sections = (
        what_is_asked,
        how_the_model_answers,
        how_the_service_is_asked,
        budget,
        how_answers_are_read,
        where_the_run_is_kept,
    )
    for section in reversed(sections):  # because click puts the options of the last decorator first
        command = section(command)
    return command


def build_job(benchmark: str, values: dict[str, Any]) -> Job:
    """Return the Job that the flags describe: each fills the field of its name."""
    # Here, so that a help page does not load what runs a Job.
    from mmra_api.runs import Job

    return Job(
        benchmark=benchmark,
        params=Params(**take_fields(values, "params")),
        limits=RateLimits(**take_fields(values, "limits")),
        **take_fields(values, "job"),
    )
