"""The wire format of OpenAI's Responses: Request ↔ body ↔ Response, pure."""

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
    require_list,
    unreadable,
)
from mmra_api.types import Embed, FinishReason, Image, Request, Response, Usage

PATH = "/responses"
SDK = "openai"
CUT: dict[str, FinishReason] = {"max_output_tokens": "length", "content_filter": "content_filter"}
"""Why a response is incomplete."""
TEXTS = frozenset({"output_text", "text"})
"""The types of a text; compatible servers use the second."""
UNFINISHED = frozenset({"queued", "in_progress"})


def encode(model: str, request: Request, embed: Embed) -> Body:
    """Return the body of ``POST /responses``: one user message, text and images in the order of the parts.

    ``store`` is false: the vendor need not keep what is asked. Raises InputError for what this format lacks.
    """
    params = request.params
    lacking = {"--model-seed": params.seed, "--stop": params.stop, "--thinking-budget": params.thinking_budget}
    refuse("OpenAI's Responses", lacking)

    def write_image(image: Image) -> Body:
        url = f"data:{image.sent.media_type};base64,{embed(image)}"
        return {"type": "input_image", "image_url": url, "detail": params.image_detail or "auto"}  # it must have one

    content = encode_parts(request.parts, lambda text: {"type": "input_text", "text": text}, write_image)
    return {"model": model, "input": [{"role": "user", "content": content}], "store": False} | pick(
        {
            "instructions": params.system,
            "max_output_tokens": params.max_tokens,
            "temperature": params.temperature,
            "top_p": params.top_p,
            "reasoning": pick({"effort": params.effort}),
            "include": [] if params.logprobs is None else ["message.output_text.logprobs"],
            "top_logprobs": params.logprobs,
        }
    )


def decode(body: Body) -> Response:
    """Read a response, tolerating unknown fields and items. Raises CallError ``unreadable`` where it has no output."""
    output = require_list(body, "output")
    status = str(body.get("status") or "")
    if status in UNFINISHED:
        raise unreadable(f"the response is {status}")
    content = [part for item in of_type(output, "message") for part in _read_content(item.get("content"))]
    texts = [part for part in content if part.get("type") in TEXTS]
    refusal = "".join(read_aside(part.get("refusal")) for part in of_type(content, "refusal"))
    reason = str(as_dict(body.get("incomplete_details")).get("reason") or "")
    finish: FinishReason = "stop" if status == "completed" else CUT.get(reason, "other")
    thoughts = [part for item in of_type(output, "reasoning") for part in _read_thoughts(item)]
    return Response(
        text="".join(read_text(part.get("text")) for part in texts),
        finish="refusal" if refusal else finish,
        finish_raw=reason or status,
        reasoning="\n".join(read_aside(part.get("text")) for part in thoughts),
        refusal=refusal,
        usage=_read_usage(as_dict(body.get("usage"))),
        logprobs=tuple(token for part in texts for token in read_logprobs(part.get("logprobs"))),
        model=str(body.get("model") or ""),
        request_id=str(body.get("id") or ""),
    )


def _read_content(content: Any) -> list[dict[str, Any]]:
    return [{"type": "output_text", "text": content}] if isinstance(content, str) else dicts(content)


def _read_thoughts(item: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parts of a summary, or, as servers of open models send them, of the reasoning itself."""
    return dicts(item.get("summary")) or dicts(item.get("content"))


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, or None: a response may fail while it is made."""
    return body.get("error") or ("the response failed" if body.get("status") == "failed" else None)


def _read_usage(usage: dict[str, Any]) -> Usage:
    taken, written = (as_dict(usage.get(f"{name}_tokens_details")) for name in ("input", "output"))
    return Usage(
        input_tokens=read_count(usage.get("input_tokens")),
        output_tokens=read_count(usage.get("output_tokens")),
        cached_tokens=read_count(taken.get("cached_tokens")),
        reasoning_tokens=read_count(written.get("reasoning_tokens")),
        image_tokens=read_count(taken.get("image_tokens")),
    )


__all__ = ["PATH", "SDK", "count_input", "decode", "encode", "find_failure"]
