"""Faults: the words of the command line, their laws, and what each of them does to the real SDK."""

from __future__ import annotations

import http.client
import json
import time
from email.utils import parsedate_to_datetime

import openai
import pytest

from mmra_api.errors import InputError
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.chance import Chance
from mmra_api.sandbox.faults import KINDS, Fault, Faults, parse_faults

WEATHER: dict[Fault, float] = {
    "429": 0.2,
    "500": 0.1,
    "503": 0.1,
    "drop": 0.1,
    "cut": 0.1,
    "html": 0.1,
    "notjson": 0.1,
    "shape": 0.1,
}


@pytest.mark.parametrize(
    ("spec", "rates"),
    [
        ("", {}),
        ("429=0.1", {"429": 0.1}),
        (" 429=0.1, 500 = 0.05 ,slow=.05,", {"429": 0.1, "500": 0.05, "slow": 0.05}),
        ("drop=1", {"drop": 1.0}),
    ],
)
def test_a_good_spec_is_read(spec, rates):
    assert parse_faults(spec) == Faults(rates=rates)


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        ("429=0.1,teapot=0.2", "'teapot=0.2'.*429, 401, quota, 500, 503, slow, drop, cut, html, notjson, shape"),
        ("429", "'429'.*KIND=PROBABILITY"),
        ("500=often", "'500=often'.*'often'"),
        ("500=1.5", "'500'.*1.5"),
        ("500=nan", "'500'.*nan"),
        ("500=-0.1", "'500'.*-0.1"),
        ("500=0.1,500=0.2", "'500'.*twice"),
        ("500=0.6,drop=0.6", "1.2"),
        ("ok=0.5", "'ok=0.5'"),
    ],
)
def test_a_bad_spec_is_named(spec, named):
    with pytest.raises(InputError, match=named):
        parse_faults(spec)


@pytest.mark.parametrize(
    "wrong", [{"script": ("nope",)}, {"always": "nope"}, {"retry_after": -1}, {"script": ("ok",), "always": "500"}]
)
def test_impossible_faults_are_refused(wrong):
    with pytest.raises(InputError):
        Faults(**wrong)


def test_drawn_faults_have_their_rates_and_never_last():
    faults = Faults(rates=WEATHER)
    drawn = [[faults.befall(Chance.about(7, body), attempt) for attempt in range(6)] for body in range(2000)]
    first = [attempts[0] for attempts in drawn]
    for kind, rate in WEATHER.items():
        assert abs(first.count(kind) / len(first) - rate) < 0.03
    for attempts in drawn:
        assert all("ok" in attempts[start : start + 3] for start in range(4))
    assert any("ok" not in attempts[:2] for attempts in drawn)
    assert drawn[:50] == [[faults.befall(Chance.about(7, b), attempt) for attempt in range(6)] for b in range(50)]
    assert first != [faults.befall(Chance.about(8, body), 0) for body in range(2000)]


def test_even_a_certain_fault_lets_the_third_attempt_through():
    attempts = [Faults(rates={"500": 1.0}).befall(Chance("body"), attempt) for attempt in range(6)]
    assert attempts == ["500", "500", "ok", "500", "500", "ok"]


def test_a_script_holds_for_each_body(question, connect):
    with Sandbox(faults=Faults(script=("429", "500", "ok"))) as sandbox:
        client = connect(sandbox)
        for number in range(2):
            body = question(number).body()
            assert [client.ask(body).status for _ in range(4)] == [429, 500, 200, 200]
        assert sandbox.counters.faults == {"429": 2, "500": 2}
        assert (sandbox.counters.paid, sandbox.counters.unique_bodies) == (4, 2)


def test_always_never_ends_but_checks_come_first(question, connect):
    with Sandbox(faults=Faults(always="500")) as sandbox:
        client = connect(sandbox)
        assert [client.ask(question(0).body()).status for _ in range(5)] == [500] * 5
        assert client.ask(question(0).body(), key="bad-key").status == 401
        assert client.ask(question(0).body("missing")).status == 404


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        ("429", openai.RateLimitError),
        ("quota", openai.RateLimitError),
        ("401", openai.AuthenticationError),
        ("500", openai.InternalServerError),
        ("503", openai.InternalServerError),
        ("slow", openai.APITimeoutError),
        ("drop", openai.APIConnectionError),
        ("cut", openai.APIConnectionError),
        ("notjson", json.JSONDecodeError),
    ],
)
async def test_the_real_sdk_meets_each_fault(question, kind, raised):
    with Sandbox(faults=Faults(script=(kind,), slow=1.0)) as sandbox:
        timeout = 0.2 if kind == "slow" else 30
        async with openai.AsyncOpenAI(
            base_url=sandbox.base_url, api_key="any", max_retries=0, timeout=timeout
        ) as client:
            with pytest.raises(raised) as caught:
                await client.chat.completions.create(**question(0).body())
            assert type(caught.value) is raised
            assert (await client.chat.completions.create(**question(0).body())).choices
        assert (sandbox.counters.faults, sandbox.counters.unique_bodies) == ({kind: 1}, 1)


@pytest.mark.parametrize(("kind", "start"), [("html", b"<!DOCTYPE html>"), ("shape", b'{"status":"ok"')])
def test_status_200_can_hold_anything(question, connect, kind, start):
    with Sandbox(faults=Faults(always=kind)) as sandbox:
        got = connect(sandbox).ask(question(0).body())
        assert (got.status, got.headers["x-mmra-simulated"]) == (200, "1")
        assert got.body.startswith(start)
        assert ("html" in got.headers["content-type"]) == (kind == "html")
        assert "choices" not in got.body.decode()
        assert sandbox.counters.paid == 0


def test_the_wait_comes_as_seconds_milliseconds_or_a_date(question, connect):
    seen = set()
    with Sandbox(faults=Faults(always="429", retry_after=0.25)) as sandbox:
        client = connect(sandbox)
        for number in range(20):
            before = time.time()
            headers = client.ask(question(number).body()).headers
            if "retry-after-ms" in headers:
                seen.add("ms")
                assert headers["retry-after-ms"] == "250"
            elif headers["retry-after"].endswith("GMT"):
                seen.add("date")
                assert 0.24 < parsedate_to_datetime(headers["retry-after"]).timestamp() - before < 30
            else:
                seen.add("seconds")
                assert headers["retry-after"] == "0.25"
    assert seen == {"seconds", "ms", "date"}


def test_a_client_that_tries_three_times_pays_everything_once(question, connect):
    with Sandbox(faults=Faults(rates=WEATHER), seed=5) as sandbox:
        for number in range(60):
            for _ in range(3):
                client = connect(sandbox)
                try:
                    got = client.ask(question(number).body())
                    if got.status == 200 and got.json["choices"]:
                        break
                except (OSError, ValueError, KeyError, http.client.HTTPException):
                    continue
            else:
                pytest.fail(f"question {number} never got its reply")
        counters = sandbox.counters
    assert (counters.paid, counters.unique_bodies) == (60, 60)
    assert counters.calls == 60 + sum(counters.faults.values())
    assert set(counters.faults) == set(KINDS) - {"ok", "slow", "quota", "401"}
