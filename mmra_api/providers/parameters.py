"""Flags and bodies: what a format has no place for, fields of the user's own, and the flag of a rejected field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mmra_api.errors import InputError
from mmra_api.providers.base import Body

WHOLE = ("stream", "background")
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
    "logprobs": "--logprobs",
    "top_logprobs": "--logprobs",
    "response_logprobs": "--logprobs",
    "instructions": "--system",
    "system": "--system",
    "system_instruction": "--system",
}
"""Fields of bodies, in snake case, and the flag that each comes from."""


def refuse(wire: str, asked: Mapping[str, object]) -> None:
    """Raise InputError where something is asked for that a wire format has no place for: nothing is dropped."""
    for flag, value in asked.items():
        if value not in (None, (), ""):
            raise InputError(f"{flag} cannot be sent in {wire}: leave it out")


def merge_extra(body: Body, extra: Mapping[str, Any], place: str = "") -> Body:
    """Return a body with the user's own fields. Raises InputError for a field that the body has already."""
    merged = dict(body)
    for name, value in extra.items():
        if not place and name in WHOLE and value:
            raise InputError(f"--extra {name}: a reply is read whole, when it is there: leave it out")
        if isinstance(value, dict) and isinstance(merged.get(name), dict):
            merged[name] = merge_extra(merged[name], value, f"{place}{name}.")
        elif name in merged:
            raise InputError(f"--extra {place}{name}: the body has it already; use the flag for it, if there is one")
        else:
            merged[name] = value
    return merged


def find_flag(error: Mapping[str, Any], said: str, body: Body, plain: Body) -> str:
    """Return the flag whose parameter a service rejects, or nothing: only one that was sent can be meant.

    ``plain`` is the body of a request without parameters: what it has is nobody's flag. OpenAI names the field in
    ``param``; the others in the message, in quotes, or as a word that means nothing else.
    """
    ours = set(_names(plain))
    flags = {
        name: FLAGS.get(_snake(name)) or f"--extra {name}"
        for name in _names(body)
        if _snake(name) in FLAGS or name not in ours
    }
    asked = set(flags.values())
    aliases = {name: flag for name, flag in FLAGS.items() if flag in asked}  # some name another field than they take
    flags = aliases | flags
    named = re.split(r"[.\]]", str(error.get("param") or ""))[-1]
    for name in sorted(flags, key=lambda name: (name not in FLAGS and _snake(name) not in FLAGS, -len(name))):
        if name == named or _mentions(said, name):
            return flags[name]
    return ""


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)


def _mentions(said: str, name: str) -> bool:
    """Return whether a message means a field: any form of a name of several words, but a plain word only in quotes, as
    the end of a path, or beside the word parameter."""
    snake = _snake(name)
    parts = snake.split("_")
    camel = parts[0] + "".join(map(str.capitalize, parts[1:]))
    words = "|".join(map(re.escape, {name, snake, camel, " ".join(parts)}))
    if len(parts) > 1 or name in {"temperature", "logprobs"}:
        return re.search(rf"(?<!\w)({words})(?!\w)", said, re.IGNORECASE) is not None
    quoted = rf"[`'\"]([\w.\[\]]*\.)?({words})(\.[\w.]+)?[`'\"]"
    beside = rf"\b(parameter|argument|field|key):? ({words})\b|\b({words}) (parameter|argument|field)\b"
    ends = rf"^({words})[:.]|not supported[\w ]*: ({words})$"
    return re.search(f"{quoted}|{beside}|{ends}", said) is not None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
