"""The wire format of OpenAI responses: what is taken, what is turned down, what comes back."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import jsonschema
import openai
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from mmra_api.sandbox import Sandbox

SPEC = Path(__file__).parents[3] / "shared" / "specs" / "openai-subset.json"
PATH = "/v1/responses"


@pytest.mark.skipif(not SPEC.exists(), reason="OpenAI's published schema does not lie beside this checkout")
def test_bodies_fit_the_published_schema(question, connect, formats):
    registry = Registry().with_resource(
        "urn:oai", Resource.from_contents(json.loads(SPEC.read_text()), default_specification=DRAFT202012)
    )

    def check(name, body):
        reference = {"$ref": f"urn:oai#/components/schemas/{name}"}
        jsonschema.Draft202012Validator(reference, registry=registry).validate(body)

    wire = formats["openai_responses"]
    with Sandbox() as sandbox:
        client = connect(sandbox)
        for number in range(60):
            each = question(number)
            body = wire.put("simulated-unruly", each.pictures, each.prompt(), 4096)
            check("CreateResponse", body)
            reply = client.ask(body, path=PATH).json
            check("Response", reply)
            for item in reply["output"]:
                check({"message": "OutputMessage", "reasoning": "ReasoningItem"}[item["type"]], item)
        check("ErrorResponse", client.ask(b"{", path=PATH).json)
        assert len(sandbox.counters.replies) > 8


async def test_the_real_sdk_reads_a_reply(question, formats):
    each = question(1)
    body = formats["openai_responses"].put("simulated-strong", each.pictures, each.prompt(), 100)
    with Sandbox([each.sample]) as sandbox:
        async with openai.AsyncOpenAI(base_url=sandbox.base_url, api_key="any", max_retries=0) as client:
            raw = await client.responses.with_raw_response.create(**body)
            with pytest.raises(openai.BadRequestError) as caught:
                await client.responses.create(**body | {"max_output_tokens": 15})
    reply = raw.parse()
    assert raw.headers["x-mmra-simulated"] == "1"
    assert (reply.object, reply.model, reply.status) == ("response", "simulated-strong", "completed")
    assert reply.output_text
    assert reply.usage.total_tokens == reply.usage.input_tokens + reply.usage.output_tokens
    assert reply.usage.input_tokens > 2 * 255
    assert caught.value.param == "max_output_tokens"


def test_a_string_instructions_and_a_list_pose_the_same_question(connect):
    text = {"type": "input_text", "text": "Is it so?"}
    alike: list[dict[str, Any]] = [
        {"instructions": "Say Yes or No.", "input": "Is it so?"},
        {"instructions": "Say Yes or No.", "input": [{"role": "user", "content": [text]}]},
        {"input": [{"role": "system", "content": "Say Yes or No."}, {"role": "user", "content": "Is it so?"}]},
        {"instructions": "Say Yes or No.", "input": [{"type": "message", "role": "user", "content": "Is it so?"}]},
    ]
    with Sandbox() as sandbox:
        replies = [connect(sandbox).ask({"model": "m", **body}, path=PATH).body for body in alike]
        other = connect(sandbox).ask({"model": "m", "input": "Is it so?"}, path=PATH).body
    assert len(set(replies)) == 1
    assert other != replies[0]


def test_a_refusal_and_silence_have_their_shapes(question, connect, formats):
    wire = formats["openai_responses"]
    with Sandbox() as sandbox:
        client = connect(sandbox)
        replies = [wire.ask(client, question(n), "simulated-unruly").json for n in range(150)]
    parts = [part for reply in replies for item in reply["output"] for part in item.get("content", ())]
    assert {part["type"] for part in parts} == {"output_text", "refusal"}
    assert all(part["refusal"] for part in parts if part["type"] == "refusal")
    assert any(part.get("text") == "" for part in parts)
    assert any(not reply["output"] for reply in replies)
    assert any(reply["output"] and reply["output"][0]["type"] == "reasoning" for reply in replies)
    for reply in replies:
        assert (reply["status"] == "incomplete") is (reply["incomplete_details"] is not None)


def test_a_commentary_is_a_message_of_its_own_and_only_of_the_chatty_model(question, connect, formats):
    wire = formats["openai_responses"]
    with Sandbox() as sandbox:
        client = connect(sandbox)
        for model, least, most in (("simulated-chatty", 20, 70), ("simulated-unruly", 0, 0), ("any", 0, 0)):
            replies = [wire.ask(client, question(number), model).json for number in range(300)]
            assert replies[:20] == [wire.ask(client, question(number), model).json for number in range(20)]
            told = [[item for item in reply["output"] if item["type"] == "message"] for reply in replies]
            pairs = [messages for messages in told if len(messages) == 2]
            assert least <= len(pairs) <= most
            for first, last in pairs:
                assert (first["phase"], last["phase"]) == ("commentary", "final_answer")
                assert first["id"] != last["id"]
            plain = [message for messages in told if len(messages) == 1 for message in messages]
            assert not any("phase" in message for message in plain)


def test_a_cut_falls_behind_a_commentary(question, connect, formats):
    wire = formats["openai_responses"]
    with Sandbox() as sandbox:
        client = connect(sandbox)
        found = set()
        for number, limit in ((number, limit) for number in range(100) for limit in (16, 18)):
            each = question(number)
            prompt = each.prompt(end="Think step by step, and end with the line Answer: <letter>")
            cut = wire.ask(client, each, "simulated-chatty", prompt=prompt, limit=limit).json
            messages = [item for item in cut["output"] if item["type"] == "message"]
            assert cut["usage"]["output_tokens"] <= limit
            if "phase" in messages[0]:
                found.add((cut["status"], *((item["phase"], item["status"]) for item in messages)))
    assert found == {
        (status, ("commentary", "completed"), ("final_answer", status)) for status in ("completed", "incomplete")
    }


TEXT = {"type": "input_text", "text": "x"}
WEB = {"type": "input_image", "image_url": "https://example.com/a.png"}
BROKEN = {"type": "input_image", "image_url": "data:image/png;base64,ab=c"}
BAD_BODIES: dict[str, tuple[bytes | dict[str, Any], str | None]] = {
    "not JSON": (b'{"model": ', None),
    "no input": ({"input": None}, "input"),
    "empty input": ({"input": []}, "input"),
    "chat's text": (
        {"input": [{"role": "user", "content": [{"type": "text", "text": "x"}]}]},
        "input[0].content[0].type",
    ),
    "the model's text": (
        {"input": [{"role": "user", "content": [{"type": "output_text", "text": "x"}]}]},
        "input[0].content[0].type",
    ),
    "the user's text": ({"input": [{"role": "assistant", "content": [TEXT]}]}, "input[0].content[0].type"),
    "chat's image": (
        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": {"url": "data:"}}]}]},
        "input[0].content[0].image_url",
    ),
    "a web address": ({"input": [{"role": "user", "content": [TEXT, WEB]}]}, "input[0].content[1].image_url"),
    "a file": (
        {"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]},
        "input[0].content[0].image_url",
    ),
    "broken base64": ({"input": [{"role": "user", "content": [BROKEN]}]}, "input[0].content[0].image_url"),
    "an odd detail": (
        {"input": [{"role": "user", "content": [WEB | {"detail": "best"}]}]},
        "input[0].content[0].detail",
    ),
    "the assistant's image": (
        {"input": [{"role": "assistant", "content": [BROKEN]}]},
        "input[0].content[0].image_url",
    ),
    "no room": ({"max_output_tokens": 15}, "max_output_tokens"),
    "too hot": ({"temperature": 3}, "temperature"),
    "top_p": ({"top_p": 1.5}, "top_p"),
    "an odd effort": ({"reasoning": {"effort": "huge"}}, "reasoning.effort"),
    "an odd wish": ({"include": ["message.output_text.logprobs", "everything"]}, "include[1]"),
    "stream": ({"stream": True}, "stream"),
    "a seed": ({"seed": 1}, "seed"),
    "chat's stop": ({"stop": ["x"]}, "stop"),
    "chat's limit": ({"max_tokens": 20}, "max_tokens"),
    "an unknown field within": ({"reasoning": {"depth": 3}}, "reasoning.depth"),
    "an unknown field of a part": (
        {"input": [{"role": "user", "content": [TEXT, TEXT | {"detail": "low"}]}]},
        "input[0].content[1].detail",
    ),
    "background": ({"background": True}, "background"),
    "history": ({"previous_response_id": "resp_1"}, "previous_response_id"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_turned_down_with_its_place(connect, name):
    bad, param = BAD_BODIES[name]
    body = bad if isinstance(bad, bytes) else {"model": "m", "input": "x", **bad}
    with Sandbox() as sandbox:
        got = connect(sandbox).ask(body, path=PATH)
        assert (got.status, got.json["error"]["param"]) == (400, param)
        assert got.json["error"]["type"] == "invalid_request_error"
        unknown = name in {"a seed", "chat's stop", "chat's limit"} or "unknown" in name
        assert (got.json["error"]["code"] == "unknown_parameter") is unknown
        assert not unknown or got.json["error"]["message"] == f"Unknown parameter: {param!r}."
        assert (sandbox.counters.paid, sandbox.counters.rejections) == (0, {"bad_request": 1})


def test_params_of_the_service_are_taken(connect, png):
    url = f"data:image/png;base64,{base64.b64encode(png(1)).decode()}"
    content = [TEXT, {"type": "input_image", "image_url": url}]
    params = {"reasoning": {"effort": "low", "summary": "auto"}, "temperature": 0, "top_p": 1, "store": False}
    body = {"model": "m", "input": [{"role": "user", "content": content}], "max_output_tokens": 16, **params}
    with Sandbox() as sandbox:
        got = connect(sandbox).ask(body, path=PATH)
        assert (got.status, got.json["usage"]["input_tokens"]) == (200, 1 + 255)


@pytest.mark.skipif(not SPEC.exists(), reason="OpenAI's published schema does not lie beside this checkout")
def test_every_published_field_is_known(connect):
    schemas = json.loads(SPEC.read_text())["components"]["schemas"]

    def find_fields(schema):
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
        return set(schema.get("properties", ())).union(*map(find_fields, schema.get("allOf", ())))

    fields = find_fields({"$ref": "/CreateResponse"}) - {"model", "input", "instructions"}
    assert len(fields) > 25
    with Sandbox() as sandbox:
        for name in fields:
            got = connect(sandbox).ask({"model": "m", "input": "Is it so?", name: None}, path=PATH)
            assert got.status == 200, (name, got.body)


@pytest.mark.parametrize("detail", ["auto", "low", "high", "original"])
def test_every_detail_is_taken(connect, png, detail):
    url = f"data:image/png;base64,{base64.b64encode(png(1)).decode()}"
    part = {"type": "input_image", "image_url": url, "detail": detail}
    with Sandbox() as sandbox:
        got = connect(sandbox).ask({"model": "m", "input": [{"role": "user", "content": [part]}]}, path=PATH)
    assert got.json["usage"]["input_tokens"] == (85 if detail == "low" else 255)
