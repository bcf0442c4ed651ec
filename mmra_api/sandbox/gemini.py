"""Google's generateContent: a POST body in, an Ask out. What goes back is in ``gemini_replies`` and ``gemini_errors``.

Source of the shapes: the Gemini API's reference (generateContent) and the types of its Python SDK. As in every JSON
body for Google's services, names may be written in camelCase or snake_case, and base64 in either alphabet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import ceil
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import parse_qs

from msgspec import Meta, Struct

from mmra_api.sandbox.decode_body import check, decode, reject
from mmra_api.sandbox.gemini_errors import refuse_images, refuse_misfit, refuse_unknown, render_error
from mmra_api.sandbox.gemini_limits import check_images, check_level, check_media_type, check_size
from mmra_api.sandbox.gemini_replies import render
from mmra_api.sandbox.pictures import read_image
from mmra_api.sandbox.token_bucket import BucketLevel
from mmra_api.sandbox.tokens import count_tokens
from mmra_api.sandbox.wire import Ask, Call, Pause, Piece
from mmra_api.types import Image

__all__ = ["read", "read_key", "refuse_images", "render", "render_error", "tell_id", "tell_limits", "tell_pause"]

Resolution: TypeAlias = Literal[
    "MEDIA_RESOLUTION_UNSPECIFIED", "MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH"
]
WHOLE = {"MEDIA_RESOLUTION_LOW": 64, "MEDIA_RESOLUTION_MEDIUM": 256}
"""Input tokens of an image where the resolution is set for a whole call."""
SINGLE = {
    "MEDIA_RESOLUTION_LOW": 280,
    "MEDIA_RESOLUTION_MEDIUM": 560,
    "MEDIA_RESOLUTION_HIGH": 1120,
    "MEDIA_RESOLUTION_ULTRA_HIGH": 2240,
}
"""Where it is set for a single image. Only there the highest exists, as the Gemini 3 guide and the SDK's types say."""


class _Blob(Struct, rename="camel", forbid_unknown_fields=True):
    mime_type: str
    data: str


class _Level(Struct, forbid_unknown_fields=True):
    level: Resolution | Literal["MEDIA_RESOLUTION_ULTRA_HIGH"] | None = None


class _Part(Struct, rename="camel", forbid_unknown_fields=True):
    text: str | None = None
    inline_data: _Blob | None = None
    media_resolution: _Level | None = None


class _Content(Struct, forbid_unknown_fields=True):
    parts: Annotated[list[_Part], Meta(min_length=1)]
    role: Literal["user", "model"] | None = None


class _System(Struct, forbid_unknown_fields=True):
    parts: list[_Part]
    role: str | None = None


class _Thinking(Struct, rename="camel", forbid_unknown_fields=True):
    include_thoughts: bool = False
    thinking_budget: Annotated[int, Meta(ge=-1)] | None = None
    thinking_level: str | None = None


class _Config(Struct, rename="camel", forbid_unknown_fields=True):
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    top_k: Annotated[float, Meta(ge=0)] | None = None
    seed: Annotated[int, Meta(ge=-(2**31), lt=2**31)] | None = None
    # One, and plain text: what the sandbox can render. All else would be answered wrongly, so it is turned down.
    candidate_count: Literal[1] | None = None
    max_output_tokens: Annotated[int, Meta(ge=1)] | None = None
    stop_sequences: Annotated[list[str], Meta(max_length=5)] = []  # msgspec copies it for every body
    response_mime_type: Literal["text/plain"] | None = None
    thinking_config: _Thinking | None = None
    media_resolution: Resolution | None = None
    response_logprobs: bool = False
    logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None


class _Body(Struct, rename="camel", forbid_unknown_fields=True):
    contents: Annotated[list[_Content], Meta(min_length=1)]
    system_instruction: _System | None = None
    generation_config: _Config | None = None
    safety_settings: list[dict[str, Any]] | None = None


def read_key(call: Call) -> str:
    """The header ``x-goog-api-key``, else ``key`` behind the address."""
    return call.headers.get("x-goog-api-key", "").strip() or parse_qs(call.query).get("key", [""])[0]


def read(call: Call) -> Ask:
    """Check a body as the service does and put it in neutral terms. Raises Rejection."""
    check_size(call)
    # Twice, first without a shape: a Struct knows one spelling of a name, and bodies may use either.
    body = check(_unify(decode(call.body, Any)), _Body, refuse_unknown, refuse_misfit)
    config = body.generation_config or _Config()
    _check_config(config)
    system = body.system_instruction.parts if body.system_instruction else []
    pieces = [_read_system(part, f"systemInstruction.parts[{i}]") for i, part in enumerate(system)]
    for number, content in enumerate(body.contents):
        places = [f"contents[{number}].parts[{i}]" for i in range(len(content.parts))]
        pieces += [_read_part(part, place, config) for part, place in zip(content.parts, places, strict=True)]
    check_images(pieces)
    return Ask(
        model=call.model,
        pieces=tuple(pieces),
        max_tokens=config.max_output_tokens,
        # An empty stop stands before the first word of every reply, and would end it there.
        stops=tuple(filter(None, config.stop_sequences)),
        # None tells no log probabilities, 0 those of the chosen tokens alone.
        tops=config.logprobs or 0 if config.response_logprobs else None,
    )


def _check_config(config: _Config) -> None:
    thinking = config.thinking_config or _Thinking()
    check_level(thinking.thinking_level)
    if thinking.thinking_budget is not None and thinking.thinking_level is not None:
        message = "'thinkingBudget' and 'thinkingLevel' exclude each other"
        raise reject(message, "generationConfig.thinkingConfig")
    if config.logprobs is not None and not config.response_logprobs:
        raise reject("'logprobs' needs 'responseLogprobs' to be true", "generationConfig.logprobs")


def _unify(raw: Any) -> Any:
    """The same with all names in camelCase."""
    if isinstance(raw, list):
        return [_unify(item) for item in raw]
    if isinstance(raw, dict):
        return {re.sub(r"_([a-z])", lambda hit: hit[1].upper(), name): _unify(item) for name, item in raw.items()}
    return raw


def _read_system(part: _Part, place: str) -> Piece:
    if part.text is None or part.inline_data is not None:
        raise reject("a system instruction is text", place)
    return Piece(part=part.text, tokens=count_tokens(part.text), place=place, system=True)


def _read_part(part: _Part, place: str, config: _Config) -> Piece:
    # Both or neither.
    if (part.text is None) is (part.inline_data is None):
        raise reject("a part holds one of 'text' and 'inlineData' here", place)
    if part.inline_data is None:
        return Piece(part=part.text or "", tokens=count_tokens(part.text or ""), place=place)
    # Before the bytes: a GIF is refused for what it is, not for how it is written.
    check_media_type(part.inline_data.mime_type, place)
    # Google takes both alphabets, and leaves the padding to the sender. `read_image` is strict, as the others are, so
    # all is brought to the one form here.
    data = part.inline_data.data.translate(str.maketrans("-_", "+/")).rstrip("=")
    padded = data + "=" * (-len(data) % 4)
    image = read_image(part.inline_data.mime_type, padded, param=f"{place}.inlineData.data")
    level = part.media_resolution.level if part.media_resolution else None
    tokens = count_image_tokens(image, single=level or "", whole=config.media_resolution or "")
    return Piece(part=image, tokens=tokens, place=place)


def count_image_tokens(image: Image, *, single: str = "", whole: str = "") -> int:
    """Input tokens of an image: 258, or as many for every tile of 768 pixels if a side is longer than 384.

    Source: the Gemini API's guide to tokens; of those in the resolution of a ``single`` image or the ``whole`` call:
    its guide to media resolution.
    """
    # A part's own resolution goes before that of the call. What stands in neither table, a high one for a whole call
    # among them, is counted in tiles.
    if fixed := SINGLE.get(single) or WHOLE.get(whole):
        return fixed
    if max(image.width, image.height) <= 384:
        return 258
    return 258 * ceil(image.width / 768) * ceil(image.height / 768)


def tell_id(request_id: str) -> dict[str, str]:  # noqa: ARG001 - a ServedFormat's form
    """Nothing: the service names a reply in its body only."""
    return {}


def tell_pause(pause: Pause) -> dict[str, str]:  # noqa: ARG001 - a ServedFormat's form
    """Nothing: the wait stands in the body."""
    return {}


def tell_limits(levels: Mapping[str, BucketLevel]) -> dict[str, str]:  # noqa: ARG001 - a ServedFormat's form
    """Nothing: the service does not tell its limits."""
    return {}
