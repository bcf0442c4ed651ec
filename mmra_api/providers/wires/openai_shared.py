"""What the replies of OpenAI's two formats share: usage and log probabilities, with the forms of compatible servers."""

from __future__ import annotations

from typing import Any

from mmra_api.providers.wires.lenient_json import (
    as_dict,
    as_list,
    dicts,
    of_type,
    read_aside,
    read_count,
    read_logprob,
    read_text,
)
from mmra_api.types import TokenLogprob, Usage

Parts = list[dict[str, Any]]
"""The content of a message."""
TEXTS = ("text", "output_text")
"""The types of a part that is text; one without a type is text too."""


def join_texts(parts: Parts) -> str:
    """Return the texts of a message, in order; parts of other types, as reasoning, are no part of the answer."""
    return "".join(read_text(part.get("text")) for part in parts if _is_text(part))


def _is_text(part: dict[str, Any]) -> bool:
    return (part.get("type") or "text") in TEXTS


def join_refusals(parts: Parts) -> str:
    """Return what a message says by way of refusal."""
    return "".join(read_aside(part.get("refusal")) for part in of_type(parts, "refusal"))


def read_reasoning(message: dict[str, Any], parts: Parts) -> str:
    """Return the reasoning of a chat message that stands beside the content, or, as at Mistral, in parts of it."""
    for name in ("reasoning_content", "reasoning", "thinking"):
        if found := read_aside(message.get(name)):
            return found
    thoughts = [*dicts(message.get("reasoning_details")), *(part for part in parts if not _is_text(part))]
    names = ("thinking", "text", "summary")
    return "".join(next(filter(None, (read_aside(each.get(name)) for name in names)), "") for each in thoughts)


def read_usage(usage: dict[str, Any]) -> Usage:
    """Return the usage by the names of either format: compatible servers mix them.

    Cached input stands beside the other counts at Moonshot (``cached_tokens``) and DeepSeek
    (``prompt_cache_hit_tokens``).
    """
    taken = _read_either(usage, "prompt_tokens", "input_tokens")
    written = _read_either(usage, "completion_tokens", "output_tokens")
    of_input = as_dict(usage.get("prompt_tokens_details")) or as_dict(usage.get("input_tokens_details"))
    of_output = as_dict(usage.get("completion_tokens_details")) or as_dict(usage.get("output_tokens_details"))
    total, cached = read_count(usage.get("total_tokens")), read_count(of_input.get("cached_tokens"))
    if total is not None and taken is not None:
        written = max(written or 0, total - taken)  # some services count reasoning in the total only, and bill it
    return Usage(
        input_tokens=taken,
        output_tokens=written,
        cached_tokens=_read_either(usage, "cached_tokens", "prompt_cache_hit_tokens") if cached is None else cached,
        cache_write_tokens=read_count(of_input.get("cache_write_tokens")),
        reasoning_tokens=read_count(of_output.get("reasoning_tokens")),
        image_tokens=read_count(of_input.get("image_tokens")),
    )


def _read_either(usage: dict[str, Any], name: str, other: str) -> int | None:
    found = read_count(usage.get(name))
    return read_count(usage.get(other)) if found is None else found


def read_logprobs(found: Any) -> tuple[TokenLogprob, ...]:
    """Return the tokens of a list of log probabilities, of an object with one, or of Together's parallel lists."""
    if isinstance(found, dict):
        tokens, numbers = (as_list(found.get(name)) for name in ("tokens", "token_logprobs"))
        pairs = zip(tokens, numbers, strict=False)
        found = found.get("content") or [{"token": token, "logprob": number} for token, number in pairs]
    read = (read_logprob(token, "logprob", token.get("top_logprobs")) for token in dicts(found))
    return tuple(token for token in read if token)


def keep_of_text(tokens: tuple[TokenLogprob, ...], text: str) -> tuple[TokenLogprob, ...]:
    """Return the tokens that make up the text: servers of open models report those of the reasoning before it too.

    None where the text cannot be found among them, as when a character is split between two: better than another's.
    """
    answer = text.strip()
    start = "".join(token.token for token in tokens).rfind(answer)
    kept, at = [], 0
    for token in tokens if start >= 0 else ():
        begun, at = at, at + len(token.token)
        if at > start and begun < start + len(answer):
            kept.append(token)
    return tuple(kept)
