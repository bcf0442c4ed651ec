"""The wire format of OpenAI's chat completions, which most services speak: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

from typing import Any

from mmra_api.providers.wires.body import Body, encode_parts
from mmra_api.providers.wires.fields import Field, Fields, fill
from mmra_api.providers.wires.gemini import FINISH as GEMINI
from mmra_api.providers.wires.image_tokens import count_openai as count_input
from mmra_api.providers.wires.lenient_json import as_dict, dicts, lacking, read_aside, read_parts, require_first
from mmra_api.providers.wires.openai_shared import (
    join_refusals,
    join_texts,
    keep_of_text,
    read_logprobs,
    read_reasoning,
    read_usage,
)
from mmra_api.types import Embed, FinishReason, Image, Request, Response

NAME = "chat completions"
PATH = "/chat/completions"
SDK = "openai"
FIELDS: Fields = (
    Field("system", "content", where="system message"),
    Field("image_detail", "image_url.detail", where="image"),
    Field("max_tokens", "max_tokens"),
    Field("temperature", "temperature"),
    Field("top_p", "top_p"),
    Field("stop", "stop"),
    Field("effort", "reasoning_effort"),
    Field("seed", "seed"),
    Field("logprobs", "logprobs", lambda _: True),
    # Left out for 0, because compatible servers take no 0 there, and ``logprobs`` alone means it.
    Field("logprobs", "top_logprobs", lambda others: others or None),
)
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

    def write_image(image: Image) -> Body:
        url = f"data:{image.sent.media_type};base64,{embed(image)}"
        return fill({"type": "image_url", "image_url": {"url": url}}, FIELDS, params, "image")

    content = encode_parts(request.parts, lambda text: {"type": "text", "text": text}, write_image)
    user = {"role": "user", "content": content}
    system = fill({"role": "system"}, FIELDS, params, "system message")
    messages = [system, user] if "content" in system else [user]
    return fill({"model": model, "messages": messages}, FIELDS, params)


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


__all__ = ["FIELDS", "NAME", "PATH", "SDK", "count_input", "decode", "encode", "find_failure"]
