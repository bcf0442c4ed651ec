"""Failures over real HTTP through every SDK: what an HTTP status, a vendor's code and its words mean."""

from __future__ import annotations

from typing import Any

import pytest

from mmra_api.errors import CallError
from mmra_api.providers.failures.classify import CODES, SAYINGS, classify
from mmra_api.types import Request

STATUSES = {
    400: "bad_request",
    401: "authentication",
    402: "quota",
    403: "permission",
    404: "not_found",
    408: "timeout",
    409: "server",
    412: "bad_request",
    413: "too_large",
    422: "bad_request",
    424: "server",
    429: "rate_limit",
    498: "overloaded",
    499: "server",
    500: "server",
    502: "server",
    503: "overloaded",
    504: "timeout",
    524: "timeout",
    529: "overloaded",
}


@pytest.mark.parametrize("service", ["openai", "anthropic", "google"])
@pytest.mark.parametrize(
    "body", [b"", b"<html>a page</html>", b'{"error": {"message": "no"}}'], ids=["bare", "page", "JSON"]
)
async def test_what_a_status_means(serve, connect, service, body):
    url, calls = serve(*STATUSES, body=body)
    provider = connect(service, url)
    found, billed = {}, {}
    for number in range(len(STATUSES)):
        with pytest.raises(CallError) as caught:
            await provider.send(Request(parts=("Hi",)))
        found[caught.value.status] = caught.value.kind
        billed[caught.value.status] = caught.value.maybe_billed
        assert len(calls) == number + 1, "the SDK asks once"
    assert found == STATUSES
    assert billed == {status: kind == "timeout" for status, kind in STATUSES.items()}, "a gateway gave up"


def openai(code: str | None, kind: str = "invalid_request_error", said: str = "no") -> dict[str, Any]:
    return {"error": {"message": said, "type": kind, "param": None, "code": code}}


def anthropic(kind: str, said: str = "no") -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": said}, "request_id": "req_1"}


def detailed(code: str) -> dict[str, Any]:
    """Return Anthropic's form for what its types do not say."""
    error = {"type": "rate_limit_error", "message": "no", "details": {"error_code": code}}
    return {"type": "error", "error": error, "request_id": "req_1"}


def google(status: int, word: str, said: str = "no") -> dict[str, Any]:
    return {"error": {"code": status, "message": said, "status": word}}


UNUSABLE = (
    *("invalid_prompt", "invalid_image", "invalid_image_format", "invalid_image_mode", "invalid_image_url"),
    *("invalid_base64_image", "image_too_small", "image_parse_error", "image_file_not_found", "empty_image_file"),
    *("failed_to_download_image", "unsupported_image_media_type"),
)
CODED: list[tuple[str, int, str, str]] = [
    ("openai", 429, "insufficient_quota", "quota"),
    ("openai", 400, "billing_hard_limit_reached", "quota"),
    ("openai", 429, "billing_not_active", "quota"),
    ("openai", 429, "credit_balance_too_low", "quota"),
    ("openai", 429, "credit_balance_exhausted", "quota"),
    ("openai", 429, "organization_spend_limit_exceeded", "quota"),
    ("openai", 429, "organization_usage_limit_exceeded", "quota"),
    ("openai", 429, "project_spend_limit_exceeded", "quota"),
    ("openai", 400, "content_policy_violation", "content_filtered"),
    ("openai", 400, "moderation_blocked", "content_filtered"),
    ("openai", 400, "invalid_api_key", "authentication"),
    ("openai", 400, "model_not_found", "not_found"),
    ("openai", 400, "bio_policy", "content_filtered"),
    ("openai", 400, "image_content_policy_violation", "content_filtered"),
    ("openai", 400, "image_too_large", "too_large"),
    ("openai", 400, "image_file_too_large", "too_large"),
    ("openai", 400, "data_residency_mismatch", "permission"),
    ("mistral", 400, "invalid_model", "not_found"),
    ("google", 400, "API_KEY_INVALID", "authentication"),
    ("openai", 400, "context_length_exceeded", "too_large"),
    ("openai", 400, "string_above_max_length", "too_large"),
    ("openai", 400, "unsupported_country_region_territory", "permission"),
    ("openai", 500, "slow_down", "overloaded"),
    ("openai", 500, "server_is_overloaded", "overloaded"),
    ("openai", 400, "rate_limit_exceeded", "rate_limit"),
    ("azure-openai", 400, "content_filter", "content_filtered"),
    ("azure-openai", 400, "DeploymentNotFound", "not_found"),
    ("moonshot", 429, "exceeded_current_quota_error", "quota"),
    ("moonshot", 429, "engine_overloaded_error", "overloaded"),
    ("moonshot", 400, "rate_limit_reached_error", "rate_limit"),
    ("moonshot", 400, "invalid_authentication_error", "authentication"),
    ("dashscope", 400, "Throttling.AllocationQuota", "rate_limit"),
    ("dashscope", 400, "limit_requests", "rate_limit"),
    ("dashscope", 400, "Arrearage", "quota"),
    ("dashscope", 403, "AllocationQuota.FreeTierOnly", "quota"),
    ("dashscope", 400, "PrepaidBillOverdue", "quota"),
    ("dashscope", 400, "PostpaidBillOverdue", "quota"),
    ("dashscope", 400, "DataInspectionFailed", "content_filtered"),
    ("dashscope", 400, "data_inspection_failed", "content_filtered"),
    ("anthropic", 500, "overloaded_error", "overloaded"),
    ("anthropic", 400, "authentication_error", "authentication"),
    ("anthropic", 400, "billing_error", "quota"),
    ("anthropic", 400, "permission_error", "permission"),
    ("anthropic", 400, "not_found_error", "not_found"),
    ("anthropic", 400, "request_too_large", "too_large"),
    ("anthropic", 400, "rate_limit_error", "rate_limit"),
    ("anthropic", 500, "timeout_error", "timeout"),
    ("google", 400, "FAILED_PRECONDITION", "permission"),
    ("google", 400, "PUP_LIMITED_DISABLED", "permission"),
    *(("openai", 200, word, "bad_request") for word in UNUSABLE),
    ("openai", 400, "cyber_policy", "content_filtered"),
    ("openai", 403, "misalignment_policy_violation", "content_filtered"),
    ("dashscope", 400, "BadRequest.TooLarge", "too_large"),
    ("lmstudio", 400, "exceed_context_size_error", "too_large"),
    ("openrouter", 402, "in_flight_budget_exhausted", "rate_limit"),
    *(
        ("claude", 429, f"{whose}_spend_limit_reached", "quota")
        for whose in ("contract", "enforced", "linked_organization")
    ),
    ("claude", 400, "linked_organization_billing_unavailable", "quota"),
    ("claude", 400, "organization_on_hold", "permission"),
    ("claude", 400, "request_body_timeout", "timeout"),
]
"""Statuses that alone would mean something else: the word must tell."""
HONEST: list[tuple[str, int, str, str]] = [
    ("openai", 500, "server_error", "server"),
    ("anthropic", 400, "invalid_request_error", "bad_request"),
    ("anthropic", 401, "authentication_error", "authentication"),
    ("anthropic", 402, "billing_error", "quota"),
    ("anthropic", 403, "permission_error", "permission"),
    ("anthropic", 404, "not_found_error", "not_found"),
    ("anthropic", 413, "request_too_large", "too_large"),
    ("anthropic", 429, "rate_limit_error", "rate_limit"),
    ("anthropic", 500, "api_error", "server"),
    ("anthropic", 504, "timeout_error", "timeout"),
    ("anthropic", 529, "overloaded_error", "overloaded"),
    ("google", 400, "INVALID_ARGUMENT", "bad_request"),
    ("google", 401, "UNAUTHENTICATED", "authentication"),
    ("google", 403, "PERMISSION_DENIED", "permission"),
    ("google", 404, "NOT_FOUND", "not_found"),
    ("google", 409, "ABORTED", "server"),
    ("google", 429, "RESOURCE_EXHAUSTED", "rate_limit"),
    ("google", 499, "CANCELLED", "server"),
    ("google", 500, "INTERNAL", "server"),
    ("google", 500, "UNKNOWN", "server"),
    ("google", 503, "UNAVAILABLE", "overloaded"),
    ("google", 504, "DEADLINE_EXCEEDED", "timeout"),
]
"""The words with the statuses that the vendors document."""


def test_every_code_is_in_the_table_and_says_more_than_its_status():
    assert {word for _, _, word, _ in CODED} == CODES.keys()
    assert all(classify(status) != kind for _, status, _, kind in CODED)


@pytest.mark.parametrize(("service", "status", "word", "kind"), CODED + HONEST)
async def test_what_a_vendors_word_means(serve, fail, monkeypatch, service, status, word, kind):
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com")
    forms = {
        "anthropic": anthropic(word),
        "google": google(status, word),
        "moonshot": {"error": {"message": "no", "type": word}},
        "openrouter": {"error": {"code": status, "message": "no", "metadata": {"reason": word}}},
        "claude": detailed(word),
    }
    url, calls = serve(status, body=forms.get(service, openai(word)))
    error = await fail("anthropic" if service == "claude" else service, url)
    assert (error.kind, error.status, len(calls)) == (kind, status, 1)


def xai(code: str, said: str) -> dict[str, Any]:
    return {"code": code, "error": said}


BROKE = (
    "Your team 1 has either used all available credits or reached its monthly spending limit. To continue making API "
    "requests, please purchase more credits or raise your spending limit."
)
GUIDELINES = "Content violates usage guidelines. Team: 1, API key ID: 2, Model: m, Failed check: SAFETY_CHECK_TYPE_BIO"
LIMIT = "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length"
SPENT = "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."
LONG = "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens."
TOO_LONG = "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097."
COUNT = "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
LARGE = "Request too large for m in organization org on tokens per min (TPM): Limit 30000, Requested 30601."
NEW = "Your newly created team doesn't have any credits or licenses yet. You can purchase those."
MINUTE = "You exceeded your current quota, for details see: https://x/model-studio/error-code#token-limit"
FLAGGED = "Invalid prompt: your prompt was flagged as potentially violating our usage policy."
KEY_INVALID = "API key not valid. Please pass a valid API key."
SAID: list[tuple[str, int, dict[str, Any], str]] = [
    ("xai", 400, xai("Client specified an invalid argument", "Incorrect API key provided: xa***cd."), "authentication"),
    ("xai", 403, xai("The caller does not have permission to execute the specified operation", BROKE), "quota"),
    ("xai", 429, xai("Some resource has been exhausted", BROKE), "quota"),
    ("xai", 403, xai("The caller does not have permission", GUIDELINES), "content_filtered"),
    ("xai", 403, xai("The caller does not have permission", "SAFETY_CHECK_TYPE_CSAM"), "content_filtered"),
    ("dashscope", 429, openai("insufficient_quota", "insufficient_quota", "Allocated quota exceeded."), "rate_limit"),
    ("together", 403, openai(None, said=TOO_LONG), "too_large"),
    ("openai", 403, openai(None, said="You are not allowed to request logprobs from this model"), "bad_request"),
    ("google", 400, google(400, "INVALID_ARGUMENT", KEY_INVALID), "authentication"),
    ("google", 400, google(400, "INVALID_ARGUMENT", COUNT), "too_large"),
    (
        "google",
        400,
        google(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
        "permission",
    ),
    (
        "anthropic",
        400,
        anthropic("invalid_request_error", "Your credit balance is too low to access the API."),
        "quota",
    ),
    ("anthropic", 400, anthropic("invalid_request_error", SPENT), "quota"),
    ("anthropic", 400, anthropic("invalid_request_error", "prompt is too long: 210000 tokens > 200000"), "too_large"),
    ("anthropic", 400, anthropic("invalid_request_error", LIMIT), "too_large"),
    (
        "vllm",
        400,
        {"object": "error", "message": LONG, "type": "BadRequestError", "param": None, "code": 400},
        "too_large",
    ),
    ("openai", 429, openai("rate_limit_exceeded", "tokens", LARGE), "too_large"),
    ("groq", 400, openai("rate_limit_exceeded", "tokens", LARGE), "too_large"),
    ("groq", 413, openai("rate_limit_exceeded", "tokens", LARGE), "too_large"),
    ("xai", 403, xai("The caller does not have permission", NEW), "quota"),
    ("xai", 403, xai("The caller does not have permission", "You have run out of credits or need a license."), "quota"),
    ("fireworks", 412, openai("PRECONDITION_FAILED", said="Account a is suspended, possibly due to a limit."), "quota"),
    ("xai", 412, xai("x", "Downloaded response does not contain a valid JPG or PNG image."), "bad_request"),
    ("dashscope", 429, openai("insufficient_quota", "insufficient_quota", MINUTE), "rate_limit"),
    ("openai", 429, openai("insufficient_quota", "insufficient_quota", "You exceeded your current quota."), "quota"),
    ("anthropic", 429, anthropic("rate_limit_error", f"{SPENT}"), "quota"),
    ("anthropic", 429, anthropic("rate_limit_error", "It would exceed your account's monthly spend limit."), "quota"),
    ("google", 429, google(429, "RESOURCE_EXHAUSTED", "Your account has exceeded its monthly spending cap."), "quota"),
    ("google", 429, google(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."), "quota"),
    ("openai", 400, openai("invalid_prompt", said=FLAGGED), "content_filtered"),
    ("openai", 200, openai("invalid_prompt", said=FLAGGED), "content_filtered"),
    ("openai", 400, openai("invalid_prompt", said="The messages have the wrong form."), "bad_request"),
    (
        "anthropic",
        400,
        anthropic("invalid_request_error", "Output blocked by content filtering policy"),
        "content_filtered",
    ),
    ("anthropic", 400, anthropic("invalid_request_error", "image exceeds 5 MB maximum: 6 > 5 bytes"), "too_large"),
    ("google", 400, google(400, "x", "Request payload size exceeds the limit: 20971520 bytes."), "too_large"),
    ("dashscope", 400, openai("invalid_parameter_error", said="Range of input length should be [1, 9]"), "too_large"),
    ("together", 400, openai(None, said=TOO_LONG), "too_large"),
    ("together", 422, openai(None, said=TOO_LONG), "too_large"),
    ("google", 400, google(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key."), "authentication"),
    ("vllm", 400, {"message": "too many tokens: total number of tokens in the prompt exceeds the limit"}, "too_large"),
    ("openrouter", 403, {"error": {"code": 403, "message": "no", "metadata": {"limit_source": "key"}}}, "quota"),
    ("mistral", 200, {"object": "error", "message": "no", "code": "429"}, "rate_limit"),
    ("openai", 307, {}, "not_found"),
]


def test_every_saying_is_in_the_table():
    found = {
        (status, words)
        for status, words, _ in SAYINGS
        for _, at, body, _ in SAID
        if at == status and words in str(body)
    }
    assert found == {(status, words) for status, words, _ in SAYINGS}


@pytest.mark.parametrize(("service", "status", "body", "kind"), SAID)
async def test_where_only_the_words_tell(serve, fail, service, status, body, kind):
    url, calls = serve(status, body=body)
    error = await fail(service, url)
    assert (error.kind, error.status, len(calls)) == (kind, status, 1)


def test_words_count_only_with_their_status():
    for status, words, _ in SAYINGS:
        other = 418 if status != 418 else 400
        assert classify(other, said=words) == "bad_request"


@pytest.mark.parametrize("service", ["openai", "anthropic", "google"])
async def test_a_long_message_is_shortened(serve, fail, service):
    url, _ = serve(500, body={"error": {"message": "long " * 500, "type": "x", "status": "X"}})
    message = str(await fail(service, url))
    assert "…" in message
    assert len(message) < 500


async def test_a_wait_that_a_router_passes_on_in_the_body(serve, fail):
    metadata = {"reason": "in_flight_budget_exhausted", "headers": {"Retry-After": "120"}}
    url, _ = serve(402, body={"error": {"code": 402, "message": "no", "metadata": metadata}})
    error = await fail("openrouter", url)
    assert (error.kind, error.retry_after) == ("rate_limit", 120.0)
