"""What a service says of a parameter that it rejects → the flag that the parameter came by.

The names to look for are those of the wire format's table; which of them was sent is read off the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from mmra_api.providers.wires import FLAGS, Body, Fields, dicts, map_names, name_params, to_snake

PHRASES = (
    ("system role", "system"),
    ("system message", "system"),
    ("support 'system'", "system"),
    ("developer instruction", "system"),
    ("thinking mode", "thinking_budget"),
    ("thinking.type.enabled", "thinking_budget"),
    ("request logprobs", "logprobs"),
)
"""How services reject a parameter without naming its field."""
NO_REJECTION = ("limit was reached", "prompt contains", "tokens in your prompt", "flagged", "blocked", "unsafe")
"""Words about the question or the reply, not about a parameter that is not taken: another sample may do better."""
QUESTION = frozenset({"messages", "input", "contents"})
"""Where the question stands: what is said of a place there is about no field of the user's own."""
PLAIN = frozenset({"temperature", "logprobs", "seed", "effort"})
"""Words that mean a parameter wherever they are the subject of a sentence; no image or question is said to have one."""


def find_flag(
    error: Mapping[str, Any],
    said: str,
    sent: Body,
    fields: Fields,
    extra: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """Return the flag whose parameter a service rejects, or nothing: only one that was sent can be meant.

    ``sent`` is the body, ``fields`` the wire format's table with the service's names, ``extra`` what the user put in
    beside it. OpenAI names the field in ``param``; the others in the message, in quotes, or as a word that means
    nothing else.
    """
    if any(hint in said.casefold() for hint in NO_REJECTION):
        return ""
    everywhere = {name: FLAGS[param] for name, param in map_names().items()}
    known = everywhere | {name: FLAGS[param] for name, param in name_params(fields).items()}
    path = re.split(r"[.\[\]]+", str(error.get("param") or ""))
    flags = _list_flags(sent, known, {} if path[0] in QUESTION else extra)
    asked = set(flags.values())
    if any(message.get("role") == "system" for message in dicts(sent.get("messages"))):
        asked.add(FLAGS["system"])
    for words, param in PHRASES:
        if FLAGS[param] in asked and words in said.casefold():
            return FLAGS[param]
    # Names of other formats too, because some services name another field than they take.
    aliases = {name: flag for name, flag in everywhere.items() if flag in asked}
    flags = aliases | flags
    named = path[-1]
    if named and named not in flags:
        return ""
    # A longer name first, because it may hold a shorter one; flags before fields of the user's own.
    for name in sorted(flags, key=lambda name: (flags[name].startswith("--extra"), -len(name))):
        if name == named or _mentions(said, name):
            return flags[name]
    return ""


def _list_flags(sent: Body, known: Mapping[str, str], extra: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a body, at any depth, and the flag that each came by; not those that every body has."""
    flags = {name: known.get(name) or known.get(to_snake(name), "") for name in _names(sent)}
    question = set(_names([value for name, value in sent.items() if name in QUESTION]))
    ours = question | {name for name in sent if not flags[name] and name not in extra}
    for whole, value in extra.items():
        flags |= {name: f"--extra {whole}" for name in _names(value) if name not in ours} | {whole: f"--extra {whole}"}
    return {name: flag for name, flag in flags.items() if flag}


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
