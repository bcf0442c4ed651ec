"""A format's table of fields: a parameter of ours → where it stands in the body, and what it looks like there.

Everything about a parameter follows from its rows: what is sent, what is rejected because it has no place, which flag
a service's error is about, and the tables of the documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from mmra_api.errors import InputError
from mmra_api.providers.wires.body import Body
from mmra_api.types import Params

FLAGS: Mapping[str, str] = {
    "max_tokens": "--max-tokens",
    "temperature": "--temperature",
    "top_p": "--top-p",
    "stop": "--stop",
    "effort": "--effort",
    "thinking_budget": "--thinking-budget",
    "seed": "--model-seed",  # because --seed draws the probes and the baselines
    "system": "--system",
    "image_detail": "--image-detail",
    "logprobs": "--logprobs",
}
"""Each parameter, an attribute of ``Params``, and the flag that asks for it, which messages and documentation name."""

COMMON_WORDS = frozenset({"type", "level"})
"""Names that other objects of a body use as well: an error about one of them is not about a parameter of ours."""

Where: TypeAlias = Literal["body", "image", "system message"]
"""Where a path begins: at the body itself, at the part of each image, or at a message that stands before the user's."""


def as_it_is(value: Any) -> Any:
    """Return a value as JSON has it: a tuple is a list there."""
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)  # by position, because a table of rows is read as columns
class Field:
    """One row of a table: a parameter has one row, or several where the format spreads it over several fields."""

    param: str
    """The attribute of ``Params``."""
    path: str
    """Names from the outside in, with dots between them: ``generationConfig.maxOutputTokens``."""
    write: Callable[[Any], Any] = as_it_is
    """What is sent for a value that the user asked for; None sends nothing."""
    where: Where = "body"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names that are brought into a body by this row.

        Not those around an image's field: they are there without it. A message brings a role, and no name of its own.
        """
        names = tuple(self.path.split("."))
        return names if self.where == "body" else names[-1:] if self.where == "image" else ()


Fields: TypeAlias = tuple[Field, ...]
"""A format's table. Its order is the order in the body."""


def is_asked(value: object) -> bool:
    """Return whether a parameter is asked for; 0 is, None and what is empty are not."""
    return value not in (None, (), "")


def fill(frame: Body, fields: Fields, params: Params, where: Where = "body") -> Body:
    """Return a frame with the fields that are asked for at this place; a default that the frame holds is replaced."""
    filled = dict(frame)
    for field in fields:
        asked = getattr(params, field.param)
        if field.where == where and is_asked(asked):
            value = field.write(asked)
            if value is not None:
                _put(filled, field.path.split("."), value)
    return filled


def _put(body: Body, path: list[str], value: Any) -> None:
    *holders, name = path
    for holder in holders:
        # A copy, because the object may belong to the frame, which stays as it is.
        body[holder] = dict(body.get(holder, {}))
        body = body[holder]
    body[name] = value


def reject_unplaced(format_name: str, fields: Fields, params: Params) -> None:
    """Raise InputError where something is asked for that a format has no place for: nothing is dropped."""
    placed = {field.param for field in fields}
    for param, flag in FLAGS.items():
        if param not in placed and is_asked(getattr(params, param)):
            raise unplaced(format_name, flag)


def unplaced(format_name: str, asked: str) -> InputError:
    """Return the error for a flag, or a flag with its value, that a format has no place for."""
    return InputError(f"{asked} cannot be sent in {format_name}: leave it out")


def rename_fields(fields: Fields, renamed: Mapping[str, str]) -> Fields:
    """Return a table with the names of a service that calls fields of the body itself otherwise."""

    def rename(field: Field) -> Field:
        top, dot, rest = field.path.partition(".")
        return replace(field, path=renamed.get(top, top) + dot + rest)

    return tuple(rename(field) if field.where == "body" else field for field in fields)


def name_params(fields: Iterable[Field]) -> dict[str, str]:
    """Return the names of a table's fields, and the parameter that each is of.

    A name under which several parameters stand (``generationConfig``) tells nothing, and is left out.
    """
    params: dict[str, set[str]] = {}
    for field in fields:
        for name in field.names:
            params.setdefault(name, set()).add(field.param)
    return {name: min(of) for name, of in params.items() if len(of) == 1 and name not in COMMON_WORDS}
