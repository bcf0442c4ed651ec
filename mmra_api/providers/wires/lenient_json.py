"""What services send → values that can be relied on: lenient about JSON, strict about shapes."""

from __future__ import annotations

import codecs
import json
import math
import re
from typing import Any

import msgspec

from mmra_api.errors import CallError
from mmra_api.types import TokenLogprob

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LENIENT = json.JSONDecoder(
    strict=False, parse_constant=lambda _: None, parse_int=lambda digits: int(digits) if len(digits) < 1000 else None
)
COMMENTS = re.compile(r"\A(?:\s*:[^\n]*(?:\n|\Z))+")
"""Lines by which a gateway keeps a connection open while it waits, as in event streams."""
EVENTS = ("data:", "event:", "id:", "retry:")
"""What the lines of a stream of events begin with."""


def read_json(content: bytes) -> Any:
    """Return the JSON of a reply, leniently, because the reply was paid for.

    Raises ValueError where it is none, RecursionError where it is nested too deeply.

    Read are also what servers send against the standard: a byte order mark, UTF-16, NaN, raw control characters, bytes
    that are not UTF-8 and halves of surrogate pairs (both become replacement marks), and what follows an object.
    """
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        coding = "utf-16" if content.startswith(UTF_16) else "utf-8-sig"
        text = content.decode(coding, "replace")
    text = COMMENTS.sub("", text).strip()
    found, end = LENIENT.raw_decode(text)
    if end < len(text) and not text.startswith("{"):
        raise ValueError("it only begins like JSON")
    return _mend(found)


def is_stream(content: bytes) -> bool:
    """Return whether a server streams its reply as events, though nobody asked for it."""
    return COMMENTS.sub("", content.decode("utf-8-sig", "replace")).lstrip().startswith(EVENTS)


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mend(item) for item in value]
    if isinstance(value, dict):
        return {_mend(name): _mend(item) for name, item in value.items()}
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return float(value) if abs(value) < 10**300 else None  # what the store's JSON cannot hold
    return None if isinstance(value, float) and not math.isfinite(value) else value


def read_text(content: Any) -> str:
    """Return a text of a reply; nothing where there is none. Some wrap it in an object.

    Raises CallError ``unreadable`` for a text of another type: to take it for none would lose an answer.
    """
    found = content.get("value", content.get("text")) if isinstance(content, dict) else content
    if found is not None and not isinstance(found, str):
        raise unreadable(f"a text of type {type(found).__name__}")
    return found or ""


def read_parts(content: Any) -> list[dict[str, Any]]:
    """Return the parts of a content: a string is a part of type text, and so is each string of a list.

    Raises CallError ``unreadable`` for anything else.
    """
    found = content if isinstance(content, list) else [content]
    for part in found:
        if not isinstance(part, dict | str | None) or (
            part is content and isinstance(part, dict) and "text" not in part
        ):
            raise unreadable(f"a text of type {type(part).__name__}")
    return [{"type": "text", "text": part} if isinstance(part, str) else part for part in found if part]


def read_aside(value: Any) -> str:
    """Return a text, or the texts of a list, that stand beside the answer; nothing for what is none.

    It must not cost the answer.
    """
    pieces = value if isinstance(value, list) else [value]
    texts = (piece.get("text") if isinstance(piece, dict) else piece for piece in pieces)
    return "".join(text for text in texts if isinstance(text, str))


def read_count(value: Any) -> int | None:
    """Return a number of tokens, or None for what cannot be one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def dicts(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; none for what is no list."""
    return [item for item in as_list(value) if isinstance(item, dict)]


def as_dict(value: Any) -> dict[str, Any]:
    """Return an object; an empty one for what is none."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return a list; an empty one for what is none."""
    return value if isinstance(value, list) else []


def of_type(value: Any, kind: str) -> list[dict[str, Any]]:
    """Return the objects of a list whose ``type`` is of a kind."""
    return [item for item in dicts(value) if item.get("type") == kind]


def read_logprob(found: dict[str, Any], field: str, top: Any) -> TokenLogprob | None:
    """Return a token, its log probability from the field of that name, and others at its place; None without one."""
    number = _read_number(found.get(field))
    if number is None:
        return None
    others = {str(each.get("token")): _read_number(each.get(field)) for each in dicts(top)}
    likely = {name: value for name, value in others.items() if value is not None}
    return TokenLogprob(token=str(found.get("token") or ""), logprob=number, top=likely)


def _read_number(value: Any) -> float | None:
    """Return a number that is a log probability, or None for what cannot be one."""
    usual = isinstance(value, int | float) and not isinstance(value, bool) and -1e9 < value < 1e9
    return float(value) if usual else None


def require_list(body: dict[str, Any], name: str) -> list[Any]:
    """Return the list that a reply is about. Raises CallError ``unreadable`` where there is none."""
    found = body.get(name)
    if not isinstance(found, list):
        raise lacking(body, name)
    return found


def require_first(body: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the first object of the list that a reply is about; raises as ``require_list`` where there is none."""
    found = require_list(body, name)
    if not found or not isinstance(found[0], dict):
        raise lacking(body, name)
    return found[0]


def lacking(body: dict[str, Any], name: str) -> CallError:
    """Return the error for a reply without what it is about."""
    return unreadable(f"no {name} among the fields {', '.join(map(str, body)) or '(none)'}")


def unreadable(what: str) -> CallError:
    """Return the error for a reply whose JSON has an unknown shape."""
    return CallError("unreadable", f"the reply cannot be understood: {what}")
