"""Flags that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def runs_option(command: Command) -> Command:
    """Add ``--runs DIR``."""
    path = click.Path(path_type=Path, file_okay=False)
    return click.option("--runs", type=path, help="The folder that holds runs [MMRA_RUNS, else ./runs].")(command)


def cache_option(command: Command) -> Command:
    """Add ``--cache DIR``."""
    path = click.Path(path_type=Path, file_okay=False)
    return click.option(
        "--cache",
        type=path,
        help="The folder of stored replies [MMRA_CACHE, else ./cache in a checkout, else the user's data folder].",
    )(command)


EXTRACTORS_HELP = "How answers are read: rules, strict (only explicit forms), or official (the MMRA demo's own rule)."


def judge_options(command: Command) -> Command:
    """Add ``--judge``, ``--judge-all`` and ``--judge-base-url``."""
    judge = click.option(
        "--judge", metavar="SERVICE/ID", help="A model that reads what no rule could: no images, no gold."
    )
    everything = click.option(
        "--judge-all", is_flag=True, help="Let it read every reply, to compare; rules keep the word."
    )
    address = click.option("--judge-base-url", metavar="URL", help="Another address for the judge.")
    return judge(everything(address(command)))


def split_names(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Turn ``--flag A,B --flag C`` into ("A", "B", "C"), each once, in order."""
    return tuple(dict.fromkeys(name.strip() for text in value for name in text.split(",") if name.strip()))
