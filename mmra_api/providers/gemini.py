"""The wire format of Google's generateContent: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

import math
from typing import Any

from mmra_api.providers.base import SIMULATED, Body, count_text, name_call, pick
from mmra_api.providers.reading import dicts, read_count, read_logprob, read_text, unreadable
from mmra_api.types import Embed, FinishReason, Image, Part, Reply, Request, Response, TokenLogprob, Usage

PATH = "/v1beta/models/{model}:generateContent"
SDK = "google"
FINISH: dict[str, FinishReason] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
    "PROHIBITED_CONTENT": "content_filter",
    "BLOCKLIST": "content_filter",
    "SPII": "content_filter",
    "IMAGE_SAFETY": "content_filter",
    "IMAGE_PROHIBITED_CONTENT": "content_filter",
    "RECITATION": "content_filter",
}
TILE = 768
"""Pixels a side of a tile, by Google's guide to token counting."""
TILE_TOKENS = 258


def encode(model: str, request: Request, embed: Embed) -> Body:  # noqa: ARG001 - the path names the model
    """Return the body of ``generateContent``: one user turn, text and images in the order of the parts."""
    params = request.params
    detail = params.image_detail
    config = {
        "maxOutputTokens": params.max_tokens,
        "temperature": params.temperature,
        "topP": params.top_p,
        "stopSequences": list(params.stop),
        "seed": params.seed,
        "thinkingConfig": pick({"thinkingLevel": params.effort, "thinkingBudget": params.thinking_budget}),
        "mediaResolution": f"MEDIA_RESOLUTION_{detail.upper()}" if detail else None,
        "responseLogprobs": None if params.logprobs is None else True,
        "logprobs": params.logprobs or None,
    }
    return {"contents": [{"role": "user", "parts": [_encode_part(part, embed) for part in request.parts]}]} | pick(
        {
            "systemInstruction": {"parts": [{"text": params.system}]} if params.system else None,
            "generationConfig": pick(config),
        }
    )


def _encode_part(part: Part, embed: Embed) -> dict[str, Any]:
    match part:
        case str():
            return {"text": part}
        case Image():
            return {"inlineData": {"mimeType": part.sent.media_type, "data": embed(part)}}
    raise AssertionError(f"unknown part {part!r}")


def decode(reply: Reply) -> Response:
    """Read the first candidate, tolerating unknown fields. A prompt that was blocked is a content filter's reply.

    Raises CallError ``unreadable`` where there are neither candidates nor feedback on the prompt.
    """
    body = reply.body
    candidates, feedback = body.get("candidates"), body.get("promptFeedback")
    facts: dict[str, Any] = {
        "usage": _read_usage(body.get("usageMetadata")),
        "model": str(body.get("modelVersion") or ""),
        "request_id": name_call(reply, body.get("responseId")),
        "simulated": SIMULATED in reply.headers,
    }
    if not candidates and isinstance(feedback, dict) and feedback.get("blockReason"):
        return Response(text="", finish="content_filter", finish_raw=str(feedback["blockReason"]), **facts)
    if not isinstance(candidates, list) or not candidates or not isinstance(candidates[0], dict):
        raise unreadable(f"no candidates among the fields {', '.join(map(str, body)) or '(none)'}")
    content = candidates[0].get("content")
    known = dicts(content.get("parts")) if isinstance(content, dict) else []
    finish_raw = str(candidates[0].get("finishReason") or "")
    return Response(
        text="".join(read_text(part.get("text")) for part in known if not part.get("thought")),
        finish=FINISH.get(finish_raw, "other"),
        finish_raw=finish_raw,
        reasoning="".join(read_text(part.get("text")) for part in known if part.get("thought")),
        logprobs=_read_logprobs(candidates[0].get("logprobsResult")),
        **facts,
    )


def _read_logprobs(found: Any) -> tuple[TokenLogprob, ...]:
    found = found if isinstance(found, dict) else {}
    chosen, tops = dicts(found.get("chosenCandidates")), dicts(found.get("topCandidates"))
    tops += [{}] * (len(chosen) - len(tops))
    pairs = zip(chosen, tops, strict=False)
    read = (read_logprob(token, "token", "logProbability", top.get("candidates")) for token, top in pairs)
    return tuple(token for token in read if token)


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, or None."""
    return body.get("error") if not body.get("candidates") else None


def count_input(request: Request) -> tuple[int, int]:
    """Return how many input tokens a request takes, at least and at most.

    By Google's guide an image of up to 384 pixels a side takes 258 tokens, a larger one 258 for each tile of 768
    pixels; newer models take up to 1,120 for an image, whatever its size.
    """
    texts = [request.params.system, *(part for part in request.parts if isinstance(part, str))]
    text = sum(map(count_text, texts))
    images = [part for part in request.parts if isinstance(part, Image)]
    return math.ceil(text / 2) + TILE_TOKENS * len(images), text * 2 + sum(map(_count_image, images))


def _count_image(image: Image) -> int:
    return max(1120, TILE_TOKENS * math.ceil(image.sent.width / TILE) * math.ceil(image.sent.height / TILE))


def _read_usage(usage: Any) -> Usage:
    usage = usage if isinstance(usage, dict) else {}
    written, thought = read_count(usage.get("candidatesTokenCount")), read_count(usage.get("thoughtsTokenCount"))
    parts = [each for each in dicts(usage.get("promptTokensDetails")) if each.get("modality") == "IMAGE"]
    images = [count for each in parts if (count := read_count(each.get("tokenCount"))) is not None]
    return Usage(
        input_tokens=read_count(usage.get("promptTokenCount")),
        output_tokens=None if written is None and thought is None else (written or 0) + (thought or 0),
        cached_tokens=read_count(usage.get("cachedContentTokenCount")),
        reasoning_tokens=thought,
        image_tokens=sum(images) if images else None,
    )
