"""OpenAI responses: a POST body in, an Ask out; what was Said in, a ``response`` body out.

Source of the shapes: OpenAI's published OpenAPI description (openai/openai-openapi), CreateResponse and Response.
"""

from __future__ import annotations

from typing import Any

from mmra_api.sandbox.decode_body import decode, reject
from mmra_api.sandbox.openai_limits import EFFORTS, check_images, check_size, check_word
from mmra_api.sandbox.openai_responses_body import INCLUDABLE, Body, Message, Shown, Spoken, Text
from mmra_api.sandbox.openai_service import (
    CREATED,
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

INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}
"""The finish reasons for which a reply is not ``completed``, and the service's words for them."""
LOGPROBS = "message.output_text.logprobs"


def read(call: Call) -> Ask:
    """Check a body as the service does and put it in neutral terms. Raises Rejection."""
    check_size(call)
    body = decode(call.body, Body, refuse_unknown)
    check_word(body.reasoning.effort if body.reasoning else None, EFFORTS, "reasoning.effort")
    for number, word in enumerate(body.include or ()):
        check_word(word, INCLUDABLE, f"include[{number}]")
    # Each would need a second call or a memory, and the sandbox has neither.
    for name in ("stream", "background", "previous_response_id"):
        if getattr(body, name):
            raise reject(f"the sandbox sends one whole reply and keeps none: leave out {name!r}", name)
    messages = [Message("user", body.input)] if isinstance(body.input, str) else body.input
    # First, as the service puts instructions before all messages.
    pieces = [_price(body.instructions, "system", "instructions")] if body.instructions else []
    for number, message in enumerate(messages):
        pieces += _read_message(message, f"input[{number}]")
    check_images(pieces, call)
    return Ask(
        model=body.model,
        pieces=tuple(pieces),
        max_tokens=body.max_output_tokens,
        # Only this format has a message of commentary beside the answer.
        phases=True,
        # Here the odds are asked for by a name in `include`, not by a field of their own.
        tops=body.top_logprobs or 0 if LOGPROBS in (body.include or ()) else None,
    )


def _read_message(message: Message, place: str) -> list[Piece]:
    if isinstance(message.content, str):
        return [_price(message.content, message.role, f"{place}.content")]
    return [_read_part(part, message.role, f"{place}.content[{i}]") for i, part in enumerate(message.content)]


def _read_part(part: Text | Spoken | Shown, role: str, place: str) -> Piece:
    if isinstance(part, Shown):
        image = read_picture(part.image_url or "", role, f"{place}.image_url", f"{place}.image_url")
        return Piece(part=image, tokens=count_image_tokens(image, part.detail), place=place)
    # What the assistant said has one type, what was said to it another; the service takes no mix.
    if isinstance(part, Spoken) is not (role == "assistant"):
        raise reject(f"a message of {role!r} cannot hold this type of text", f"{place}.type")
    return _price(part.text, role, place)


def _price(text: str, role: str, place: str) -> Piece:
    return Piece(part=text, tokens=count_tokens(text), place=place, system=role in {"system", "developer"})


def refuse_images(ask: Ask) -> Rejection:
    """What the service says to images for a model without eyes (can1357/oh-my-pi#3421)."""
    message = f"Invalid value: 'input_image'. The model {ask.model!r} does not support image input"
    return Rejection("bad_request", message, code="invalid_value", param=f"{ask.first_picture}.type")


def refuse_unknown(name: str, place: str) -> Rejection:
    """What the service says to a field that it does not know."""
    param = f"{place}.{name}" if place else name
    return Rejection("bad_request", f"Unknown parameter: {param!r}.", code="unknown_parameter", param=param)


def render(said: Said) -> dict[str, Any]:
    """The body of a reply, with the fields that the service sends for a plain text answer."""
    reason = INCOMPLETE.get(said.finish)
    status = "incomplete" if reason else "completed"
    return {
        "id": f"resp_{said.id}",
        "object": "response",
        "created_at": CREATED,
        # A reply that was cut off never came to its end.
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
    """The reasoning, the commentary and the answer, each only if there is one; beside a commentary it has a phase."""
    output: list[dict[str, Any]] = []
    if said.reasoning:
        summary = [{"type": "summary_text", "text": said.reasoning}]
        output.append({"type": "reasoning", "id": f"rs_{said.id}", "summary": summary})
    content: list[dict[str, Any]] = []
    if said.text is not None:
        # Without text the steps are those of the refusal, which has no field for them here.
        steps = render_steps(said.steps or ()) if said.text else []
        content.append({"type": "output_text", "text": said.text, "annotations": [], "logprobs": steps})
    if said.refusal:
        content.append({"type": "refusal", "refusal": said.refusal})
    message = {"type": "message", "id": f"msg_{said.id}", "role": "assistant", "status": status}
    if said.commentary:
        aside = {"type": "output_text", "text": said.commentary, "annotations": [], "logprobs": []}
        # Cut off amid the commentary, it is this message that is incomplete.
        ended = "completed" if said.text else status
        phase = {"id": f"msg_{said.id}_0", "phase": "commentary", "status": ended}
        output.append({**message, **phase, "content": [aside]})
        message["phase"] = "final_answer"
    # Cut off before the answer began: no empty message after the commentary.
    if content and (said.text or not said.commentary):
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
