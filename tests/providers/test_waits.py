"""How long a service asks to wait, and which quota will not be back in a minute, over real HTTP."""

from __future__ import annotations

from typing import Any

import pytest


def exhaust(*quotas: str, delay: str | None = "34s") -> dict[str, Any]:
    """Return Google's refusal for these quotas."""
    metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests"
    violations = [{"quotaMetric": metric, "quotaId": each, "quotaValue": "5"} for each in quotas]
    details: list[dict[str, Any]] = [{"@type": "type.googleapis.com/google.rpc.Help", "links": []}]
    details += [{"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": violations}] if quotas else []
    details += [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}] if delay else []
    said = "You exceeded your current quota, please check your plan and billing details."
    return {"error": {"code": 429, "message": said, "status": "RESOURCE_EXHAUSTED", "details": details}}


DAY = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
MINUTE = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"


@pytest.mark.parametrize(
    ("body", "headers", "kind", "seconds"),
    [
        (exhaust(MINUTE), {}, "rate_limit", 34.0),
        (exhaust(MINUTE, delay="34.074824224s"), {}, "rate_limit", 34.074824224),
        (exhaust(MINUTE, delay=None), {}, "rate_limit", None),
        (exhaust(MINUTE), {"Retry-After": "7"}, "rate_limit", 7.0),
        (exhaust(), {}, "rate_limit", 34.0),
        (exhaust(DAY), {}, "quota", 34.0),
        (exhaust(MINUTE, DAY), {}, "quota", 34.0),
        ([exhaust(DAY)], {}, "quota", 34.0),
        ([exhaust(MINUTE)], {}, "rate_limit", 34.0),
    ],
)
async def test_googles_quota_of_the_day_is_no_limit_of_a_minute(serve, fail, body, headers, kind, seconds):
    url, _ = serve(429, body=body, headers=headers)
    error = await fail("google", url)
    assert (error.kind, error.retry_after) == (kind, seconds)


@pytest.mark.parametrize(
    ("service", "headers", "seconds"),
    [
        ("anthropic", {"Retry-After": "7"}, 7.0),
        ("openai", {"Retry-After": "7"}, 7.0),
        ("openai", {"retry-after-ms": "250", "Retry-After": "9"}, 0.25),
        ("openai", {}, None),
        ("google", {"Retry-After": "0"}, 0.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503, 529])
async def test_how_long_a_service_asks_to_wait(serve, fail, service, headers, seconds, status):
    url, _ = serve(status, body={"error": {"message": "slow down"}}, headers=headers)
    assert (await fail(service, url)).retry_after == seconds


async def test_limits_in_the_headers_of_a_refusal_are_read(serve, fail):
    url, _ = serve(
        429, body={"error": {}}, headers={"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "0"}
    )
    (allowance,) = (await fail("openai", url)).allowances
    assert (allowance.unit, allowance.limit, allowance.remaining) == ("requests", 60.0, 0.0)
