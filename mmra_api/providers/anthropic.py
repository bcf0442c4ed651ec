"""The wire format of Anthropic's Messages: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

import math
from typing import Any

from mmra_api.providers.base import SIMULATED, Body, count_text, name_call, pick
from mmra_api.providers.parameters import refuse
from mmra_api.providers.reading import of_type, read_aside, read_count, read_text, unreadable
from mmra_api.types import Embed, FinishReason, Image, Part, Reply, Request, Response, Usage

PATH = "/v1/messages"
SDK = "anthropic"
MAX_TOKENS = 16_384
"""The output budget where none is asked for: this format requires one, and reasoning is part of it."""
FINISH: dict[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "refusal",
}


def encode(model: str, request: Request, embed: Embed) -> Body:
    """Return the body of ``POST /v1/messages``: one user message, text and images in the order of the parts.

    Raises InputError for what this format has no place for.
    """
    params = request.params
    lacking = {"--model-seed": params.seed, "--image-detail": params.image_detail, "--logprobs": params.logprobs}
    refuse("Anthropic's Messages", lacking)
    budget = params.thinking_budget
    return {
        "model": model,
        "max_tokens": MAX_TOKENS + (budget or 0) if params.max_tokens is None else params.max_tokens,
        "messages": [{"role": "user", "content": [_encode_part(part, embed) for part in request.parts]}],
    } | pick(
        {
            "system": params.system,
            "temperature": params.temperature,
            "top_p": params.top_p,
            "stop_sequences": list(params.stop),
            "output_config": pick({"effort": params.effort}),
            "thinking": _encode_thinking(budget),
        }
    )


def _encode_thinking(budget: int | None) -> dict[str, Any] | None:
    if budget is None:
        return None
    return {"type": "enabled", "budget_tokens": budget} if budget else {"type": "disabled"}


def _encode_part(part: Part, embed: Embed) -> dict[str, Any]:
    match part:
        case str():
            return {"type": "text", "text": part}
        case Image():
            source = {"type": "base64", "media_type": part.sent.media_type, "data": embed(part)}
            return {"type": "image", "source": source}
    raise AssertionError(f"unknown part {part!r}")


def decode(reply: Reply) -> Response:
    """Read a message, tolerating unknown fields and blocks. Raises CallError ``unreadable`` where it has no content."""
    body = reply.body
    blocks = body.get("content")
    if not isinstance(blocks, list):
        raise unreadable(f"no content among the fields {', '.join(map(str, body)) or '(none)'}")
    finish_raw = str(body.get("stop_reason") or "")
    details = body.get("stop_details")
    text = "".join(read_text(block.get("text")) for block in of_type(blocks, "text"))
    return Response(
        text=text,
        finish=FINISH.get(finish_raw, "other"),
        finish_raw=finish_raw,
        refusal=read_aside(details.get("explanation")) if isinstance(details, dict) and finish_raw == "refusal" else "",
        reasoning="".join(read_aside(block.get("thinking")) for block in of_type(blocks, "thinking")),
        usage=_read_usage(body.get("usage")),
        model=str(body.get("model") or ""),
        request_id=name_call(reply, body.get("id")),
        simulated=SIMULATED in reply.headers,
    )


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, or None."""
    return body.get("error") if body.get("type") == "error" else None


def count_input(request: Request) -> tuple[int, int]:
    """Return how many input tokens a request takes, at least and at most.

    An image takes width x height / 750 tokens, by Anthropic's guide to vision; larger ones are fitted into 1,568
    pixels a side first, and newer models take more of them.
    """
    texts = [request.params.system, *(part for part in request.parts if isinstance(part, str))]
    text = sum(map(count_text, texts))
    images = [_count_image(part) for part in request.parts if isinstance(part, Image)]
    return math.ceil(text / 2 + sum(images) / 2), text * 2 + 3 * sum(images)


def _count_image(image: Image) -> int:
    width, height = image.sent.width, image.sent.height
    scale = min(1.0, 1568 / max(width, height))
    return math.ceil(width * scale * height * scale / 750)


def _read_usage(usage: Any) -> Usage:
    usage = usage if isinstance(usage, dict) else {}
    fresh, read, written = (
        read_count(usage.get(name))
        for name in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    )
    taken = None if fresh is None else fresh + (read or 0) + (written or 0)
    return Usage(input_tokens=taken, output_tokens=read_count(usage.get("output_tokens")), cached_tokens=read)
