"""OpenAI chat completions: a POST body in, an Ask out; what was Said in, a ``chat.completion`` body out.

Source of the shapes: OpenAI's published OpenAPI description (openai/openai-openapi), CreateChatCompletionRequest and
CreateChatCompletionResponse; of ``reasoning_content``: DeepSeek's and vLLM's servers, which put it beside ``content``.
Unknown fields pass, as at most of the many services that speak this format.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from mmra_api.sandbox.decode_body import decode, reject
from mmra_api.sandbox.openai_limits import EFFORTS, check_images, check_size, check_word
from mmra_api.sandbox.openai_service import (
    CREATED,
    Tops,
    count_image_tokens,
    read_key,
    read_picture,
    render_error,
    render_steps,
    tell_id,
    tell_limits,
    tell_pause,
)
from mmra_api.sandbox.tokens import count_tokens
from mmra_api.sandbox.wire import Ask, Call, Piece, Rejection, Said
from mmra_api.types import Usage

__all__ = ["read", "read_key", "refuse_images", "render", "render_error", "tell_id", "tell_limits", "tell_pause"]

# A refusal has a field of its own in this format; its finish reason is the usual one.
FINISH = {"stop": "stop", "length": "length", "content_filter": "content_filter", "refusal": "stop", "other": "stop"}


class _ImageUrl(Struct):
    url: str
    detail: Literal["auto", "low", "high"] = "auto"


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
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    reasoning_effort: str | None = None
    stop: str | Annotated[list[str], Meta(min_length=1, max_length=4)] | None = None
    n: Annotated[int, Meta(ge=1)] | None = None
    seed: int | None = None
    logprobs: bool | None = None
    top_logprobs: Tops | None = None
    # Known here only so that it can be turned down: the sandbox sends whole replies.
    stream: bool | UnsetType | None = UNSET


def read(call: Call) -> Ask:
    """Check a body as the service does and put it in neutral terms. Raises Rejection."""
    # Before decoding: a body that is too large is not worth reading.
    check_size(call)
    body = decode(call.body, _Body)
    check_word(body.reasoning_effort, EFFORTS, "reasoning_effort")
    if body.max_tokens and body.max_completion_tokens:
        raise reject("'max_tokens' and 'max_completion_tokens' exclude each other", "max_tokens")
    if body.stream or (body.n or 1) > 1:
        raise reject("the sandbox sends one whole reply: leave out 'stream' and 'n'", "stream" if body.stream else "n")
    if body.top_logprobs is not None and not body.logprobs:
        raise reject("'top_logprobs' needs 'logprobs' to be true", "top_logprobs")
    pieces = [piece for i, each in enumerate(body.messages) for piece in _read_message(each, f"messages[{i}]")]
    check_images(pieces, call)
    return Ask(
        model=body.model,
        pieces=tuple(pieces),
        # Both are taken, as older servers know the second name only.
        max_tokens=body.max_completion_tokens or body.max_tokens,
        stops=(body.stop,) if isinstance(body.stop, str) else tuple(body.stop or ()),
        # 0 still tells the chosen token's odds; None tells none at all.
        tops=body.top_logprobs or 0 if body.logprobs else None,
    )


def _read_message(message: _Message, place: str) -> list[Piece]:
    parts = [_TextPart(message.content)] if isinstance(message.content, str) else message.content
    return [_read_part(part, message.role, f"{place}.content[{i}]") for i, part in enumerate(parts)]


def _read_part(part: _TextPart | _ImagePart, role: str, place: str) -> Piece:
    if isinstance(part, _TextPart):
        # "developer" is the newer name of the same role.
        system = role in {"system", "developer"}
        return Piece(part=part.text, tokens=count_tokens(part.text), place=place, system=system)
    image = read_picture(part.image_url.url, role, f"{place}.image_url", f"{place}.image_url.url")
    return Piece(part=image, tokens=count_image_tokens(image, part.image_url.detail), place=place)


def refuse_images(ask: Ask) -> Rejection:
    """What the service says to images for a model without eyes (zou-group/textgrad#210); it dots its places here."""
    message = f"Invalid content type: the model {ask.model!r} does not support image input ('image_url')"
    return reject(message, f"{ask.first_picture}.type".replace("[", ".["))


def render(said: Said) -> dict[str, Any]:
    """The body of a reply, with every field that the service sends for a plain text answer."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": said.text,
        "refusal": said.refusal or None,
        "annotations": [],
    }
    # Left out, not empty, when there is none: OpenAI itself never sends this field.
    if said.reasoning:
        message["reasoning_content"] = said.reasoning
    finish = FINISH[said.finish]
    choice = {"index": 0, "message": message, "logprobs": _render_logprobs(said), "finish_reason": finish}
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


def _render_logprobs(said: Said) -> dict[str, Any] | None:
    if said.steps is None:
        return None
    steps = render_steps(said.steps)
    return (
        # The odds belong to the text that was said, which may be the refusal.
        {"content": None, "refusal": steps} if said.refusal and not said.text else {"content": steps, "refusal": None}
    )


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
