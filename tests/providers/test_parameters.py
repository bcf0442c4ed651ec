"""Parameters in every wire format: where each goes, what a format has no place for, what services call otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from mmra_api.errors import InputError
from mmra_api.images.embed import embed_fingerprint
from mmra_api.providers.lookup import resolve
from mmra_api.providers.services import PROVIDERS
from mmra_api.types import Params, Request

COMMON = {"max_tokens": 2048, "temperature": 0.5, "top_p": 0.9, "effort": "low", "system": "Be brief."}
USER = {"role": "user", "content": [{"type": "text", "text": "Hi"}]}
ALL = {
    "openai_chat": (
        {**COMMON, "stop": ("END", "\n"), "seed": 3, "logprobs": 5},
        {
            "model": "m-1",
            "messages": [{"role": "system", "content": "Be brief."}, USER],
            "max_tokens": 2048,
            "temperature": 0.5,
            "top_p": 0.9,
            "stop": ["END", "\n"],
            "reasoning_effort": "low",
            "seed": 3,
            "logprobs": True,
            "top_logprobs": 5,
        },
    ),
    "openai_responses": (
        {**COMMON, "logprobs": 5},
        {
            "model": "m-1",
            "input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}],
            "store": False,
            "instructions": "Be brief.",
            "max_output_tokens": 2048,
            "temperature": 0.5,
            "top_p": 0.9,
            "reasoning": {"effort": "low"},
            "include": ["message.output_text.logprobs"],
            "top_logprobs": 5,
        },
    ),
    "anthropic": (
        {**COMMON, "stop": ("END", "\n"), "thinking_budget": 1024},
        {
            "model": "m-1",
            "max_tokens": 2048,
            "messages": [USER],
            "system": "Be brief.",
            "temperature": 0.5,
            "top_p": 0.9,
            "stop_sequences": ["END", "\n"],
            "output_config": {"effort": "low"},
            "thinking": {"type": "enabled", "budget_tokens": 1024},
        },
    ),
    "gemini": (
        {**COMMON, "stop": ("END", "\n"), "seed": 3, "thinking_budget": 512, "image_detail": "low", "logprobs": 5},
        {
            "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "generationConfig": {
                "maxOutputTokens": 2048,
                "temperature": 0.5,
                "topP": 0.9,
                "stopSequences": ["END", "\n"],
                "seed": 3,
                "thinkingConfig": {"thinkingLevel": "low", "thinkingBudget": 512},
                "mediaResolution": "MEDIA_RESOLUTION_LOW",
                "responseLogprobs": True,
                "logprobs": 5,
            },
        },
    ),
}


@pytest.mark.parametrize("wire", ALL)
def test_all_parameters_at_once(encode, check_body, wire):
    params, expected = ALL[wire]
    body = encode(wire, "Hi", **params)
    assert body == expected
    check_body(wire, body)


FIXED = {
    "openai_chat": {"model", "messages"},
    "openai_responses": {"model", "input", "store"},
    "anthropic": {"model", "messages", "max_tokens"},
    "gemini": {"contents"},
}


@pytest.mark.parametrize("wire", FIXED)
def test_what_is_not_asked_for_is_not_sent(encode, wire):
    assert encode(wire).keys() == FIXED[wire]


LONE = [
    ("openai_chat", {"temperature": 0.0}, {"temperature": 0.0}),
    ("openai_chat", {"seed": 0}, {"seed": 0}),
    ("openai_chat", {"logprobs": 0}, {"logprobs": True}),
    ("openai_chat", {"logprobs": 5}, {"logprobs": True, "top_logprobs": 5}),
    ("openai_responses", {"temperature": 0.0}, {"temperature": 0.0}),
    ("openai_responses", {"logprobs": 0}, {"include": ["message.output_text.logprobs"], "top_logprobs": 0}),
    ("openai_responses", {"logprobs": 5}, {"include": ["message.output_text.logprobs"], "top_logprobs": 5}),
    ("anthropic", {"temperature": 0.0}, {"temperature": 0.0}),
    ("anthropic", {"max_tokens": 9}, {"max_tokens": 9}),
    (
        "anthropic",
        {"thinking_budget": 4096},
        {"thinking": {"type": "enabled", "budget_tokens": 4096}, "max_tokens": 16384 + 4096},
    ),
    ("gemini", {"temperature": 0.0}, {"generationConfig": {"temperature": 0.0}}),
    ("gemini", {"seed": 0}, {"generationConfig": {"seed": 0}}),
    ("gemini", {"logprobs": 0}, {"generationConfig": {"responseLogprobs": True}}),
    ("gemini", {"logprobs": 5}, {"generationConfig": {"responseLogprobs": True, "logprobs": 5}}),
    ("gemini", {"effort": "high"}, {"generationConfig": {"thinkingConfig": {"thinkingLevel": "high"}}}),
    ("gemini", {"thinking_budget": 0}, {"generationConfig": {"thinkingConfig": {"thinkingBudget": 0}}}),
    ("gemini", {"thinking_budget": -1}, {"generationConfig": {"thinkingConfig": {"thinkingBudget": -1}}}),
    ("gemini", {"image_detail": "high"}, {"generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_HIGH"}}),
    (
        "gemini",
        {"image_detail": "MEDIA_RESOLUTION_LOW"},
        {"generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_LOW"}},
    ),
]


@pytest.mark.parametrize(("wire", "params", "fields"), LONE)
def test_one_parameter_alone(encode, check_body, wire, params, fields):
    bare, body = encode(wire), encode(wire, **params)
    assert body == bare | fields
    check_body(wire, body)


def test_the_finest_detail_of_gemini_stands_at_every_image(encode, check_body, image):
    body = encode("gemini", image(0), "and", image(1), image_detail="ultra_high")
    first, _, second = body["contents"][0]["parts"]
    assert first["mediaResolution"] == second["mediaResolution"] == {"level": "MEDIA_RESOLUTION_ULTRA_HIGH"}
    assert "generationConfig" not in body
    check_body("gemini", body)


@pytest.mark.parametrize("detail", ["low", "high", "auto"])
def test_the_detail_of_openai_stands_at_every_image(encode, check_body, image, detail):
    parts = (image(0), "and", image(1))
    chat = encode("openai_chat", *parts, image_detail=detail)
    first, _, second = chat["messages"][0]["content"]
    assert first == {"type": "image_url", "image_url": {"url": "data:image/png;base64,pic0", "detail": detail}}
    assert second == {"type": "image_url", "image_url": {"url": "data:image/png;base64,pic1", "detail": detail}}
    check_body("openai_chat", chat)
    responses = encode("openai_responses", *parts, image_detail=detail)
    assert [part.get("detail") for part in responses["input"][0]["content"]] == [detail, None, detail]
    check_body("openai_responses", responses)


EXTRA = [
    ("openai_chat", {"verbosity": "low", "logit_bias": {"5": 1}}, {"verbosity": "low", "logit_bias": {"5": 1}}),
    (
        "openai_responses",
        {"reasoning": {"summary": "auto"}, "text": {"verbosity": "low"}},
        {"reasoning": {"effort": "low", "summary": "auto"}, "text": {"verbosity": "low"}},
    ),
    (
        "anthropic",
        {"output_config": {"format": {"type": "json_schema", "schema": {}}}, "service_tier": "standard_only"},
        {
            "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": {}}},
            "service_tier": "standard_only",
        },
    ),
    (
        "gemini",
        {
            "generationConfig": {"topK": 5, "thinkingConfig": {"includeThoughts": True}},
            "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
        },
        {
            "generationConfig": {"thinkingConfig": {"thinkingLevel": "low", "includeThoughts": True}, "topK": 5},
            "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
        },
    ),
]


@pytest.mark.parametrize(("wire", "extra", "fields"), EXTRA)
def test_fields_of_the_users_own_are_merged_in_depth(encode, check_body, wire, extra, fields):
    body = encode(wire, effort="low", extra=extra)
    assert body == encode(wire, effort="low") | fields
    check_body(wire, body)


TAKEN = [
    ("openai_chat", {"messages": []}, "messages"),
    ("openai_chat", {"model": "other"}, "model"),
    ("openai_chat", {"max_tokens": 5}, "max_tokens"),
    ("openai_responses", {"store": True}, "store"),
    ("openai_responses", {"reasoning": {"effort": "high"}}, "reasoning.effort"),
    ("anthropic", {"output_config": {"effort": "high"}}, "output_config.effort"),
    ("gemini", {"generationConfig": {"maxOutputTokens": 5}}, "generationConfig.maxOutputTokens"),
    (
        "gemini",
        {"generationConfig": {"thinkingConfig": {"thinkingLevel": "high"}}},
        "generationConfig.thinkingConfig.thinkingLevel",
    ),
    ("gemini", {"generationConfig": 5}, "generationConfig"),
]


@pytest.mark.parametrize(("wire", "extra", "place"), TAKEN)
def test_and_never_replace_ours(encode, wire, extra, place):
    with pytest.raises(InputError, match=f"--extra {place}: the body has it already"):
        encode(wire, max_tokens=9, effort="low", extra=extra)


LACKING = [
    ("openai_chat", {"thinking_budget": 512}, "--thinking-budget"),
    ("openai_chat", {"thinking_budget": 0}, "--thinking-budget"),
    ("openai_responses", {"seed": 0}, "--model-seed"),
    ("openai_responses", {"stop": ("END",)}, "--stop"),
    ("openai_responses", {"thinking_budget": 512}, "--thinking-budget"),
    ("anthropic", {"seed": 3}, "--model-seed"),
    ("anthropic", {"image_detail": "low"}, "--image-detail"),
    ("anthropic", {"logprobs": 0}, "--logprobs"),
    ("anthropic", {"logprobs": 5}, "--logprobs"),
]


@pytest.mark.parametrize(("wire", "params", "flag"), LACKING)
def test_what_a_format_has_no_place_for_is_refused_not_dropped(encode, wire, params, flag):
    with pytest.raises(InputError, match=rf"^{flag} cannot be sent in [A-Zc].*: leave it out"):
        encode(wire, **params)


BUDGETS = {
    "openai": "max_output_tokens",
    "azure-openai": "max_output_tokens",
    "openrouter": "max_completion_tokens",
    "xai": "max_completion_tokens",
    "groq": "max_completion_tokens",
    "dashscope": "max_completion_tokens",
    "moonshot": "max_completion_tokens",
}
"""What services call the output budget that do not call it ``max_tokens``."""
REASONING = ("anthropic", "together", "fireworks", "moonshot", "nvidia", "huggingface")
DEFAULTS = dict.fromkeys(REASONING, 16384) | {"groq": 8192}
"""What is sent where the user states no budget."""


def encode_for(service: str, **params: Any) -> dict[str, Any]:
    return resolve(f"{service}/m").encode(Request(parts=("Hi",), params=Params(**params)), embed_fingerprint)


@pytest.mark.parametrize("service", [name for name in PROVIDERS if name != "google"])
def test_what_a_service_calls_the_output_budget(monkeypatch, service):
    field = BUDGETS.get(service, "max_tokens")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com")
    found = {name: value for name, value in encode_for(service, max_tokens=9).items() if name.startswith("max_")}
    assert found == {field: 9}, "the user's own beats every default"
    found = {name: value for name, value in encode_for(service).items() if name.startswith("max_")}
    assert found == ({field: DEFAULTS[service]} if service in DEFAULTS else {})


def test_the_output_budget_of_google_stands_deeper():
    assert encode_for("google", max_tokens=9)["generationConfig"] == {"maxOutputTokens": 9}


@pytest.mark.parametrize(
    ("service", "params"),
    [
        ("xai", Params(max_tokens=5, extra={"max_tokens": 9})),
        ("mistral", Params(seed=5, extra={"seed": 9})),
        ("google", Params(temperature=0.0, extra={"generation_config": {}})),
        ("google", Params(system="Be brief.", extra={"system_instruction": {}})),
    ],
)
def test_a_field_cannot_be_sent_twice_in_other_letters(service, params):
    with pytest.raises(InputError, match="the body has it already, as "):
        resolve(f"{service}/m").encode(Request(parts=("Hi",), params=params), embed_fingerprint)


@pytest.mark.parametrize(
    "extra", [{"stream": True}, {"background": True}, {"n": 3}, {"generationConfig": {"candidateCount": 2}}]
)
def test_what_would_bring_something_else_than_one_reply_is_refused(extra):
    with pytest.raises(InputError, match="one whole reply"):
        resolve("vllm/m").encode(Request(parts=("Hi",), params=Params(extra=extra)), embed_fingerprint)


def test_a_service_spoken_to_in_another_format_has_that_formats_names():
    body = resolve("openrouter/m", base_url="http://127.0.0.1:9/v1", wire="anthropic").encode(
        Request(parts=("Hi",), params=Params(max_tokens=9)), embed_fingerprint
    )
    assert body["max_tokens"] == 9


def test_no_thinking_is_said_in_anthropics_words():
    assert encode_for("anthropic", thinking_budget=0)["thinking"] == {"type": "disabled"}


@pytest.mark.parametrize(
    ("wire", "field"), [("openai_responses", "max_output_tokens"), ("openai_chat", "max_completion_tokens")]
)
def test_openai_in_both_its_formats(wire, field):
    body = resolve("openai/m", wire=wire).encode(Request(parts=("Hi",), params=Params(max_tokens=9)), embed_fingerprint)
    assert {name: value for name, value in body.items() if name.startswith("max_")} == {field: 9}


@pytest.mark.parametrize(("service", "field"), [("mistral", "random_seed"), ("groq", "seed"), ("vllm", "seed")])
def test_what_a_service_calls_the_seed(service, field):
    assert {name: value for name, value in encode_for(service, seed=3).items() if "seed" in name} == {field: 3}
