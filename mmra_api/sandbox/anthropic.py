"""Anthropic messages: a POST body in, an Ask out; what was Said in, a ``message`` body out.

Source of the shapes: Anthropic's API reference (Messages) and the types of its Python SDK. Unknown fields are turned
down, as the service does; tools are among them, since nobody here uses any.
"""

from __future__ import annotations

from math import ceil
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from mmra_api.sandbox import openai_service
from mmra_api.sandbox.anthropic_service import (
    refuse_images,
    refuse_unknown,
    render_error,
    tell_id,
    tell_limits,
    tell_pause,
)
from mmra_api.sandbox.body import decode, reject
from mmra_api.sandbox.pictures import read_image
from mmra_api.sandbox.tokens import count_tokens
from mmra_api.sandbox.wire import Ask, Call, Piece, Said
from mmra_api.types import Image

__all__ = ["read", "read_key", "refuse_images", "render", "render_error", "tell_id", "tell_limits", "tell_pause"]

NEWEST = "2026-10-21"
VERSIONS = ("2023-01-01", "2023-06-01", NEWEST)
SAMPLING = ("temperature", "top_p", "top_k")
"""What the newest version takes no longer, not even at its default (Anthropic's migration guide to 2026-10-21)."""
FINISH = {
    "stop": "end_turn",
    "length": "max_tokens",
    "content_filter": "refusal",
    "refusal": "refusal",
    "other": "end_turn",
}

Filled: TypeAlias = Annotated[str, Meta(min_length=1)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]


class _Text(Struct, tag_field="type", tag="text", forbid_unknown_fields=True):
    text: Filled
    cache_control: dict[str, Any] | None = None


class _Bytes(Struct, tag_field="type", tag="base64", forbid_unknown_fields=True):
    media_type: Literal["image/jpeg", "image/png", "image/gif", "image/webp"]
    data: str


class _Link(Struct, tag_field="type", tag="url", forbid_unknown_fields=True):
    url: str


class _Picture(Struct, tag_field="type", tag="image", forbid_unknown_fields=True):
    source: _Bytes | _Link
    cache_control: dict[str, Any] | None = None


class _Message(Struct, forbid_unknown_fields=True):
    role: Literal["user", "assistant", "system"]
    content: Filled | Annotated[list[_Text | _Picture], Meta(min_length=1)]


class _Enabled(Struct, tag_field="type", tag="enabled", forbid_unknown_fields=True):
    budget_tokens: int
    display: Literal["summarized", "omitted"] | None = None


class _Adaptive(Struct, tag_field="type", tag="adaptive", forbid_unknown_fields=True):
    display: Literal["summarized", "omitted"] | None = None


class _BetweenTools(Struct, tag_field="type", tag="between_tools", forbid_unknown_fields=True):
    pass


class _Disabled(Struct, tag_field="type", tag="disabled", forbid_unknown_fields=True):
    pass


class _Body(Struct, forbid_unknown_fields=True):
    model: Filled
    max_tokens: Annotated[int, Meta(ge=1)]
    messages: Annotated[list[_Message], Meta(min_length=1)]
    system: str | list[_Text] = ""
    temperature: Share | None = None
    top_p: Share | None = None
    top_k: Annotated[int, Meta(ge=0)] | None = None
    stop_sequences: list[Filled] = []  # msgspec copies it for every body
    thinking: _Enabled | _Adaptive | _BetweenTools | _Disabled | None = None
    stream: bool = False
    cache_control: dict[str, Any] | None = None
    inference_geo: str | None = None
    metadata: dict[str, Any] | None = None
    output_config: dict[str, Any] | None = None
    service_tier: Literal["auto", "standard_only"] | None = None


def read_key(call: Call) -> str:
    """The header ``x-api-key``, else the bearer token."""
    return call.headers.get("x-api-key", "").strip() or openai_service.read_key(call)


def read(call: Call) -> Ask:
    """Check a body as the service does and put it in neutral terms. Raises Rejection."""
    version = call.headers.get("anthropic-version")
    if version not in VERSIONS:
        raise reject(f"the header 'anthropic-version' is needed, one of {', '.join(VERSIONS)}", None)
    body = decode(call.body, _Body, refuse_unknown)
    if body.stream:
        raise reject("the sandbox sends one whole reply: leave out 'stream'", "stream")
    _check_sampling(body, version)
    _check_thinking(body)
    system = [_Text(body.system)] if isinstance(body.system, str) and body.system else body.system or []
    pieces = [_read_block(block, "system", f"system.{i}") for i, block in enumerate(system)]
    for number, message in enumerate(body.messages):
        blocks = [_Text(message.content)] if isinstance(message.content, str) else message.content
        pieces += [_read_block(block, message.role, f"messages.{number}.content.{i}") for i, block in enumerate(blocks)]
    return Ask(
        model=body.model,
        pieces=tuple(pieces),
        max_tokens=body.max_tokens,
        stops=tuple(body.stop_sequences),
    )


def _check_sampling(body: _Body, version: str) -> None:
    for name in SAMPLING:
        if version == NEWEST and getattr(body, name) is not None:
            raise reject(f"{name!r} is no parameter of the version {version!r} any more: leave it out", name)


def _check_thinking(body: _Body) -> None:
    if isinstance(body.thinking, _Enabled) and body.thinking.budget_tokens < 1024:
        place = "thinking.enabled.budget_tokens"
        raise reject(f"{place}: Input should be greater than or equal to 1024", place)
    if isinstance(body.thinking, _Enabled) and body.thinking.budget_tokens >= body.max_tokens:
        raise reject("`max_tokens` must be greater than `thinking.budget_tokens`", "thinking.budget_tokens")
    if isinstance(body.thinking, _Enabled | _Adaptive | _BetweenTools) and body.temperature not in {None, 1}:
        raise reject("with thinking 'temperature' can be 1 only", "temperature")


def _read_block(block: _Text | _Picture, role: str, place: str) -> Piece:
    if isinstance(block, _Text):
        return Piece(part=block.text, tokens=count_tokens(block.text), place=place, system=role == "system")
    if role != "user":
        raise reject(f"an image can stand in a message of the user only, not of {role!r} (at {place})", place)
    if isinstance(block.source, _Link):
        raise reject(f"the sandbox fetches nothing: send the image as base64 (at {place})", f"{place}.source")
    image = read_image(block.source.media_type, block.source.data, param=f"{place}.source")
    return Piece(part=image, tokens=count_image_tokens(image), place=place)


def count_image_tokens(image: Image) -> int:
    """Input tokens of an image: a token for 750 pixels once its long side fits into 1568, and about 1600 at most.

    Source: Anthropic's vision guide.
    """
    scale = min(1.0, 1568 / max(image.width, image.height))
    return min(1600, ceil(image.width * scale * image.height * scale / 750))


def render(said: Said) -> dict[str, Any]:
    """The body of a reply; where the model says nothing its ``content`` is empty."""
    content: list[dict[str, Any]] = []
    if said.reasoning:
        content.append({"type": "thinking", "thinking": said.reasoning, "signature": f"simulated-{said.id}"})
    if said.text:
        content.append({"type": "text", "text": said.text})
    reason = "stop_sequence" if said.stop else FINISH[said.finish]
    details = {"type": "refusal", "category": None, "explanation": said.refusal or None}
    cached = said.usage.cached_tokens or 0
    return {
        "id": f"msg_{said.id}",
        "type": "message",
        "role": "assistant",
        "model": said.model,
        "content": content,
        "stop_reason": reason,
        "stop_sequence": said.stop or None,
        "stop_details": details if reason == "refusal" else None,
        "usage": {
            "input_tokens": (said.usage.input_tokens or 0) - cached,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": cached,
            "output_tokens": said.usage.output_tokens or 0,
            "service_tier": "standard",
        },
    }
