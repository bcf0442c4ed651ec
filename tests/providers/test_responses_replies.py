"""Replies in the format of OpenAI's Responses, by table."""

from __future__ import annotations

from typing import Any

import pytest

from mmra_api.errors import CallError
from mmra_api.providers.wires.openai_responses import decode, find_failure
from mmra_api.providers.wires.registry import load_wire
from mmra_api.providers.wires.replies import read_reply
from mmra_api.types import Reply, TokenLogprob, Usage


def respond(*output: Any, **changes: Any) -> dict[str, Any]:
    fields = {"id": "resp_1", "object": "response", "status": "completed", "model": "m-2", "output": list(output)}
    return fields | {"error": None, "incomplete_details": None} | changes


def message(*content: Any, **changes: Any) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "status": "completed", "content": list(content)} | changes


def text(value: Any, **changes: Any) -> dict[str, Any]:
    return {"type": "output_text", "text": value, "annotations": []} | changes


def think(*summaries: str, **changes: Any) -> dict[str, Any]:
    return {"type": "reasoning", "summary": [{"type": "summary_text", "text": each} for each in summaries]} | changes


def cut(reason: str) -> dict[str, Any]:
    return {"status": "incomplete", "incomplete_details": {"reason": reason}}


TOKEN = {"token": "B", "logprob": -0.5, "bytes": [66], "top_logprobs": [{"token": "C", "logprob": -2, "bytes": [67]}]}
READ = TokenLogprob(token="B", logprob=-0.5, top={"C": -2.0})
B = message(text("B"))
REPLIES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("plain", respond(B), {"text": "B", "finish": "stop", "finish_raw": "completed", "model": "m-2"}),
    ("several texts", respond(message(text("A"), text("B"))), {"text": "AB"}),
    ("several messages", respond(message(text("A")), message(text("B"))), {"text": "A\n\nB"}),
    (
        "commentary before the answer",
        respond(
            message(text("A, I think.", logprobs=[TOKEN]), phase="commentary"), message(text("B"), phase="final_answer")
        ),
        {"text": "B", "reasoning": "A, I think.", "logprobs": ()},
    ),
    (
        "commentary beside a message without a phase",
        respond(think("hm"), message(text("A?"), phase="commentary"), message(text("B"), phase=None)),
        {"text": "B", "reasoning": "hm\nA?"},
    ),
    ("nothing but commentary", respond(message(text("B"), phase="commentary")), {"text": "B", "reasoning": ""}),
    (
        "cut amid the commentary",
        respond(message(text("The answer is A, but"), phase="commentary"), **cut("max_output_tokens")),
        {"text": "", "reasoning": "The answer is A, but", "finish": "length"},
    ),
    ("a phase of no known type", respond(message(text("B"), phase=["x"])), {"text": "B"}),
    (
        "what is echoed is not said",
        respond(message({"type": "input_text", "text": "A?"}, role="user"), B),
        {"text": "B"},
    ),
    ("a message without a type", respond({"role": "assistant", "content": "B"}), {"text": "B"}),
    ("parts of no known type", respond(message({"type": ["x"], "text": "A"}, text("B"))), {"text": "B"}),
    (
        "reasoning as open models send it",
        respond({"type": "reasoning", "content": [{"type": "reasoning_text", "text": "hm"}], "summary": []}, B),
        {"text": "B", "reasoning": "hm"},
    ),
    (
        "the reasoning itself goes before its summary",
        respond(think("in short", content=[{"type": "reasoning_text", "text": "hm"}]), B),
        {"text": "B", "reasoning": "hm"},
    ),
    ("reasoning of no known shape", respond({"type": "reasoning", "content": 5, "summary": "hm"}, B), {"text": "B"}),
    ("another item with texts", respond({"type": "novelty", "content": [text("A")]}, B), {"text": "B"}),
    ("reasoning", respond(think("hm"), B), {"text": "B", "reasoning": "hm"}),
    ("reasoning in several parts", respond(think("a", "b"), think("c"), B), {"text": "B", "reasoning": "a\nb\nc"}),
    ("reasoning without a summary", respond(think(encrypted_content="x"), B), {"text": "B", "reasoning": ""}),
    (
        "nothing but reasoning",
        respond(think("hm"), **cut("max_output_tokens")),
        {"text": "", "reasoning": "hm", "finish": "length", "finish_raw": "max_output_tokens"},
    ),
    ("no output", respond(), {"text": "", "finish": "stop"}),
    ("an empty text", respond(message(text(""))), {"text": "", "finish": "stop"}),
    ("a message without content", respond(message()), {"text": ""}),
    ("content null", respond(message() | {"content": None}), {"text": ""}),
    (
        "cut amid the text",
        respond(message(text("B. Be")), **cut("max_output_tokens")),
        {"text": "B. Be", "finish": "length"},
    ),
    ("a safety block", respond(**cut("content_filter")), {"finish": "content_filter", "finish_raw": "content_filter"}),
    ("an unknown reason", respond(B, **cut("novel")), {"text": "B", "finish": "other", "finish_raw": "novel"}),
    ("incomplete without a reason", respond(B, status="incomplete"), {"finish": "other", "finish_raw": "incomplete"}),
    ("no status", respond(B, status=None), {"text": "B", "finish": "stop", "finish_raw": ""}),
    ("no status, but cut", respond(B, status=None, incomplete_details={"reason": "x"}), {"finish": "other"}),
    ("cut in a server's own word", respond(B, **cut("max_tokens")), {"finish": "length"}),
    (
        "a refusal",
        respond(message({"type": "refusal", "refusal": "No."})),
        {"text": "", "finish": "refusal", "refusal": "No.", "finish_raw": "completed"},
    ),
    (
        "a refusal after a text",
        respond(message(text("B"), {"type": "refusal", "refusal": "No."})),
        {"text": "B", "finish": "refusal"},
    ),
    ("a tool call", respond({"type": "function_call", "name": "f", "arguments": "{}"}), {"text": ""}),
    (
        "unknown items and parts",
        respond({"type": "novelty", "content": 5}, message({"type": "new", "text": "x"}, text("B"))),
        {"text": "B"},
    ),
    ("a text that is in no message", respond({"type": "output_text", "text": "B"}), {"text": "B"}),
    ("unknown fields", respond(B, surprise={"a": [1]}), {"text": "B"}),
    ("items that are no objects", respond(None, 5, B), {"text": "B"}),
    ("no usage", respond(B, usage=None), {"usage": Usage()}),
    (
        "usage with details",
        respond(
            B,
            usage={
                "input_tokens": 10,
                "output_tokens": 7,
                "total_tokens": 17,
                "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 3, "image_tokens": 6},
                "output_tokens_details": {"reasoning_tokens": 5},
            },
        ),
        {
            "usage": Usage(
                input_tokens=10,
                output_tokens=7,
                cached_tokens=4,
                cache_write_tokens=3,
                reasoning_tokens=5,
                image_tokens=6,
            )
        },
    ),
    (
        "usage by the names of the other format",
        respond(B, usage={"prompt_tokens": 10, "completion_tokens": 7, "total_tokens": 20}),
        {"usage": Usage(input_tokens=10, output_tokens=10)},
    ),
    (
        "usage with details null",
        respond(B, usage={"input_tokens": 10, "output_tokens": 7, "input_tokens_details": None}),
        {"usage": Usage(input_tokens=10, output_tokens=7)},
    ),
    ("log probabilities", respond(message(text("B", logprobs=[TOKEN]))), {"logprobs": (READ,)}),
    (
        "log probabilities of several texts",
        respond(message(text("B", logprobs=[TOKEN]), text("B", logprobs=[TOKEN]))),
        {"logprobs": (READ, READ)},
    ),
    ("no log probabilities", respond(message(text("B", logprobs=[]))), {"logprobs": ()}),
    ("no model", respond(B, model=None), {"model": "", "request_id": "resp_1"}),
]


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in REPLIES], ids=[row[0] for row in REPLIES])
def test_replies_are_read(body, expected):
    assert find_failure(body) is None
    response = decode(body)
    assert {name: getattr(response, name) for name in expected} == expected


@pytest.mark.parametrize(("headers", "expected"), [({"x-request-id": "req_1"}, "req_1"), ({}, "resp_1")])
def test_the_request_id_is_the_headers_or_the_bodys(headers, expected):
    response = read_reply(load_wire("openai_responses"), Reply(body=respond(B), headers=headers))
    assert (response.request_id, response.simulated) == (expected, False)


def test_the_sandbox_marks_its_replies():
    assert read_reply(
        load_wire("openai_responses"), Reply(body=respond(B), headers={"x-mmra-simulated": "1"})
    ).simulated


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "completed"},
        {"output": None},
        {"output": "B"},
        {"choices": [{"message": {"content": "B"}}]},
        {"output": [{"type": "message", "content": [{"type": "output_text", "text": 5}]}]},
    ],
)
def test_a_reply_of_unknown_shape_is_unreadable(body):
    with pytest.raises(CallError, match="cannot be understood") as caught:
        decode(body)
    assert caught.value.kind == "unreadable"


def test_a_response_that_failed_while_it_was_made_is_a_failure():
    error = {"code": "server_error", "message": "no"}
    assert find_failure(respond(status="failed", error=error)) == error
