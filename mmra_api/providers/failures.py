"""A service's refusal → the kind of failure it is, and the flag that a rejected parameter came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mmra_api.types import FailureKind

CODES: dict[str, FailureKind] = {
    "insufficient_quota": "quota",
    "billing_hard_limit_reached": "quota",
    "billing_not_active": "quota",
    "credit_balance_too_low": "quota",
    "credit_balance_exhausted": "quota",
    "organization_spend_limit_exceeded": "quota",
    "organization_usage_limit_exceeded": "quota",
    "project_spend_limit_exceeded": "quota",
    "content_policy_violation": "content_filtered",
    "content_filter": "content_filtered",
    "moderation_blocked": "content_filtered",
    "invalid_api_key": "authentication",
    "model_not_found": "not_found",
    "context_length_exceeded": "too_large",
    "string_above_max_length": "too_large",
    "unsupported_country_region_territory": "permission",
    "slow_down": "overloaded",
    "server_is_overloaded": "overloaded",
    # Azure
    "DeploymentNotFound": "not_found",
    # Moonshot and DashScope
    "exceeded_current_quota_error": "quota",
    "engine_overloaded_error": "overloaded",
    "rate_limit_reached_error": "rate_limit",
    "Throttling.AllocationQuota": "rate_limit",
    "limit_requests": "rate_limit",
    "Arrearage": "quota",
    "AllocationQuota.FreeTierOnly": "quota",
    "PrepaidBillOverdue": "quota",
    "PostpaidBillOverdue": "quota",
    "invalid_authentication_error": "authentication",
    "DataInspectionFailed": "content_filtered",
    "data_inspection_failed": "content_filtered",
    "rate_limit_exceeded": "rate_limit",
    "overloaded_error": "overloaded",
    # Anthropic's types
    "authentication_error": "authentication",
    "billing_error": "quota",
    "permission_error": "permission",
    "not_found_error": "not_found",
    "request_too_large": "too_large",
    "rate_limit_error": "rate_limit",
    "timeout_error": "timeout",
    # Google; its other words say what the status says
    "FAILED_PRECONDITION": "permission",
}
"""What a service's own word for a failure means, where it says more than the HTTP status."""
STATUSES: dict[int, FailureKind] = {
    401: "authentication",
    402: "quota",
    403: "permission",
    404: "not_found",
    408: "timeout",
    409: "server",
    412: "quota",
    413: "too_large",
    424: "server",
    429: "rate_limit",
    498: "overloaded",
    499: "server",
    503: "overloaded",
    504: "timeout",
    524: "timeout",
    529: "overloaded",
}
"""As in RFC 9110 and RFC 6585; 402 is used for exhausted credit, 412 by Fireworks for a suspended account, 498 by Groq
and 529 by Anthropic for overload, 499 by Google for a call given up, 524 by a gateway that did not wait."""


SAYINGS: tuple[tuple[int, str, FailureKind], ...] = (
    (400, "Incorrect API key", "authentication"),  # xAI
    (403, "used all available credits", "quota"),
    (429, "used all available credits", "quota"),
    (429, "Allocated quota exceeded", "rate_limit"),  # DashScope: tokens a minute, with OpenAI's word for no credit
    (403, "max_new_tokens", "too_large"),  # Together
    (403, "violates usage guidelines", "content_filtered"),  # xAI: a filtered input has the status of a bad key
    (403, "SAFETY_CHECK", "content_filtered"),
    (400, "API key not valid", "authentication"),  # Google
    (400, "credit balance is too low", "quota"),  # Anthropic
    (400, "API usage limits", "quota"),
    (400, "prompt is too long", "too_large"),
    (400, "context limit", "too_large"),
    (400, "maximum context length", "too_large"),  # vLLM and others
    (400, "exceeds the maximum number of tokens", "too_large"),  # Google
    (400, "location is not supported", "permission"),
    (413, "Request too large", "too_large"),  # Groq, with the code of a rate limit
    (429, "Request too large", "too_large"),  # OpenAI: more tokens than the limit of a minute, whenever it is sent
)
"""Status, words and meaning, where only the words tell."""


FLAGS: dict[str, str] = {
    "temperature": "--temperature",
    "top_p": "--top-p",
    "stop": "--stop",
    "stop_sequences": "--stop",
    "reasoning_effort": "--effort",
    "reasoning": "--effort",
    "effort": "--effort",
    "output_config": "--effort",
    "thinking_level": "--effort",
    "thinking": "--thinking-budget",
    "budget_tokens": "--thinking-budget",
    "thinking_budget": "--thinking-budget",
    "seed": "--model-seed",
    "random_seed": "--model-seed",
    "max_tokens": "--max-tokens",
    "max_completion_tokens": "--max-tokens",
    "max_output_tokens": "--max-tokens",
    "detail": "--image-detail",
    "media_resolution": "--image-detail",
    "logprobs": "--logprobs",
    "top_logprobs": "--logprobs",
    "response_logprobs": "--logprobs",
    "instructions": "--system",
    "system": "--system",
    "system_instruction": "--system",
}
"""Fields of bodies, in snake case, and the flag that each comes from."""
DEPTH = 3
"""How deep in a body parameters stand."""


def classify(
    status: int, code: object = None, kind: object = None, metadata: object = None, said: str = ""
) -> FailureKind:
    """Return what a failure means: from its HTTP status, from ``code``, ``type`` and ``metadata`` of its body, and from
    what it says.

    ``code`` may be a status of its own, in a reply with status 200. ``metadata`` with reasons is how OpenRouter says
    that an input was filtered; the status is then 403, as for a key without permission.
    """
    for status_of, words, meaning in SAYINGS:
        if status == status_of and words in said:
            return meaning
    for word in (code, kind):
        if isinstance(word, str) and word in CODES:
            return CODES[word]
    if isinstance(metadata, dict) and ("reasons" in metadata or "flagged_input" in metadata):
        return "content_filtered"
    if status == 200:
        status = code if isinstance(code, int) and not isinstance(code, bool) else 500
    return STATUSES.get(status, "server" if status >= 500 else "bad_request")


def find_flag(error: Mapping[str, Any], said: str, body: Mapping[str, Any], extra: Mapping[str, Any]) -> str:
    """Return the flag whose parameter a service rejects, or nothing: only one that was sent can be meant.

    OpenAI names it in ``param``; the others in the message, in quotes, or as a word that means nothing else.
    """
    sent = sorted(set(_names(body)), key=len, reverse=True)
    named = str(error.get("param") or "").rpartition(".")[2]
    for name in sent:
        flag = f"--extra {name}" if name in extra else FLAGS.get(_snake(name), "")
        if flag and (name == named or _mentions(said, name)):
            return flag
    return ""


def _names(body: Mapping[str, Any], depth: int = 1) -> Iterator[str]:
    for name, value in body.items():
        yield name
        if isinstance(value, dict) and depth < DEPTH:
            yield from _names(value, depth + 1)


def _mentions(said: str, name: str) -> bool:
    snake = _snake(name)
    forms = {name, snake, snake.replace("_", " ")} if "_" in snake else {name}
    words = "|".join(map(re.escape, forms))
    if "_" in snake or name in {"temperature", "logprobs"}:
        return re.search(rf"(?<!\w)({words})(?!\w)", said, re.IGNORECASE) is not None
    return re.search(rf"[`'\"]({words})[`'\"]|^({words})[:.]", said) is not None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
