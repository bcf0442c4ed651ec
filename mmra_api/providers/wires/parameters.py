"""Flags and bodies: what a format has no place for, and fields of the user's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from mmra_api.errors import InputError
from mmra_api.providers.wires.body import Body

SPLITTING = ("stream", "background", "n", "candidateCount", "candidate_count")
"""Fields that would bring something else than one whole reply."""
FLAGS: dict[str, str] = {
    "temperature": "--temperature",
    "top_p": "--top-p",
    "stop": "--stop",
    "stop_sequences": "--stop",
    "reasoning_effort": "--effort",
    "reasoning": "--effort",
    "effort": "--effort",
    "output_config": "--effort",
    "thinking_level": "--effort",
    "thinking": "--thinking-budget",
    "budget_tokens": "--thinking-budget",
    "thinking_budget": "--thinking-budget",
    "seed": "--model-seed",
    "random_seed": "--model-seed",
    "max_tokens": "--max-tokens",
    "max_completion_tokens": "--max-tokens",
    "max_output_tokens": "--max-tokens",
    "detail": "--image-detail",
    "media_resolution": "--image-detail",
    "include": "--logprobs",
    "logprobs": "--logprobs",
    "top_logprobs": "--logprobs",
    "response_logprobs": "--logprobs",
    "instructions": "--system",
    "system": "--system",
    "system_instruction": "--system",
}
"""Fields of bodies, in snake case, and the flag that each comes from."""


BUDGETS = frozenset(name for name, flag in FLAGS.items() if flag == "--max-tokens")
"""The names of the output budget, in snake case."""


def list_budgets(body: Mapping[str, Any], names: Collection[str] = ()) -> list[int]:
    """Return the output budgets of a body, at its top or in an object of settings there; ``names``: further ones."""
    settings = [body, *(item for name, item in body.items() if isinstance(item, dict) and name != "metadata")]
    found = [
        value for fields in settings for name, value in fields.items() if to_snake(name) in BUDGETS or name in names
    ]
    return [value for value in found if isinstance(value, int) and not isinstance(value, bool)]


def refuse(wire: str, asked: Mapping[str, object]) -> None:
    """Raise InputError where something is asked for that a wire format has no place for: nothing is dropped."""
    for flag, value in asked.items():
        if value not in (None, (), ""):
            raise InputError(f"{flag} cannot be sent in {wire}: leave it out")


def merge_extra(body: Body, extra: Mapping[str, Any], place: str = "") -> Body:
    """Return a body with the user's own fields. Raises InputError for a field that the body has already."""
    merged = dict(body)
    for name, value in extra.items():
        _check_whole(name, value, place)
        twin = next((other for other in merged if _means_same(other, name)), None)
        if twin == name and isinstance(value, dict) and isinstance(merged[name], dict):
            merged[name] = merge_extra(merged[name], value, f"{place}{name}.")
        elif twin is not None:
            raise InputError(
                f"--extra {place}{name}: the body has it already{_as(twin, name)}; use the flag for it, if there is one"
            )
        else:
            merged[name] = value
    return merged


def _check_whole(name: str, value: Any, place: str) -> None:
    """Raise InputError for a field that would bring something else than one whole reply."""
    if isinstance(value, dict) and to_snake(name) == "generation_config":
        for inner, deeper in value.items():
            _check_whole(inner, deeper, f"{place}{name}.")
    elif (
        name in SPLITTING
        and place in {"", "generationConfig.", "generation_config."}
        and (value is True or value not in (None, False, 1))
    ):
        raise InputError(f"--extra {place}{name}: one whole reply is read: leave it out; --trials asks several times")


def _as(twin: str, name: str) -> str:
    return "" if twin == name else f", as {twin!r}"


def _means_same(one: str, other: str) -> bool:
    """Return whether two fields are the same in other letters, or come from the same flag."""
    flag = FLAGS.get(to_snake(one))
    return to_snake(one) == to_snake(other) or (flag is not None and flag == FLAGS.get(to_snake(other)))


def to_snake(name: str) -> str:
    """Return a field's name in snake case."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
