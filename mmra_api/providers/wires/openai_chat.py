"""The wire format of OpenAI's chat completions, which most services speak: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

from typing import Any

from mmra_api.providers.wires.body import Body, encode_parts, pick
from mmra_api.providers.wires.gemini import FINISH as GEMINI
from mmra_api.providers.wires.lenient_json import as_dict, dicts, lacking, read_aside, read_parts, require_first
from mmra_api.providers.wires.openai_shared import (
    join_refusals,
    join_texts,
    keep_of_text,
    read_logprobs,
    read_reasoning,
    read_usage,
)
from mmra_api.providers.wires.parameters import refuse
from mmra_api.providers.wires.tokens import count_openai as count_input
from mmra_api.types import Embed, FinishReason, Image, Request, Response

PATH = "/chat/completions"
SDK = "openai"
FINISH: dict[str, FinishReason] = {
    # Google's own words, through its compatible interface
    **{word.casefold(): kind for word, kind in GEMINI.items()},
    "eos": "stop",  # some compatible services pass the runtime's own word through
    "eos_token": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "length": "length",
    "model_length": "length",  # Mistral: the context is full
    "max_output_tokens": "length",
    "model_context_window_exceeded": "length",  # Zhipu
    "content_filter": "content_filter",
    "guardrail_intervened": "content_filter",
    "sensitive": "content_filter",  # Zhipu
    "refusal": "refusal",
}
"""Words for the end of a reply, in small letters."""
BROKEN = frozenset({"error", "network_error", "insufficient_system_resource"})
"""Words for a reply that an upstream failed to finish: OpenRouter's, Zhipu's and DeepSeek's."""


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
    finish_raw = str(choice.get("finish_reason") or "")
    finish = _read_finish(finish_raw)
    message = choice.get("message")
    if not isinstance(message, dict):
        if finish in {"stop", "other"} and not isinstance(choice.get("text"), str):
            raise lacking(choice, "message")
        message = {}
    content = message.get("content")
    parts = read_parts(choice.get("text") if content is None else content)  # the older form, beside or in its place
    text, refusal = join_texts(parts), read_aside(message.get("refusal")) or join_refusals(parts)
    reasoning = read_reasoning(message, parts)
    logprobs = read_logprobs(choice.get("logprobs"))
    return Response(
        text=text,
        finish="refusal" if refusal else finish,
        finish_raw=finish_raw,
        reasoning=reasoning,
        refusal=refusal,
        usage=read_usage(as_dict(body.get("usage"))),
        logprobs=keep_of_text(logprobs, text) if reasoning else logprobs,
        model=str(body.get("model") or ""),
        upstream=read_aside(body.get("provider")),  # OpenRouter
        request_id=str(body.get("id") or ""),
    )


def _read_finish(word: str) -> FinishReason:
    return FINISH.get(word.casefold().partition(":")[0], "other")  # "content_filter: PROHIBITED_CONTENT"


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, as some services do, or None.

    It stands in ``error``, or, when an upstream failed while it answered, in the first choice; or there is no choice.
    """
    choices = dicts(body.get("choices"))
    if not choices:
        said = body if body.get("object") == "error" else "it holds no choice" if body.get("choices") == [] else None
        return body.get("error") or said
    first = choices[0]
    ended = str(first.get("finish_reason") or "")
    if first.get("error") or ended in BROKEN:
        return first.get("error") or f"the upstream service failed: {ended}"
    return None if ended or as_dict(first.get("message")).get("content") else body.get("error")


__all__ = ["PATH", "SDK", "count_input", "decode", "encode", "find_failure"]
