"""The checks of bodies against the vendors' own schemas: they pass good bodies, and can fail."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema
import pytest

from tests.providers import schemas

REFUSED = (AssertionError, ValueError, jsonschema.ValidationError)
"""Pydantic's ValidationError is a ValueError."""
URL = "data:image/png;base64,pic0"
GOOD: dict[str, dict[str, Any]] = {
    "openai_chat": {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Hi"},
                    {"type": "image_url", "image_url": {"url": URL, "detail": "low"}},
                ],
            },
        ],
        "stop": ["END"],
        "temperature": 0.5,
    },
    "openai_responses": {
        "model": "m",
        "input": [
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "Hi"},
                    {"type": "input_image", "image_url": URL, "detail": "auto"},
                ],
            }
        ],
        "reasoning": {"effort": "low"},
        "temperature": 0.5,
    },
    "anthropic": {
        "model": "m",
        "max_tokens": 9,
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Hi"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "pic0"}},
                ],
            }
        ],
        "stop_sequences": ["END"],
        "output_config": {"effort": "low"},
        "thinking": {"type": "enabled", "budget_tokens": 1024},
        "temperature": 0.5,
        "system": "Be brief.",
    },
    "gemini": {
        "contents": [
            {"role": "user", "parts": [{"text": "Hi"}, {"inlineData": {"mimeType": "image/png", "data": "pic0"}}]}
        ],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": {
            "maxOutputTokens": 9,
            "stopSequences": ["END"],
            "thinkingConfig": {"thinkingLevel": "low"},
            "mediaResolution": "MEDIA_RESOLUTION_LOW",
        },
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
    },
}
MESSAGE = ("messages", 0, "content")
CHAT = ("messages", 1, "content")
INPUT = ("input", 0, "content")
PARTS = ("contents", 0, "parts")
CONFIG = ("generationConfig",)
GONE = object()
"""The field is taken away."""
SPOILED: list[tuple[str, tuple[str | int, ...], object]] = [
    ("openai_chat", ("model",), GONE),
    ("openai_chat", ("messages",), []),
    ("openai_chat", ("messages", 1, "role"), "tourist"),
    ("openai_chat", ("messages", 1, "novelty"), 1),
    ("openai_chat", (*CHAT, 0, "text"), 5),
    ("openai_chat", (*CHAT, 0, "type"), "input_text"),
    ("openai_chat", (*CHAT, 1, "image_url"), URL),
    ("openai_chat", (*CHAT, 1, "image_url", "url"), GONE),
    ("openai_chat", (*CHAT, 1, "image_url", "detail"), "some"),
    ("openai_chat", (*CHAT, 1, "image_url", "novelty"), 1),
    ("openai_chat", (*CHAT, 1, "novelty"), 1),
    ("openai_chat", ("stop",), [1]),
    ("openai_chat", ("temperature",), 9),
    ("openai_chat", ("top_logprobs",), 99),
    ("openai_chat", ("max_output_tokens",), 9),
    ("openai_responses", ("input", 0, "role"), "tourist"),
    ("openai_responses", ("input", 0, "novelty"), 1),
    ("openai_responses", (*INPUT, 0, "text"), 5),
    ("openai_responses", (*INPUT, 0, "type"), "text"),
    ("openai_responses", (*INPUT, 1, "image_url"), {"url": URL}),
    ("openai_responses", (*INPUT, 1, "detail"), GONE),
    ("openai_responses", (*INPUT, 1, "detail"), "some"),
    ("openai_responses", (*INPUT, 1, "novelty"), 1),
    ("openai_responses", ("reasoning", "effort"), "some"),
    ("openai_responses", ("reasoning", "novelty"), 1),
    ("openai_responses", ("include",), ["everything"]),
    ("openai_responses", ("temperature",), "hot"),
    ("openai_responses", ("max_tokens",), 9),
    ("openai_responses", ("stop",), ["END"]),
    ("anthropic", ("model",), GONE),
    ("anthropic", ("max_tokens",), GONE),
    ("anthropic", ("max_tokens",), "9"),
    ("anthropic", ("messages", 0, "role"), "tourist"),
    ("anthropic", ("messages", 0, "novelty"), 1),
    ("anthropic", (*MESSAGE, 0, "text"), 5),
    ("anthropic", (*MESSAGE, 0, "novelty"), 1),
    ("anthropic", (*MESSAGE, 1, "source"), GONE),
    ("anthropic", (*MESSAGE, 1, "source", "media_type"), "image/bmp"),
    ("anthropic", (*MESSAGE, 1, "source", "data"), GONE),
    ("anthropic", (*MESSAGE, 1, "source", "novelty"), 1),
    ("anthropic", ("stop_sequences",), "END"),
    ("anthropic", ("stop_sequences",), [1]),
    ("anthropic", ("output_config", "effort"), "some"),
    ("anthropic", ("thinking", "budget_tokens"), GONE),
    ("anthropic", ("thinking", "novelty"), 1),
    ("anthropic", ("temperature",), 1.5),
    ("anthropic", ("top_p",), "0.5"),
    ("anthropic", ("system",), [{"type": "text"}]),
    ("anthropic", ("seed",), 3),
    ("gemini", ("contents",), GONE),
    ("gemini", ("contents",), []),
    ("gemini", ("contents", 0, "novelty"), 1),
    ("gemini", (*PARTS, 0, "text"), 5),
    ("gemini", (*PARTS, 1, "inlineData", "data"), "no base64!"),
    ("gemini", (*PARTS, 1, "inlineData", "novelty"), 1),
    ("gemini", (*PARTS, 1, "inline_data"), {"mimeType": "image/png", "data": "pic0"}),
    ("gemini", (*PARTS, 1, "novelty"), 1),
    ("gemini", (*CONFIG, "maxOutputTokens"), "9"),
    ("gemini", (*CONFIG, "max_output_tokens"), 9),
    ("gemini", (*CONFIG, "stopSequences"), [1]),
    ("gemini", (*CONFIG, "novelty"), 1),
    ("gemini", (*CONFIG, "thinkingConfig", "thinkingBudget"), "many"),
    ("gemini", (*CONFIG, "thinkingConfig", "novelty"), 1),
    ("gemini", ("systemInstruction",), "Be brief."),
    ("gemini", ("safetySettings", 0, "novelty"), 1),
    ("gemini", ("model",), "m"),
]


def spoil(body: dict[str, Any], place: tuple[str | int, ...], value: object) -> dict[str, Any]:
    spoiled = copy.deepcopy(body)
    inner: Any = spoiled
    for step in place[:-1]:
        inner = inner[step]
    if value is GONE:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return spoiled


@pytest.fixture
def check():
    """Return the check of bodies, which must be able to fail: without OpenAI's description its formats are skipped."""

    def check_fully(wire: str, body: dict[str, Any]) -> None:
        if wire in schemas.REQUESTS and not schemas.has_spec():
            pytest.skip("the published schema is not beside this checkout")
        schemas.check_body(wire, body)

    return check_fully


@pytest.mark.parametrize("required", ["", "1"])
def test_without_the_published_schema_only_its_check_is_left_out(monkeypatch, tmp_path, required):
    monkeypatch.setattr(schemas, "SPEC", tmp_path / "nowhere.json")
    monkeypatch.setenv("MMRA_REQUIRE_SPEC", required)
    if required:
        with pytest.raises(pytest.fail.Exception, match=r"there is no .*nowhere\.json"):
            schemas.check_body("openai_chat", {})
    else:
        schemas.check_body("openai_chat", {})
    with pytest.raises(REFUSED):
        schemas.check_body("anthropic", {})


@pytest.mark.parametrize("wire", GOOD)
def test_a_good_body_passes(check, wire):
    check(wire, GOOD[wire])


@pytest.mark.parametrize(("wire", "place", "value"), SPOILED)
def test_a_spoiled_body_does_not(check, wire, place, value):
    with pytest.raises(REFUSED):
        check(wire, spoil(GOOD[wire], place, value))


@pytest.mark.parametrize("wire", GOOD)
def test_no_schema_takes_the_body_of_another_format(check, wire):
    for other in GOOD.keys() - {wire}:
        with pytest.raises(REFUSED):
            check(wire, GOOD[other])
