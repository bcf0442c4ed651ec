"""The texts of flags → values, or the reason why they cannot be used: callbacks for click."""

from __future__ import annotations

import json
from typing import Any, get_args

import click

from mmra_api.types import UNREAD, Setting

SETTINGS = get_args(Setting)
RETRIED = UNREAD
"""What asking again can change. A wrong answer is an answer: asking until it is right would be cheating."""
SHOWN = 200
"""Characters of a value that an error message repeats; a whole JSON object would hide the message."""


def split_names(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Turn ``--flag A,B --flag C`` into ("A", "B", "C"), each once, in order."""
    return tuple(dict.fromkeys(name.strip() for text in value for name in text.split(",") if name.strip()))


def parse_settings(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Split a list of settings, in any case. Raises click.BadParameter for unknown ones."""
    names = tuple(name.upper() for name in split_names(ctx, param, value))
    unknown = [name for name in names if name not in SETTINGS]
    if unknown or not names:
        raise click.BadParameter(f"{', '.join(unknown) or 'empty'}: choose from {', '.join(SETTINGS)}")
    return names


def parse_outcomes(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Split a list of outcomes. Raises click.BadParameter for those that asking again cannot change."""
    names = split_names(ctx, param, value)
    unknown = [name for name in names if name not in RETRIED]
    if unknown or (value and not names):
        raise click.BadParameter(f"{', '.join(unknown) or 'empty'}: choose from {', '.join(RETRIED)}")
    return names


def require_text(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Raise click.BadParameter for an empty text: a shell variable that is not set, which would be ignored silently."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty: leave the flag out, or give a value")
    return value


def require_texts(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Raise click.BadParameter for an empty text among several; one of blanks or line ends may be meant."""
    if not all(value):
        raise click.BadParameter("it is empty: leave the flag out, or give a text")
    return value


def parse_extra(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> dict[str, Any]:
    """Turn ``name=json`` into fields. What is not JSON is a text, unless it begins as JSON does."""
    fields: dict[str, Any] = {}
    for text in value:
        name, equals, given = text.partition("=")
        if not name.strip() or not equals:
            raise click.BadParameter(f"{text!r}: write NAME=VALUE, for example service_tier=flex")
        if name.strip() in fields:
            raise click.BadParameter(f"{name.strip()!r} is given twice: put both into one object")
        fields[name.strip()] = _parse_value(text, given)
    return fields


def _parse_value(text: str, given: str) -> Any:
    try:
        value = json.loads(given)
    except (ValueError, RecursionError) as error:
        if given.lstrip().startswith(("{", "[", '"')):  # because the shell has taken the quotes away, most likely
            raise click.BadParameter(
                f"{text[:SHOWN]!r}: the value begins like JSON but is not valid JSON: {error}; put all of it into "
                "single quotes, which keep the double quotes from the shell"
            ) from error
        return given
    try:
        # Tried now: else it would fail only when the first call is written.
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:  # NaN, half of a surrogate pair, nested too deeply
        raise click.BadParameter(f"{text[:SHOWN]!r}: it holds a value that JSON cannot hold: {error}") from error
    return value
