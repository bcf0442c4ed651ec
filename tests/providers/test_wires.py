"""The wire formats of OpenAI's Responses, Anthropic and Google by table: bodies to the letter, replies of all kinds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mmra_api.errors import CallError, InputError
from mmra_api.providers import PROVIDERS, anthropic, gemini, openai_responses, resolve
from mmra_api.providers.remote import find_wire
from mmra_api.types import Image, Params, Reply, Request, Response, Usage

IMAGES = tuple(
    Image(digest=f"{number}" * 64, media_type=media_type, width=800, height=600, size=9)
    for number, media_type in enumerate(["image/png", "image/jpeg"])
)
REQUEST = Request(
    parts=("Image 1:", IMAGES[0], "Image 2:", IMAGES[1], "Which?"),
    params=Params(max_tokens=64, temperature=0.0),
    trial=2,
)
BARE = Request(parts=("Hi",))
SCHEMA = Path(__file__).parents[2].parent / "shared" / "specs" / "openai-subset.json"


def encode(service: str, request: Request = REQUEST) -> dict:
    return resolve(f"{service}/m-1").encode(request, lambda image: f"<{image.digest[:2]}>")


def test_the_golden_body_of_responses():
    assert encode("openai") == {
        "model": "m-1",
        "input": [
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "Image 1:"},
                    {"type": "input_image", "image_url": "data:image/png;base64,<00>", "detail": "auto"},
                    {"type": "input_text", "text": "Image 2:"},
                    {"type": "input_image", "image_url": "data:image/jpeg;base64,<11>", "detail": "auto"},
                    {"type": "input_text", "text": "Which?"},
                ],
            }
        ],
        "store": False,
        "max_output_tokens": 64,
        "temperature": 0.0,
    }
    assert encode("openai", BARE).keys() == {"model", "input", "store"}


def test_the_golden_body_of_anthropic():
    assert encode("anthropic") == {
        "model": "m-1",
        "max_tokens": 64,
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Image 1:"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "<00>"}},
                    {"type": "text", "text": "Image 2:"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "<11>"}},
                    {"type": "text", "text": "Which?"},
                ],
            }
        ],
        "temperature": 0.0,
    }
    assert encode("anthropic", BARE)["max_tokens"] == anthropic.MAX_TOKENS, "the format requires a budget"


def test_the_golden_body_of_gemini():
    assert encode("google") == {
        "contents": [
            {
                "role": "user",
                "parts": [
                    {"text": "Image 1:"},
                    {"inlineData": {"mimeType": "image/png", "data": "<00>"}},
                    {"text": "Image 2:"},
                    {"inlineData": {"mimeType": "image/jpeg", "data": "<11>"}},
                    {"text": "Which?"},
                ],
            }
        ],
        "generationConfig": {"maxOutputTokens": 64, "temperature": 0.0},
    }
    assert encode("google", BARE).keys() == {"contents"}
    seeded = Request(parts=("Hi",), params=Params(seed=3))
    assert encode("google", seeded)["generationConfig"] == {"seed": 3}


ALL = Params(max_tokens=9, temperature=0.5, top_p=0.9, stop=("END",), effort="low", seed=3)


@pytest.mark.parametrize(
    ("service", "params", "fields"),
    [
        (
            "groq",
            ALL,
            {
                "max_tokens": 9,
                "temperature": 0.5,
                "top_p": 0.9,
                "stop": ["END"],
                "reasoning_effort": "low",
                "seed": 3,
            },
        ),
        (
            "openai",
            replace(ALL, seed=None, stop=()),
            {"max_output_tokens": 9, "temperature": 0.5, "top_p": 0.9, "reasoning": {"effort": "low"}},
        ),
        (
            "anthropic",
            replace(ALL, seed=None),
            {
                "max_tokens": 9,
                "temperature": 0.5,
                "top_p": 0.9,
                "stop_sequences": ["END"],
                "output_config": {"effort": "low"},
            },
        ),
        (
            "google",
            ALL,
            {
                "generationConfig": {
                    "maxOutputTokens": 9,
                    "temperature": 0.5,
                    "topP": 0.9,
                    "stopSequences": ["END"],
                    "thinkingConfig": {"thinkingLevel": "low"},
                    "seed": 3,
                }
            },
        ),
    ],
)
def test_parameters_by_format(service, params, fields):
    body = encode(service, Request(parts=("Hi",), params=params))
    assert {name: body[name] for name in fields} == fields


@pytest.mark.parametrize(
    ("service", "params"),
    [("openai", Params(seed=3)), ("openai", Params(stop=("END",))), ("anthropic", Params(seed=3))],
)
def test_a_parameter_that_a_format_lacks_is_refused_not_dropped(service, params):
    with pytest.raises(InputError, match="cannot be sent"):
        encode(service, Request(parts=("Hi",), params=params))


def test_fields_of_the_users_own_are_merged_and_never_replace_ours():
    extra = {"generationConfig": {"thinkingConfig": {"thinkingBudget": 0}}, "safetySettings": []}
    body = encode("google", Request(parts=("Hi",), params=Params(max_tokens=9, extra=extra)))
    assert body["generationConfig"] == {"maxOutputTokens": 9, "thinkingConfig": {"thinkingBudget": 0}}
    assert body["safetySettings"] == []
    for taken in ({"contents": []}, {"generationConfig": {"maxOutputTokens": 5}}):
        with pytest.raises(InputError, match=r"--extra .*the body has it already"):
            encode("google", Request(parts=("Hi",), params=Params(max_tokens=9, extra=taken)))


def test_the_body_of_responses_fits_the_published_schema():
    if not SCHEMA.exists():
        pytest.skip("the published schema is not beside this checkout")
    jsonschema = pytest.importorskip("jsonschema")
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    spec = json.loads(SCHEMA.read_text())
    registry = Registry().with_resource("urn:oai", Resource.from_contents(spec, default_specification=DRAFT202012))
    validator = jsonschema.Draft202012Validator(
        {"$ref": "urn:oai#/components/schemas/CreateResponse"}, registry=registry
    )
    body = encode("openai")
    validator.validate(body)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(body | {"temperature": 9})


def test_the_body_of_gemini_fits_the_vendors_types():
    from google.genai import types

    body = resolve("google/m-1").encode(REQUEST, lambda _image: "aGk=")
    content = types.Content.model_validate(body["contents"][0])
    assert [part.text or part.inline_data.mime_type for part in content.parts] == [
        "Image 1:",
        "image/png",
        "Image 2:",
        "image/jpeg",
        "Which?",
    ]
    config = types.GenerationConfig.model_validate(body["generationConfig"])
    assert (config.max_output_tokens, config.temperature) == (64, 0.0)


def test_the_body_of_anthropic_fits_the_vendors_types():
    import pydantic
    from anthropic.types.message_create_params import MessageCreateParamsNonStreaming

    adapter = pydantic.TypeAdapter(MessageCreateParamsNonStreaming)
    read = adapter.validate_python(encode("anthropic"))
    (message,) = read["messages"]
    assert [block["type"] for block in list(message["content"])] == ["text", "image", "text", "image", "text"]
    with pytest.raises(pydantic.ValidationError):
        adapter.validate_python(encode("anthropic") | {"max_tokens": "many"})


def make_response(*output: dict, **changes) -> dict:
    return {"id": "resp_1", "status": "completed", "model": "m-2", "output": list(output)} | changes


def message(*content: dict) -> dict:
    return {"type": "message", "role": "assistant", "content": list(content)}


def text(value: str) -> dict:
    return {"type": "output_text", "text": value, "annotations": []}


def make_message(*content: dict, **changes) -> dict:
    return {
        "id": "msg_1",
        "type": "message",
        "model": "m-2",
        "content": list(content),
        "stop_reason": "end_turn",
    } | changes


def make_candidate(*parts: dict, reason: str = "STOP", **changes) -> dict:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "finishReason": reason, "index": 0}
    return {"candidates": [candidate], "modelVersion": "m-2", "responseId": "r1"} | changes


REASONING = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]}
CUT = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
FILTERED = {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}


@pytest.mark.parametrize(
    ("wire", "body", "expected"),
    [
        (openai_responses, make_response(message(text("B"))), {"text": "B", "finish": "stop", "model": "m-2"}),
        (openai_responses, make_response(message(text("A"), text("B"))), {"text": "AB"}),
        (openai_responses, make_response(REASONING, message(text("B"))), {"text": "B", "reasoning": "hm"}),
        (openai_responses, make_response(REASONING, **CUT), {"text": "", "finish": "length"}),
        (openai_responses, make_response(**FILTERED), {"finish": "content_filter", "finish_raw": "content_filter"}),
        (openai_responses, make_response(message({"type": "refusal", "refusal": "No."})), {"finish": "refusal"}),
        (openai_responses, make_response({"type": "function_call", "name": "f"}), {"text": ""}),
        (openai_responses, make_response({"type": "novelty"}, message({"type": "new"}, text("B"))), {"text": "B"}),
        (openai_responses, make_response(status="cancelled"), {"finish": "other", "finish_raw": "cancelled"}),
        (
            openai_responses,
            make_response(
                usage={
                    "input_tokens": 10,
                    "output_tokens": 7,
                    "input_tokens_details": {"cached_tokens": 4},
                    "output_tokens_details": {"reasoning_tokens": 5},
                }
            ),
            {"usage": Usage(input_tokens=10, output_tokens=7, cached_tokens=4, reasoning_tokens=5)},
        ),
        (anthropic, make_message({"type": "text", "text": "B"}), {"text": "B", "finish": "stop", "model": "m-2"}),
        (anthropic, make_message({"type": "text", "text": "A"}, {"type": "text", "text": "B"}), {"text": "AB"}),
        (
            anthropic,
            make_message({"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "text", "text": "B"}),
            {"text": "B", "reasoning": "hm"},
        ),
        (anthropic, make_message({"type": "redacted_thinking", "data": "x"}), {"text": "", "reasoning": ""}),
        (anthropic, make_message(stop_reason="max_tokens"), {"text": "", "finish": "length"}),
        (anthropic, make_message(stop_reason="refusal"), {"finish": "refusal", "refusal": ""}),
        (
            anthropic,
            make_message(stop_reason="refusal", stop_details={"type": "refusal", "explanation": "No."}),
            {"finish": "refusal", "refusal": "No."},
        ),
        (anthropic, make_message({"type": "tool_use"}, stop_reason="tool_use"), {"finish": "other", "text": ""}),
        (anthropic, make_message(stop_reason="novel"), {"finish": "other", "finish_raw": "novel"}),
        (
            anthropic,
            make_message(
                usage={
                    "input_tokens": 10,
                    "output_tokens": 7,
                    "cache_read_input_tokens": 4,
                    "cache_creation_input_tokens": 3,
                }
            ),
            {"usage": Usage(input_tokens=17, output_tokens=7, cached_tokens=4)},
        ),
        (gemini, make_candidate({"text": "B"}), {"text": "B", "finish": "stop", "model": "m-2", "request_id": "r1"}),
        (gemini, make_candidate({"text": "A"}, {"text": "B"}), {"text": "AB"}),
        (gemini, make_candidate({"text": "hm", "thought": True}, {"text": "B"}), {"text": "B", "reasoning": "hm"}),
        (gemini, make_candidate(reason="MAX_TOKENS"), {"text": "", "finish": "length"}),
        (gemini, make_candidate(reason="SAFETY"), {"finish": "content_filter", "finish_raw": "SAFETY"}),
        (gemini, make_candidate({"functionCall": {"name": "f"}}), {"text": ""}),
        (gemini, make_candidate(reason="NOVEL"), {"finish": "other", "finish_raw": "NOVEL"}),
        (gemini, {"candidates": [{"finishReason": "RECITATION"}]}, {"text": "", "finish": "other"}),
        (
            gemini,
            {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 9}},
            {"finish": "content_filter", "finish_raw": "SAFETY", "usage": Usage(input_tokens=9)},
        ),
        (
            gemini,
            make_candidate(
                usageMetadata={
                    "promptTokenCount": 10,
                    "candidatesTokenCount": 2,
                    "thoughtsTokenCount": 5,
                    "cachedContentTokenCount": 4,
                }
            ),
            {"usage": Usage(input_tokens=10, output_tokens=7, cached_tokens=4, reasoning_tokens=5)},
        ),
    ],
)
def test_replies_are_read(wire, body, expected):
    response = wire.decode(Reply(body=body))
    assert isinstance(response, Response)
    assert {name: getattr(response, name) for name in expected} == expected


@pytest.mark.parametrize("wire", [openai_responses, anthropic, gemini])
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "ok"},
        {"output": None, "content": None, "candidates": None},
        {"output": "B", "content": "B", "candidates": "B"},
        {"candidates": [], "content": {"parts": []}},
        {"candidates": ["B"]},
    ],
)
def test_a_reply_of_no_known_shape_is_unreadable(wire, body):
    with pytest.raises(CallError, match="cannot be understood") as caught:
        wire.decode(Reply(body=body))
    assert caught.value.kind == "unreadable"


@pytest.mark.parametrize("wire", [openai_responses, anthropic, gemini])
def test_a_formula_gives_a_range(wire):
    low, high = wire.count_input(REQUEST)
    assert 2 * 85 < low < high
    assert wire.count_input(BARE)[1] < low


def test_a_path_tells_its_format():
    found = {path: find_wire(path) for path in ("/v1/messages", "/responses", "/chat/completions", "/elsewhere")}
    assert {path: wire and wire[0].PATH for path, wire in found.items()} == {
        "/v1/messages": "/v1/messages",
        "/responses": "/responses",
        "/chat/completions": "/chat/completions",
        "/elsewhere": None,
    }
    assert find_wire("/v1beta/models/a/b:generateContent") == (gemini, "a/b")


def test_where_each_service_is_asked(monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    places = {name: resolve(f"{name}/m-1") for name in PROVIDERS}
    assert places["openai"].path == "/responses"
    assert resolve("openai/m-1", base_url="https://api.openai.com/v1/").path == "/responses", "it is the service's own"
    assert resolve("openai/m-1", base_url="http://127.0.0.1:9/v1").path == "/chat/completions", "a compatible server"
    assert places["anthropic"].path == "/v1/messages"
    assert places["google"].path == "/v1beta/models/m-1:generateContent"
    assert {places[name].path for name in PROVIDERS.keys() - {"openai", "anthropic", "google"}} == {"/chat/completions"}


@pytest.mark.parametrize("service", ["anthropic", "google"])
def test_an_address_may_end_with_the_version_or_not(service):
    plain = resolve(f"{service}/m", base_url="http://127.0.0.1:9")
    assert resolve(f"{service}/m", base_url="http://127.0.0.1:9/v1").base_url == plain.base_url
    assert resolve(f"{service}/m", base_url="http://127.0.0.1:9/v1beta/").base_url == plain.base_url
