"""The wire format of OpenAI's chat completions, which most services speak: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

from typing import Any

from mmra_api.providers.base import Body, encode_parts, pick
from mmra_api.providers.counting import count_openai as count_input
from mmra_api.providers.parameters import refuse
from mmra_api.providers.reading import (
    as_dict,
    dicts,
    of_type,
    read_aside,
    read_count,
    read_logprobs,
    read_text,
    require_first,
    unreadable,
)
from mmra_api.types import Embed, FinishReason, Image, Request, Response, Usage

PATH = "/chat/completions"
SDK = "openai"
FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",  # some compatible services pass the runtime's own word through
    "eos_token": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",  # Mistral: the context is full
    "content_filter": "content_filter",
    "refusal": "refusal",
}


def encode(model: str, request: Request, embed: Embed) -> Body:
    """Return the body of ``POST /chat/completions``: one user message, text and images in the order of the parts."""
    params = request.params
    refuse("chat completions", {"--thinking-budget": params.thinking_budget})

    def write_image(image: Image) -> Body:
        url = f"data:{image.sent.media_type};base64,{embed(image)}"
        return {"type": "image_url", "image_url": {"url": url} | pick({"detail": params.image_detail})}

    user = {
        "role": "user",
        "content": encode_parts(request.parts, lambda text: {"type": "text", "text": text}, write_image),
    }
    return {
        "model": model,
        "messages": [{"role": "system", "content": params.system}, user] if params.system else [user],
    } | pick(
        {
            "max_tokens": params.max_tokens,
            "temperature": params.temperature,
            "top_p": params.top_p,
            "stop": list(params.stop),
            "reasoning_effort": params.effort,
            "seed": params.seed,
            "logprobs": None if params.logprobs is None else True,
            "top_logprobs": params.logprobs or None,
        }
    )


def decode(body: Body) -> Response:
    """Read a chat completion, tolerating unknown fields. Raises CallError ``unreadable`` where there is no message."""
    choice = require_first(body, "choices")
    message = choice.get("message")
    if not isinstance(message, dict):
        raise unreadable("its first choice has no message")
    finish_raw = str(choice.get("finish_reason") or "")
    refusal = read_aside(message.get("refusal"))
    return Response(
        text=read_text(message.get("content")),
        finish="refusal" if refusal else FINISH.get(finish_raw.casefold(), "other"),
        finish_raw=finish_raw,
        reasoning=_read_reasoning(message),
        refusal=refusal,
        usage=_read_usage(as_dict(body.get("usage"))),
        logprobs=read_logprobs(as_dict(choice.get("logprobs")).get("content")),
        model=str(body.get("model") or ""),
        request_id=str(body.get("id") or ""),
    )


def _read_reasoning(message: dict[str, Any]) -> str:
    """Return the reasoning that stands beside the content, or, as at Mistral, in parts of it."""
    beside = read_aside(message.get("reasoning_content") or message.get("reasoning"))
    return beside or "".join(read_aside(part.get("thinking")) for part in of_type(message.get("content"), "thinking"))


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, as some services do, or None.

    It stands in ``error``, or, when an upstream failed while it answered, in the first choice.
    """
    choice = next(iter(dicts(body.get("choices"))), {})
    if choice.get("error") or choice.get("finish_reason") == "error":
        return choice.get("error") or "the upstream service failed"
    return body.get("error") if not choice else None


def _read_usage(usage: dict[str, Any]) -> Usage:
    prompt, completion = (as_dict(usage.get(f"{name}_tokens_details")) for name in ("prompt", "completion"))
    taken, written, total = (read_count(usage.get(f"{name}_tokens")) for name in ("prompt", "completion", "total"))
    if total is not None and taken is not None:
        written = max(written or 0, total - taken)  # some services count reasoning in the total only, and bill it
    return Usage(
        input_tokens=taken,
        output_tokens=written,
        cached_tokens=read_count(prompt.get("cached_tokens")),
        reasoning_tokens=read_count(completion.get("reasoning_tokens")),
        image_tokens=read_count(prompt.get("image_tokens")),
    )


__all__ = ["PATH", "SDK", "count_input", "decode", "encode", "find_failure"]
