"""The wire format of Anthropic messages: what is taken, what is turned down, what comes back."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import anthropic
import pytest

from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.anthropic import count_image_tokens
from mmra_api.sandbox.faults import Faults
from mmra_api.types import Image

PATH = "/v1/messages"
VERSION = {"anthropic-version": "2023-06-01"}


def open_sdk(sandbox, key="any"):
    return anthropic.AsyncAnthropic(api_key=key, base_url=sandbox.root_url, max_retries=0)


async def test_the_real_sdk_reads_a_reply(question, formats):
    each = question(1)
    body = formats["anthropic"].put("simulated-strong", each.pictures, each.prompt(), 100)
    with Sandbox([each.sample]) as sandbox:
        async with open_sdk(sandbox) as client:
            raw = await client.messages.with_raw_response.create(**body)
    reply = await raw.parse()
    assert raw.headers["x-mmra-simulated"] == "1"
    assert reply._request_id == raw.headers["request-id"]
    assert (reply.type, reply.role, reply.model, reply.stop_reason) == (
        "message",
        "assistant",
        "simulated-strong",
        "end_turn",
    )
    assert [block.type for block in reply.content] == ["text"]
    assert reply.usage.input_tokens > 2


@pytest.mark.parametrize(
    ("how", "kind", "raised"),
    [
        ({"key": "bad-key"}, "authentication_error", anthropic.AuthenticationError),
        ({"key": "broke-key"}, "invalid_request_error", anthropic.BadRequestError),
        ({"fault": "401"}, "authentication_error", anthropic.AuthenticationError),
        ({"fault": "quota"}, "invalid_request_error", anthropic.BadRequestError),
        ({"model": "missing"}, "not_found_error", anthropic.NotFoundError),
        ({"max_tokens": 0}, "invalid_request_error", anthropic.BadRequestError),
        ({"fault": "429"}, "rate_limit_error", anthropic.RateLimitError),
        ({"fault": "500"}, "api_error", anthropic.InternalServerError),
        ({"fault": "503"}, "overloaded_error", anthropic.APIStatusError),
    ],
)
async def test_the_real_sdk_raises_its_own_errors(how, kind, raised):
    with Sandbox(faults=Faults(always=how.get("fault"))) as sandbox:
        async with open_sdk(sandbox, how.get("key", "any")) as client:
            with pytest.raises(raised) as caught:
                await client.messages.create(
                    model=how.get("model", "m"),
                    max_tokens=how.get("max_tokens", 9),
                    messages=[{"role": "user", "content": "Is it so?"}],
                )
    body = caught.value.body
    assert (body["type"], body["error"]["type"]) == ("error", kind)
    assert body["request_id"] == caught.value.request_id == caught.value.response.headers["request-id"]


def test_the_key_comes_in_either_header_and_the_version_is_needed(connect):
    data = json.dumps({"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "x"}]}).encode()
    cases = [
        ({"x-api-key": "k", **VERSION}, 200),
        ({"Authorization": "Bearer k", **VERSION}, 200),
        ({"x-api-key": "bad-key", "Authorization": "Bearer k", **VERSION}, 401),
        (VERSION, 401),
        ({"x-api-key": "k"}, 400),
        ({"x-api-key": "k", "anthropic-version": "2020-01-01"}, 400),
    ]
    with Sandbox() as sandbox:
        for headers, status in cases:
            assert connect(sandbox).call("POST", PATH, data, headers).status == status, headers


def ask(connect, sandbox, body):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return connect(sandbox).call("POST", PATH, data, {"x-api-key": "k", **VERSION})


def test_the_newest_version_takes_no_sampling_parameters(connect):
    for name, value in {"temperature": 1, "top_p": 1, "top_k": 0}.items():
        body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "x"}], name: value}
        with Sandbox() as sandbox:
            client = connect(sandbox)
            replies = [
                client.call("POST", PATH, json.dumps(body).encode(), {"x-api-key": "k", "anthropic-version": version})
                for version in ("2023-06-01", "2026-10-21")
            ]
        assert [reply.status for reply in replies] == [200, 400]
        assert name in replies[1].json["error"]["message"]


def test_a_string_and_blocks_pose_the_same_question(connect):
    text = {"type": "text", "text": "Is it so?"}
    system = {"type": "text", "text": "Say Yes or No.", "cache_control": {"type": "ephemeral"}}
    alike: list[dict[str, Any]] = [
        {"system": "Say Yes or No.", "messages": [{"role": "user", "content": "Is it so?"}]},
        {"system": [system], "messages": [{"role": "user", "content": [text]}]},
    ]
    with Sandbox() as sandbox:
        replies = [ask(connect, sandbox, {"model": "m", "max_tokens": 99, **body}).body for body in alike]
        other = ask(connect, sandbox, {"model": "m", "max_tokens": 99, "messages": alike[0]["messages"]}).body
    assert replies[0] == replies[1] != other


def test_thoughts_refusals_and_silence_have_their_shapes(question, connect, formats):
    wire = formats["anthropic"]
    with Sandbox() as sandbox:
        client = connect(sandbox)
        replies = [wire.ask(client, question(n), "simulated-unruly").json for n in range(300)]
    shapes = {tuple(block["type"] for block in reply["content"]) for reply in replies}
    assert shapes == {(), ("text",), ("thinking",), ("thinking", "text")}
    blocks = [block for reply in replies for block in reply["content"]]
    assert all(block["text"] if block["type"] == "text" else block["signature"] for block in blocks)
    for reply in replies:
        usage, thoughtful = reply["usage"], "thinking" in [block["type"] for block in reply["content"]]
        assert thoughtful == bool(usage["output_tokens_details"]["thinking_tokens"])
        assert usage["output_tokens_details"]["thinking_tokens"] <= usage["output_tokens"]
    refused = [reply for reply in replies if reply["stop_reason"] == "refusal"]
    assert any(reply["stop_details"]["explanation"] for reply in refused)
    assert any(reply["content"] for reply in refused)
    assert all(reply["stop_details"] is None for reply in replies if reply not in refused)


def test_tokens_from_the_services_own_cache_are_counted_apart(question, connect, formats):
    wire = formats["anthropic"]
    prompt = "Is it so?" + " word" * 1100
    with Sandbox() as sandbox:
        client = connect(sandbox)
        usages = [wire.ask(client, question(n), prompt=prompt).json["usage"] for n in range(40)]
    cached = [usage for usage in usages if usage["cache_read_input_tokens"]]
    assert 0 < len(cached) < len(usages)
    assert len({usage["input_tokens"] + usage["cache_read_input_tokens"] for usage in usages}) == 1
    assert all(usage["input_tokens"] < 128 for usage in cached)


def message(*blocks, role="user"):
    return {"messages": [{"role": role, "content": list(blocks)}]}


def picture(media_type="image/png", data="ab=c"):
    return {"type": "image", "source": {"type": "base64", "media_type": media_type, "data": data}}


TEXT = {"type": "text", "text": "x"}
BAD_BODIES = {
    "not JSON": (b"{", "JSON"),
    "no limit": ({"max_tokens": None}, "^max_tokens: Input should be a valid integer$"),
    "no room": ({"max_tokens": 0}, "^max_tokens: Input should be greater than or equal to 1$"),
    "no messages": ({"messages": []}, "messages"),
    "a role of OpenAI's": (
        {"messages": [{"role": "developer", "content": "x"}]},
        "^messages.0.role: Input should be 'user', ",
    ),
    "no content": (
        {"messages": [{"role": "user", "content": ""}]},
        "^messages.0: all messages must have non-empty content",
    ),
    "an empty block": (message({"type": "text", "text": ""}), "^messages: text content blocks must be non-empty$"),
    "OpenAI's image": (message({"type": "image_url", "image_url": {"url": "data:"}}), "^messages.0.content.0.type: "),
    "a web address": (message({"type": "image", "source": {"type": "url", "url": "https://x"}}), "base64"),
    "broken base64": (message(picture()), "messages.0.content.0.source"),
    "a BMP": (message(picture("image/bmp")), "media_type: Input should be 'image/jpeg', .* or 'image/webp'$"),
    "the assistant's image": (message(picture(), role="assistant"), "assistant"),
    "a blank": (message({"type": "text", "text": " \n"}), "^messages: text content blocks must contain non-whitespace"),
    "a blank string": ({"messages": [{"role": "user", "content": " "}]}, "^messages: .* non-whitespace text$"),
    "too hot": ({"temperature": 1.5}, "^temperature: Input should be less than or equal to 1$"),
    "top_p": ({"top_p": 2}, "top_p"),
    "a seed": ({"seed": 1}, "^seed: Extra inputs are not permitted$"),
    "OpenAI's stop": ({"stop": ["x"]}, "^stop: Extra inputs are not permitted$"),
    "log probabilities": ({"logprobs": True}, "^logprobs: Extra inputs are not permitted$"),
    "OpenAI's detail": (
        {"messages": [{"role": "user", "content": "x"}, {"role": "user", "content": [{**TEXT, "detail": "low"}]}]},
        "^messages.1.content.0.detail: Extra inputs are not permitted$",
    ),
    "an empty system block": (
        {"system": [{"type": "text", "text": ""}]},
        "^system: text content blocks must be non-empty$",
    ),
    "a system image": ({"system": [{"type": "image", "source": {}}]}, "system"),
    "stream": ({"stream": True}, "stream"),
    "an empty stop": ({"stop_sequences": [""]}, "^stop_sequences: each stop sequence must contain non-whitespace$"),
    "a blank stop": ({"stop_sequences": ["END", "\n\n"]}, "^stop_sequences: each stop sequence"),
    "an effort of no kind": (
        {"output_config": {"effort": "none"}},
        "^output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'$",
    ),
    "an unknown wish": ({"output_config": {"style": 1}}, "^output_config.style: Extra inputs are not permitted$"),
    "a small budget": (
        {"thinking": {"type": "enabled", "budget_tokens": 1023}},
        "^thinking.enabled.budget_tokens: Input should be .* 1024$",
    ),
    "a budget as large as the limit": (
        {"thinking": {"type": "enabled", "budget_tokens": 2000}},
        "`max_tokens` must be greater than `thinking.budget_tokens`",
    ),
    "no budget": ({"thinking": {"type": "enabled"}}, "^thinking.budget_tokens: Field required$"),
    "a budget where the model decides": (
        {"thinking": {"type": "adaptive", "budget_tokens": 1024}},
        "^thinking.budget_tokens: Extra inputs are not permitted$",
    ),
    "a budget without thinking": (
        {"thinking": {"type": "disabled", "budget_tokens": 1024}},
        "^thinking.budget_tokens: Extra inputs are not permitted$",
    ),
    "thinking of no kind": ({"thinking": {"type": "deep"}}, "thinking.type"),
    "warm thoughts": ({"thinking": {"type": "enabled", "budget_tokens": 1024}, "temperature": 0.5}, "temperature"),
    "cold thoughts": ({"thinking": {"type": "adaptive"}, "temperature": 0}, "temperature"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_turned_down_and_the_message_names_the_place(connect, name):
    bad, named = BAD_BODIES[name]
    whole = {"model": "m", "max_tokens": 2000, "messages": [{"role": "user", "content": "x"}]}
    with Sandbox() as sandbox:
        got = ask(connect, sandbox, bad if isinstance(bad, bytes) else whole | bad)
        assert (got.status, got.json["error"]["type"]) == (400, "invalid_request_error")
        assert re.search(named, got.json["error"]["message"])
        assert (sandbox.counters.paid, sandbox.counters.rejections) == (0, {"bad_request": 1})


@pytest.mark.parametrize(
    "params",
    [
        {"temperature": 0, "top_p": 0.9, "top_k": 5},
        {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        {"thinking": {"type": "enabled", "budget_tokens": 1999, "display": "omitted"}, "temperature": 1},
        {"thinking": {"type": "between_tools"}},
        {"system": [{**TEXT, "cache_control": {"type": "ephemeral"}}, TEXT]},
        {"system": ""},
        {"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}},
        {"thinking": {"type": "disabled"}, "temperature": 0.5},
        {"metadata": {"user_id": "x"}, "service_tier": "auto"},
    ],
)
def test_params_of_the_service_are_taken(connect, params):
    body = {"model": "m", "max_tokens": 2000, "messages": [{"role": "user", "content": "x"}], **params}
    with Sandbox() as sandbox:
        assert ask(connect, sandbox, body).status == 200


def test_the_limits_are_told_as_times_to_come(question, connect, formats):
    with Sandbox(rpm=60, rate_headers=True) as sandbox:
        before = datetime.now(UTC)
        headers = formats["anthropic"].ask(connect(sandbox), question(0)).headers
    reset = datetime.fromisoformat(headers["anthropic-ratelimit-requests-reset"])
    assert 0 < (reset - before).total_seconds() < 10
    assert "anthropic-ratelimit-tokens-limit" not in headers


@pytest.mark.parametrize(
    ("width", "height", "tokens"), [(200, 200, 54), (1000, 1000, 1334), (1568, 784, 1600), (3136, 100, 105), (1, 1, 1)]
)
def test_image_tokens_follow_the_documented_rule(width, height, tokens):
    image = Image(digest="0" * 64, media_type="image/png", width=width, height=height, size=1)
    assert count_image_tokens(image) == tokens
