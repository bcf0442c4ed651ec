"""The wire format of Anthropic's Messages: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

import itertools
from typing import Any

from mmra_api.providers.wires.body import Body, encode_parts
from mmra_api.providers.wires.fields import Field, Fields, fill, unplaced
from mmra_api.providers.wires.image_tokens import count_anthropic as count_input
from mmra_api.providers.wires.lenient_json import (
    as_dict,
    dicts,
    of_type,
    read_aside,
    read_count,
    read_text,
    require_list,
)
from mmra_api.types import Embed, FinishReason, Image, Request, Response, Usage

NAME = "Anthropic's Messages"
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


def _name_thinking(budget: int) -> str:
    if budget < 0:  # Google's word for "as the model likes"; here it would need another type, and a newer model
        raise unplaced(NAME, "--thinking-budget -1")
    return "enabled" if budget else "disabled"


FIELDS: Fields = (
    Field("max_tokens", "max_tokens"),
    Field("system", "system"),
    Field("temperature", "temperature"),
    Field("top_p", "top_p"),
    Field("stop", "stop_sequences"),
    Field("effort", "output_config.effort"),
    Field("thinking_budget", "thinking.type", _name_thinking),
    Field("thinking_budget", "thinking.budget_tokens", lambda budget: budget or None),
)


def encode(model: str, request: Request, embed: Embed) -> Body:
    """Return the body of ``POST /v1/messages``: one user message, text and images in the order of the parts."""

    def write_image(image: Image) -> Body:
        return {
            "type": "image",
            "source": {"type": "base64", "media_type": image.sent.media_type, "data": embed(image)},
        }

    content = encode_parts(request.parts, lambda text: {"type": "text", "text": text}, write_image)
    # The thinking comes on top, because it counts as output and must not eat the room of the answer.
    most = MAX_TOKENS + (request.params.thinking_budget or 0)
    frame = {"model": model, "max_tokens": most, "messages": [{"role": "user", "content": content}]}
    return fill(frame, FIELDS, request.params)


def decode(body: Body) -> Response:
    """Read a message, tolerating unknown fields and blocks. Raises CallError ``unreadable`` where it has no content."""
    blocks = require_list(body, "content")
    finish_raw = str(body.get("stop_reason") or "")
    why = as_dict(body.get("stop_details")) if finish_raw == "refusal" else {}
    return Response(
        text=_join_texts(blocks),
        finish=FINISH.get(finish_raw, "other"),
        finish_raw=finish_raw,
        refusal=read_aside(why.get("explanation")) or read_aside(why.get("category")),
        reasoning="".join(read_aside(block.get("thinking")) for block in of_type(blocks, "thinking")),
        usage=_read_usage(as_dict(body.get("usage"))),
        model=str(body.get("model") or ""),
        request_id=str(body.get("id") or ""),
    )


def _join_texts(blocks: list[Any]) -> str:
    """Return the texts; what stands before and after another block, as a thought, are paragraphs of their own."""
    known = [{"text": block} if isinstance(block, str) else block for block in blocks]  # as some compatible servers do
    groups = itertools.groupby(dicts(known), lambda block: (block.get("type") or "text") == "text")
    return "\n\n".join("".join(read_text(block.get("text")) for block in group) for is_text, group in groups if is_text)


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, or None."""
    return body.get("error") if body.get("type") == "error" else None


def _read_usage(usage: dict[str, Any]) -> Usage:
    fresh, read, written = (
        read_count(usage.get(name))
        for name in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    )
    taken = None if fresh is None else fresh + (read or 0) + (written or 0)
    return Usage(
        input_tokens=taken,
        output_tokens=read_count(usage.get("output_tokens")),
        cached_tokens=read,
        cache_write_tokens=written,
        reasoning_tokens=read_count(as_dict(usage.get("output_tokens_details")).get("thinking_tokens")),
    )


__all__ = ["FIELDS", "NAME", "PATH", "SDK", "count_input", "decode", "encode", "find_failure"]
