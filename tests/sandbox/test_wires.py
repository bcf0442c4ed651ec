"""What is the same in all four wire formats: answers, keys, limits, faults, counters and marks."""

from __future__ import annotations

import http.client
import json
import re
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults
from mmra_api.sandbox.openai_service import format_duration
from mmra_api.sandbox.tokens import count_tokens

STATUSES = {
    "bad body": {"openai_chat": 400, "openai_responses": 400, "anthropic": 400, "gemini": 400},
    "bad-key": {"openai_chat": 401, "openai_responses": 401, "anthropic": 401, "gemini": 400},
    "broke-key": {"openai_chat": 429, "openai_responses": 429, "anthropic": 400, "gemini": 429},
    "missing": {"openai_chat": 404, "openai_responses": 404, "anthropic": 404, "gemini": 404},
    "too large": {"openai_chat": 413, "openai_responses": 413, "anthropic": 413, "gemini": 400},
    "401": {"openai_chat": 401, "openai_responses": 401, "anthropic": 401, "gemini": 400},
    "429": {"openai_chat": 429, "openai_responses": 429, "anthropic": 429, "gemini": 429},
    "quota": {"openai_chat": 429, "openai_responses": 429, "anthropic": 400, "gemini": 429},
    "500": {"openai_chat": 500, "openai_responses": 500, "anthropic": 500, "gemini": 500},
    "503": {"openai_chat": 503, "openai_responses": 503, "anthropic": 529, "gemini": 503},
}
ID_HEADERS = {"openai_chat": "x-request-id", "openai_responses": "x-request-id", "anthropic": "request-id"}


def error_of(name, got):
    """The error's own words for its kind."""
    error = got.json["error"]
    assert error["message"]
    if name == "gemini":
        assert error["code"] == got.status
        return error["status"]
    return error["type"]


@pytest.mark.parametrize("model", ["simulated-strong", "simulated-unruly"])
def test_the_same_question_gets_the_same_answer_in_every_format(question, connect, formats, model):
    asked = [question(number, kind=("choice", "yesno")[number % 2]) for number in range(60)]
    with Sandbox([each.sample for each in asked], seed=3) as sandbox:
        client = connect(sandbox)
        for each in asked:
            got = {name: wire.ask(client, each, model) for name, wire in formats.items()}
            said = {name: formats[name].get(reply.json) for name, reply in got.items()}
            refusal = got["openai_chat"].json["choices"][0]["message"]["refusal"]
            wanted = said["openai_chat"][:2]
            assert said["openai_responses"][:2] == wanted
            assert said["anthropic"][:2] == wanted
            assert said["gemini"][:2] == (refusal or wanted[0], wanted[1])
            outputs = {formats[name].count(reply.json)[1] for name, reply in got.items()}
            assert len(outputs) == 1
        assert sandbox.counters.paid == 4 * len(asked)


def test_finish_reasons_are_in_the_formats_own_words(question, connect, spoken):
    words = {
        "openai_chat": {"stop", "length", "content_filter"},
        "openai_responses": {"completed", "max_output_tokens", "content_filter"},
        "anthropic": {"end_turn", "max_tokens", "refusal"},
        "gemini": {"STOP", "MAX_TOKENS", "SAFETY"},
    }
    with Sandbox() as sandbox:
        client = connect(sandbox)
        seen = {spoken.get(spoken.ask(client, question(n), "simulated-unruly").json)[2] for n in range(150)}
    assert seen == words[spoken.name]


def test_a_token_limit_cuts_the_same_text_in_every_format(question, connect, spoken):
    with Sandbox() as sandbox:
        client = connect(sandbox)
        cut = 0
        for number in range(40):
            whole, part = (
                spoken.ask(client, question(number), "simulated-chatty", limit=limit).json for limit in (4096, 16)
            )
            (text, thought, _), (less, first, end) = spoken.get(whole), spoken.get(part)
            assert text.startswith(less)
            assert thought.startswith(first)
            assert spoken.count(part)[1] <= 16
            cut += end in {"length", "max_output_tokens", "max_tokens", "MAX_TOKENS"}
        assert cut > 10


def test_counters_and_usage_agree(question, connect, spoken):
    with Sandbox([question(number).sample for number in range(20)]) as sandbox:
        client = connect(sandbox)
        prompt = question(0).prompt() + " word" * 1100  # long enough for the service's own prompt cache
        counts = [spoken.count(spoken.ask(client, question(n), prompt=prompt).json) for n in range(20)]
        counters = sandbox.counters
    assert (counters.calls, counters.paid, counters.unique_bodies, counters.images) == (20, 20, 20, 40)
    assert counters.input_tokens == sum(asked for asked, _ in counts) > 20 * 1100
    assert counters.output_tokens == sum(said for _, said in counts)


def test_the_model_belongs_to_what_is_asked(question, connect, spoken):
    """Also where the path names it and two models get one and the same body."""
    with Sandbox(faults=Faults(script=("500",))) as sandbox:
        client = connect(sandbox)
        models = ("simulated-strong", "simulated-weak", "vendor/model of%2Fyours")
        for model in models[: 2 if spoken.name == "gemini" else 3]:
            assert [spoken.ask(client, question(0), model).status for _ in range(2)] == [500, 200]
        assert sandbox.counters.unique_bodies == sandbox.counters.paid


@pytest.mark.parametrize("kind", STATUSES)
def test_each_failure_has_its_status(question, connect, spoken, kind):
    fault = kind if kind in {"401", "429", "quota", "500", "503"} else None
    with Sandbox(faults=Faults(always=fault)) as sandbox:
        client = connect(sandbox)
        if kind == "bad body":
            got = spoken.send(client, b"{")
        elif kind == "too large":
            client.connection.putrequest("POST", spoken.path.format(model="m"))
            client.connection.putheader("Content-Length", str(65 << 20))
            client.connection.endheaders()
            reply = client.connection.getresponse()
            got = SimpleNamespace(status=reply.status, json=json.loads(reply.read()), headers=reply.headers)
        else:
            key, model = (kind, "m") if "key" in kind else ("any", kind)
            got = spoken.ask(client, question(0), model, key=key)
        assert got.status == STATUSES[kind][spoken.name]
        assert got.headers["x-mmra-simulated"] == "1"
        assert error_of(spoken.name, got)
        counters = sandbox.counters
        assert (counters.calls, counters.paid, counters.faults) == (1, 0, {fault: 1} if fault else {})


def test_a_call_needs_a_key_in_every_format(question, connect, spoken):
    with Sandbox() as strict, Sandbox(need_key=False) as free:
        assert spoken.ask(connect(strict), question(0), key="").status == STATUSES["bad-key"][spoken.name]
        assert strict.counters.rejections == {"authentication": 1}
        assert spoken.ask(connect(free), question(0), key="").status == 200


@pytest.mark.parametrize("kind", ["drop", "cut", "html", "notjson", "shape", "slow"])
def test_the_other_faults_befall_every_format(question, connect, spoken, kind):
    with Sandbox(faults=Faults(script=(kind,), slow=0.05)) as sandbox:
        client = connect(sandbox)
        try:
            got = spoken.ask(client, question(0))
        except http.client.IncompleteRead:
            assert kind == "cut"
        except http.client.RemoteDisconnected:
            assert kind == "drop"
        else:
            assert got.status == 200
            assert (kind == "slow") is spoken_well(spoken, got)
        assert spoken.ask(connect(sandbox), question(0)).status == 200
        assert sandbox.counters.faults == {kind: 1}
        assert sandbox.counters.paid == (2 if kind == "slow" else 1)


def spoken_well(spoken, got):
    try:
        return bool(spoken.get(got.json))
    except (ValueError, KeyError):
        return False


@pytest.mark.parametrize("bound", ["rpm", "tpm"])
def test_limits_hold_in_every_format(question, connect, spoken, bound):
    limit: dict[str, Any] = {bound: 1}
    with Sandbox(**limit) as sandbox:
        client = connect(sandbox)
        statuses = [spoken.ask(client, question(number)).status for number in range(4)]
        let_in = {"rpm": 2, "tpm": 1}[bound]
        assert statuses == [200] * let_in + [429] * (4 - let_in)
        assert (sandbox.counters.paid, sandbox.counters.faults) == (let_in, {bound: 4 - let_in})


@pytest.mark.parametrize("retry_after", [True, False])
def test_a_refusal_says_how_long_to_wait_in_the_formats_own_way(question, connect, spoken, retry_after):
    with Sandbox(rpm=1, retry_after=retry_after) as sandbox:
        client = connect(sandbox)
        got = [spoken.ask(client, question(number)) for number in range(3)][-1]
    assert got.status == 429
    details = {each["@type"].rpartition(".")[2]: each for each in got.json["error"].get("details", ())}
    told = {name for name in got.headers if "retry" in name} | {name for name in details if name == "RetryInfo"}
    if not retry_after:
        assert told == set()
    elif spoken.name == "gemini":
        assert told == {"RetryInfo"}
        assert 59 < float(details["RetryInfo"]["retryDelay"].removesuffix("s")) <= 60
    elif spoken.name == "anthropic":
        assert (told, got.headers["retry-after"]) == ({"retry-after"}, "60")
    else:
        assert told == {"retry-after", "retry-after-ms"}


def test_limits_are_told_in_the_formats_own_headers(question, connect, spoken):
    with Sandbox(rpm=120, tpm=600_000, rate_headers=True) as sandbox:
        asked = time.monotonic()
        got = spoken.ask(connect(sandbox), question(0))
        refilled = (time.monotonic() - asked) * 600_000 / 60
        spent = sum(spoken.count(got.json))
    told = {name: value for name, value in got.headers.items() if "ratelimit" in name}
    if spoken.name == "gemini":
        assert told == {}
    elif spoken.name == "anthropic":
        resets = [told.pop(f"anthropic-ratelimit-{unit}-reset") for unit in ("requests", "tokens")]
        assert all(reset[10] == "T" and reset.endswith("Z") for reset in resets)
        left = int(told.pop("anthropic-ratelimit-tokens-remaining"))
        assert told == {
            "anthropic-ratelimit-requests-limit": "120",
            "anthropic-ratelimit-requests-remaining": "1",
            "anthropic-ratelimit-tokens-limit": "600000",
        }
        assert 0 <= left - (600_000 - spent) <= refilled
    else:
        assert 0 <= int(told["x-ratelimit-remaining-tokens"]) - (600_000 - spent) <= refilled
        reset = told["x-ratelimit-reset-requests"]
        assert reset in {format_duration(ms / 1000) for ms in range(501)}


def test_every_reply_is_marked_and_named(question, connect, spoken):
    with Sandbox() as sandbox:
        client = connect(sandbox)
        replies = [spoken.ask(client, question(0)), spoken.ask(client, question(1), key="bad-key")]
    assert {reply.headers["x-mmra-simulated"] for reply in replies} == {"1"}
    names = [[name for name in reply.headers if name.endswith("request-id")] for reply in replies]
    header = ID_HEADERS.get(spoken.name)
    assert names == [[header] if header else []] * 2
    if header:
        assert len({reply.headers[header] for reply in replies}) == 2


@pytest.mark.parametrize("how", ["key", "fault"])
def test_a_used_up_quota_is_told_in_the_vendors_own_words(question, connect, spoken, how):
    """Only Google names a time to wait, and it is a false one."""
    with Sandbox(faults=Faults(always="quota" if how == "fault" else None)) as sandbox:
        got = spoken.ask(connect(sandbox), question(0), key="broke-key" if how == "key" else "any")
        counters = sandbox.counters
    counted = {"fault": ({"quota": 1}, {}), "key": ({}, {"quota": 1})}[how]
    assert (counters.paid, counters.faults, counters.rejections) == (0, *counted)
    error = got.json["error"]
    assert not [name for name in got.headers if "retry" in name]
    if spoken.name == "anthropic":
        assert (got.status, error["type"]) == (400, "invalid_request_error")
        assert "Your credit balance is too low" in error["message"]
    elif spoken.name == "gemini":
        assert (got.status, error["status"]) == (429, "RESOURCE_EXHAUSTED")
        quota, info = error["details"]
        assert [each["quotaId"] for each in quota["violations"]] == [
            "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
        ]
        assert 1 < float(info["retryDelay"].removesuffix("s")) < 60
    else:
        assert (got.status, error["type"], error["code"]) == (429, "insufficient_quota", "insufficient_quota")
        assert "exceeded your current quota" in error["message"]


def test_a_quota_can_end_in_the_midst_of_a_run(question, connect, spoken):
    with Sandbox(faults=Faults(script=("ok", "quota", "quota"))) as sandbox:
        client = connect(sandbox)
        statuses = [spoken.ask(client, question(0)).status for _ in range(4)]
    assert statuses == [200, STATUSES["quota"][spoken.name], STATUSES["quota"][spoken.name], 200]


TELLING = "You are terse."
TWIN = "What is there in both pictures, if one looks closely at every corner, and then once more at the middle?"
OTHERS = f"{TWIN}\nA. moon\nB. sun"
CHECKS = "Reply with this number and nothing else: 4817"


def put_system(name, body, text):
    """The ways in which a body can hold the system's text."""
    if name == "openai_chat":
        roles = [{"role": role, "content": text} for role in ("system", "developer")]
        parts = {"role": "system", "content": [{"type": "text", "text": text}]}
        return [body | {"messages": [each, *body["messages"]]} for each in (*roles, parts)]
    if name == "openai_responses":
        roles = [{"role": role, "content": text} for role in ("system", "developer")]
        listed = [body | {"input": [each, *body["input"]]} for each in roles]
        return [body | {"instructions": text}, *listed]
    if name == "anthropic":
        return [body | {"system": text}, body | {"system": [{"type": "text", "text": text}]}]
    return [body | {key: {"parts": [{"text": text}]}} for key in ("systemInstruction", "system_instruction")]


@pytest.mark.parametrize("text", [TELLING, OTHERS, CHECKS])
def test_the_systems_text_is_counted_and_poses_no_question(question, connect, spoken, text):
    """Not even where it holds options, the question of another sample with the same images, or the check of a model."""
    asked = [question(number) for number in range(60)]
    other = replace(question(0).sample, question=TWIN, options={"A": "moon", "B": "sun"}, gold="B")
    twins = [replace(other, images=each.sample.images) for each in asked]
    with Sandbox([each.sample for each in asked] + twins) as sandbox:
        client = connect(sandbox)
        right = 0
        for each in asked:
            body = spoken.put("simulated-strong", each.pictures, each.prompt(), 4096)
            plain = spoken.send(client, json.dumps(body).encode(), "simulated-strong")
            bodies = put_system(spoken.name, body, text)
            told = [spoken.send(client, json.dumps(body).encode(), "simulated-strong") for body in bodies]
            assert len({got.body for got in told}) == 1
            assert spoken.count(told[0].json)[0] == spoken.count(plain.json)[0] + count_tokens(text)
            said = spoken.get(told[0].json)[0]
            gold = each.sample.gold
            right += bool(re.search(rf"\b{gold}\b", said) or each.sample.options[gold] in said)
        assert "check" not in sandbox.counters.replies
    assert right > 0.85 * len(asked)


def test_the_systems_text_may_ask_for_reasons(question, connect, spoken):
    text = "Think step by step. Close with one last line in this form:\nAnswer: <letter>"
    with Sandbox() as sandbox:
        client = connect(sandbox)
        lasts = []
        for number in range(20):
            body = spoken.put("simulated-strong", question(number).pictures, question(number).prompt(), 4096)
            data = json.dumps(put_system(spoken.name, body, text)[0]).encode()
            lasts.append(spoken.get(spoken.send(client, data, "simulated-strong").json)[0].splitlines()[-1])
    assert sum("Answer" in last for last in lasts) > 15


ENDS = [" picture", " the "]
STOPS = {
    "openai_chat": {"stop": ENDS},
    "anthropic": {"stop_sequences": ENDS},
    "gemini": {"generationConfig": {"stopSequences": ENDS}},
}


@pytest.mark.parametrize("name", STOPS)
def test_the_first_of_the_stop_sequences_ends_the_text(question, connect, formats, name):
    wire = formats[name]
    seen = set()
    with Sandbox() as sandbox:
        client = connect(sandbox)
        for number in range(40):
            each = question(number)
            text, thought, end = wire.get(wire.ask(client, each, "simulated-chatty").json)
            body = wire.put("simulated-chatty", each.pictures, each.prompt(), 4096) | STOPS[name]
            got = wire.send(client, json.dumps(body).encode(), "simulated-chatty").json
            found = min(filter(text.__contains__, ENDS), key=text.index, default="")
            assert wire.get(got)[:2] == (text.partition(found)[0] if found else text, thought)
            stopped = {"openai_chat": "stop", "anthropic": "stop_sequence"}.get(name, "STOP")
            assert wire.get(got)[2] == (stopped if found else end)
            assert name != "anthropic" or got["stop_sequence"] == (found or None)
            seen.add(found)
    assert seen == {*ENDS, ""}


def test_openai_takes_a_stop_sequence_that_is_no_list(question, connect):
    each = question(0)
    with Sandbox() as sandbox:
        whole, cut = (connect(sandbox).ask(each.body("simulated-chatty", **stop)) for stop in ({}, {"stop": " "}))
    assert cut.text == whole.text.partition(" ")[0] != whole.text
