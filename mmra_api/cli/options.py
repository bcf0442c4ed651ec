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


def split_names(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Turn ``--flag A,B --flag C`` into ("A", "B", "C"), each once, in order."""
    return tuple(dict.fromkeys(name.strip() for text in value for name in text.split(",") if name.strip()))
