"""The wire format of Google's generateContent: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

from typing import Any

from mmra_api.providers.wires.body import Body, encode_parts
from mmra_api.providers.wires.fields import Field, Fields, fill
from mmra_api.providers.wires.image_tokens import count_google as count_input
from mmra_api.providers.wires.lenient_json import (
    as_dict,
    as_list,
    dicts,
    read_aside,
    read_count,
    read_logprob,
    read_text,
    require_first,
    unreadable,
)
from mmra_api.types import Embed, FinishReason, Image, Request, Response, TokenLogprob, Usage

NAME = "Google's generateContent"
PATH = "/v1beta/models/{model}:generateContent"
SDK = "google"
FINISH: dict[str, FinishReason] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "CONTINUATION": "length",
    "SAFETY": "content_filter",
    "PROHIBITED_CONTENT": "content_filter",
    "BLOCKLIST": "content_filter",
    "SPII": "content_filter",
    "IMAGE_SAFETY": "content_filter",
    "IMAGE_PROHIBITED_CONTENT": "content_filter",
    "RECITATION": "content_filter",
    "IMAGE_RECITATION": "content_filter",
    "LANGUAGE": "content_filter",
    "ESCALATION": "content_filter",
    "MODEL_ARMOR": "content_filter",
}
ACCOUNT = "PUP_LIMITED_DISABLED"
"""The finish reason where the account is barred: nothing that the model said."""
FINEST = "MEDIA_RESOLUTION_ULTRA_HIGH"
"""The detail that is asked for with each image: the whole request has no such word."""


def _name_resolution(detail: str) -> str:
    return f"MEDIA_RESOLUTION_{detail.upper().removeprefix('MEDIA_RESOLUTION_')}"


def _resolve_request(detail: str) -> str | None:
    word = _name_resolution(detail)
    return None if word == FINEST else word


def _resolve_image(detail: str) -> str | None:
    word = _name_resolution(detail)
    return word if word == FINEST else None


FIELDS: Fields = (
    Field("system", "systemInstruction", lambda text: {"parts": [{"text": text}]}),
    Field("max_tokens", "generationConfig.maxOutputTokens"),
    Field("temperature", "generationConfig.temperature"),
    Field("top_p", "generationConfig.topP"),
    Field("stop", "generationConfig.stopSequences"),
    Field("seed", "generationConfig.seed"),
    Field("effort", "generationConfig.thinkingConfig.thinkingLevel"),
    Field("thinking_budget", "generationConfig.thinkingConfig.thinkingBudget"),
    Field("image_detail", "generationConfig.mediaResolution", _resolve_request),
    Field("image_detail", "mediaResolution.level", _resolve_image, where="image"),
    Field("logprobs", "generationConfig.responseLogprobs", lambda _: True),
    Field("logprobs", "generationConfig.logprobs", lambda others: others or None),
)


def encode(model: str, request: Request, embed: Embed) -> Body:  # noqa: ARG001 - the path names the model
    """Return the body of ``generateContent``: one user turn, text and images in the order of the parts."""
    params = request.params

    def write_image(image: Image) -> Body:
        part = {"inlineData": {"mimeType": image.sent.media_type, "data": embed(image)}}
        return fill(part, FIELDS, params, "image")

    parts = encode_parts(request.parts, lambda text: {"text": text}, write_image)
    return fill({"contents": [{"role": "user", "parts": parts}]}, FIELDS, params)


def decode(body: Body) -> Response:
    """Read the first candidate, tolerating unknown fields. A prompt that was blocked is a content filter's reply.

    Raises CallError ``unreadable`` where there are neither candidates nor feedback on the prompt.
    """
    blocked = {} if body.get("candidates") else as_dict(body.get("promptFeedback"))
    candidate = {} if blocked else require_first(body, "candidates")
    finish_raw = str(blocked.get("blockReason") or candidate.get("finishReason") or "")
    parts = _list_parts(candidate.get("content"))
    return Response(
        text="".join(read_text(part.get("text")) for part in parts if not part.get("thought")),
        finish="content_filter" if blocked else FINISH.get(finish_raw, "other"),
        finish_raw=finish_raw,
        reasoning=read_aside([part for part in parts if part.get("thought")]),
        usage=_read_usage(as_dict(body.get("usageMetadata"))),
        logprobs=_read_logprobs(as_dict(candidate.get("logprobsResult"))),
        model=str(body.get("modelVersion") or ""),
        request_id=str(body.get("responseId") or ""),
    )


def _list_parts(content: Any) -> list[dict[str, Any]]:
    """Return the parts of a content. Raises CallError ``unreadable`` for texts where no other service has them."""
    parts = content.get("parts") if isinstance(content, dict) else content
    if isinstance(parts, str) or any(isinstance(part, str) for part in as_list(parts)):
        raise unreadable("a text that is in no part")
    return dicts(parts)


def _read_logprobs(found: dict[str, Any]) -> tuple[TokenLogprob, ...]:
    chosen, tops = dicts(found.get("chosenCandidates")), dicts(found.get("topCandidates"))
    tops += [{}] * (len(chosen) - len(tops))
    pairs = zip(chosen, tops, strict=False)
    read = (read_logprob(token, "logProbability", top.get("candidates")) for token, top in pairs)
    return tuple(token for token in read if token)


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, or None.

    Usage with neither candidates nor feedback is one too: the same request may be answered the next time.
    """
    candidates = dicts(body.get("candidates"))
    if candidates:
        barred = candidates[0].get("finishReason") == ACCOUNT
        return {"status": ACCOUNT, "message": candidates[0].get("finishMessage") or ACCOUNT} if barred else None
    empty = "usageMetadata" in body and not body.get("promptFeedback")
    return body.get("error") or ("it holds no candidate" if empty else None)


def _read_usage(usage: dict[str, Any]) -> Usage:
    written, thought = read_count(usage.get("candidatesTokenCount")), read_count(usage.get("thoughtsTokenCount"))
    parts = [each for each in dicts(usage.get("promptTokensDetails")) if each.get("modality") == "IMAGE"]
    images = [count for each in parts if (count := read_count(each.get("tokenCount"))) is not None]
    taken, tools = read_count(usage.get("promptTokenCount")), read_count(usage.get("toolUsePromptTokenCount"))
    return Usage(
        input_tokens=None if taken is None else taken + (tools or 0),
        output_tokens=None if written is None and thought is None else (written or 0) + (thought or 0),
        cached_tokens=read_count(usage.get("cachedContentTokenCount")),
        reasoning_tokens=thought,
        image_tokens=sum(images) if images else None,
    )


__all__ = ["FIELDS", "NAME", "PATH", "SDK", "count_input", "decode", "encode", "find_failure"]
