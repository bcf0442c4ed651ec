"""OpenAI responses: a POST body in, an Ask out; what was Said in, a ``response`` body out.

Source of the shapes: OpenAI's published OpenAPI description (openai/openai-openapi), CreateResponse and Response. It
asks for a ``detail`` with every image; the service's own examples leave it out, so that it may be left out here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from mmra_api.sandbox.body import decode, reject
from mmra_api.sandbox.openai_service import (
    CREATED,
    Detail,
    count_image_tokens,
    read_key,
    read_picture,
    render_error,
    tell_id,
    tell_limits,
    tell_pause,
)
from mmra_api.sandbox.tokens import count_tokens
from mmra_api.sandbox.wire import Ask, Call, Said
from mmra_api.types import Part, Usage

__all__ = ["read", "read_key", "render", "render_error", "tell_id", "tell_limits", "tell_pause"]

INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}
"""The finish reasons for which a reply is not ``completed``, and the service's words for them."""


class _Text(Struct, tag_field="type", tag="input_text"):
    text: str


class _Spoken(Struct, tag_field="type", tag="output_text"):
    text: str


class _Picture(Struct, tag_field="type", tag="input_image"):
    image_url: str | None = None
    detail: Detail = "auto"


class _Message(Struct):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | Annotated[list[_Text | _Spoken | _Picture], Meta(min_length=1)]
    type: Literal["message"] = "message"


class _Reasoning(Struct):
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None


class _Body(Struct):
    model: Annotated[str, Meta(min_length=1)]
    input: str | Annotated[list[_Message], Meta(min_length=1)]
    instructions: str | None = None
    max_output_tokens: Annotated[int, Meta(ge=16)] | None = None
    reasoning: _Reasoning | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    stream: bool | None = None
    background: bool | None = None
    previous_response_id: str | None = None


def read(call: Call) -> Ask:
    """Check a body as the service does and put it in neutral terms. Raises Rejection."""
    body = decode(call.body, _Body)
    for name in ("stream", "background", "previous_response_id"):
        if getattr(body, name):
            raise reject(f"the sandbox sends one whole reply and keeps none: leave out {name!r}", name)
    messages = [_Message("user", body.input)] if isinstance(body.input, str) else body.input
    priced: list[tuple[Part, int]] = []
    if body.instructions:
        priced.append((body.instructions, count_tokens(body.instructions)))
    for number, message in enumerate(messages):
        priced += _read_message(message, f"input[{number}]")
    return Ask(
        model=body.model,
        parts=tuple(part for part, _ in priced),
        input_tokens=sum(cost for _, cost in priced),
        max_tokens=body.max_output_tokens,
    )


def _read_message(message: _Message, place: str) -> list[tuple[Part, int]]:
    """The message's parts, each with its price in tokens."""
    if isinstance(message.content, str):
        return [(message.content, count_tokens(message.content))]
    return [_read_part(part, message.role, f"{place}.content[{i}]") for i, part in enumerate(message.content)]


def _read_part(part: _Text | _Spoken | _Picture, role: str, place: str) -> tuple[Part, int]:
    if isinstance(part, _Picture):
        image = read_picture(part.image_url or "", role, f"{place}.image_url", f"{place}.image_url")
        return image, count_image_tokens(image, part.detail)
    if isinstance(part, _Spoken) is not (role == "assistant"):
        raise reject(f"a message of {role!r} cannot hold this type of text", f"{place}.type")
    return part.text, count_tokens(part.text)


def render(said: Said) -> dict[str, Any]:
    """The body of a reply, with the fields that the service sends for a plain text answer."""
    reason = INCOMPLETE.get(said.finish)
    status = "incomplete" if reason else "completed"
    return {
        "id": f"resp_{said.id}",
        "object": "response",
        "created_at": CREATED,
        "completed_at": None if reason else CREATED,
        "status": status,
        "error": None,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": None,
        "metadata": {},
        "model": said.model,
        "output": _render_output(said, status),
        "parallel_tool_calls": True,
        "service_tier": "default",
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": _render_usage(said.usage),
    }


def _render_output(said: Said, status: str) -> list[dict[str, Any]]:
    """The reasoning and the message, each only if there is one."""
    output: list[dict[str, Any]] = []
    if said.reasoning:
        summary = [{"type": "summary_text", "text": said.reasoning}]
        output.append({"type": "reasoning", "id": f"rs_{said.id}", "summary": summary})
    content: list[dict[str, Any]] = []
    if said.text is not None:
        content.append({"type": "output_text", "text": said.text, "annotations": [], "logprobs": []})
    if said.refusal:
        content.append({"type": "refusal", "refusal": said.refusal})
    if content:
        message = {"type": "message", "id": f"msg_{said.id}", "role": "assistant", "status": status}
        output.append({**message, "content": content})
    return output


def _render_usage(usage: Usage) -> dict[str, Any]:
    asked, said = usage.input_tokens or 0, usage.output_tokens or 0
    return {
        "input_tokens": asked,
        "input_tokens_details": {"cached_tokens": usage.cached_tokens or 0, "cache_write_tokens": 0},
        "output_tokens": said,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens or 0},
        "total_tokens": asked + said,
    }
