"""Replies in the format of chat completions, of OpenAI and of the services that speak it, by table."""

from __future__ import annotations

from typing import Any

import pytest

from mmra_api.errors import CallError
from mmra_api.providers.wires.openai_chat import decode, find_failure
from mmra_api.providers.wires.registry import load_wire
from mmra_api.providers.wires.replies import read_reply
from mmra_api.types import Reply, TokenLogprob, Usage


def choose(message: Any = None, **changes: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": "B"} | message if isinstance(message, dict) else message
    return {"index": 0, "message": message, "finish_reason": "stop"} | changes


def complete(*choices: Any, **changes: Any) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": "chat.completion", "model": "m-2", "choices": list(choices)} | changes


def say(message: dict | None = None, finish: str | None = "stop", **changes: Any) -> dict[str, Any]:
    return complete(choose(message or {}, finish_reason=finish), **changes)


THINKING = {"type": "thinking", "thinking": [{"type": "text", "text": "first "}, {"type": "text", "text": "then"}]}
TOKEN = {"token": "B", "logprob": -0.5, "bytes": [66], "top_logprobs": [{"token": "B", "logprob": -0.5, "bytes": [66]}]}
DETAILS = [
    {"type": "reasoning.text", "text": "hm"},
    {"type": "reasoning.summary", "summary": ", so"},
    {"type": "reasoning.encrypted", "data": "x"},
]
REPLIES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("plain", say(), {"text": "B", "finish": "stop", "finish_raw": "stop", "model": "m-2", "reasoning": ""}),
    ("several choices", complete(choose({"content": "B"}), choose({"content": "C"}, index=1)), {"text": "B"}),
    ("the second choice failed", complete(choose({}), choose(None, index=1)), {"text": "B"}),
    (
        "nothing but reasoning",
        say({"content": None, "reasoning_content": "hm"}, "length"),
        {"text": "", "reasoning": "hm", "finish": "length"},
    ),
    ("reasoning beside, DeepSeek", say({"reasoning_content": "hm"}), {"text": "B", "reasoning": "hm"}),
    (
        "reasoning beside, OpenRouter",
        say({"reasoning": "hm", "reasoning_details": [{"type": "reasoning.text"}]}),
        {"text": "B", "reasoning": "hm"},
    ),
    ("reasoning null", say({"reasoning": None, "reasoning_content": None}), {"text": "B", "reasoning": ""}),
    (
        "reasoning in parts, Mistral",
        say({"content": [THINKING, {"type": "text", "text": "B"}]}),
        {"text": "B", "reasoning": "first then"},
    ),
    (
        "reasoning in a text, Mistral",
        say({"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "B"}]}),
        {"text": "B", "reasoning": "hm"},
    ),
    ("nothing but reasoning, Mistral", say({"content": [THINKING]}, "length"), {"text": "", "reasoning": "first then"}),
    (
        "a list of texts",
        say({"content": [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]}),
        {"text": "AB"},
    ),
    (
        "a list with unknown parts",
        say({"content": [{"type": "novelty", "data": 5}, {"type": "text", "text": "B"}]}),
        {"text": "B"},
    ),
    ("an empty list", say({"content": []}), {"text": ""}),
    (
        "a tool call",
        say({"content": None, "tool_calls": [{"id": "c", "function": {"name": "f"}}]}, "tool_calls"),
        {"text": "", "finish": "other", "finish_raw": "tool_calls"},
    ),
    (
        "a refusal",
        say({"content": None, "refusal": "I will not."}),
        {"text": "", "finish": "refusal", "refusal": "I will not."},
    ),
    ("a refusal by its reason, Anthropic through a gateway", say({}, "refusal"), {"finish": "refusal", "refusal": ""}),
    ("a safety block", say({"content": ""}, "content_filter"), {"text": "", "finish": "content_filter"}),
    (
        "a safety block amid the text",
        say({"content": "B. But"}, "content_filter"),
        {"text": "B. But", "finish": "content_filter"},
    ),
    ("empty", say({"content": ""}), {"text": "", "finish": "stop"}),
    ("null", say({"content": None}), {"text": "", "finish": "stop"}),
    ("no content at all", complete({"message": {"role": "assistant"}, "finish_reason": "stop"}), {"text": ""}),
    ("cut", say({}, "length"), {"finish": "length", "finish_raw": "length"}),
    ("the runtime's own word", say({}, "eos"), {"finish": "stop", "finish_raw": "eos"}),
    ("the upstream's word", say({}, "max_tokens"), {"finish": "length", "finish_raw": "max_tokens"}),
    ("an unknown reason", say({}, "novel"), {"text": "B", "finish": "other", "finish_raw": "novel"}),
    ("no reason", say({}, None), {"text": "B", "finish": "other", "finish_raw": ""}),
    ("unknown fields", say({"novelty": {"a": [1]}}, surprise=1, service_tier=None), {"text": "B"}),
    ("no usage", say(usage=None), {"usage": Usage()}),
    ("usage of no known shape", say(usage=[5]), {"usage": Usage()}),
    (
        "usage without details",
        say(usage={"prompt_tokens": 10, "completion_tokens": 7, "total_tokens": 17}),
        {"usage": Usage(input_tokens=10, output_tokens=7)},
    ),
    (
        "usage with details",
        say(
            usage={
                "prompt_tokens": 10,
                "completion_tokens": 7,
                "total_tokens": 17,
                "prompt_tokens_details": {"cached_tokens": 4, "image_tokens": 6, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 5, "audio_tokens": 0},
            }
        ),
        {"usage": Usage(input_tokens=10, output_tokens=7, cached_tokens=4, reasoning_tokens=5, image_tokens=6)},
    ),
    (
        "details null",
        say(
            usage={
                "prompt_tokens": 10,
                "completion_tokens": 7,
                "prompt_tokens_details": None,
                "completion_tokens_details": None,
            }
        ),
        {"usage": Usage(input_tokens=10, output_tokens=7)},
    ),
    (
        "reasoning in the total alone, xAI",
        say(usage={"prompt_tokens": 10, "completion_tokens": 7, "total_tokens": 5017}),
        {"usage": Usage(input_tokens=10, output_tokens=5007)},
    ),
    (
        "a total that is too small",
        say(usage={"prompt_tokens": 10, "completion_tokens": 7, "total_tokens": 3}),
        {"usage": Usage(input_tokens=10, output_tokens=7)},
    ),
    (
        "numbers that are none",
        say(usage={"prompt_tokens": -1, "completion_tokens": True, "total_tokens": "9"}),
        {"usage": Usage()},
    ),
    (
        "log probabilities",
        complete(choose({}, logprobs={"content": [TOKEN], "refusal": None})),
        {"logprobs": (TokenLogprob(token="B", logprob=-0.5, top={"B": -0.5}),)},
    ),
    (
        "log probabilities without alternatives",
        complete(choose({}, logprobs={"content": [{"token": "B", "logprob": -1, "top_logprobs": []}]})),
        {"logprobs": (TokenLogprob(token="B", logprob=-1.0),)},
    ),
    (
        "an impossible token, -9999 or null",
        complete(
            choose({}, logprobs={"content": [{"token": "B", "logprob": None}, {"token": "C", "logprob": -9999.0}]})
        ),
        {"logprobs": (TokenLogprob(token="C", logprob=-9999.0),)},
    ),
    ("log probabilities null", complete(choose({}, logprobs=None)), {"logprobs": ()}),
    ("log probabilities with null inside", complete(choose({}, logprobs={"content": None})), {"logprobs": ()}),
    (
        "log probabilities of the older form, Together",
        complete(choose({}, logprobs={"tokens": ["B"], "token_logprobs": [-0.5]})),
        {"text": "B", "logprobs": (TokenLogprob(token="B", logprob=-0.5),)},
    ),
    (
        "log probabilities of the reasoning too, SGLang",
        complete(
            choose(
                {"reasoning_content": "hm"},
                logprobs={
                    "content": [{"token": each, "logprob": -1} for each in ("B", " hm", "</think>", "B", "<|im_end|>")]
                },
            )
        ),
        {"text": "B", "logprobs": (TokenLogprob(token="B", logprob=-1.0),)},
    ),
    ("reasoning in details alone", say({"reasoning_details": DETAILS}), {"text": "B", "reasoning": "hm, so"}),
    ("thinking beside", say({"thinking": "hm"}), {"text": "B", "reasoning": "hm"}),
    ("both", say({"reasoning_content": "a", "content": [THINKING, {"type": "text", "text": "B"}]}), {"reasoning": "a"}),
    (
        "reasoning as a typed part is none of the text",
        say({"content": [{"type": "reasoning", "text": "A?"}, {"type": "text", "text": "B"}]}),
        {"text": "B", "reasoning": "A?"},
    ),
    (
        "a refusal as a part",
        say({"content": [{"type": "refusal", "refusal": "No."}]}),
        {"text": "", "finish": "refusal", "refusal": "No."},
    ),
    ("a text in an object", say({"content": {"type": "text", "text": "B"}}), {"text": "B"}),
    ("texts without a type, and bare", say({"content": [{"text": "A"}, "B", None]}), {"text": "AB"}),
    ("a filter that left no message", complete({"finish_reason": "content_filter"}), {"finish": "content_filter"}),
    ("nothing but the limit", complete({"finish_reason": "length", "message": None}), {"text": "", "finish": "length"}),
    *(
        (f"the word {word}", say({}, word), {"finish": finish, "finish_raw": word})
        for word, finish in {
            "STOP": "stop",
            "MAX_TOKENS": "length",
            "max_output_tokens": "length",
            "model_context_window_exceeded": "length",
            "SAFETY": "content_filter",
            "RECITATION": "content_filter",
            "content_filter: PROHIBITED_CONTENT": "content_filter",
            "guardrail_intervened": "content_filter",
            "sensitive": "content_filter",
            "repetition": "other",
        }.items()
    ),
    (
        "usage by the names of the other format",
        say(usage={"input_tokens": 10, "output_tokens": 7, "output_tokens_details": {"reasoning_tokens": 5}}),
        {"usage": Usage(input_tokens=10, output_tokens=7, reasoning_tokens=5)},
    ),
    (
        "what was written to the cache",
        say(usage={"prompt_tokens": 10, "completion_tokens": 7, "prompt_tokens_details": {"cache_write_tokens": 8}}),
        {"usage": Usage(input_tokens=10, output_tokens=7, cache_write_tokens=8)},
    ),
    (
        "cached input beside, Moonshot",
        say(usage={"prompt_tokens": 10, "completion_tokens": 7, "cached_tokens": 4}),
        {"usage": Usage(input_tokens=10, output_tokens=7, cached_tokens=4)},
    ),
    (
        "cached input beside, DeepSeek",
        say(usage={"prompt_tokens": 10, "completion_tokens": 7, "prompt_cache_hit_tokens": 4}),
        {"usage": Usage(input_tokens=10, output_tokens=7, cached_tokens=4)},
    ),
    ("the older form", complete({"text": "B", "finish_reason": "stop"}), {"text": "B", "finish": "stop"}),
    ("the older form beside nothing", complete(choose({"content": None}, text="B")), {"text": "B"}),
    ("the provider behind a router", say(provider="Some Lab"), {"upstream": "Some Lab"}),
    ("a provider of no known shape", say(provider={"a": 1}), {"text": "B", "upstream": ""}),
    ("no model", say(model=None), {"model": "", "request_id": "chatcmpl-1"}),
]


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in REPLIES], ids=[row[0] for row in REPLIES])
def test_replies_are_read(body, expected):
    assert find_failure(body) is None
    response = decode(body)
    assert {name: getattr(response, name) for name in expected} == expected


def test_a_full_context_is_a_cut():
    assert decode(say({}, "model_length")).finish == "length"


@pytest.mark.parametrize("message", [{"reasoning": {"summary": "hm"}}, {"refusal": False}])
def test_the_answer_is_read_whatever_stands_beside_it(message):
    assert decode(say(message)).text == "B"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-request-id": "req_1"}, "req_1"),
        ({}, "chatcmpl-1"),
        ({"apim-request-id": "a"}, "a"),
        ({"x-mmra-simulated": "1"}, "chatcmpl-1"),
    ],
)
def test_the_request_id_is_the_headers_or_the_bodys(headers, expected):
    response = read_reply(load_wire("openai_chat"), Reply(body=say(), headers=headers))
    assert response.request_id == expected


def test_the_sandbox_marks_its_replies():
    assert read_reply(load_wire("openai_chat"), Reply(body=say(), headers={"x-mmra-simulated": "1"})).simulated


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"choices": []},
        {"choices": None},
        {"choices": "x"},
        {"choices": ["x"]},
        {"choices": [{}]},
        {"choices": [{"message": 1}]},
        {"choices": [{"message": {"content": {"a": 1}}}]},
        {"choices": [{"message": {"content": 5}}]},
        {"output": [], "status": "completed"},
    ],
)
def test_a_reply_of_unknown_shape_is_unreadable(body):
    with pytest.raises(CallError, match="cannot be understood") as caught:
        decode(body)
    assert caught.value.kind == "unreadable"


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (say(), None),
        ({"error": {"code": 502}}, {"code": 502}),
        ({"error": {"code": 502}, "choices": []}, {"code": 502}),
        ({"error": "overloaded"}, "overloaded"),
        (say(error={"code": 502}), None),
        (complete(choose({}, finish_reason="error", error={"code": 502})), {"code": 502}),
        (complete(choose({}, error={"code": 502})), {"code": 502}),
        (complete(choose({}, finish_reason="error")), "the upstream service failed: error"),
        (complete(choose({}, finish_reason="network_error")), "the upstream service failed: network_error"),
        (complete(choose({"content": ""}, finish_reason=None), error={"code": 502}), {"code": 502}),
        (complete(choose({"content": "B"}, finish_reason=None), error={"code": 502}), None),
        ({"object": "error", "message": "no"}, {"object": "error", "message": "no"}),
        ({"choices": []}, "it holds no choice"),
        ({"choices": [{"finish_reason": ["error"], "message": {}}]}, None),
        (complete(choose({}), choose({}, finish_reason="error")), None),
    ],
)
def test_a_failure_inside_a_good_status_is_found(body, failure):
    assert find_failure(body) == failure
