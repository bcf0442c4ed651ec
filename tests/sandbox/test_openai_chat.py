"""The wire format of OpenAI chat completions: what is taken, what is turned down, what comes back."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import jsonschema
import openai
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.models import MODELS
from mmra_api.sandbox.openai_service import count_image_tokens
from mmra_api.types import Image

SPEC = Path(__file__).parents[3] / "shared" / "specs" / "openai-subset.json"


def url(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


@pytest.mark.skipif(not SPEC.exists(), reason="OpenAI's published schema does not lie beside this checkout")
def test_bodies_fit_the_published_schema(question, connect):
    registry = Registry().with_resource(
        "urn:oai", Resource.from_contents(json.loads(SPEC.read_text()), default_specification=DRAFT202012)
    )

    def check(name, body):
        reference = {"$ref": f"urn:oai#/components/schemas/{name}"}
        jsonschema.Draft202012Validator(reference, registry=registry).validate(body)

    asked = [question(number) for number in range(60)]
    with Sandbox([each.sample for each in asked]) as sandbox:
        client = connect(sandbox)
        for each in asked:
            body = each.body("simulated-unruly")
            check("CreateChatCompletionRequest", body)
            check("CreateChatCompletionResponse", client.ask(body).json)
        check("ErrorResponse", client.ask(b"{").json)
        assert len(sandbox.counters.replies) > 8


async def test_the_real_sdk_reads_a_reply(question):
    each = question(1)
    with Sandbox([each.sample]) as sandbox:
        async with openai.AsyncOpenAI(base_url=sandbox.base_url, api_key="any", max_retries=0) as client:
            raw = await client.chat.completions.with_raw_response.create(**each.body())
            models = [model.id async for model in client.models.list()]
    reply = raw.parse()
    assert raw.headers["x-mmra-simulated"] == "1"
    assert raw.request_id == raw.headers["x-request-id"]
    assert (reply.object, reply.model, reply.choices[0].finish_reason) == (
        "chat.completion",
        "simulated-strong",
        "stop",
    )
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
    assert reply.usage.prompt_tokens > 2 * 255
    assert models == list(MODELS)


async def test_the_real_sdk_raises_its_own_errors(question):
    cases = [
        ("bad-key", "simulated-strong", openai.AuthenticationError, "invalid_api_key"),
        ("broke-key", "simulated-strong", openai.RateLimitError, "insufficient_quota"),
        ("any", "missing-model", openai.NotFoundError, "model_not_found"),
    ]
    with Sandbox() as sandbox:
        for key, model, kind, code in cases:
            async with openai.AsyncOpenAI(base_url=sandbox.base_url, api_key=key, max_retries=0) as client:
                with pytest.raises(kind) as caught:
                    await client.chat.completions.create(**question(0).body(model))
            assert caught.value.code == code
        assert sandbox.counters.paid == 0


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": ""}, {"Authorization": "Bearer "}, {"Authorization": "Basic x"}]
)
def test_a_call_needs_a_key_unless_told_otherwise(question, connect, headers):
    data = json.dumps(question(0).body()).encode()
    with Sandbox() as strict, Sandbox(need_key=False) as free:
        got = connect(strict).call("POST", "/v1/chat/completions", data, headers)
        assert (got.status, got.json["error"]["code"]) == (401, "invalid_api_key")
        assert connect(free).call("POST", "/v1/chat/completions", data, headers).status == 200


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\4\0\0\0\3"
BAD_BODIES = {
    "not JSON": (b'{"model": ', None, None),
    "not UTF-8": (b'{"model": "\xff"}', None, None),
    "no model": ({"messages": [{"role": "user", "content": "x"}]}, None, None),
    "no messages": ({"model": "m", "messages": []}, "messages", None),
    "no content": ({"model": "m", "messages": [{"role": "user", "content": []}]}, "messages[0].content", None),
    "unknown role": ({"model": "m", "messages": [{"role": "robot", "content": "x"}]}, "messages[0].role", None),
    "two limits": ({"max_tokens": 3, "max_completion_tokens": 3}, "max_tokens", None),
    "no room": ({"max_tokens": 0}, "max_tokens", None),
    "too hot": ({"temperature": 3}, "temperature", None),
    "a share that is none": ({"top_p": 1.5}, "top_p", None),
    "a share in words": ({"top_p": "0.5"}, "top_p", None),
    "an odd effort": ({"reasoning_effort": "huge"}, "reasoning_effort", "invalid_value"),
    "a seed that is no number": ({"seed": "x"}, "seed", None),
    "stream": ({"stream": True}, "stream", None),
    "several replies": ({"n": 2}, "n", None),
    "a web address": ("https://example.com/a.png", "messages[0].content[0].image_url.url", "invalid_image_url"),
    "no base64 mark": ("data:image/png,abcd", "messages[0].content[0].image_url.url", "invalid_image_url"),
    "broken base64": ("data:image/png;base64,ab=c", "messages[0].content[0].image_url.url", "invalid_base64"),
    "base64 with a blank": (
        url(PNG).replace("AAA", "A AA", 1),
        "messages[0].content[0].image_url.url",
        "invalid_base64",
    ),
    "base64 with letters": ("data:image/png;base64,äöü", "messages[0].content[0].image_url.url", "invalid_base64"),
    "no image at all": ("data:image/png;base64,", "messages[0].content[0].image_url.url", "invalid_image_format"),
    "a BMP": (url(b"BM" + bytes(60), "image/bmp"), "messages[0].content[0].image_url.url", "invalid_image_format"),
    "another type": (url(PNG, "image/jpeg"), "messages[0].content[0].image_url.url", "invalid_image_format"),
    "cut header": (url(PNG[:14]), "messages[0].content[0].image_url.url", "image_parse_error"),
    "a bare string": ({"type": "image_url", "image_url": "data:"}, "messages[0].content[0].image_url", None),
    "an odd part": ({"type": "picture", "url": "x"}, "messages[0].content[0].type", None),
    "an odd detail": (
        {"type": "image_url", "image_url": {"url": url(PNG), "detail": "best"}},
        "messages[0].content[0].image_url.detail",
        None,
    ),
}


def complete(bad):
    """A whole body around the bad part of it."""
    if isinstance(bad, bytes) or "messages" in bad:
        return bad
    if isinstance(bad, str):
        bad = {"type": "image_url", "image_url": {"url": bad}}
    content = [bad] if "type" in bad else "hello"
    return {"model": "m", "messages": [{"role": "user", "content": content}], **({} if "type" in bad else bad)}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_turned_down_with_its_place(connect, name):
    bad, param, code = BAD_BODIES[name]
    with Sandbox() as sandbox:
        got = connect(sandbox).ask(complete(bad))
        assert (got.status, got.json["error"]["param"], got.json["error"]["code"]) == (400, param, code)
        assert got.json["error"]["type"] == "invalid_request_error"
        assert got.json["error"]["message"]
        assert (sandbox.counters.paid, sandbox.counters.rejections) == (0, {"bad_request": 1})


@pytest.mark.parametrize(
    "params", [{"seed": 7}, {"seed": None}, {"top_k": 5, "repetition_penalty": 1.1}, {"min_p": 0.1, "seed": -1}]
)
def test_a_seed_and_fields_of_other_services_are_taken_and_change_nothing(question, connect, params):
    with Sandbox() as sandbox:
        plain = connect(sandbox).ask(question(0).body())
        got = connect(sandbox).ask(question(0).body(**params))
    assert got.status == 200
    assert got.body == plain.body


@pytest.mark.parametrize("detail", ["auto", "low", "high"])
def test_every_detail_is_taken(connect, png, detail):
    part = {"type": "image_url", "image_url": {"url": url(png(1)), "detail": detail}}
    with Sandbox() as sandbox:
        got = connect(sandbox).ask({"model": "m", "messages": [{"role": "user", "content": [part]}]})
    assert got.json["usage"]["prompt_tokens"] == (85 if detail == "low" else 255)


def test_only_the_user_may_show_images(connect, png):
    part = {"type": "image_url", "image_url": {"url": url(png(1))}}
    with Sandbox() as sandbox:
        for role, status in {"user": 200, "system": 400, "assistant": 400}.items():
            got = connect(sandbox).ask({"model": "m", "messages": [{"role": role, "content": [part]}]})
            assert got.status == status, role


@pytest.mark.parametrize(
    ("width", "height", "detail", "tokens"),
    [
        (1024, 1024, "high", 765),  # this and the next two are the examples of OpenAI's guide
        (2048, 4096, "high", 1105),
        (4096, 8192, "low", 85),
        (512, 512, "auto", 255),
        (513, 512, "auto", 425),
        (1, 8000, "high", 85 + 4 * 170),
    ],
)
def test_image_tokens_follow_the_documented_tiles(width, height, detail, tokens):
    image = Image(digest="0" * 64, media_type="image/png", width=width, height=height, size=1)
    assert count_image_tokens(image, detail) == tokens
