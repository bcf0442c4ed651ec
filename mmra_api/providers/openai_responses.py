"""The wire format of OpenAI's Responses: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

from typing import Any

from mmra_api.providers.base import SIMULATED, Body, Service, read_count, read_text, refuse, unreadable
from mmra_api.providers.openai_chat import count_input
from mmra_api.types import Embed, FinishReason, Image, Part, Reply, Request, Response, Usage

PATH = "/responses"
CUT: dict[str, FinishReason] = {"max_output_tokens": "length", "content_filter": "content_filter"}
"""Why a response is incomplete."""


def encode(model: str, request: Request, embed: Embed, service: Service) -> Body:  # noqa: ARG001 - as every wire format
    """Return the body of ``POST /responses``: one user message, text and images in the order of the parts.

    ``store`` is false: the vendor need not keep what is asked. Raises InputError for what this format lacks.
    """
    params = request.params
    refuse("OpenAI's Responses", {"a seed": params.seed, "--stop": params.stop})
    body: Body = {
        "model": model,
        "input": [{"role": "user", "content": [_encode_part(part, embed) for part in request.parts]}],
        "store": False,
    }
    asked = {
        "max_output_tokens": params.max_tokens,
        "temperature": params.temperature,
        "top_p": params.top_p,
        "reasoning": {"effort": params.effort} if params.effort else None,
    }
    return body | {name: value for name, value in asked.items() if value is not None}


def _encode_part(part: Part, embed: Embed) -> dict[str, Any]:
    match part:
        case str():
            return {"type": "input_text", "text": part}
        case Image():
            url = f"data:{part.media_type};base64,{embed(part)}"
            return {"type": "input_image", "image_url": url, "detail": "auto"}  # the schema requires a detail
    raise AssertionError(f"unknown part {part!r}")


def decode(reply: Reply) -> Response:
    """Read a response, tolerating unknown fields and items. Raises CallError ``unreadable`` where it has no output."""
    body = reply.body
    output = body.get("output")
    if not isinstance(output, list):
        raise unreadable(f"no output among the fields {', '.join(map(str, body)) or '(none)'}")
    content = [part for item in _of_type(output, "message") for part in _list(item.get("content"))]
    refusal = "".join(read_text(part.get("refusal")) for part in _of_type(content, "refusal"))
    details = body.get("incomplete_details")
    reason = str(details.get("reason") or "") if isinstance(details, dict) else ""
    status = str(body.get("status") or "")
    finish: FinishReason = "stop" if status == "completed" else CUT.get(reason, "other")
    thoughts = [part for item in _of_type(output, "reasoning") for part in _list(item.get("summary"))]
    return Response(
        text="".join(read_text(part.get("text")) for part in _of_type(content, "output_text")),
        finish="refusal" if refusal else finish,
        finish_raw=reason or status,
        reasoning="\n".join(read_text(part.get("text")) for part in thoughts if isinstance(part, dict)),
        refusal=refusal,
        usage=_read_usage(body.get("usage")),
        model=str(body.get("model") or ""),
        request_id=reply.headers.get("x-request-id", "") or str(body.get("id") or ""),
        simulated=SIMULATED in reply.headers,
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _of_type(items: list[Any], kind: str) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict) and item.get("type") == kind]


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, or None: a response may fail while it is made."""
    return body.get("error") or None


def _read_usage(usage: Any) -> Usage:
    usage = usage if isinstance(usage, dict) else {}
    details = {
        name: usage[name] if isinstance(usage.get(name), dict) else {}
        for name in ("input_tokens_details", "output_tokens_details")
    }
    return Usage(
        input_tokens=read_count(usage.get("input_tokens")),
        output_tokens=read_count(usage.get("output_tokens")),
        cached_tokens=read_count(details["input_tokens_details"].get("cached_tokens")),
        reasoning_tokens=read_count(details["output_tokens_details"].get("reasoning_tokens")),
    )


__all__ = ["PATH", "count_input", "decode", "encode", "find_failure"]
