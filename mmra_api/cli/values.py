"""The texts of flags → values, or the reason why they are none."""

from __future__ import annotations

import json
from typing import Any, get_args

import click

from mmra_api.cli.options import split_names
from mmra_api.types import UNREAD, Setting

SETTINGS = get_args(Setting)
RETRIED = UNREAD
SHOWN = 200
"""Characters of a text that are shown."""


def check_settings(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Split a list of settings, in any case, and refuse unknown ones."""
    names = tuple(name.upper() for name in split_names(ctx, param, value))
    unknown = [name for name in names if name not in SETTINGS]
    if unknown or not names:
        raise click.BadParameter(f"{', '.join(unknown) or 'empty'}: choose from {', '.join(SETTINGS)}")
    return names


def check_outcomes(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Split a list of outcomes, and refuse those that asking again cannot mend."""
    names = split_names(ctx, param, value)
    unknown = [name for name in names if name not in RETRIED]
    if unknown or (value and not names):
        raise click.BadParameter(f"{', '.join(unknown) or 'empty'}: choose from {', '.join(RETRIED)}")
    return names


def refuse_empty(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse an empty text among several; one of blanks or line ends may be meant."""
    if not all(value):
        raise click.BadParameter("it is empty: leave the flag out, or give a text")
    return value


def parse_extra(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> dict[str, Any]:
    """Turn ``name=json`` into fields; what is no JSON is a text, but not where it begins as JSON does."""
    fields: dict[str, Any] = {}
    for text in value:
        name, equals, given = text.partition("=")
        if not name.strip() or not equals:
            raise click.BadParameter(f"{text!r}: write NAME=VALUE, for example service_tier=flex")
        if name.strip() in fields:
            raise click.BadParameter(f"{name.strip()!r} is given twice: put both into one object")
        fields[name.strip()] = _read_value(text, given)
    return fields


def _read_value(text: str, given: str) -> Any:
    try:
        value = json.loads(given)
    except (ValueError, RecursionError) as error:
        if given.lstrip().startswith(("{", "[", '"')):
            raise click.BadParameter(
                f"{text[:SHOWN]!r}: its value begins as JSON and is none: {error}; put all of it into single quotes, "
                "which keep the double ones from the shell"
            ) from error
        return given
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:  # NaN, half of a surrogate pair, nested too deeply
        raise click.BadParameter(f"{text[:SHOWN]!r}: it holds what JSON cannot: {error}") from error
    return value
