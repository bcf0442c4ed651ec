"""What was Said in, a ``GenerateContentResponse`` body out; as in all JSON of Google's services, no zeros are sent.

Source of the shapes: the Gemini API's reference (generateContent) and the types of its Python SDK.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

from mmra_api.sandbox.logprobs import Step, Token
from mmra_api.sandbox.wire import Said

# A refusal is a STOP: the service has no field for it, the words come as any text does.
FINISH = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY", "refusal": "STOP", "other": "OTHER"}
VOCABULARY = 1 << 18
"""Token ids end below this."""


def render(said: Said) -> dict[str, Any]:
    """The body of a reply; a filter that lets nothing through leaves no candidate, only a reason."""
    body: dict[str, Any] = {"usageMetadata": _render_usage(said)}
    if said.finish == "content_filter" and said.text is None:
        body["promptFeedback"] = {"blockReason": FINISH[said.finish]}
    else:
        body["candidates"] = [_render_candidate(said)]
    return {**body, "modelVersion": said.model, "responseId": said.id}


def _render_candidate(said: Said) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"text": said.reasoning, "thought": True}] if said.reasoning else []
    if text := said.text or said.refusal:
        parts.append({"text": text})
    content = {"parts": parts, "role": "model"} if parts else {"role": "model"}
    # A candidate that a filter emptied has no `content` at all; one that says nothing has one without parts.
    shown = {} if said.finish == "content_filter" and not parts else {"content": content}
    return {**shown, "finishReason": FINISH[said.finish], "index": 0, **_render_odds(said.steps or ())}


def _render_odds(steps: tuple[Step, ...]) -> dict[str, Any]:
    """The log probabilities of a candidate; nothing where there is no token."""
    if not steps:
        return {}
    total = sum(step.chosen.logprob for step in steps)
    result: dict[str, Any] = {
        "chosenCandidates": [_render_token(step.chosen) for step in steps],
        "logProbabilitySum": total,
    }
    if steps[0].top:
        result["topCandidates"] = [{"candidates": [_render_token(token) for token in step.top]} for step in steps]
    return {"avgLogprobs": total / len(steps), "logprobsResult": result}


def _render_token(token: Token) -> dict[str, Any]:
    # Not `hash`, which differs in every process.
    number = crc32(token.text.encode()) % VOCABULARY
    return {"token": token.text, "tokenId": number, "logProbability": token.logprob}


def _render_usage(said: Said) -> dict[str, Any]:
    usage = said.usage
    asked, answered, thought = usage.input_tokens or 0, usage.output_tokens or 0, usage.reasoning_tokens or 0
    counts = {
        "promptTokenCount": asked,
        "cachedContentTokenCount": usage.cached_tokens or 0,
        # Thoughts are counted beside the candidates here; Usage has them among the output tokens.
        "candidatesTokenCount": answered - thought,
        "thoughtsTokenCount": thought,
        "totalTokenCount": asked + answered,
    }
    kinds = {"TEXT": asked - said.image_tokens, "IMAGE": said.image_tokens}
    details = [{"modality": kind, "tokenCount": count} for kind, count in kinds.items() if count]
    told = {name: count for name, count in counts.items() if count}
    return {**told, "promptTokensDetails": details} if details else told
