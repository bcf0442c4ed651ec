"""Flags and bodies: what a format has no place for, fields of the user's own, and the flag of a rejected field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mmra_api.errors import InputError
from mmra_api.providers.base import Body
from mmra_api.providers.reading import dicts

WHOLE = ("stream", "background", "n", "candidateCount", "candidate_count")
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


PHRASES = (
    ("system role", "--system"),
    ("system message", "--system"),
    ("support 'system'", "--system"),
    ("developer instruction", "--system"),
    ("thinking mode", "--thinking-budget"),
    ("request logprobs", "--logprobs"),
)
"""How services reject a parameter without naming its field."""
NO_REJECTION = ("limit was reached",)
"""Words of a reply that was cut, not of a parameter that is not taken."""


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
    if isinstance(value, dict):
        for inner, deeper in value.items():
            _check_whole(inner, deeper, f"{place}{name}.")
    elif name in WHOLE and (value is True or value not in (None, False, 1)):
        raise InputError(f"--extra {place}{name}: one whole reply is read: leave it out; --trials asks several times")


def _as(twin: str, name: str) -> str:
    return "" if twin == name else f", as {twin!r}"


def _means_same(one: str, other: str) -> bool:
    """Return whether two fields are the same in other letters, or come from the same flag."""
    flag = FLAGS.get(_snake(one))
    return _snake(one) == _snake(other) or (flag is not None and flag == FLAGS.get(_snake(other)))


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
    if any(message.get("role") == "system" for message in dicts(body.get("messages"))):
        asked.add("--system")
    aliases = {name: flag for name, flag in FLAGS.items() if flag in asked}  # some name another field than they take
    flags = aliases | flags
    named = re.split(r"[.\]]", str(error.get("param") or ""))[-1]
    if any(hint in said for hint in NO_REJECTION) or (named and named not in flags):
        return ""
    for words, flag in PHRASES:
        if flag in asked and words in said.casefold():
            return flag
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
    words = "|".join(map(re.escape, {name, snake, camel, " ".join(parts), "-".join(parts)}))
    if len(parts) > 1:
        return re.search(rf"(?<!\w)({words})(?!\w)", said, re.IGNORECASE) is not None
    states = rf"(?<!\w)({words})[`'\"]? ?(?::|is|are|must|may|can|cannot|does|do|should|has|value|parameter)(?!\w)"
    if name in {"temperature", "logprobs"} and re.search(states, said, re.IGNORECASE):
        return True
    quoted = rf"[`'\"]([\w.\[\]]*\.)?({words})(\.[\w.]+)?[`'\"]"
    beside = rf"\b(parameter|argument|field|key):? ({words})\b|\b({words}) (parameter|argument|field)\b"
    ends = rf"^({words})[:.]|not supported[\w ]*: ({words})$"
    return re.search(f"{quoted}|{beside}|{ends}", said) is not None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
