from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mmra_api.providers.failures.rate_headers import (
    has_daily_quota,
    read_allowances,
    read_retry_after,
    read_retry_info,
)
from mmra_api.types import Allowance

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("120ms", 0.12),
        ("1h2m3.5s", 3723.5),
        ("2m59.56s", 179.56),
        ("17", 17.0),
        ("0.25", 0.25),
        ("2026-11-21T12:00:30Z", 30.0),
        ("2026-11-21T11:00:00Z", 0.0),
        (str(int(NOW.timestamp()) + 40), 40.0),
        (str((int(NOW.timestamp()) + 40) * 1000), 40.0),
        ("soon", None),
        ("", None),
        ("-3", None),
        ("5 minutes", None),
    ],
)
def test_when_a_limit_is_whole_again_is_read_in_every_form_in_use(text, seconds):
    headers = {"x-ratelimit-limit-requests": "60", "x-ratelimit-reset-requests": text}
    (allowance,) = read_allowances(headers, now=NOW)
    assert allowance.reset == (None if seconds is None else pytest.approx(seconds))


def test_limits_are_read_from_the_headers_of_vendors():
    openai = {
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "499",
        "x-ratelimit-reset-requests": "120ms",
        "x-ratelimit-limit-tokens": "30000",
        "x-ratelimit-remaining-tokens": "29000",
        "x-ratelimit-reset-tokens": "2s",
    }
    assert read_allowances(openai, now=NOW) == (
        Allowance(unit="requests", limit=500.0, remaining=499.0, reset=0.12),
        Allowance(unit="tokens", limit=30000.0, remaining=29000.0, reset=2.0),
    )
    anthropic = {
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "2026-11-21T12:01:00Z",
        "anthropic-ratelimit-input-tokens-limit": "40000",
        "anthropic-ratelimit-output-tokens-limit": "8000",
    }
    assert read_allowances(anthropic, now=NOW) == (
        Allowance(unit="requests", limit=50.0, remaining=0.0, reset=60.0),
        Allowance(unit="input_tokens", limit=40000.0),
        Allowance(unit="output_tokens", limit=8000.0),
    )
    mistral = {
        "x-ratelimit-limit-req-minute": "4",
        "x-ratelimit-remaining-req-minute": "3",
        "x-ratelimit-limit-tokens-minute": "50000",
        "x-ratelimit-limit-tokens-month": "4000000",
    }
    assert read_allowances(mistral, now=NOW) == (
        Allowance(unit="requests", limit=4.0, remaining=3.0),
        Allowance(unit="tokens", limit=50000.0),
    )


@pytest.mark.parametrize(
    ("headers", "hopeless"),
    [
        ({"x-ratelimit-limit-req-minute": "0"}, True),
        ({"x-ratelimit-limit-req-minute": "4", "x-ratelimit-remaining-req-minute": "0"}, False),
        ({}, False),
    ],
)
async def test_a_plan_without_a_call_is_no_rate(serve, fail, headers, hopeless):
    error = await fail("mistral", serve(429, body={"message": "Requests rate limit exceeded"}, headers=headers)[0])
    assert error.kind == ("quota" if hopeless else "rate_limit")


@pytest.mark.parametrize("value", ["", "many", "nan", "inf", "-1", "0"])
def test_limits_that_say_nothing_are_no_limits(value):
    assert [each.limit for each in read_allowances({"x-ratelimit-limit-requests": value})] in ([], [None])


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (
            {"error": {"details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.07s"}]}},
            34.07,
        ),
        ([{"error": {"details": [{"@type": "x"}, {"@type": "google.rpc.RetryInfo", "retryDelay": "3s"}]}}], 3.0),
        ({"error": {"details": [{"@type": "google.rpc.RetryInfo"}]}}, None),
        ({"error": {"details": [{"@type": "google.rpc.QuotaFailure", "retryDelay": "3s"}]}}, None),
        ("nothing", None),
        (None, None),
    ],
)
def test_retry_info_is_found_wherever_google_puts_it(body, seconds):
    assert read_retry_info(body) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_the_wait_that_a_service_asks_for(headers, seconds):
    assert read_retry_after(headers, now=NOW) == seconds


DAY = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": "RequestsPerDayPerModel"}]}
MINUTE = DAY | {"violations": [{"quotaId": "RequestsPerMinutePerModel"}]}


@pytest.mark.parametrize(
    ("body", "daily"),
    [
        ({"error": {"details": [DAY]}}, True),
        ([{"error": {"details": [MINUTE, DAY]}}], True),
        ({"error": {"details": [MINUTE]}}, False),
        ({"error": {"details": [DAY | {"@type": "google.rpc.Help"}]}}, False),
        ({"error": {"details": [DAY | {"violations": None}]}}, False),
        ({"error": {"details": [DAY | {"violations": ["PerDay", {}]}]}}, False),
        ("PerDay", False),
        (None, False),
    ],
)
def test_a_quota_of_the_day_is_known_by_its_name(body, daily):
    assert has_daily_quota(body) is daily
