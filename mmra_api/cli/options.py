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


def refuse_blank(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty text, as of a variable that is not set: it would be passed over."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty: leave the flag out, or give a value")
    return value


def address_options(command: Command) -> Command:
    """Add ``--base-url`` and ``--wire``."""
    wire = click.option(
        "--wire",
        metavar="FORMAT",
        callback=refuse_blank,
        help="The wire format to speak there: openai_chat, openai_responses, …",
    )
    return click.option(
        "--base-url",
        metavar="URL",
        callback=refuse_blank,
        help="Another address that speaks the service's format; needs no key.",
    )(wire(command))


EXTRACTORS_HELP = "How answers are read: rules, strict (only explicit forms), or official (the MMRA demo's own rule)."


def judge_options(command: Command) -> Command:
    """Add ``--judge``, ``--judge-all`` and ``--judge-base-url``."""
    judge = click.option(
        "--judge", metavar="SERVICE/ID", help="A model that reads what no rule could: no images, no gold."
    )
    everything = click.option(
        "--judge-all", is_flag=True, help="Let it read every reply, to compare; rules keep the word."
    )
    address = click.option(
        "--judge-base-url", metavar="URL", callback=refuse_blank, help="Another address for the judge."
    )
    return judge(everything(address(command)))


def split_names(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Turn ``--flag A,B --flag C`` into ("A", "B", "C"), each once, in order."""
    return tuple(dict.fromkeys(name.strip() for text in value for name in text.split(",") if name.strip()))
