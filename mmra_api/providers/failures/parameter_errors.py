"""A service's refusal → the flag whose parameter it rejects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from mmra_api.errors import InputError
from mmra_api.providers.wires import FLAGS, Body, dicts, to_snake
from mmra_api.types import Image, Params, Request

PHRASES = (
    ("system role", "--system"),
    ("system message", "--system"),
    ("support 'system'", "--system"),
    ("developer instruction", "--system"),
    ("thinking mode", "--thinking-budget"),
    ("thinking.type.enabled", "--thinking-budget"),
    ("request logprobs", "--logprobs"),
)
"""How services reject a parameter without naming its field."""
NO_REJECTION = ("limit was reached", "prompt contains", "tokens in your prompt", "flagged", "blocked", "unsafe")
"""Words about the question or the reply, not about a parameter that is not taken."""
BARE = Request(parts=("", Image(digest="", media_type="image/png", width=1, height=1, size=0)))
"""A request without parameters: an empty text and an empty image."""
EXAMPLES: Mapping[str, Params] = {
    "--max-tokens": Params(max_tokens=64),
    "--temperature": Params(temperature=0.5),
    "--top-p": Params(top_p=0.5),
    "--stop": Params(stop=("END",)),
    "--effort": Params(effort="low"),
    "--thinking-budget": Params(thinking_budget=64),
    "--model-seed": Params(seed=7),
    "--system": Params(system="Be brief."),
    "--image-detail": Params(image_detail="low"),
    "--logprobs": Params(logprobs=3),
}
"""Each flag with a value, to see what a wire format makes of it."""
MESSAGES = frozenset({"messages", "input", "contents"})
"""Where the question stands: what is said of a place there is about no field of the user's own."""
PLAIN = frozenset({"temperature", "logprobs", "seed", "effort"})
"""Words that mean a parameter wherever they are the subject of a sentence."""


def find_flag(
    error: Mapping[str, Any],
    said: str,
    sent: Body,
    encode: Callable[[Request], Body],
    extra: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """Return the flag whose parameter a service rejects, or nothing: only one that was sent can be meant.

    ``sent`` is the body, ``encode`` the wire format, ``extra`` what the user put in beside it. OpenAI names the field
    in ``param``; the others in the message, in quotes, or as a word that means nothing else.
    """
    if any(hint in said.casefold() for hint in NO_REJECTION):
        return ""
    path = re.split(r"[.\[\]]+", str(error.get("param") or ""))
    flags = _list_flags(sent, encode, {} if path[0] in MESSAGES else extra)
    asked = set(flags.values())
    if any(message.get("role") == "system" for message in dicts(sent.get("messages"))):
        asked.add("--system")
    for words, flag in PHRASES:
        if flag in asked and words in said.casefold():
            return flag
    aliases = {name: flag for name, flag in FLAGS.items() if flag in asked}  # some name another field than they take
    flags = aliases | flags
    named = path[-1]
    if named and named not in flags:
        return ""
    for name in sorted(flags, key=lambda name: (flags[name].startswith("--extra"), -len(name))):
        if name == named or _mentions(said, name):
            return flags[name]
    return ""


def _list_flags(sent: Body, encode: Callable[[Request], Body], extra: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a body, at any depth, and the flag that each came by; not those that every body has."""
    ours, known = set(_names(encode(BARE))), FLAGS | map_fields(encode)
    flags = {name: known.get(name) or known.get(to_snake(name), "") for name in _names(sent)}
    for whole, value in extra.items():
        flags |= {name: f"--extra {whole}" for name in _names(value) if name not in ours} | {whole: f"--extra {whole}"}
    return {name: flag for name, flag in flags.items() if flag}


def map_fields(encode: Callable[[Request], Body]) -> dict[str, str]:
    """Return the fields that one flag alone brings into a body, and that flag; one that is refused brings none."""
    plain = set(_names(encode(BARE)))
    found: dict[str, set[str]] = {}
    for flag, params in EXAMPLES.items():
        with suppress(InputError):
            for name in set(_names(encode(replace(BARE, params=params)))) - plain:
                found.setdefault(name, set()).add(flag)
    return {name: flag for name, flags in found.items() for flag in flags if len(flags) == 1}


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
    snake = to_snake(name)
    parts = snake.split("_")
    camel = parts[0] + "".join(map(str.capitalize, parts[1:]))
    words = "|".join(map(re.escape, {name, snake, camel, " ".join(parts), "-".join(parts)}))
    if len(parts) > 1:
        return re.search(rf"(?<!\w)({words})(?!\w)", said, re.IGNORECASE) is not None
    states = rf"(?<!\w)({words})[`'\"]? ?(?::|is|are|must|may|can|cannot|does|do|should|has|value|parameter)(?!\w)"
    if name in PLAIN and re.search(states, said, re.IGNORECASE):
        return True
    quoted = rf"[`'\"]([\w.\[\]]*\.)?({words})(\.[\w.]+)?[`'\"]"
    listed = rf"\b(parameter|argument|field|key)s?(?: supplied)?:? (?:[\w.]+, )*({words})\b"
    beside = rf"{listed}|\b({words}) (parameter|argument|field)\b"
    ends = rf"^({words})[:.]|not supported[\w ]*: ({words})$"
    return re.search(f"{quoted}|{beside}|{ends}", said) is not None
