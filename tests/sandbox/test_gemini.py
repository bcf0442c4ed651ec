"""The wire format of Google's generateContent: what is taken, what is turned down, what comes back."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from google import genai
from google.genai import errors, types

from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults
from mmra_api.sandbox.gemini import count_image_tokens
from mmra_api.types import Image

PATH = "/v1beta/models/{}:generateContent"


def open_sdk(sandbox, key="any"):
    place = types.HttpOptions(base_url=sandbox.root_url, api_version="v1beta")
    return genai.Client(api_key=key, http_options=place)


def parts_of(question):
    images = [types.Part.from_bytes(data=data, mime_type="image/png") for data in question.pictures]
    return [*images, types.Part.from_text(text=question.prompt())]


async def test_the_real_sdk_reads_a_reply(question, connect):
    each = question(1)
    config = types.GenerateContentConfig(
        max_output_tokens=100,
        temperature=0,
        seed=1,
        stop_sequences=["@@"],
        media_resolution=types.MediaResolution.MEDIA_RESOLUTION_LOW,
        thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_budget=0),
    )
    with Sandbox([each.sample]) as sandbox:
        client = open_sdk(sandbox)
        reply = await client.aio.models.generate_content(
            model="simulated-strong", contents=parts_of(each), config=config
        )
        await client.aio.aclose()
        client.close()
        chat = connect(sandbox).ask(each.body())
    assert reply.sdk_http_response.headers["x-mmra-simulated"] == "1"
    assert reply.text == chat.text
    assert (reply.candidates[0].finish_reason, reply.model_version) == (types.FinishReason.STOP, "simulated-strong")
    assert reply.response_id
    usage = reply.usage_metadata
    assert usage.prompt_token_count == chat.json["usage"]["prompt_tokens"] - 2 * 255 + 2 * 64
    assert usage.total_token_count == usage.prompt_token_count + usage.candidates_token_count


@pytest.mark.parametrize(
    ("how", "code", "status", "detail"),
    [
        ({"key": "bad-key"}, 400, "INVALID_ARGUMENT", {"reason": "API_KEY_INVALID", "domain": "googleapis.com"}),
        ({"key": "broke-key"}, 429, "RESOURCE_EXHAUSTED", {"retryDelay": "36.5s"}),
        ({"fault": "quota"}, 429, "RESOURCE_EXHAUSTED", {"retryDelay": "36.5s"}),
        ({"model": "missing"}, 404, "NOT_FOUND", None),
        ({"limit": 0}, 400, "INVALID_ARGUMENT", {}),
        ({"fault": "429"}, 429, "RESOURCE_EXHAUSTED", {"retryDelay": "0.2s"}),
        ({"fault": "500"}, 500, "INTERNAL", None),
        ({"fault": "503"}, 503, "UNAVAILABLE", None),
    ],
)
def test_the_real_sdk_raises_its_own_errors(how, code, status, detail):
    config = types.GenerateContentConfig(max_output_tokens=how.get("limit", 9))
    with Sandbox(faults=Faults(always=how.get("fault"))) as sandbox:
        client = open_sdk(sandbox, how.get("key", "any"))
        with pytest.raises(errors.APIError) as caught:
            client.models.generate_content(model=how.get("model", "m"), contents="Is it so?", config=config)
        client.close()
    assert (caught.value.code, caught.value.status) == (code, status)
    details = caught.value.details["error"].get("details")
    assert (details is None) is (detail is None)
    assert detail is None or any(detail.items() <= each.items() for each in details)
    assert all(each["@type"].startswith("type.googleapis.com/google.rpc.") for each in details or ())


def test_a_429_says_whether_it_ends_by_itself(question, connect, formats):
    wire = formats["gemini"]
    with Sandbox(faults=Faults(always="429")) as sandbox:
        replies = [wire.ask(connect(sandbox), question(0), key=key) for key in ("any", "broke-key")]
    details = [{each["@type"].rpartition(".")[2]: each for each in reply.json["error"]["details"]} for reply in replies]
    assert [set(each) for each in details] == [{"QuotaFailure", "RetryInfo"}] * 2
    quotas = [each["QuotaFailure"]["violations"][0]["quotaId"] for each in details]
    assert [("PerMinute" in quota, "PerDay" in quota) for quota in quotas] == [(True, False), (False, True)]


def call(connect, sandbox, body, model="m", end="", headers=None):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return connect(sandbox).call("POST", PATH.format(model) + end, data, headers or {"x-goog-api-key": "k"})


SMALL = {"contents": [{"parts": [{"text": "Is it so?"}]}]}


def test_the_key_comes_in_a_header_or_behind_the_address(connect):
    cases = [
        ("", {"x-goog-api-key": "k"}, 200),
        ("?key=k", {"x": "y"}, 200),
        ("?alt=json&key=k", {"x": "y"}, 200),
        ("?key=bad-key", {"x": "y"}, 400),
        ("?alt=json", {"x": "y"}, 400),
        ("", {"Authorization": "Bearer k"}, 400),
    ]
    with Sandbox() as sandbox:
        for end, headers, status in cases:
            assert call(connect, sandbox, SMALL, end=end, headers=headers).status == status, (end, headers)


@pytest.mark.parametrize(
    ("model", "known"),
    [("gemini-9", "gemini-9"), ("a%20b", "a b"), ("publishers/x", "publishers/x"), ("tuned:1", "tuned:1"), ("", None)],
)
def test_the_model_stands_in_the_path(connect, model, known):
    with Sandbox() as sandbox:
        got = call(connect, sandbox, SMALL, model)
    if known is None:
        assert got.status == 404
        assert "POST /v1beta/models/{model}:generateContent" in got.json["error"]["message"]
    else:
        assert got.json["modelVersion"] == known


@pytest.mark.parametrize("verb", ["streamGenerateContent", "countTokens", "generateContentX"])
def test_other_verbs_are_unknown(connect, verb):
    with Sandbox() as sandbox:
        got = connect(sandbox).call("POST", f"/v1beta/models/m:{verb}", b"{}", {"x-goog-api-key": "k"})
        assert (got.status, sandbox.counters.calls) == (404, 0)


def test_names_and_base64_may_be_written_in_either_way(connect, png):
    data = png(1, width=6)
    plain, safe = base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()
    assert safe.rstrip("=") != safe != plain
    config = {"maxOutputTokens": 50, "mediaResolution": "MEDIA_RESOLUTION_LOW"}
    images = [
        {"inlineData": {"mimeType": "image/png", "data": plain}},
        {"inlineData": {"mimeType": "image/png", "data": safe}},
        {"inlineData": {"mimeType": "image/png", "data": safe.rstrip("=")}},
        {"inline_data": {"mime_type": "image/png", "data": plain}},
    ]
    bodies = [
        {
            "contents": [{"role": "user", "parts": [image, {"text": "Is it so?"}]}],
            "systemInstruction": {"parts": [{"text": "Say Yes or No."}]},
            "generationConfig": config,
        }
        for image in images
    ]
    bodies[-1]["system_instruction"] = bodies[-1].pop("systemInstruction")
    bodies[-1]["generation_config"] = {"max_output_tokens": 50, "media_resolution": "MEDIA_RESOLUTION_LOW"}
    del bodies[-1]["generationConfig"]
    with Sandbox() as sandbox:
        replies = [call(connect, sandbox, body) for body in bodies]
        assert sandbox.counters.images == 4
    assert [reply.status for reply in replies] == [200] * 4
    assert len({reply.body for reply in replies}) == 1


def test_filters_thoughts_and_silence_have_their_shapes(question, connect, formats):
    with Sandbox() as sandbox:
        client = connect(sandbox)
        replies = [formats["gemini"].ask(client, question(n), "simulated-unruly").json for n in range(200)]
    blocked = [reply for reply in replies if "candidates" not in reply]
    assert blocked
    assert all(reply["promptFeedback"] == {"blockReason": "SAFETY"} for reply in blocked)
    candidates = [reply["candidates"][0] for reply in replies if reply not in blocked]
    filtered = [candidate for candidate in candidates if candidate["finishReason"] == "SAFETY"]
    assert {"content" in candidate for candidate in filtered} == {True, False}
    assert any(candidate.get("content") == {"role": "model"} for candidate in candidates)
    parts = [part for candidate in candidates for part in candidate.get("content", {}).get("parts", ())]
    assert all(part["text"] for part in parts)
    assert {part.get("thought") for part in parts} == {None, True}
    usages = [reply["usageMetadata"] for reply in replies]
    assert all(all(usage.values()) for usage in usages)
    assert any("thoughtsTokenCount" in usage for usage in usages)


def said(*parts, **rest):
    return {"contents": [{"role": "user", "parts": list(parts), **rest}]}


def config(**fields):
    return SMALL | {"generationConfig": fields}


BLOB = {"mimeType": "image/png", "data": "a*c="}
BAD_BODIES = {
    "not JSON": (b"{", None),
    "not an object": (b"[]", None),
    "no contents": ({"contents": []}, "contents"),
    "no parts": (said(), "contents[0].parts"),
    "a role of OpenAI's": (said({"text": "x"}, role="assistant"), "contents[0].role"),
    "an empty part": (said({}), "contents[0].parts[0]"),
    "text and image": (said({"text": "x", "inlineData": BLOB}), "contents[0].parts[0]"),
    "broken base64": (said({"text": "x"}, {"inlineData": BLOB}), "contents[0].parts[1].inlineData.data"),
    "no type": (said({"inlineData": {"data": "ab"}}), "contents[0].parts[0].inlineData"),
    "an unknown part": (said({"fileData": {"fileUri": "x"}}), "contents[0].parts[0]"),
    "an unknown field": (SMALL | {"model_name": "m"}, None),
    "OpenAI's limit": (config(max_tokens=5), "generationConfig"),
    "no room": (config(maxOutputTokens=0), "generationConfig.maxOutputTokens"),
    "too hot": (config(temperature=3), "generationConfig.temperature"),
    "many stops": (config(stopSequences=list("abcdef")), "generationConfig.stopSequences"),
    "an odd resolution": (config(mediaResolution="LOW"), "generationConfig.mediaResolution"),
    "the highest for all": (config(mediaResolution="MEDIA_RESOLUTION_ULTRA_HIGH"), "generationConfig.mediaResolution"),
    "an odd level": (
        said({"inlineData": BLOB, "mediaResolution": {"level": "HIGH"}}),
        "contents[0].parts[0].mediaResolution.level",
    ),
    "a level for no part": (said({"text": "x", "level": "x"}), "contents[0].parts[0]"),
    "a small budget": (
        config(thinkingConfig={"thinkingBudget": -2}),
        "generationConfig.thinkingConfig.thinkingBudget",
    ),
    "a budget and a level": (
        config(thinkingConfig={"thinkingBudget": 0, "thinkingLevel": "low"}),
        "generationConfig.thinkingConfig",
    ),
    "a large seed": (config(seed=2**31), "generationConfig.seed"),
    "a system image": (
        SMALL | {"systemInstruction": {"parts": [{"text": "x"}, {"inlineData": BLOB}]}},
        "systemInstruction.parts[1]",
    ),
    "many replies": (config(candidateCount=2), "generationConfig.candidateCount"),
    "an odd thought": (config(thinkingConfig={"effort": "low"}), "generationConfig.thinkingConfig"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_turned_down_with_its_place(connect, name):
    bad, field = BAD_BODIES[name]
    with Sandbox() as sandbox:
        got = call(connect, sandbox, bad)
        error = got.json["error"]
        assert (got.status, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
        fields = [each["field"] for detail in error.get("details", ()) for each in detail["fieldViolations"]]
        assert fields == ([field] if field else [])
        assert (sandbox.counters.paid, sandbox.counters.rejections) == (0, {"bad_request": 1})


@pytest.mark.parametrize(
    ("width", "height", "how", "tokens"),
    [
        (384, 384, {}, 258),
        (385, 10, {}, 258),
        (1536, 768, {}, 516),
        (1537, 769, {}, 6 * 258),
        (1537, 769, {"whole": "MEDIA_RESOLUTION_LOW"}, 64),
        (1537, 769, {"whole": "MEDIA_RESOLUTION_MEDIUM"}, 256),
        (1537, 769, {"whole": "MEDIA_RESOLUTION_HIGH"}, 6 * 258),
        (1537, 769, {"single": "MEDIA_RESOLUTION_UNSPECIFIED", "whole": "MEDIA_RESOLUTION_LOW"}, 64),
        (1537, 769, {"single": "MEDIA_RESOLUTION_LOW", "whole": "MEDIA_RESOLUTION_MEDIUM"}, 280),
        (1537, 769, {"single": "MEDIA_RESOLUTION_ULTRA_HIGH"}, 2240),
    ],
)
def test_image_tokens_follow_the_documented_tiles(width, height, how, tokens):
    image = Image(digest="0" * 64, media_type="image/png", width=width, height=height, size=1)
    assert count_image_tokens(image, **how) == tokens


def test_the_tokens_of_the_prompt_are_told_by_kind(connect, png):
    blob = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(png(1)).decode()}}
    sharp = blob | {"mediaResolution": {"level": "MEDIA_RESOLUTION_ULTRA_HIGH"}}
    text, images = {"modality": "TEXT", "tokenCount": 1}, {"modality": "IMAGE"}
    cases: list[tuple[list[dict[str, Any]], list[dict[str, Any]]]] = [
        ([{"text": "x"}, blob, blob], [text, images | {"tokenCount": 516}]),
        ([{"text": "x"}, blob, sharp], [text, images | {"tokenCount": 258 + 2240}]),
        ([{"text": "x"}], [text]),
        ([sharp], [images | {"tokenCount": 2240}]),
    ]
    with Sandbox() as sandbox:
        for parts, details in cases:
            usage = call(connect, sandbox, said(*parts)).json["usageMetadata"]
            assert usage["promptTokensDetails"] == details
            assert usage["promptTokenCount"] == sum(each["tokenCount"] for each in details)


async def test_the_real_sdk_sends_and_reads_the_finer_settings(question):
    each = question(1)
    config = types.GenerateContentConfig(
        system_instruction="Say little.", seed=7, response_logprobs=True, logprobs=2, max_output_tokens=100
    )
    images = [
        types.Part.from_bytes(
            data=data,
            mime_type="image/png",
            media_resolution=types.PartMediaResolutionLevel.MEDIA_RESOLUTION_ULTRA_HIGH,
        )
        for data in each.pictures
    ]
    with Sandbox([each.sample]) as sandbox:
        client = open_sdk(sandbox)
        reply = await client.aio.models.generate_content(
            model="simulated-strong", contents=[*images, each.prompt()], config=config
        )
        await client.aio.aclose()
        client.close()
    told = {each.modality: each.token_count for each in reply.usage_metadata.prompt_tokens_details}
    assert told[types.MediaModality.IMAGE] == 2 * 2240
    result = reply.candidates[0].logprobs_result
    assert "".join(token.token for token in result.chosen_candidates) == reply.text
    assert [len(step.candidates) for step in result.top_candidates] == [2] * len(result.chosen_candidates)
    assert reply.candidates[0].avg_logprobs < 0
