"""The wire format of OpenAI's Responses: Request ↔ body ↔ Response, pure."""

from __future__ import annotations

from typing import Any

from mmra_api.providers.wires.body import Body, encode_parts
from mmra_api.providers.wires.fields import Field, Fields, fill
from mmra_api.providers.wires.image_tokens import count_openai as count_input
from mmra_api.providers.wires.lenient_json import (
    as_dict,
    dicts,
    of_type,
    read_aside,
    read_parts,
    require_list,
    unreadable,
)
from mmra_api.providers.wires.openai_shared import Parts, join_refusals, join_texts, read_logprobs, read_usage
from mmra_api.types import Embed, FinishReason, Image, Request, Response

NAME = "OpenAI's Responses"
PATH = "/responses"
SDK = "openai"
FIELDS: Fields = (
    Field("image_detail", "detail", where="image"),
    Field("system", "instructions"),
    Field("max_tokens", "max_output_tokens"),
    Field("temperature", "temperature"),
    Field("top_p", "top_p"),
    Field("effort", "reasoning.effort"),
    Field("logprobs", "include", lambda _: ["message.output_text.logprobs"]),
    Field("logprobs", "top_logprobs"),
)
CUT: dict[str, FinishReason] = {
    "max_output_tokens": "length",
    "max_tokens": "length",  # compatible servers
    "length": "length",
    "content_filter": "content_filter",
}
"""Why a response is incomplete."""
UNFINISHED = frozenset({"queued", "in_progress"})


def encode(model: str, request: Request, embed: Embed) -> Body:
    """Return the body of ``POST /responses``: one user message, text and images in the order of the parts.

    ``store`` is false, because the vendor keeps what is asked otherwise.
    """
    params = request.params

    def write_image(image: Image) -> Body:
        url = f"data:{image.sent.media_type};base64,{embed(image)}"
        # ``auto`` is the vendor's own default; it stands here because the schema requires a detail.
        return fill({"type": "input_image", "image_url": url, "detail": "auto"}, FIELDS, params, "image")

    content = encode_parts(request.parts, lambda text: {"type": "input_text", "text": text}, write_image)
    return fill({"model": model, "input": [{"role": "user", "content": content}], "store": False}, FIELDS, params)


def decode(body: Body) -> Response:
    """Read a response, tolerating unknown fields and items. Raises CallError ``unreadable`` where it has no output.

    What a model says on its way to the final answer, its commentary, is kept with the reasoning.
    """
    output = dicts(require_list(body, "output"))
    status = str(body.get("status") or "")
    if status in UNFINISHED:
        raise unreadable(f"the response is {status}")
    answers, asides = _tell_apart(output, status)
    refusal = "".join(map(join_refusals, answers))
    reason = str(as_dict(body.get("incomplete_details")).get("reason") or "")
    ended = "stop" if status in {"completed", ""} and not reason else CUT.get(reason, "other")
    thoughts = [thought for item in of_type(output, "reasoning") for thought in _list_thoughts(item)]
    return Response(
        text=_join(answers),
        finish="refusal" if refusal else ended,
        finish_raw=reason or status,
        reasoning="\n".join(filter(None, [*thoughts, _join(asides)])),
        refusal=refusal,
        usage=read_usage(as_dict(body.get("usage"))),
        logprobs=tuple(token for parts in answers for part in parts for token in read_logprobs(part.get("logprobs"))),
        model=str(body.get("model") or ""),
        request_id=str(body.get("id") or ""),
    )


def _tell_apart(output: Parts, status: str) -> tuple[list[Parts], list[Parts]]:
    """Return the messages that are the answer and those on the way there, by the phase that newer models name.

    Where none is called final the answer is what has no phase, or, of a response that is complete, all there is.
    """
    bare = [item for item in output if item.get("type") in ("output_text", "text")]  # as some compatible servers do
    said = [(str(item.get("phase") or ""), read_parts(item.get("content"))) for item in output if _is_said(item)]
    said += [("", bare)] if bare else []
    phases = {phase for phase, _ in said}
    wanted = phases & {"final_answer"} or phases - {"commentary"} or (phases if status == "completed" else set())
    return [parts for phase, parts in said if phase in wanted], [parts for phase, parts in said if phase not in wanted]


def _is_said(item: dict[str, Any]) -> bool:
    return (item.get("type") or "message", item.get("role") or "assistant") == ("message", "assistant")


def _join(messages: list[Parts]) -> str:
    return "\n\n".join(filter(None, map(join_texts, messages)))


def _list_thoughts(item: dict[str, Any]) -> list[str]:
    """Return the texts of the reasoning itself, as servers of open models send it, or of a summary."""
    found = item.get("content") or item.get("summary")
    return [read_aside([piece]) for piece in (found if isinstance(found, list) else [found])]


def find_failure(body: dict[str, Any]) -> object | None:
    """Return the failure that a body with status 200 reports, or None: a response may fail while it is made."""
    status = str(body.get("status") or "")
    return body.get("error") or (f"the response is {status}" if status in {"failed", "cancelled"} else None)


__all__ = ["FIELDS", "NAME", "PATH", "SDK", "count_input", "decode", "encode", "find_failure"]
