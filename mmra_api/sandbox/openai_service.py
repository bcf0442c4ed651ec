"""What OpenAI's two wire formats share: the key in; errors, headers, token odds and the price of an image out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil, floor
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta

from mmra_api.sandbox.decode_body import reject
from mmra_api.sandbox.logprobs import Step, Token
from mmra_api.sandbox.openai_limits import AZURE
from mmra_api.sandbox.pictures import read_image
from mmra_api.sandbox.token_bucket import BucketLevel
from mmra_api.sandbox.wire import Call, Pause, Picture, Rejection
from mmra_api.types import FailureKind, Image

Detail: TypeAlias = Literal["auto", "low", "high", "original"]
Tops: TypeAlias = Annotated[int, Meta(ge=0, le=20)]

CREATED = 1_767_225_600  # 2026-01-01 UTC: a clock would make two replies to the same body differ
ERRORS: dict[FailureKind, tuple[int, str, str | None]] = {
    "bad_request": (400, "invalid_request_error", None),
    "too_large": (413, "invalid_request_error", "request_too_large"),
    "authentication": (401, "invalid_request_error", "invalid_api_key"),
    "not_found": (404, "invalid_request_error", None),
    # The same status as a rate limit: only type and code tell that waiting will not help.
    "quota": (429, "insufficient_quota", "insufficient_quota"),
    "rate_limit": (429, "requests", "rate_limit_exceeded"),
    "overloaded": (503, "server_error", None),
    "server": (500, "server_error", None),
}
"""Kind to status, type and code, as the service uses them."""
# For a quota the service always says the same sentence; ours follows in brackets.
WORDS: Mapping[FailureKind, str] = {"quota": "You exceeded your current quota, check your plan and billing details"}


def read_key(call: Call) -> str:
    """The bearer token of the header ``Authorization``; at Azure the header ``api-key`` will do too."""
    # Only there: elsewhere this header is no key.
    if call.path.startswith(AZURE) and "api-key" in call.headers:
        return call.headers["api-key"].strip()
    scheme, _, key = call.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def read_picture(url: str, role: str, place: str, param: str) -> Picture:
    """The image in a data URL; ``place`` is its part of the body, ``param`` the URL's. Raises Rejection."""
    # Checked before the image is decoded, which takes longest.
    if role != "user":
        raise reject(f"an image can stand in a message of the user only, not of {role!r}", place)
    head, comma, data = url.partition(",")
    if not (comma and head.startswith("data:") and head.endswith(";base64")):
        message = "the sandbox fetches nothing: send the image as a URL of the form data:image/jpeg;base64,..."
        raise Rejection("bad_request", message, code="invalid_image_url", param=param)
    return read_image(head.removeprefix("data:").partition(";")[0].lower(), data, param=param)


def count_image_tokens(image: Image, detail: Detail) -> int:
    """Input tokens of an image: 85, and in high detail 170 for every tile of 512 pixels.

    Source: the GPT-4o part of OpenAI's vision guide: fit into 2048 x 2048, then the short side into 768, count tiles.
    ``auto`` and ``original`` are taken as high.
    """
    if detail == "low":
        return 85
    # Never above 1: small images are not enlarged.
    scale = min(1.0, 2048 / max(image.width, image.height))
    scale = min(scale, 768 / min(image.width, image.height))
    dust = 1e-9  # what floats leave over is no tile
    return 85 + 170 * ceil(image.width * scale / 512 - dust) * ceil(image.height * scale / 512 - dust)


def render_error(rejection: Rejection, request_id: str) -> tuple[int, dict[str, Any]]:  # noqa: ARG001 - a ServedFormat's form
    """The status and the body of an error."""
    # The check that failed may know a better code than the kind's usual one.
    status, kind, code = ERRORS[rejection.kind]
    words = WORDS.get(rejection.kind)
    message = f"{words} ({rejection.message})" if words else rejection.message
    error = {"message": message, "type": kind, "param": rejection.param, "code": rejection.code or code}
    return status, {"error": error}


def render_steps(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The tokens of a text with their log probabilities."""
    return [
        {**_render_token(step.chosen), "top_logprobs": [_render_token(token) for token in step.top]} for step in steps
    ]


def _render_token(token: Token) -> dict[str, Any]:
    return {"token": token.text, "logprob": token.logprob, "bytes": list(token.text.encode())}


def tell_id(request_id: str) -> dict[str, str]:
    """The header that names the call."""
    return {"x-request-id": request_id}


def tell_pause(pause: Pause) -> dict[str, str]:
    """The wait in seconds, in OpenAI's milliseconds, or as a date; a limit's in both numbers, rounded up."""
    if pause.form == "limit":
        return {"retry-after-ms": str(ceil(pause.seconds * 1000)), "retry-after": str(ceil(pause.seconds))}
    if pause.form == "ms":
        return {"retry-after-ms": f"{pause.seconds * 1000:g}"}
    return {"retry-after": pause.date if pause.form == "date" else f"{pause.seconds:g}"}


def tell_limits(levels: Mapping[str, BucketLevel]) -> dict[str, str]:
    """The headers about requests and tokens."""
    told: dict[str, str] = {}
    for unit, level in levels.items():
        told[f"x-ratelimit-limit-{unit}"] = str(level.per_minute)
        # Rounded down, and never below 0 though a large call may owe: what is told can be had.
        told[f"x-ratelimit-remaining-{unit}"] = str(max(0, floor(level.left)))
        told[f"x-ratelimit-reset-{unit}"] = format_duration(level.until_full)
    return told


def format_duration(seconds: float) -> str:
    """Seconds as OpenAI's headers write them: ``120ms``, ``1.5s``, ``6m0s``, ``1h0m2s``; rounded up to 1 ms."""
    # Rounded to 6 places first, or what floats leave over would add a millisecond.
    milliseconds = ceil(round(seconds * 1000, 6))
    # 0 is written "0s", not "0ms".
    if 0 < milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{head}{rest / 1000:g}s"
