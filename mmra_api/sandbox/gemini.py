"""Google's generateContent: a POST body in, an Ask out; what was Said in, a ``GenerateContentResponse`` body out.

Source of the shapes: the Gemini API's reference (generateContent) and the types of its Python SDK. As in every JSON
body for Google's services, names may be written in camelCase or snake_case, and base64 in either alphabet; a reply
leaves out what is zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import ceil
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from msgspec import Meta, Struct

from mmra_api.sandbox.body import check, decode, reject
from mmra_api.sandbox.gemini_errors import render_error
from mmra_api.sandbox.pictures import read_image
from mmra_api.sandbox.rate import Level
from mmra_api.sandbox.tokens import count_tokens
from mmra_api.sandbox.wire import Ask, Call, Pause, Said
from mmra_api.types import Image, Part, Usage

__all__ = ["read", "read_key", "render", "render_error", "tell_id", "tell_limits", "tell_pause"]

FINISH = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY", "refusal": "STOP", "other": "OTHER"}


class _Blob(Struct, rename="camel", forbid_unknown_fields=True):
    mime_type: str
    data: str


class _Part(Struct, rename="camel", forbid_unknown_fields=True):
    text: str | None = None
    inline_data: _Blob | None = None
    media_resolution: dict[str, Any] | None = None


class _Content(Struct, forbid_unknown_fields=True):
    parts: Annotated[list[_Part], Meta(min_length=1)]
    role: Literal["user", "model"] | None = None


class _System(Struct, forbid_unknown_fields=True):
    parts: list[_Part]
    role: str | None = None


class _Thinking(Struct, rename="camel", forbid_unknown_fields=True):
    include_thoughts: bool = False
    thinking_budget: Annotated[int, Meta(ge=-1)] | None = None
    thinking_level: str | None = None


class _Config(Struct, rename="camel", forbid_unknown_fields=True):
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    top_k: Annotated[float, Meta(ge=0)] | None = None
    seed: Annotated[int, Meta(ge=-(2**31), lt=2**31)] | None = None
    candidate_count: Literal[1] | None = None
    max_output_tokens: Annotated[int, Meta(ge=1)] | None = None
    stop_sequences: Annotated[list[str], Meta(max_length=5)] = []  # msgspec copies it for every body
    response_mime_type: Literal["text/plain"] | None = None
    thinking_config: _Thinking | None = None
    media_resolution: (
        Literal[
            "MEDIA_RESOLUTION_UNSPECIFIED", "MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH"
        ]
        | None
    ) = None


class _Body(Struct, rename="camel", forbid_unknown_fields=True):
    contents: Annotated[list[_Content], Meta(min_length=1)]
    system_instruction: _System | None = None
    generation_config: _Config | None = None
    safety_settings: list[dict[str, Any]] | None = None


def read_key(call: Call) -> str:
    """The header ``x-goog-api-key``, else ``key`` behind the address."""
    return call.headers.get("x-goog-api-key", "").strip() or parse_qs(call.query).get("key", [""])[0]


def read(call: Call) -> Ask:
    """Check a body as the service does and put it in neutral terms. Raises Rejection."""
    body = check(_unify(decode(call.body, Any)), _Body)
    config = body.generation_config or _Config()
    asked = [("systemInstruction", part) for part in body.system_instruction.parts] if body.system_instruction else []
    for number, content in enumerate(body.contents):
        asked += [(f"contents[{number}].parts[{i}]", part) for i, part in enumerate(content.parts)]
    priced = [_read_part(part, place, config.media_resolution or "") for place, part in asked]
    return Ask(
        model=call.model,
        parts=tuple(part for part, _ in priced),
        input_tokens=sum(cost for _, cost in priced),
        max_tokens=config.max_output_tokens,
        stops=tuple(filter(None, config.stop_sequences)),
    )


def _unify(raw: Any) -> Any:
    """The same with all names in camelCase."""
    if isinstance(raw, list):
        return [_unify(item) for item in raw]
    if isinstance(raw, dict):
        return {re.sub(r"_([a-z])", lambda hit: hit[1].upper(), name): _unify(item) for name, item in raw.items()}
    return raw


def _read_part(part: _Part, place: str, resolution: str) -> tuple[Part, int]:
    """The part and its price in tokens."""
    if (part.text is None) is (part.inline_data is None):
        raise reject("a part holds one of 'text' and 'inlineData' here", place)
    if part.inline_data is None:
        return part.text or "", count_tokens(part.text or "")
    data = part.inline_data.data.translate(str.maketrans("-_", "+/")).rstrip("=")
    padded = data + "=" * (-len(data) % 4)
    image = read_image(part.inline_data.mime_type, padded, param=f"{place}.inlineData.data")
    return image, count_image_tokens(image, resolution)


def count_image_tokens(image: Image, resolution: str = "") -> int:
    """Input tokens of an image: 258, or as many for every tile of 768 pixels if a side is longer than 384.

    Source: the Gemini API's guide to tokens; of 64 and 256 in low and medium resolution: its guide to media resolution.
    """
    fixed = {"MEDIA_RESOLUTION_LOW": 64, "MEDIA_RESOLUTION_MEDIUM": 256}
    if resolution in fixed:
        return fixed[resolution]
    if max(image.width, image.height) <= 384:
        return 258
    return 258 * ceil(image.width / 768) * ceil(image.height / 768)


def render(said: Said) -> dict[str, Any]:
    """The body of a reply; a filter that lets nothing through leaves no candidate, only a reason."""
    body: dict[str, Any] = {"usageMetadata": _render_usage(said.usage)}
    if said.finish == "content_filter" and said.text is None:
        body["promptFeedback"] = {"blockReason": FINISH[said.finish]}
    else:
        body["candidates"] = [_render_candidate(said)]
    return {**body, "modelVersion": said.model, "responseId": said.id}


def _render_candidate(said: Said) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"text": said.reasoning, "thought": True}] if said.reasoning else []
    if text := said.text or said.refusal:
        parts.append({"text": text})
    content = {"parts": parts, "role": "model"} if parts else {"role": "model"}
    shown = {} if said.finish == "content_filter" and not parts else {"content": content}
    return {**shown, "finishReason": FINISH[said.finish], "index": 0}


def _render_usage(usage: Usage) -> dict[str, int]:
    asked, said, thought = usage.input_tokens or 0, usage.output_tokens or 0, usage.reasoning_tokens or 0
    counts = {
        "promptTokenCount": asked,
        "cachedContentTokenCount": usage.cached_tokens or 0,
        "candidatesTokenCount": said - thought,
        "thoughtsTokenCount": thought,
        "totalTokenCount": asked + said,
    }
    return {name: count for name, count in counts.items() if count}


def tell_id(request_id: str) -> dict[str, str]:  # noqa: ARG001 - a Wire's form
    """Nothing: the service names a reply in its body only."""
    return {}


def tell_pause(pause: Pause) -> dict[str, str]:  # noqa: ARG001 - a Wire's form
    """Nothing: the wait stands in the body."""
    return {}


def tell_limits(levels: Mapping[str, Level]) -> dict[str, str]:  # noqa: ARG001 - a Wire's form
    """Nothing: the service does not tell its limits."""
    return {}
