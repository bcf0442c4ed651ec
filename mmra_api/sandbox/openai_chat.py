"""OpenAI chat completions: a POST body in, an Ask out; what was Said in, a ``chat.completion`` body out.

Source of the shapes: OpenAI's published OpenAPI description (openai/openai-openapi), CreateChatCompletionRequest and
CreateChatCompletionResponse; of ``reasoning_content``: DeepSeek's and vLLM's servers, which put it beside ``content``.
"""

from __future__ import annotations

import re
from math import ceil
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from mmra_api.sandbox.pictures import read_image
from mmra_api.sandbox.tokens import count_tokens
from mmra_api.sandbox.wire import Ask, Call, Rejection, Said
from mmra_api.types import FailureKind, Image, Part, Usage

Detail: TypeAlias = Literal["auto", "low", "high"]

CREATED = 1_767_225_600  # 2026-01-01 UTC: a clock would make two replies to the same body differ
FINISH = {"stop": "stop", "length": "length", "content_filter": "content_filter", "refusal": "stop", "other": "stop"}
ERRORS: dict[FailureKind, tuple[int, str, str | None]] = {
    "bad_request": (400, "invalid_request_error", None),
    "too_large": (413, "invalid_request_error", "request_too_large"),
    "authentication": (401, "invalid_request_error", "invalid_api_key"),
    "not_found": (404, "invalid_request_error", None),
    "quota": (429, "insufficient_quota", "insufficient_quota"),
    "rate_limit": (429, "requests", "rate_limit_exceeded"),
    "overloaded": (503, "server_error", None),
    "server": (500, "server_error", None),
}
"""Kind to status, type and code, as the service uses them."""


class _ImageUrl(Struct):
    url: str
    detail: Detail = "auto"


class _TextPart(Struct, tag_field="type", tag="text"):
    text: str


class _ImagePart(Struct, tag_field="type", tag="image_url"):
    image_url: _ImageUrl


class _Message(Struct):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | Annotated[list[_TextPart | _ImagePart], Meta(min_length=1)]


class _Body(Struct):
    model: Annotated[str, Meta(min_length=1)]
    messages: Annotated[list[_Message], Meta(min_length=1)]
    max_tokens: Annotated[int, Meta(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Meta(ge=1)] | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    n: Annotated[int, Meta(ge=1)] | None = None
    stream: bool | UnsetType | None = UNSET


def read_key(call: Call) -> str:
    """The bearer token of the header ``Authorization``."""
    scheme, _, key = call.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def read(call: Call) -> Ask:
    """Check a body as the service does and put it in neutral terms. Raises Rejection."""
    body = _decode(call.body)
    if body.max_tokens and body.max_completion_tokens:
        raise _reject("'max_tokens' and 'max_completion_tokens' exclude each other", "max_tokens")
    if body.stream or (body.n or 1) > 1:
        raise _reject("the sandbox sends one whole reply: leave out 'stream' and 'n'", "stream" if body.stream else "n")
    parts: list[Part] = []
    tokens = 0
    for number, message in enumerate(body.messages):
        for part, cost in _read_message(message, f"messages[{number}]"):
            parts.append(part)
            tokens += cost
    limit = body.max_completion_tokens or body.max_tokens
    return Ask(model=body.model, parts=tuple(parts), input_tokens=tokens, max_tokens=limit)


def _decode(body: bytes) -> _Body:
    try:
        return msgspec.json.decode(body, type=_Body)
    except msgspec.ValidationError as error:
        place = re.search(r" - at `\$\.?(.*)`$", str(error))
        raise _reject(str(error), place[1] if place else None) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _reject(f"the body is not valid JSON: {error}", None) from None


def _read_message(message: _Message, place: str) -> list[tuple[Part, int]]:
    """The message's parts, each with its price in tokens."""
    if isinstance(message.content, str):
        return [(message.content, count_tokens(message.content))]
    return [_read_part(part, message.role, f"{place}.content[{i}]") for i, part in enumerate(message.content)]


def _read_part(part: _TextPart | _ImagePart, role: str, place: str) -> tuple[Part, int]:
    if isinstance(part, _TextPart):
        return part.text, count_tokens(part.text)
    param = f"{place}.image_url"
    if role != "user":
        raise _reject(f"an image can stand in a message of the user only, not of {role!r}", param)
    head, comma, data = part.image_url.url.partition(",")
    if not (comma and head.startswith("data:") and head.endswith(";base64")):
        message = "the sandbox fetches nothing: send the image as a URL of the form data:image/jpeg;base64,..."
        raise Rejection("bad_request", message, code="invalid_image_url", param=f"{param}.url")
    media_type = head.removeprefix("data:").partition(";")[0].lower()
    image = read_image(media_type, data, param=f"{param}.url")
    return image, count_image_tokens(image, part.image_url.detail)


def _reject(message: str, param: str | None) -> Rejection:
    return Rejection("bad_request", message, param=param)


def count_image_tokens(image: Image, detail: Detail) -> int:
    """Input tokens of an image: 85, and in high detail 170 for every tile of 512 pixels.

    Source: the GPT-4o part of OpenAI's vision guide: fit into 2048 x 2048, then the short side into 768, count tiles.
    ``auto`` is taken as high.
    """
    if detail == "low":
        return 85
    scale = min(1.0, 2048 / max(image.width, image.height))
    scale = min(scale, 768 / min(image.width, image.height))
    dust = 1e-9  # what floats leave over is no tile
    return 85 + 170 * ceil(image.width * scale / 512 - dust) * ceil(image.height * scale / 512 - dust)


def render(said: Said) -> dict[str, Any]:
    """The body of a reply, with every field that the service sends for a plain text answer."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": said.text,
        "refusal": said.refusal or None,
        "annotations": [],
    }
    if said.reasoning:
        message["reasoning_content"] = said.reasoning
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": FINISH[said.finish]}
    return {
        "id": f"chatcmpl-{said.id}",
        "object": "chat.completion",
        "created": CREATED,
        "model": said.model,
        "choices": [choice],
        "usage": _render_usage(said.usage),
        "service_tier": "default",
        "system_fingerprint": "fp_simulated",
    }


def _render_usage(usage: Usage) -> dict[str, Any]:
    prompt, completion = usage.input_tokens or 0, usage.output_tokens or 0
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens or 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning_tokens or 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def render_error(rejection: Rejection) -> tuple[int, dict[str, Any]]:
    """The status and the body of an error."""
    status, kind, code = ERRORS[rejection.kind]
    error = {"message": rejection.message, "type": kind, "param": rejection.param, "code": rejection.code or code}
    return status, {"error": error}
