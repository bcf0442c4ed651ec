"""Refusals in the very form of each vendor, over real HTTP: the kind, the wait, and a message that tells what to do."""

from __future__ import annotations

from typing import Any

import pytest

AZURE_FILTER = {
    "error": {
        "message": "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {"violence": {"filtered": True, "severity": "medium"}},
        },
    }
}
MODERATED = {
    "error": {
        "code": 403,
        "message": "Input was flagged",
        "metadata": {"reasons": ["violence"], "flagged_input": "…", "provider_name": "p", "model_slug": "m"},
    }
}
UPSTREAM = {
    "error": {"code": 429, "message": "Provider returned error", "metadata": {"raw": "m is rate-limited upstream"}}
}
MISTRAL_BUSY = {"object": "error", "message": "Capacity exceeded", "type": "x", "param": None, "code": "3505"}
VERSION = {"statusCode": 401, "message": "Unauthorized. Access token is missing, invalid or expired."}
REFUSALS: list[tuple[str, int, Any, str, str]] = [
    ("azure-openai", 400, AZURE_FILTER, "content_filtered", "content management policy"),
    (
        "azure-openai",
        404,
        {"error": {"code": "DeploymentNotFound", "message": "The API deployment does not exist."}},
        "not_found",
        "check the model id 'm'",
    ),
    (
        "azure-openai",
        401,
        {"error": {"code": "401", "message": "Access denied"}},
        "authentication",
        "check AZURE_OPENAI_API_KEY",
    ),
    ("azure-openai", 401, VERSION, "authentication", "Access token is missing"),
    (
        "azure-openai",
        429,
        {"error": {"code": "429", "message": "Requests have exceeded call rate limit"}},
        "rate_limit",
        "call rate limit",
    ),
    (
        "huggingface",
        402,
        {"error": "You have exceeded your monthly included credits."},
        "quota",
        "monthly included credits",
    ),
    ("huggingface", 401, {"error": "Invalid username or password."}, "authentication", "check HF_TOKEN"),
    (
        "xai",
        404,
        {"code": "Some requested entity was not found", "error": "The model m does not exist."},
        "not_found",
        "The model m does not exist",
    ),
    (
        "xai",
        429,
        {"code": "Some resource has been exhausted", "error": "Too many requests"},
        "rate_limit",
        "Too many requests",
    ),
    ("mistral", 401, {"detail": "Unauthorized"}, "authentication", "check MISTRAL_API_KEY"),
    ("mistral", 429, MISTRAL_BUSY, "rate_limit", "Capacity exceeded"),
    (
        "mistral",
        422,
        {"object": "error", "message": {"detail": [{"loc": ["body", "messages"], "msg": "no"}]}},
        "bad_request",
        "body",
    ),
    (
        "moonshot",
        429,
        {"error": {"type": "exceeded_current_quota_error", "message": "Your account is suspended"}},
        "quota",
        "add credit",
    ),
    (
        "moonshot",
        429,
        {"error": {"type": "rate_limit_reached_error", "message": "max RPM: 3"}},
        "rate_limit",
        "max RPM: 3",
    ),
    (
        "moonshot",
        429,
        {"error": {"type": "engine_overloaded_error", "message": "overloaded"}},
        "overloaded",
        "overloaded",
    ),
    (
        "moonshot",
        401,
        {"error": {"type": "invalid_authentication_error", "message": "no"}},
        "authentication",
        "check MOONSHOT_API_KEY",
    ),
    ("moonshot", 400, {"error": {"type": "content_filter", "message": "high risk"}}, "content_filtered", "high risk"),
    (
        "dashscope",
        400,
        {
            "error": {
                "code": "data_inspection_failed",
                "type": "data_inspection_failed",
                "message": "Input data may contain inappropriate content.",
            },
            "id": "x",
        },
        "content_filtered",
        "inappropriate",
    ),
    (
        "dashscope",
        400,
        {
            "error": {
                "code": "Arrearage",
                "type": "Arrearage",
                "message": "Access denied, please make sure your account is in good standing.",
            }
        },
        "quota",
        "good standing",
    ),
    ("dashscope", 429, {"error": {"code": "Throttling.AllocationQuota", "message": "no"}}, "rate_limit", "no"),
    (
        "dashscope",
        429,
        {"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}},
        "quota",
        "add credit",
    ),
    (
        "openrouter",
        401,
        {"error": {"code": 401, "message": "No auth credentials found"}},
        "authentication",
        "check OPENROUTER_API_KEY",
    ),
    (
        "openrouter",
        402,
        {"error": {"code": 402, "message": "Insufficient credits", "metadata": {}}},
        "quota",
        "Insufficient credits",
    ),
    ("openrouter", 403, MODERATED, "content_filtered", "Input was flagged"),
    ("openrouter", 403, {"error": {"code": 403, "message": "no"}}, "permission", "the key may not use this model"),
    ("openrouter", 408, {"error": {"code": 408, "message": "timed out"}}, "timeout", "timed out"),
    ("openrouter", 429, UPSTREAM, "rate_limit", "Provider returned error"),
    ("openrouter", 502, {"error": {"code": 502, "message": "no"}}, "server", "no"),
    (
        "openrouter",
        503,
        {"error": {"code": 503, "message": "no provider meets your routing requirements"}},
        "overloaded",
        "routing",
    ),
    ("openrouter", 200, UPSTREAM, "rate_limit", "Provider returned error"),
    ("openrouter", 200, MODERATED, "content_filtered", "Input was flagged"),
    ("openrouter", 200, {"error": {"code": 502, "message": "no"}, "choices": []}, "server", "HTTP 200: no"),
    (
        "openrouter",
        200,
        {
            "choices": [
                {"finish_reason": "error", "error": {"code": 502, "message": "cut"}, "message": {"content": "B"}}
            ]
        },
        "server",
        "cut",
    ),
    (
        "openrouter",
        200,
        {"choices": [{"finish_reason": "error", "message": {"content": ""}}]},
        "server",
        "the upstream service failed",
    ),
    ("groq", 498, {"error": {"message": "Flex tier capacity exceeded", "type": "capacity"}}, "overloaded", "capacity"),
    (
        "fireworks",
        412,
        {"error": {"message": "Account a is suspended", "code": "PRECONDITION_FAILED"}},
        "quota",
        "suspended",
    ),
    (
        "nvidia",
        404,
        {"status": 404, "title": "Not Found", "detail": "Function not found"},
        "not_found",
        "Function not found",
    ),
    (
        "ollama",
        404,
        {"error": {"message": "model 'm' not found", "type": "not_found_error", "param": None, "code": None}},
        "not_found",
        "model 'm' not found",
    ),
    (
        "openai:openai_responses",
        200,
        {"status": "failed", "output": [], "error": {"code": "server_error", "message": "oops"}},
        "server",
        "oops",
    ),
    (
        "openai:openai_responses",
        200,
        {"status": "failed", "output": [], "error": {"code": "rate_limit_exceeded", "message": "oops"}},
        "rate_limit",
        "oops",
    ),
    (
        "anthropic",
        200,
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
        "overloaded",
        "Overloaded",
    ),
    (
        "anthropic",
        401,
        {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}},
        "authentication",
        "check ANTHROPIC_API_KEY",
    ),
    (
        "anthropic",
        404,
        {"type": "error", "error": {"type": "not_found_error", "message": "model: m"}},
        "not_found",
        "check the model id 'm'",
    ),
    ("google", 200, {"error": {"code": 500, "message": "no", "status": "INTERNAL"}}, "server", "no"),
    (
        "google",
        403,
        {"error": {"code": 403, "message": "has not been used in project", "status": "PERMISSION_DENIED"}},
        "permission",
        "the key may not use this model",
    ),
    (
        "google",
        400,
        [{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}],
        "authentication",
        "check GOOGLE_API_KEY or GEMINI_API_KEY",
    ),
]


@pytest.mark.parametrize(("service", "status", "body", "kind", "said"), REFUSALS)
async def test_a_vendors_refusal(serve, fail, monkeypatch, service, status, body, kind, said):
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com")
    url, calls = serve(status, body=body)
    error = await fail(service, url)
    assert (error.kind, error.status, len(calls)) == (kind, status, 1), error
    assert said in str(error)
    assert str(error).startswith(f"{service.partition(':')[0]}, HTTP {status}: ")


def info(reason: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}


@pytest.mark.parametrize(
    "said",
    [
        "API key not valid. Please pass a valid API key.",
        "API key expired. Please renew the API key.",
    ],
)
async def test_googles_word_for_a_bad_key_stands_in_error_info(serve, fail, said):
    error = {"code": 400, "message": said, "status": "INVALID_ARGUMENT", "details": [info("API_KEY_INVALID")]}
    url, _ = serve(400, body={"error": error})
    assert (await fail("google", url)).kind == "authentication"


async def test_mistral_does_not_know_a_model(serve, fail):
    url, _ = serve(
        400, body={"object": "error", "message": "Invalid model: m", "type": "invalid_model", "code": "1500"}
    )
    assert (await fail("mistral", url)).kind == "not_found"
