"""Log probabilities: their laws, and the form in which each vendor sends them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema
import pytest
from google.genai import types
from openai.types.chat import ChatCompletion
from openai.types.responses import Response
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.chance import Chance
from mmra_api.sandbox.logprobs import weigh_tokens
from mmra_api.sandbox.tokens import count_tokens, split_tokens

SPEC = Path(__file__).parents[3] / "shared" / "specs" / "openai-subset.json"
LOGPROBS = "message.output_text.logprobs"
TEXTS = ("B", "Yes.", "**Answer:** (C) red cups 7\n", "  step by step\n\n3. So:\tNo ", "schön, größer", "\n", "")


def odds_chat(top):
    return {"logprobs": True, "top_logprobs": top}


def odds_responses(top):
    return {"include": [LOGPROBS], "top_logprobs": top}


def odds_gemini(top):
    return {"generationConfig": {"responseLogprobs": True, "logprobs": top, "maxOutputTokens": 4096}}


def read_openai(steps):
    for each in (each for step in steps for each in (step, *step["top_logprobs"])):
        assert bytes(each["bytes"]).decode() == each["token"]
    chosen = [(step["token"], step["logprob"]) for step in steps]
    return chosen, [[(each["token"], each["logprob"]) for each in step["top_logprobs"]] for step in steps]


def read_chat(body):
    return read_openai(body["choices"][0]["logprobs"]["content"] or [])


def read_responses(body):
    parts = [part for item in body["output"] for part in item.get("content", ())]
    return read_openai([step for part in parts for step in part.get("logprobs", ())])


def read_gemini(body):
    candidate = body.get("candidates", [{}])[0]
    result = candidate.get("logprobsResult", {"chosenCandidates": []})

    def plain(candidates):
        assert all(0 <= each["tokenId"] < 2**18 for each in candidates)
        return [(each["token"], each["logProbability"]) for each in candidates]

    chosen = plain(result["chosenCandidates"])
    tops = result.get("topCandidates", [{"candidates": []} for _ in chosen])
    if chosen:
        total = sum(logprob for _, logprob in chosen)
        assert math.isclose(result["logProbabilitySum"], total)
        assert math.isclose(candidate["avgLogprobs"], total / len(chosen))
    return chosen, [plain(step["candidates"]) for step in tops]


Shape: TypeAlias = type[ChatCompletion | Response | types.GenerateContentResponse]
WIRES: dict[str, tuple[Callable[..., Any], Callable[..., Any], Shape]] = {
    "openai_chat": (odds_chat, read_chat, ChatCompletion),
    "openai_responses": (odds_responses, read_responses, Response),
    "gemini": (odds_gemini, read_gemini, types.GenerateContentResponse),
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("top", [0, 1, 5, 20])
def test_the_laws_of_log_probabilities(text, top):
    steps = weigh_tokens(text, top, Chance("x"))
    assert "".join(step.chosen.text for step in steps) == text
    assert [step.chosen.text for step in steps] == split_tokens(text)
    assert len(steps) == max(count_tokens(text), bool(text))
    for step in steps:
        assert step.top[:1] == ((step.chosen,) if top else ())
        assert len(step.top) == len({token.text for token in step.top}) == top
        chances = [math.exp(token.logprob) for token in step.top]
        assert chances == sorted(chances, reverse=True)
        assert 0 < sum(chances) <= 1 or not top
        assert all(-20 < token.logprob < 0 for token in (step.chosen, *step.top))


def test_the_figures_do_not_depend_on_how_many_are_told_but_on_the_dice():
    few, many, other = (weigh_tokens("It is (B).", top, Chance(name)) for name, top in [("x", 2), ("x", 9), ("y", 9)])
    assert [step.top for step in few] == [step.top[:2] for step in many]
    assert [step.chosen.logprob for step in many] != [step.chosen.logprob for step in other]
    assert len({step.chosen.logprob for step in many}) == len(many)


@pytest.mark.parametrize(
    ("token", "kin"),
    [("B", set("ACDEFGH")), (" (C", None), ("Yes", {"No"}), (" No", {" Yes"}), ("4", set("012356789"))],
)
def test_what_is_of_a_kind_is_likeliest(token, kin):
    step = weigh_tokens(token, 20, Chance("x"))[-1]
    wanted = set("ABDEFGH") if kin is None else kin
    assert {each.text for each in step.top[1 : len(wanted) + 1]} == wanted


@pytest.mark.parametrize("name", WIRES)
def test_the_format_tells_them_in_its_own_form(question, connect, formats, name):
    put, read, shape = WIRES[name]
    wire = formats[name]
    long = 0
    with Sandbox() as sandbox:
        client = connect(sandbox)
        for number in range(60):
            each = question(number)
            body = wire.put("simulated-unruly", each.pictures, each.prompt(), 4096)
            plain = wire.send(client, json.dumps(body).encode(), "simulated-unruly").json
            got = wire.send(client, json.dumps(body | put(5)).encode(), "simulated-unruly").json
            shape.model_validate(got)
            assert wire.get(got) == wire.get(plain)
            assert wire.count(got) == wire.count(plain)
            chosen, tops = read(got)
            assert "".join(token for token, _ in chosen) == wire.get(got)[0]
            assert [step[0] for step in tops] == chosen
            assert all(len(step) == 5 for step in tops)
            assert "logprobs" not in json.dumps(plain).replace('"logprobs": []', "").replace('"logprobs": null', "")
            long += len(chosen) > 20
    assert long > 5


def test_all_formats_tell_the_same_figures(question, connect, formats):
    each = question(3)
    with Sandbox() as sandbox:
        client = connect(sandbox)
        told = []
        for name, (put, read, _) in WIRES.items():
            body = formats[name].put("simulated-strong", each.pictures, each.prompt(), 4096) | put(20)
            told.append(read(formats[name].send(client, json.dumps(body).encode(), "simulated-strong").json))
    assert told[0] == told[1] == told[2]
    assert told[0][0]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("openai_chat", {"logprobs": True}),
        ("openai_responses", {"include": [LOGPROBS]}),
        ("gemini", {"generationConfig": {"responseLogprobs": True}}),
    ],
)
def test_without_a_number_only_the_chosen_tokens_are_told(question, connect, formats, name, fields):
    each = question(3)
    with Sandbox() as sandbox:
        body = formats[name].put("simulated-strong", each.pictures, each.prompt(), 4096) | fields
        got = formats[name].send(connect(sandbox), json.dumps(body).encode(), "simulated-strong").json
    chosen, tops = WIRES[name][1](got)
    assert chosen
    assert not any(tops)


def test_a_refusal_has_its_own_list(question, connect, formats):
    seen = 0
    with Sandbox() as sandbox:
        client = connect(sandbox)
        for number in range(300):
            choice = client.ask(question(number).body("simulated-unruly", logprobs=True)).json["choices"][0]
            refusal = choice["message"]["refusal"]
            assert (choice["logprobs"]["refusal"] is not None) is bool(refusal)
            if refusal:
                assert "".join(step["token"] for step in choice["logprobs"]["refusal"]) == refusal
                assert choice["logprobs"]["content"] is None
                seen += 1
    assert seen > 1


@pytest.mark.skipif(not SPEC.exists(), reason="OpenAI's published schema does not lie beside this checkout")
@pytest.mark.parametrize(
    ("name", "schema"), [("openai_chat", "CreateChatCompletionResponse"), ("openai_responses", "Response")]
)
def test_replies_with_them_fit_the_published_schema(question, connect, formats, name, schema):
    contents = Resource.from_contents(json.loads(SPEC.read_text()), default_specification=DRAFT202012)
    registry = Registry().with_resource("urn:oai", contents)
    each = question(1)
    body = formats[name].put("simulated-chatty", each.pictures, each.prompt(), 4096) | WIRES[name][0](3)
    with Sandbox() as sandbox:
        got = formats[name].send(connect(sandbox), json.dumps(body).encode())
    reference = {"$ref": f"urn:oai#/components/schemas/{schema}"}
    jsonschema.Draft202012Validator(reference, registry=registry).validate(got.json)
    assert WIRES[name][1](got.json)[0]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("openai_chat", {"top_logprobs": 3}),
        ("openai_chat", {"logprobs": True, "top_logprobs": 21}),
        ("openai_chat", {"logprobs": 3}),
        ("openai_responses", {"include": [LOGPROBS], "top_logprobs": 21}),
        ("openai_responses", {"include": LOGPROBS}),
        ("openai_responses", {"logprobs": True}),
        ("anthropic", {"logprobs": True}),
        ("anthropic", {"top_logprobs": 3}),
        ("gemini", {"generationConfig": {"logprobs": 3}}),
        ("gemini", {"generationConfig": {"responseLogprobs": True, "logprobs": 21}}),
        ("gemini", {"generationConfig": {"topLogprobs": 3}}),
    ],
)
def test_what_the_service_does_not_take_is_turned_down(connect, formats, name, fields):
    body = formats[name].put("m", (), "Is it so?", 64) | fields
    with Sandbox() as sandbox:
        got = formats[name].send(connect(sandbox), json.dumps(body).encode())
        assert (got.status, sandbox.counters.paid) == (400, 0)
    assert "logprobs" in got.body.decode().casefold() or "include" in got.body.decode()
