"""The fields of a body for Anthropic messages, with the values that the service takes.

Source: Anthropic's API reference (Messages) and the types of its Python SDK. Unknown fields are turned down, as the
service does; tools are among them, since nobody here uses any.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

Filled: TypeAlias = Annotated[str, Meta(min_length=1)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
MediaType: TypeAlias = Literal["image/jpeg", "image/png", "image/gif", "image/webp"]
Role: TypeAlias = Literal["user", "assistant", "system"]
Effort: TypeAlias = Literal["low", "medium", "high", "xhigh", "max"]
Display: TypeAlias = Literal["summarized", "omitted"]


class Text(Struct, tag_field="type", tag="text", forbid_unknown_fields=True):
    text: str
    cache_control: dict[str, Any] | None = None


class _Bytes(Struct, tag_field="type", tag="base64", forbid_unknown_fields=True):
    media_type: MediaType
    data: str


class Link(Struct, tag_field="type", tag="url", forbid_unknown_fields=True):
    url: str


class Shown(Struct, tag_field="type", tag="image", forbid_unknown_fields=True):
    source: _Bytes | Link
    cache_control: dict[str, Any] | None = None


class _Message(Struct, forbid_unknown_fields=True):
    role: Role
    # No least length: `anthropic.read` refuses an empty message, in the service's own words.
    content: str | list[Text | Shown]


class Enabled(Struct, tag_field="type", tag="enabled", forbid_unknown_fields=True):
    # No bound: msgspec would name the place `thinking.budget_tokens`, the service names the variant in it too.
    budget_tokens: int
    display: Display | None = None


class Adaptive(Struct, tag_field="type", tag="adaptive", forbid_unknown_fields=True):
    display: Display | None = None


class BetweenTools(Struct, tag_field="type", tag="between_tools", forbid_unknown_fields=True):
    pass


class _Disabled(Struct, tag_field="type", tag="disabled", forbid_unknown_fields=True):
    pass


class _Output(Struct, forbid_unknown_fields=True):
    effort: Effort | None = None
    format: Any = None


class Body(Struct, forbid_unknown_fields=True):
    model: Filled
    max_tokens: Annotated[int, Meta(ge=1)]
    messages: Annotated[list[_Message], Meta(min_length=1)]
    system: str | list[Text] = ""
    temperature: Share | None = None
    top_p: Share | None = None
    top_k: Annotated[int, Meta(ge=0)] | None = None
    stop_sequences: list[str] = []  # msgspec copies it for every body
    thinking: Enabled | Adaptive | BetweenTools | _Disabled | None = None
    stream: bool = False
    cache_control: dict[str, Any] | None = None
    inference_geo: str | None = None
    metadata: dict[str, Any] | None = None
    output_config: _Output | None = None
    service_tier: Literal["auto", "standard_only"] | None = None
