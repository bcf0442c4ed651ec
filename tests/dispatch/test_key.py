from __future__ import annotations

from dataclasses import replace

import pytest

from mmra_api.dispatch.store.explain import describe_differences
from mmra_api.dispatch.store.key import describe_call, hash_call
from mmra_api.providers.lookup import resolve
from mmra_api.types import Image, Params, Request

FIRST, SECOND, THIRD = (
    Image(digest=digit * 64, media_type="image/png", width=4, height=4, size=9, path=f"/x/{digit}") for digit in "123"
)
REQUEST = Request(parts=(FIRST, "One line\nanother line", SECOND), choices=("A", "B"))
URL = "http://127.0.0.1:1/v1"


def call(request: Request = REQUEST, model: str = "openai/m", url: str = URL, timeout: float = 9.0):
    return describe_call(resolve(model, base_url=url, timeout=timeout), request)


def test_the_key_is_stable():
    """A changed key would pay for everything again, so this value changes only with a decision to do so."""
    assert hash_call(call())[:12] == "cd0d309489fb"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (lambda: call(model="openai/n"), "model 'm' → 'n'"),
        (lambda: call(model="groq/m"), "service 'openai' → 'groq'"),
        (lambda: call(url="http://127.0.0.1:2/v1"), "base URL"),
        (lambda: call(replace(REQUEST, trial=1)), "trial 0 → 1"),
        (lambda: call(replace(REQUEST, params=Params(max_tokens=16))), "max_tokens (not sent) → 16"),
        (lambda: call(replace(REQUEST, params=Params(temperature=0.0))), "temperature (not sent) → 0.0"),
        (lambda: call(replace(REQUEST, parts=(FIRST, REQUEST.parts[1], THIRD))), "image 2 differs: 2222"),
        (lambda: call(replace(REQUEST, parts=(SECOND, REQUEST.parts[1], FIRST))), "another order"),
        (lambda: call(replace(REQUEST, parts=(FIRST, REQUEST.parts[1]))), "2 images → 1 images"),
        (lambda: call(replace(REQUEST, parts=(FIRST, SECOND, REQUEST.parts[1]))), "other places"),
        (lambda: call(replace(REQUEST, parts=(FIRST, "One line\nother", SECOND))), "prompt line 2 differs"),
        (
            lambda: call(replace(REQUEST, parts=(replace(FIRST, media_type="image/jpeg"), *REQUEST.parts[1:]))),
            "image 1 differs",
        ),
    ],
)
def test_everything_on_the_wire_counts_and_is_explained(changed, words):
    before, after = call(), changed()
    assert hash_call(before) != hash_call(after)
    assert any(words in line for line in describe_differences(before, after)), describe_differences(before, after)


@pytest.mark.parametrize(
    "same",
    [
        lambda: call(timeout=99.0),
        lambda: call(replace(REQUEST, choices=())),
        lambda: call(replace(REQUEST, parts=(replace(FIRST, path="/elsewhere"), *REQUEST.parts[1:]))),
        lambda: call(url=URL + "/"),
    ],
)
def test_nothing_else_counts(same):
    assert hash_call(call()) == hash_call(same())
    assert describe_differences(call(), same()) == []


def test_the_key_never_holds_a_secret_or_image_bytes(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    text = str(call())
    assert "sk-very-secret" not in text
    assert f"sha256:{'1' * 64}" in text


@pytest.mark.parametrize("service", ["openai", "anthropic", "google"])
def test_every_wire_format_is_explained(monkeypatch, service):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)

    def describe(request: Request):
        return describe_call(resolve(f"{service}/m"), request)

    before = describe(REQUEST)
    swapped = describe(replace(REQUEST, parts=(SECOND, REQUEST.parts[1], FIRST)))
    assert describe_differences(before, swapped) == ["the images have another order"]
    other = describe(replace(REQUEST, parts=(FIRST, REQUEST.parts[1], THIRD)))
    assert describe_differences(before, other) == ["image 2 differs: 222222222222 → 333333333333"]
    line = describe(replace(REQUEST, parts=(FIRST, "One line\nother", SECOND)))
    assert describe_differences(before, line) == ["prompt line 2 differs: 'another line' → 'other'"]
    assert len({hash_call(each) for each in (before, swapped, other, line)}) == 4
