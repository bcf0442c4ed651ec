from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mmra_api.errors import InputError
from mmra_api.images import embed_fingerprint
from mmra_api.providers import PROVIDERS, resolve
from mmra_api.providers.base import classify, keep_headers
from mmra_api.providers.rates import read_retry_after
from mmra_api.types import Params, Request

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "", "bad_request"),
        (400, "content_policy_violation", "content_filtered"),
        (401, "invalid_api_key", "authentication"),
        (402, "", "quota"),
        (403, "", "permission"),
        (404, "model_not_found", "not_found"),
        (408, "", "timeout"),
        (409, "", "server"),
        (413, "", "too_large"),
        (422, "", "bad_request"),
        (429, "rate_limit_exceeded", "rate_limit"),
        (429, "insufficient_quota", "quota"),
        (429, "billing_not_active", "quota"),
        (500, "", "server"),
        (502, "", "server"),
        (503, "", "overloaded"),
        (504, "", "timeout"),
        (529, "", "overloaded"),
    ],
)
def test_what_a_status_means(status, code, kind):
    assert classify(status, code) == classify(status, None, code) == kind


@pytest.mark.parametrize(
    ("code", "metadata", "kind"),
    [
        (429, None, "rate_limit"),
        (502, None, "server"),
        ("rate_limit_exceeded", None, "rate_limit"),
        (None, None, "server"),
        (True, None, "server"),
        (403, {"reasons": ["violence"], "flagged_input": "…"}, "content_filtered"),
    ],
)
def test_a_failure_in_a_reply_with_status_200(code, metadata, kind):
    assert classify(200, code, None, metadata) == kind


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (403, "Content violates usage guidelines. SAFETY_CHECK_TYPE_BIO", "content_filtered"),
        (403, "Your team has no access", "permission"),
        (429, "Request too large for m on tokens per min (TPM): Limit 30000, Requested 30601", "too_large"),
        (429, "Rate limit reached for m", "rate_limit"),
    ],
)
def test_where_only_the_words_tell(status, said, kind):
    assert classify(status, "rate_limit_exceeded" if status == 429 else None, said=said) == kind


def test_only_harmless_headers_are_kept():
    headers = {"x-request-id": "r", "set-cookie": "secret", "authorization": "secret", "x-mmra-simulated": "1"}
    assert keep_headers(headers) == {"x-request-id": "r", "x-mmra-simulated": "1"}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("gpt", "write SERVICE/ID"),
        ("openai/", "write SERVICE/ID"),
        ("opnai/x", "did you mean 'openai'"),
        ("nobody/x", "known are openai"),
        ("baseline/best", "baseline/random, baseline/first"),
    ],
)
def test_a_model_name_that_cannot_be_resolved_says_what_is_expected(spec, message):
    with pytest.raises(InputError, match=message):
        resolve(spec)


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:80",
        "ftp://x/v1",
        "http://",
        "http://me:pw@x/v1",
        "https://x/v1?key=s",
        "http://x:99999/",
        "http://[::1/v1",
    ],
)
def test_a_base_url_that_cannot_be_used(url):
    with pytest.raises(InputError, match="base URL"):
        resolve("openai/m", base_url=url)


def test_ids_pass_through_untouched():
    assert resolve("openrouter/meta/llama-9:free").model == "meta/llama-9:free"


@pytest.mark.parametrize(
    ("argument", "variable", "expected"),
    [
        (None, None, PROVIDERS["openai"].base_url),
        ("http://127.0.0.1:1/v1/", None, "http://127.0.0.1:1/v1"),
        (None, "http://127.0.0.1:2/v1", "http://127.0.0.1:2/v1"),
        ("http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1", "http://127.0.0.1:1/v1"),
    ],
)
def test_where_the_base_url_comes_from(monkeypatch, argument, variable, expected):
    if variable:
        monkeypatch.setenv("OPENAI_BASE_URL", variable)
    assert resolve("openai/m", base_url=argument).base_url == expected


async def answer(model: str, number: int, seed: int = 0, trial: int = 0) -> str:
    provider = resolve(model)
    request = Request(parts=(f"question {number}",), choices=("A", "B", "C"), params=Params(seed=seed), trial=trial)
    return provider.decode(await provider.send(provider.encode(request, embed_fingerprint))).text


async def test_baseline_random_is_uniform_and_repeatable():
    drawn = [await answer("baseline/random", number) for number in range(600)]
    assert drawn == [await answer("baseline/random", number) for number in range(600)]
    # Each letter is expected 200 times with a standard deviation of 11.5; five of those are no accident.
    assert all(abs(drawn.count(letter) - 200) < 58 for letter in "ABC")


async def test_baseline_random_depends_on_seed_and_trial():
    base = [await answer("baseline/random", number) for number in range(60)]
    assert base != [await answer("baseline/random", number, seed=1) for number in range(60)]
    assert base != [await answer("baseline/random", number, trial=1) for number in range(60)]


async def test_baseline_first_takes_the_first():
    assert {await answer("baseline/first", number) for number in range(20)} == {"A"}
