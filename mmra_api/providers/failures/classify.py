"""What a service says when it gives no reply → the kind of failure it is."""

from __future__ import annotations

from collections.abc import Iterable

from mmra_api.types import FailureKind

CODES: dict[str, FailureKind] = {
    # OpenAI
    "insufficient_quota": "quota",
    "billing_hard_limit_reached": "quota",
    "billing_not_active": "quota",
    "credit_balance_too_low": "quota",
    "credit_balance_exhausted": "quota",
    "organization_spend_limit_exceeded": "quota",
    "organization_usage_limit_exceeded": "quota",
    "project_spend_limit_exceeded": "quota",
    "invalid_api_key": "authentication",
    "model_not_found": "not_found",
    "data_residency_mismatch": "permission",
    "unsupported_country_region_territory": "permission",
    "content_policy_violation": "content_filtered",
    "moderation_blocked": "content_filtered",
    "bio_policy": "content_filtered",
    "cyber_policy": "content_filtered",
    "misalignment_policy_violation": "content_filtered",
    "image_content_policy_violation": "content_filtered",
    "image_too_large": "too_large",
    "image_file_too_large": "too_large",
    "context_length_exceeded": "too_large",
    "string_above_max_length": "too_large",
    "rate_limit_exceeded": "rate_limit",
    "slow_down": "overloaded",
    "server_is_overloaded": "overloaded",
    # OpenAI's Responses, of a question that it cannot use; the status, 200, does not say so
    "invalid_prompt": "bad_request",
    "invalid_image": "bad_request",
    "invalid_image_format": "bad_request",
    "invalid_image_mode": "bad_request",
    "invalid_image_url": "bad_request",
    "invalid_base64_image": "bad_request",
    "image_too_small": "bad_request",
    "image_parse_error": "bad_request",
    "image_file_not_found": "bad_request",
    "empty_image_file": "bad_request",
    "failed_to_download_image": "bad_request",
    "unsupported_image_media_type": "bad_request",
    # Azure
    "content_filter": "content_filtered",
    "DeploymentNotFound": "not_found",
    # Mistral
    "invalid_model": "not_found",
    # OpenRouter: money for calls under way is set aside, and comes back
    "in_flight_budget_exhausted": "rate_limit",
    # llama.cpp, and so LM Studio
    "exceed_context_size_error": "too_large",
    # Moonshot
    "exceeded_current_quota_error": "quota",
    "engine_overloaded_error": "overloaded",
    "rate_limit_reached_error": "rate_limit",
    "invalid_authentication_error": "authentication",
    # DashScope
    "Arrearage": "quota",
    "AllocationQuota.FreeTierOnly": "quota",
    "PrepaidBillOverdue": "quota",
    "PostpaidBillOverdue": "quota",
    "Throttling.AllocationQuota": "rate_limit",
    "limit_requests": "rate_limit",
    "DataInspectionFailed": "content_filtered",
    "data_inspection_failed": "content_filtered",
    "BadRequest.TooLarge": "too_large",
    # Anthropic's types
    "authentication_error": "authentication",
    "billing_error": "quota",
    "permission_error": "permission",
    "not_found_error": "not_found",
    "request_too_large": "too_large",
    "rate_limit_error": "rate_limit",
    "timeout_error": "timeout",
    "overloaded_error": "overloaded",
    # Anthropic's codes beside them
    "contract_spend_limit_reached": "quota",
    "enforced_spend_limit_reached": "quota",
    "linked_organization_spend_limit_reached": "quota",
    "linked_organization_billing_unavailable": "quota",
    "organization_on_hold": "permission",
    "request_body_timeout": "timeout",
    # Google; its other words say what the status says
    "FAILED_PRECONDITION": "permission",
    "API_KEY_INVALID": "authentication",
    "PUP_LIMITED_DISABLED": "permission",  # a finish reason
}
"""What a service's own word for a failure means, where it says more than the HTTP status."""
STATUSES: dict[int, FailureKind] = {
    401: "authentication",
    402: "quota",
    403: "permission",
    404: "not_found",
    408: "timeout",
    409: "server",
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
"""As in RFC 9110 and RFC 6585; 402 is used for exhausted credit, 409 and 424 for trouble between
services, 498 by Groq and 529 by Anthropic for overload, 499 by Google for a call given up, 524 by a gateway that did
not wait."""


SAYINGS: tuple[tuple[int, str, FailureKind], ...] = (
    (400, "Incorrect API key", "authentication"),  # xAI
    (403, "used all available credits", "quota"),
    (429, "used all available credits", "quota"),
    (403, "doesn't have any credits", "quota"),  # xAI, of a new team
    (403, "run out of credits", "quota"),
    (412, "is suspended", "quota"),  # Fireworks; elsewhere this status is about one picture, or a model that is not up
    (429, "Allocated quota exceeded", "rate_limit"),  # DashScope: tokens a minute, with OpenAI's word for no credit
    (429, "error-code#token-limit", "rate_limit"),  # the same, in OpenAI's sentence for no credit, and with this link
    (429, "API usage limits", "quota"),  # Anthropic
    (429, "monthly spend limit", "quota"),
    (429, "monthly spending cap", "quota"),  # Google
    (429, "prepayment credits are depleted", "quota"),
    (403, "request logprobs", "bad_request"),  # OpenAI, of models that tell none
    (403, "max_new_tokens", "too_large"),  # Together
    (422, "max_new_tokens", "too_large"),
    (400, "total number of tokens in the prompt", "too_large"),  # Cohere
    (403, "violates usage guidelines", "content_filtered"),  # xAI: a filtered input has the status of a bad key
    (403, "SAFETY_CHECK", "content_filtered"),
    (400, "API key not valid", "authentication"),  # Google
    (400, "API key expired", "authentication"),
    (400, "credit balance is too low", "quota"),  # Anthropic
    (400, "API usage limits", "quota"),
    (400, "prompt is too long", "too_large"),
    (400, "context limit", "too_large"),
    (400, "maximum context length", "too_large"),  # vLLM and others
    (400, "exceeds the maximum number of tokens", "too_large"),  # Google
    (400, "location is not supported", "permission"),
    (400, "violating our usage policy", "content_filtered"),  # OpenAI, with the code of a malformed prompt
    (200, "violating our usage policy", "content_filtered"),
    (400, "content filtering policy", "content_filtered"),  # Anthropic
    (400, "Range of input length", "too_large"),  # DashScope
    (400, "max_new_tokens", "too_large"),  # Together
    (400, "payload size exceeds", "too_large"),  # Google
    (400, "image exceeds", "too_large"),  # Anthropic
    (400, "Request too large", "too_large"),  # Groq, with the code of a rate limit
    (413, "Request too large", "too_large"),
    (429, "Request too large", "too_large"),  # OpenAI: more tokens than the limit of a minute, whenever it is sent
)
"""Status, words and meaning, where only the words tell."""


def classify(status: int, words: Iterable[object] = (), metadata: object = None, said: str = "") -> FailureKind:
    """Return what a failure means: from its HTTP status, from the words and ``metadata`` of its body, and from what it
    says.

    ``words`` are its code, its type and the like, the first that is known decides; one may be a status of its own, in a
    reply with status 200. ``metadata`` with reasons is how OpenRouter says that an input was filtered; the status is
    then 403, as for a key without permission.
    """
    # Sayings first: they are rows because the code or the status beside them says something else.
    for status_of, saying, meaning in SAYINGS:
        if status == status_of and saying in said:
            return meaning
    words = list(words)
    for word in words:
        if isinstance(word, str) and word in CODES:
            return CODES[word]
    if isinstance(metadata, dict) and ("reasons" in metadata or "flagged_input" in metadata):
        return "content_filtered"
    if isinstance(metadata, dict) and status == 403 and "limit_source" in metadata:
        return "quota"  # OpenRouter: a budget of the key or its owner
    if status == 200:
        status = next(filter(None, map(_read_status, words)), 500)
    return STATUSES.get(status, "server" if status >= 500 else "bad_request")


def _read_status(word: object) -> int | None:
    """Return the HTTP status that a word is, as a number or in digits."""
    digits = str(word) if isinstance(word, str | int) and not isinstance(word, bool) else ""
    return int(digits) if digits.isdecimal() and len(digits) == 3 else None
