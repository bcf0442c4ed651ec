"""Flags that several commands share. Each is a decorator."""

from __future__ import annotations

from pathlib import Path

import click

from mmra_api.cli.flags.flag import Section, job_flag
from mmra_api.cli.flags.values import require_text

# Here once, because a limit of 0 would wait for ever.
ABOVE_0 = click.FloatRange(min=0, min_open=True)
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
ANY_PATH = click.Path(path_type=Path)

runs_flag = job_flag("--runs", type=FOLDER, help="The folder that holds runs [MMRA_RUNS, else ./runs].")
cache_flag = job_flag(
    "--cache",
    type=FOLDER,
    help="The folder of stored replies [MMRA_CACHE, else ./cache in a checkout, else the user's data folder].",
)
config_flag = job_flag(
    "--config", type=FILE, help="Your services, limits and prices [MMRA_CONFIG, else ./mmra.toml if it exists]."
)
extractor_flag = job_flag(
    "--extractor",
    default="rules",
    show_default=True,
    help="How answers are read: rules, strict (only explicit forms), or official (the MMRA demo's own rule).",
)
base_url_flag = job_flag(
    "--base-url",
    metavar="URL",
    callback=require_text,
    help="Another address that speaks the service's format; it needs no key.",
)
wire_flag = job_flag(
    "--wire",
    metavar="FORMAT",
    callback=require_text,
    help="The wire format to use there: openai_chat, openai_responses, …",
)
address_flags = Section("Address", (base_url_flag, wire_flag))

judge_flag = job_flag(
    "--judge", metavar="SERVICE/ID", help="A model that reads what no rule could read. It sees no images and no gold."
)
judge_all_flag = job_flag(
    "--judge-all", is_flag=True, help="The judge reads every reply, to compare; what rules have read stands."
)
judge_base_url_flag = job_flag(
    "--judge-base-url", metavar="URL", callback=require_text, help="Another address for the judge."
)
judge_flags = Section("Judge", (judge_flag, judge_all_flag, judge_base_url_flag))
