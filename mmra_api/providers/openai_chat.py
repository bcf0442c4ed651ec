"""The wire format of OpenAI's chat completions, which most services speak: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

import math
from typing import Any

from mmra_api.providers.base import SIMULATED, Body, Service, count_text, read_count, read_text, unreadable
from mmra_api.types import Embed, FinishReason, Image, Part, Reply, Request, Response, Usage

PATH = "/chat/completions"
LOW_DETAIL = 85
"""Tokens of an image at low detail."""
FRAME_TOKENS = 8
"""What the frame of a message takes, about."""
FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",  # some compatible services pass the runtime's own word through
    "length": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
}


def encode(model: str, request: Request, embed: Embed, service: Service) -> Body:
    """Return the body of ``POST /chat/completions``: one user message, text and images in the order of the parts."""
    body: Body = {
        "model": model,
        "messages": [{"role": "user", "content": [_encode_part(part, embed) for part in request.parts]}],
    }
    params = request.params
    asked = {
        service.output_limit: params.max_tokens,
        "temperature": params.temperature,
        "top_p": params.top_p,
        "stop": list(params.stop) or None,
        "reasoning_effort": params.effort,
        "seed": params.seed,
    }
    return body | {name: value for name, value in asked.items() if value is not None}


def count_input(request: Request) -> tuple[int, int]:
    """Return how many input tokens a request takes, at least and at most.

    An image takes, by OpenAI's guide to images: 85 tokens at low detail; at high detail 85 and 170 for each tile of
    512 pixels, after fitting it into 2,048 and its short side into 768; models that count patches of 32 pixels take up
    to 1,536 of these, times a factor of up to 2.46. Other services count in other ways: replies correct the estimate.
    """
    text = sum(count_text(part) for part in request.parts if isinstance(part, str)) + FRAME_TOKENS
    images = [part for part in request.parts if isinstance(part, Image)]
    return text + LOW_DETAIL * len(images), text + sum(_count_image(image) for image in images)


def _count_image(image: Image) -> int:
    width, height = float(image.width), float(image.height)
    for longest in (2048 / max(width, height), 768 / min(width, height)):
        if longest < 1:
            width, height = width * longest, height * longest
    tiles = math.ceil(width / 512) * math.ceil(height / 512)
    patches = min(1536, math.ceil(image.width / 32) * math.ceil(image.height / 32))
    return max(LOW_DETAIL + 170 * tiles, math.ceil(2.46 * patches))


def _encode_part(part: Part, embed: Embed) -> dict[str, Any]:
    match part:
        case str():
            return {"type": "text", "text": part}
        case Image():
            return {"type": "image_url", "image_url": {"url": f"data:{part.media_type};base64,{embed(part)}"}}
    raise AssertionError(f"unknown part {part!r}")


def decode(reply: Reply) -> Response:
    """Read a chat completion, tolerating unknown fields. Raises CallError ``unreadable`` where there is no message."""
    body = reply.body
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise unreadable(f"no choices among the fields {', '.join(map(str, body)) or '(none)'}")
    message = choices[0].get("message")
    if not isinstance(message, dict):
        raise unreadable("its first choice has no message")
    finish_raw = str(choices[0].get("finish_reason") or "")
    refusal = read_text(message.get("refusal"))
    return Response(
        text=read_text(message.get("content")),
        finish="refusal" if refusal else FINISH.get(finish_raw, "other"),
        finish_raw=finish_raw,
        reasoning=read_text(message.get("reasoning_content") or message.get("reasoning")),
        refusal=refusal,
        usage=_read_usage(body.get("usage")),
        model=str(body.get("model") or ""),
        request_id=reply.headers.get("x-request-id", "") or str(body.get("id") or ""),
        simulated=SIMULATED in reply.headers,
    )


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, as some services do, or None.

    It stands in ``error``, or, when an upstream failed while it answered, in the first choice.
    """
    choices = body.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    if choice.get("error") or choice.get("finish_reason") == "error":
        return choice.get("error") or "the upstream service failed"
    return body.get("error") if not choice else None


def _read_usage(usage: Any) -> Usage:
    usage = usage if isinstance(usage, dict) else {}
    details = {
        name: usage[name] if isinstance(usage.get(name), dict) else {}
        for name in ("prompt_tokens_details", "completion_tokens_details")
    }
    taken, written, total = (read_count(usage.get(f"{name}_tokens")) for name in ("prompt", "completion", "total"))
    if total is not None and taken is not None:
        written = max(written or 0, total - taken)  # some services count reasoning in the total only, and bill it
    return Usage(
        input_tokens=taken,
        output_tokens=written,
        cached_tokens=read_count(details["prompt_tokens_details"].get("cached_tokens")),
        reasoning_tokens=read_count(details["completion_tokens_details"].get("reasoning_tokens")),
    )
