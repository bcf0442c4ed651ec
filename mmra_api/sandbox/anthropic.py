"""Anthropic messages: a POST body in, an Ask out; what was Said in, a ``message`` body out.

What it takes is in ``anthropic_body`` and ``anthropic_limits``. Source of the shapes: Anthropic's API reference
(Messages) and the types of its Python SDK.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from mmra_api.sandbox import openai_service
from mmra_api.sandbox.anthropic_body import Adaptive, BetweenTools, Body, Enabled, Link, Shown, Text
from mmra_api.sandbox.anthropic_limits import check_images, check_size, check_stops, check_text
from mmra_api.sandbox.anthropic_service import (
    refuse_images,
    refuse_misfit,
    refuse_unknown,
    render_error,
    tell_id,
    tell_limits,
    tell_pause,
)
from mmra_api.sandbox.decode_body import decode, reject
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
    # The service has no word of its own for a filter, nor one for an end that nobody can name.
    "content_filter": "refusal",
    "refusal": "refusal",
    "other": "end_turn",
}


def read_key(call: Call) -> str:
    """The header ``x-api-key``, else the bearer token."""
    return call.headers.get("x-api-key", "").strip() or openai_service.read_key(call)


def read(call: Call) -> Ask:
    """Check a body as the service does and put it in neutral terms. Raises Rejection."""
    version = call.headers.get("anthropic-version")
    if version not in VERSIONS:
        raise reject(f"the header 'anthropic-version' is needed, one of {', '.join(VERSIONS)}", None)
    # Before the JSON is read: a body that is too large is refused for that, whatever stands in it.
    check_size(call)
    body = decode(call.body, Body, refuse_unknown, refuse_misfit)
    if body.stream:
        raise reject("the sandbox sends one whole reply: leave out 'stream'", "stream")
    _check_sampling(body, version)
    _check_thinking(body)
    check_stops(body.stop_sequences)
    system = [Text(body.system)] if isinstance(body.system, str) and body.system else body.system or []
    pieces = [_read_block(block, "system", f"system.{i}") for i, block in enumerate(system)]
    for number, message in enumerate(body.messages):
        if not message.content:
            words = "all messages must have non-empty content except for the optional final assistant message"
            raise reject(f"messages.{number}: {words}", f"messages.{number}")
        blocks = [Text(message.content)] if isinstance(message.content, str) else message.content
        pieces += [_read_block(block, message.role, f"messages.{number}.content.{i}") for i, block in enumerate(blocks)]
    # Last, as the number of all images decides how large each may be.
    check_images(pieces)
    return Ask(
        model=body.model,
        pieces=tuple(pieces),
        max_tokens=body.max_tokens,
        stops=tuple(body.stop_sequences),
    )


def _check_sampling(body: Body, version: str) -> None:
    for name in SAMPLING:
        if version == NEWEST and getattr(body, name) is not None:
            raise reject(f"{name!r} is no parameter of the version {version!r} any more: leave it out", name)


def _check_thinking(body: Body) -> None:
    if isinstance(body.thinking, Enabled) and body.thinking.budget_tokens < 1024:
        place = "thinking.enabled.budget_tokens"
        raise reject(f"{place}: Input should be greater than or equal to 1024", place)
    if isinstance(body.thinking, Enabled) and body.thinking.budget_tokens >= body.max_tokens:
        raise reject("`max_tokens` must be greater than `thinking.budget_tokens`", "thinking.budget_tokens")
    if isinstance(body.thinking, Enabled | Adaptive | BetweenTools) and body.temperature not in {None, 1}:
        raise reject("`temperature` may only be set to 1 when thinking is enabled.", "temperature")


def _read_block(block: Text | Shown, role: str, place: str) -> Piece:
    if isinstance(block, Text):
        # The service names `messages` or `system` here, not the block.
        check_text(block.text, place.partition(".")[0])
        return Piece(part=block.text, tokens=count_tokens(block.text), place=place, system=role == "system")
    if role != "user":
        raise reject(f"an image can stand in a message of the user only, not of {role!r} (at {place})", place)
    if isinstance(block.source, Link):
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
        # The SDK's type of a thinking block has to have a signature.
        content.append({"type": "thinking", "thinking": said.reasoning, "signature": f"simulated-{said.id}"})
    if said.text:
        content.append({"type": "text", "text": said.text})
    # Here alone a stop by the caller's text differs from an end by the model's own will.
    reason = "stop_sequence" if said.stop else FINISH[said.finish]
    details = {"type": "refusal", "category": None, "explanation": said.refusal or None}
    # Anthropic counts cached tokens beside the input tokens, OpenAI and Google among them. A reader that forgets it
    # bills too little.
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
            "output_tokens_details": {"thinking_tokens": said.usage.reasoning_tokens or 0},
            "service_tier": "standard",
        },
    }
