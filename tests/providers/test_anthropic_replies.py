"""Replies in the format of Anthropic's Messages, by table."""

from __future__ import annotations

from typing import Any

import pytest

from mmra_api.errors import CallError
from mmra_api.providers.wires.anthropic import decode, find_failure
from mmra_api.providers.wires.registry import load_wire
from mmra_api.providers.wires.replies import read_reply
from mmra_api.types import Reply, Usage


def answer(*content: Any, stop: str | None = "end_turn", **changes: Any) -> dict[str, Any]:
    fields = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m-2", "content": list(content)}
    return fields | {"stop_reason": stop, "stop_sequence": None} | changes


def text(value: Any) -> dict[str, Any]:
    return {"type": "text", "text": value, "citations": None}


THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "s"}
HIDDEN = {"type": "redacted_thinking", "data": "x"}
TOOL = {"type": "tool_use", "id": "t", "name": "f", "input": {"text": "x"}}
EXPLAINED = {"type": "refusal", "category": "bio", "explanation": "No."}
REPLIES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "plain",
        answer(text("B")),
        {"text": "B", "finish": "stop", "finish_raw": "end_turn", "model": "m-2", "logprobs": ()},
    ),
    ("several texts", answer(text("A"), text("B")), {"text": "AB"}),
    ("thinking", answer(THOUGHT, text("B")), {"text": "B", "reasoning": "hm"}),
    (
        "thinking in several blocks",
        answer(THOUGHT, text("A"), THOUGHT, text("B")),
        {"text": "A\n\nB", "reasoning": "hmhm"},
    ),
    ("thinking left out", answer(THOUGHT | {"thinking": ""}, text("B")), {"text": "B", "reasoning": ""}),
    ("thinking redacted", answer(HIDDEN, text("B")), {"text": "B", "reasoning": ""}),
    ("nothing but thinking", answer(THOUGHT, stop="max_tokens"), {"text": "", "reasoning": "hm", "finish": "length"}),
    ("no blocks", answer(), {"text": "", "finish": "stop"}),
    ("an empty text", answer(text("")), {"text": "", "finish": "stop"}),
    ("a stop sequence", answer(text("B"), stop="stop_sequence", stop_sequence="END"), {"finish": "stop"}),
    (
        "cut",
        answer(text("B. Be"), stop="max_tokens"),
        {"text": "B. Be", "finish": "length", "finish_raw": "max_tokens"},
    ),
    ("the context is full", answer(text("B"), stop="model_context_window_exceeded"), {"finish": "length"}),
    ("a refusal", answer(stop="refusal"), {"text": "", "finish": "refusal", "refusal": ""}),
    (
        "a refusal with its reason",
        answer(stop="refusal", stop_details=EXPLAINED),
        {"finish": "refusal", "refusal": "No."},
    ),
    (
        "a refusal with its category alone",
        answer(stop="refusal", stop_details=EXPLAINED | {"explanation": None}),
        {"finish": "refusal", "refusal": "bio"},
    ),
    ("a refusal amid the text", answer(text("B. "), stop="refusal"), {"text": "B. ", "finish": "refusal"}),
    ("details of another stop", answer(text("B"), stop_details=EXPLAINED), {"finish": "stop", "refusal": ""}),
    ("a tool call", answer(TOOL, stop="tool_use"), {"text": "", "finish": "other", "finish_raw": "tool_use"}),
    ("a pause", answer(text("B"), stop="pause_turn"), {"finish": "other", "finish_raw": "pause_turn"}),
    ("an unknown reason", answer(text("B"), stop="novel"), {"text": "B", "finish": "other", "finish_raw": "novel"}),
    ("no reason", answer(text("B"), stop=None), {"text": "B", "finish": "other", "finish_raw": ""}),
    ("unknown blocks", answer({"type": "novelty", "text": "x"}, text("B")), {"text": "B"}),
    ("texts without a type, and bare", answer({"text": "A"}, "B"), {"text": "AB"}),
    ("blocks that are no objects", answer(None, 5, text("B")), {"text": "B"}),
    ("unknown fields", answer(text("B"), surprise={"a": [1]}, container=None), {"text": "B"}),
    ("no usage", answer(text("B"), usage=None), {"usage": Usage()}),
    (
        "usage",
        answer(text("B"), usage={"input_tokens": 10, "output_tokens": 7}),
        {"usage": Usage(input_tokens=10, output_tokens=7)},
    ),
    (
        "usage with its cache, which input_tokens leaves out",
        answer(
            text("B"),
            usage={
                "input_tokens": 10,
                "output_tokens": 7,
                "cache_read_input_tokens": 4,
                "cache_creation_input_tokens": 3,
            },
        ),
        {"usage": Usage(input_tokens=17, output_tokens=7, cached_tokens=4, cache_write_tokens=3)},
    ),
    (
        "usage with its thinking",
        answer(
            text("B"),
            usage={"input_tokens": 1, "output_tokens": 800, "output_tokens_details": {"thinking_tokens": 790}},
        ),
        {"usage": Usage(input_tokens=1, output_tokens=800, reasoning_tokens=790)},
    ),
    (
        "usage with nulls",
        answer(
            text("B"),
            usage={
                "input_tokens": 10,
                "output_tokens": 7,
                "cache_read_input_tokens": None,
                "cache_creation_input_tokens": None,
            },
        ),
        {"usage": Usage(input_tokens=10, output_tokens=7)},
    ),
    ("no model", answer(text("B"), model=None), {"model": "", "request_id": "msg_1"}),
]


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in REPLIES], ids=[row[0] for row in REPLIES])
def test_replies_are_read(body, expected):
    assert find_failure(body) is None
    response = decode(body)
    assert {name: getattr(response, name) for name in expected} == expected


@pytest.mark.parametrize(("headers", "expected"), [({"request-id": "req_1"}, "req_1"), ({}, "msg_1")])
def test_the_request_id_is_the_headers_or_the_bodys(headers, expected):
    response = read_reply(load_wire("anthropic"), Reply(body=answer(text("B")), headers=headers))
    assert (response.request_id, response.simulated) == (expected, False)


def test_the_sandbox_marks_its_replies():
    assert read_reply(
        load_wire("anthropic"), Reply(body=answer(text("B")), headers={"x-mmra-simulated": "1"})
    ).simulated


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "message"},
        {"content": None},
        {"content": "B"},
        {"content": {"parts": []}},
        {"content": [{"type": "text", "text": 5}]},
    ],
)
def test_a_reply_of_unknown_shape_is_unreadable(body):
    with pytest.raises(CallError, match="cannot be understood") as caught:
        decode(body)
    assert caught.value.kind == "unreadable"


def test_an_error_with_a_good_status_is_a_failure():
    error = {"type": "overloaded_error", "message": "Overloaded"}
    assert find_failure({"type": "error", "error": error}) == error
