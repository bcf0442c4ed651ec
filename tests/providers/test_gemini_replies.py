"""Replies in the format of Google's generateContent, by table."""

from __future__ import annotations

from typing import Any

import pytest

from mmra_api.errors import CallError
from mmra_api.providers.wires.gemini import decode, find_failure
from mmra_api.providers.wires.registry import load_wire
from mmra_api.providers.wires.replies import read_reply
from mmra_api.types import Reply, TokenLogprob, Usage


def propose(*parts: Any, reason: str | None = "STOP", **changes: Any) -> dict[str, Any]:
    return {"content": {"role": "model", "parts": list(parts)}, "finishReason": reason, "index": 0} | changes


def generate(*candidates: Any, **changes: Any) -> dict[str, Any]:
    return {"candidates": list(candidates), "modelVersion": "m-2", "responseId": "r1"} | changes


def say(*parts: Any, reason: str | None = "STOP", **changes: Any) -> dict[str, Any]:
    return generate(propose(*parts, reason=reason), **changes)


B = {"text": "B"}
THOUGHT = {"text": "hm", "thought": True}
BLOCKED = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "modelVersion": "m-2", "responseId": "r1"}
CHOSEN = [{"token": "B", "tokenId": 5, "logProbability": -0.5}, {"token": ".", "logProbability": -1}]
TOP = [{"candidates": [{"token": "B", "logProbability": -0.5}, {"token": "C", "logProbability": -2}]}]
REPLIES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("plain", say(B), {"text": "B", "finish": "stop", "finish_raw": "STOP", "model": "m-2", "request_id": "r1"}),
    ("several parts", say({"text": "A"}, B), {"text": "AB"}),
    ("several candidates", generate(propose(B), propose({"text": "C"}, index=1)), {"text": "B"}),
    ("thoughts", say(THOUGHT, B), {"text": "B", "reasoning": "hm"}),
    ("a signature beside the text", say(B | {"thoughtSignature": "s"}), {"text": "B", "reasoning": ""}),
    ("nothing but thoughts", say(THOUGHT, reason="MAX_TOKENS"), {"text": "", "reasoning": "hm", "finish": "length"}),
    ("no parts", say(), {"text": "", "finish": "stop"}),
    (
        "content without parts",
        generate({"content": {"role": "model"}, "finishReason": "MAX_TOKENS"}),
        {"text": "", "finish": "length"},
    ),
    (
        "no content",
        generate({"finishReason": "RECITATION"}),
        {"text": "", "finish": "content_filter", "finish_raw": "RECITATION"},
    ),
    ("an empty text", say({"text": ""}), {"text": "", "finish": "stop"}),
    (
        "cut",
        say({"text": "B. Be"}, reason="MAX_TOKENS"),
        {"text": "B. Be", "finish": "length", "finish_raw": "MAX_TOKENS"},
    ),
    *(
        (f"blocked: {word}", say(reason=word), {"finish": "content_filter", "finish_raw": word})
        for word in (
            *("SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT"),
            *("IMAGE_RECITATION", "LANGUAGE", "ESCALATION", "MODEL_ARMOR"),
        )
    ),
    ("to be continued", say({"text": "So A is"}, reason="CONTINUATION"), {"finish": "length"}),
    (
        "feedback that names no reason",
        {"promptFeedback": {"safetyRatings": [{"blocked": True}]}, "usageMetadata": {"promptTokenCount": 5}},
        {"text": "", "finish": "content_filter", "finish_raw": "", "usage": Usage(input_tokens=5)},
    ),
    ("a thought of no known type", say({"text": 5, "thought": True}, B), {"text": "B", "reasoning": ""}),
    (
        "usage of tools",
        say(B, usageMetadata={"promptTokenCount": 5, "toolUsePromptTokenCount": 100, "candidatesTokenCount": 2}),
        {"usage": Usage(input_tokens=105, output_tokens=2)},
    ),
    ("a function call", say({"functionCall": {"name": "f", "args": {}}}), {"text": "", "finish": "stop"}),
    (
        "a broken function call",
        say(reason="MALFORMED_FUNCTION_CALL"),
        {"finish": "other", "finish_raw": "MALFORMED_FUNCTION_CALL"},
    ),
    ("an unknown reason", say(B, reason="NOVEL"), {"text": "B", "finish": "other", "finish_raw": "NOVEL"}),
    ("no reason", say(B, reason=None), {"text": "B", "finish": "other", "finish_raw": ""}),
    ("unknown parts", say({"novelty": {"text": "x"}}, None, 5, B), {"text": "B"}),
    ("unknown fields", say(B, surprise={"a": [1]}), {"text": "B"}),
    (
        "the prompt was blocked",
        BLOCKED,
        {
            "text": "",
            "finish": "content_filter",
            "finish_raw": "PROHIBITED_CONTENT",
            "model": "m-2",
            "request_id": "r1",
        },
    ),
    (
        "the prompt was blocked, and is paid for",
        BLOCKED | {"candidates": [], "usageMetadata": {"promptTokenCount": 9}},
        {"finish": "content_filter", "usage": Usage(input_tokens=9)},
    ),
    ("feedback without a block", say(B, promptFeedback={"safetyRatings": []}), {"text": "B", "finish": "stop"}),
    ("no usage", say(B, usageMetadata=None), {"usage": Usage()}),
    (
        "usage",
        say(B, usageMetadata={"promptTokenCount": 10, "candidatesTokenCount": 2, "totalTokenCount": 12}),
        {"usage": Usage(input_tokens=10, output_tokens=2)},
    ),
    (
        "usage with details",
        say(
            B,
            usageMetadata={
                "promptTokenCount": 10,
                "candidatesTokenCount": 2,
                "thoughtsTokenCount": 5,
                "cachedContentTokenCount": 4,
                "promptTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 3},
                    {"modality": "IMAGE", "tokenCount": 5},
                    {"modality": "IMAGE", "tokenCount": 2},
                ],
            },
        ),
        {"usage": Usage(input_tokens=10, output_tokens=7, cached_tokens=4, reasoning_tokens=5, image_tokens=7)},
    ),
    (
        "usage of thoughts alone",
        say(reason="MAX_TOKENS", usageMetadata={"promptTokenCount": 10, "thoughtsTokenCount": 5}),
        {"usage": Usage(input_tokens=10, output_tokens=5, reasoning_tokens=5)},
    ),
    (
        "usage without images",
        say(B, usageMetadata={"promptTokenCount": 3, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 3}]}),
        {"usage": Usage(input_tokens=3)},
    ),
    (
        "log probabilities",
        generate(
            propose(
                B, logprobsResult={"chosenCandidates": CHOSEN, "topCandidates": [*TOP, {}], "logProbabilitySum": -1.5}
            )
        ),
        {
            "logprobs": (
                TokenLogprob(token="B", logprob=-0.5, top={"B": -0.5, "C": -2.0}),
                TokenLogprob(token=".", logprob=-1.0),
            )
        },
    ),
    (
        "log probabilities without alternatives",
        generate(propose(B, logprobsResult={"chosenCandidates": CHOSEN[:1]})),
        {"logprobs": (TokenLogprob(token="B", logprob=-0.5),)},
    ),
    (
        "fewer alternatives than tokens",
        generate(propose(B, logprobsResult={"chosenCandidates": CHOSEN, "topCandidates": TOP})),
        {
            "logprobs": (
                TokenLogprob(token="B", logprob=-0.5, top={"B": -0.5, "C": -2.0}),
                TokenLogprob(token=".", logprob=-1.0),
            )
        },
    ),
    ("no model", say(B, modelVersion=None, responseId=None), {"model": "", "request_id": ""}),
]


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in REPLIES], ids=[row[0] for row in REPLIES])
def test_replies_are_read(body, expected):
    assert find_failure(body) is None
    response = decode(body)
    assert {name: getattr(response, name) for name in expected} == expected


@pytest.mark.parametrize(("headers", "expected"), [({"x-request-id": "req_1"}, "req_1"), ({}, "r1")])
def test_the_request_id_is_the_headers_or_the_bodys(headers, expected):
    assert read_reply(load_wire("gemini"), Reply(body=say(B), headers=headers)).request_id == expected


def test_the_sandbox_marks_its_replies():
    assert read_reply(load_wire("gemini"), Reply(body=say(B), headers={"x-mmra-simulated": "1"})).simulated
    assert not decode(say(B)).simulated


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"candidates": None},
        {"candidates": []},
        {"candidates": "B"},
        {"candidates": ["B"]},
        {"text": "B"},
        {"candidates": [], "promptFeedback": {}},
        {"candidates": [{"content": {"parts": [{"text": 5}]}}]},
        {"candidates": [{"content": {"parts": ["B"]}}]},
        {"candidates": [{"content": {"parts": "B"}}]},
        {"candidates": [{"content": "B"}]},
    ],
)
def test_a_reply_of_unknown_shape_is_unreadable(body):
    with pytest.raises(CallError, match="cannot be understood") as caught:
        decode(body)
    assert caught.value.kind == "unreadable"


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        ({"error": {"code": 500}}, {"code": 500}),
        (say(B, error={"code": 500}), None),
        (BLOCKED, None),
        ({"candidates": [], "usageMetadata": {"promptTokenCount": 5}}, "it holds no candidate"),
        ({"usageMetadata": {"promptTokenCount": 5}}, "it holds no candidate"),
        (
            generate({"finishReason": "PUP_LIMITED_DISABLED", "finishMessage": "no"}),
            {"status": "PUP_LIMITED_DISABLED", "message": "no"},
        ),
    ],
)
def test_a_failure_inside_a_good_status_is_found(body, failure):
    assert find_failure(body) == failure
