"""The wire format of OpenAI's chat completions, which most services speak: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

import math
from typing import Any

from mmra_api.providers.base import SIMULATED, Body, count_text, name_call, pick
from mmra_api.providers.parameters import refuse
from mmra_api.providers.reading import dicts, of_type, read_aside, read_count, read_logprob, read_text, unreadable
from mmra_api.types import Embed, FinishReason, Image, Part, Reply, Request, Response, TokenLogprob, Usage

PATH = "/chat/completions"
SDK = "openai"
LOW_DETAIL = 85
"""Tokens of an image at low detail."""
FRAME_TOKENS = 8
"""What the frame of a message takes, about."""
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
    user = {"role": "user", "content": [_encode_part(part, embed, params.image_detail) for part in request.parts]}
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


def count_input(request: Request) -> tuple[int, int]:
    """Return how many input tokens a request takes, at least and at most.

    An image takes, by OpenAI's guide to images: 85 tokens at low detail; at high detail 85 and 170 for each tile of
    512 pixels, after fitting it into 2,048 and its short side into 768; models that count patches of 32 pixels take up
    to 1,536 of these, times a factor of up to 2.46. Other services count in other ways: replies correct the estimate.
    """
    texts = [request.params.system, *(part for part in request.parts if isinstance(part, str))]
    text = sum(map(count_text, texts)) + FRAME_TOKENS
    images = [part for part in request.parts if isinstance(part, Image)]
    return text + LOW_DETAIL * len(images), text + sum(_count_image(image) for image in images)


def _count_image(image: Image) -> int:
    width, height = float(image.sent.width), float(image.sent.height)
    patches = min(1536, math.ceil(width / 32) * math.ceil(height / 32))
    for longest in (2048 / max(width, height), 768 / min(width, height)):
        if longest < 1:
            width, height = width * longest, height * longest
    tiles = math.ceil(width / 512) * math.ceil(height / 512)
    return max(LOW_DETAIL + 170 * tiles, math.ceil(2.46 * patches))


def _encode_part(part: Part, embed: Embed, detail: str | None) -> dict[str, Any]:
    match part:
        case str():
            return {"type": "text", "text": part}
        case Image():
            url = f"data:{part.sent.media_type};base64,{embed(part)}"
            return {"type": "image_url", "image_url": {"url": url} | pick({"detail": detail})}
    raise AssertionError(f"unknown part {part!r}")


def decode(reply: Reply) -> Response:
    """Read a chat completion, tolerating unknown fields. Raises CallError ``unreadable`` where there is no message."""
    body = reply.body
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise unreadable(f"no choices among the fields {', '.join(map(str, body)) or '(none)'}")
    message = choices[0].get("message")
    if not isinstance(message, dict):
        raise unreadable("its first choice has no message")
    finish_raw = str(choices[0].get("finish_reason") or "")
    refusal = read_aside(message.get("refusal"))
    return Response(
        text=read_text(message.get("content")),
        finish="refusal" if refusal else FINISH.get(finish_raw.casefold(), "other"),
        finish_raw=finish_raw,
        reasoning=_read_reasoning(message),
        refusal=refusal,
        usage=_read_usage(body.get("usage")),
        logprobs=read_logprobs(choices[0].get("logprobs")),
        model=str(body.get("model") or ""),
        request_id=name_call(reply, body.get("id")),
        simulated=SIMULATED in reply.headers,
    )


def _read_reasoning(message: dict[str, Any]) -> str:
    """Return the reasoning that stands beside the content, or, as at Mistral, in parts of it."""
    beside = read_aside(message.get("reasoning_content") or message.get("reasoning"))
    return beside or "".join(read_aside(part.get("thinking")) for part in of_type(message.get("content"), "thinking"))


def read_logprobs(found: Any) -> tuple[TokenLogprob, ...]:
    """Return the tokens of OpenAI's ``logprobs``, an object with a list or the list itself."""
    tokens = found.get("content") if isinstance(found, dict) else found
    read = (read_logprob(token, "token", "logprob", token.get("top_logprobs")) for token in dicts(tokens))
    return tuple(token for token in read if token)


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, as some services do, or None.

    It stands in ``error``, or, when an upstream failed while it answered, in the first choice.
    """
    choice = next(iter(dicts(body.get("choices"))), {})
    if choice.get("error") or choice.get("finish_reason") == "error":
        return choice.get("error") or "the upstream service failed"
    return body.get("error") if not choice else None


def _read_usage(usage: Any) -> Usage:
    usage = usage if isinstance(usage, dict) else {}
    details = {
        name: usage[name] if isinstance(usage.get(name), dict) else {}
        for name in ("prompt_tokens_details", "completion_tokens_details")
    }
    taken, written, total = (read_count(usage.get(f"{name}_tokens")) for name in ("prompt", "completion", "total"))
    if total is not None and taken is not None:
        written = max(written or 0, total - taken)  # some services count reasoning in the total only, and bill it
    return Usage(
        input_tokens=taken,
        output_tokens=written,
        cached_tokens=read_count(details["prompt_tokens_details"].get("cached_tokens")),
        reasoning_tokens=read_count(details["completion_tokens_details"].get("reasoning_tokens")),
        image_tokens=read_count(details["prompt_tokens_details"].get("image_tokens")),
    )
