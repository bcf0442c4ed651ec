"""The fields of a body for OpenAI responses, with the values that the service takes.

Source: OpenAI's published OpenAPI description (openai/openai-openapi), CreateResponse. It asks for a ``detail`` with
every image; the service's own examples leave it out, so that it may be left out here. Unknown fields are turned down,
as the service does (1jehuang/jcode#1028).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from mmra_api.sandbox.openai_service import Detail, Tops

INCLUDABLE = (
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
)
"""IncludeEnum in the description."""


class Text(Struct, tag_field="type", tag="input_text", forbid_unknown_fields=True):
    text: str
    prompt_cache_breakpoint: Any = None


class Spoken(Struct, tag_field="type", tag="output_text", forbid_unknown_fields=True):
    text: str
    annotations: Any = None
    logprobs: Any = None


class Shown(Struct, tag_field="type", tag="input_image", forbid_unknown_fields=True):
    image_url: str | None = None
    detail: Detail = "auto"
    file_id: str | None = None
    prompt_cache_breakpoint: Any = None


class Message(Struct, forbid_unknown_fields=True):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | Annotated[list[Text | Spoken | Shown], Meta(min_length=1)]
    type: Literal["message"] = "message"
    id: str | None = None
    status: str | None = None
    phase: str | None = None


class Reasoning(Struct, forbid_unknown_fields=True):
    effort: str | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None
    mode: Any = None
    context: Any = None
    generate_summary: Any = None


class _Idle(Struct):
    """Fields that are taken and change nothing here."""

    context_management: Any = None
    conversation: Any = None
    max_tool_calls: Any = None
    metadata: Any = None
    moderation: Any = None
    parallel_tool_calls: Any = None
    prompt: Any = None
    prompt_cache_key: Any = None
    prompt_cache_options: Any = None
    prompt_cache_retention: Any = None
    safety_identifier: Any = None
    service_tier: Any = None
    store: Any = None
    stream_options: Any = None
    text: Any = None
    tool_choice: Any = None
    tools: Any = None
    truncation: Any = None
    user: Any = None


class Body(_Idle, kw_only=True, forbid_unknown_fields=True):
    model: Annotated[str, Meta(min_length=1)]
    input: str | Annotated[list[Message], Meta(min_length=1)]
    instructions: str | None = None
    # At least 16, as the description says.
    max_output_tokens: Annotated[int, Meta(ge=16)] | None = None
    reasoning: Reasoning | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    stream: bool | None = None
    background: bool | None = None
    previous_response_id: str | None = None
    # Any text here; `read` checks the words, as it knows the service's phrase for a wrong one.
    include: list[str] | None = None
    top_logprobs: Tops | None = None
