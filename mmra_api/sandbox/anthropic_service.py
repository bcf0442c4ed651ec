"""A Rejection, a request id, a wait or limits in; Anthropic's errors and headers out.

Source of the statuses and headers: Anthropic's API reference (Errors, Rate limits); of a used-up balance's status 400,
where the reference has 402: reports of users, such as anthropics/claude-code#66314; of unknown fields: amrit110/oli#7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil, floor
from time import time
from typing import Any, get_args

from mmra_api.sandbox.anthropic_body import Effort, MediaType, Role
from mmra_api.sandbox.decode_body import reject
from mmra_api.sandbox.token_bucket import BucketLevel
from mmra_api.sandbox.wire import Ask, Pause, Rejection
from mmra_api.types import FailureKind

ERRORS: dict[FailureKind, tuple[int, str]] = {
    "bad_request": (400, "invalid_request_error"),
    "authentication": (401, "authentication_error"),
    # With the status and type of a bad request: only WORDS tell the two apart.
    "quota": (400, "invalid_request_error"),
    "permission": (403, "permission_error"),
    "not_found": (404, "not_found_error"),
    "too_large": (413, "request_too_large"),
    "rate_limit": (429, "rate_limit_error"),
    "server": (500, "api_error"),
    "overloaded": (529, "overloaded_error"),
}
"""Kind to status and type."""
WORDS: Mapping[FailureKind, str] = {"quota": "Your credit balance is too low to access the Anthropic API"}
"""What alone tells a failure from others of its status and type."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "effort": get_args(Effort),
    "media_type": get_args(MediaType),
    "role": get_args(Role),
}
"""Fields of few values, which the service lists."""
ORDERS = {"<=": "less", ">=": "greater"}
KINDS = {"int": "integer", "float": "number", "str": "string", "array": "list", "object": "dictionary"}
"""JSON types in pydantic's words."""


def render_error(rejection: Rejection, request_id: str) -> tuple[int, dict[str, Any]]:
    """The status and the body of an error."""
    status, kind = ERRORS[rejection.kind]
    words = WORDS.get(rejection.kind)
    error = {"type": kind, "message": f"{words} ({rejection.message})" if words else rejection.message}
    return status, {"type": "error", "error": error, "request_id": request_id}


def refuse_images(ask: Ask) -> Rejection:
    """What the service says to images for a model without eyes."""
    place = ask.first_picture
    return reject(f"{place}: the model {ask.model!r} does not support image input", place)


def refuse_unknown(name: str, place: str) -> Rejection:
    """What the service says to a field that it does not know: pydantic's words, and its way to write a place."""
    whole = re.sub(r"\[(\d+)\]", r".\1", f"{place}.{name}" if place else name)
    return reject(f"{whole}: Extra inputs are not permitted", whole)


def refuse_misfit(message: str, place: str) -> Rejection:
    """What the service says to a value that does not fit, given msgspec's message: pydantic's words again."""
    # msgspec has three forms here; a word outside a Literal ("Invalid enum value") is known by fitting none of them.
    missing = re.fullmatch(r"Object missing required field `(.*)`", message)
    # A bound has no `, got ...` behind it, which is what tells it from a mistaken type.
    beyond = re.fullmatch(r"Expected `\w+` (<=|>=) ([\d.]+)", message)
    mistaken = re.fullmatch(r"Expected `(.*)`, got `.*`", message)
    names = [each for each in (place, missing[1] if missing else "") if each]
    # msgspec writes messages[0].content, pydantic messages.0.content.
    whole = re.sub(r"\[(\d+)\]", r".\1", ".".join(names))
    choices = CHOICES.get(whole.rpartition(".")[2], ())
    if missing:
        words = "Field required"
    elif beyond:
        # msgspec writes the bound of a float as 1.0, pydantic as 1.
        words = f"Input should be {ORDERS[beyond[1]]} than or equal to {float(beyond[2]):g}"
    elif choices and not mistaken:
        words = f"Input should be {', '.join(map(repr, choices[:-1]))} or {choices[-1]!r}"
    else:
        # msgspec says `int | null` of an optional field; pydantic does not speak of null.
        kind = mistaken[1].partition(" | ")[0] if mistaken else ""
        words = f"Input should be a valid {KINDS.get(kind, kind)}" if mistaken else message
    return reject(f"{whole}: {words}" if whole else words, whole or None)


def tell_id(request_id: str) -> dict[str, str]:
    """The header that names the call."""
    return {"request-id": request_id}


def tell_pause(pause: Pause) -> dict[str, str]:
    """The wait in seconds or as a date; a limit's in whole seconds, rounded up."""
    if pause.form == "limit":
        return {"retry-after": str(ceil(pause.seconds))}
    return {"retry-after": pause.date if pause.form == "date" else f"{pause.seconds:g}"}


def tell_limits(levels: Mapping[str, BucketLevel]) -> dict[str, str]:
    """The headers about requests and tokens; ``reset`` is the time when all is there again, rounded up to a second."""
    told: dict[str, str] = {}
    for unit, level in levels.items():
        reset = datetime.fromtimestamp(ceil(time() + level.until_full), UTC)
        told[f"anthropic-ratelimit-{unit}-limit"] = str(level.per_minute)
        # Below zero after a call that was larger than the bucket; no service tells a negative number.
        told[f"anthropic-ratelimit-{unit}-remaining"] = str(max(0, floor(level.left)))
        told[f"anthropic-ratelimit-{unit}-reset"] = f"{reset:%Y-%m-%dT%H:%M:%SZ}"
    return told
