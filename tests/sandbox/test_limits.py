"""The sandbox as a strict service: calls at one time, requests and tokens per minute, and what its headers tell."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Fault, Faults
from mmra_api.sandbox.openai_service import format_duration
from mmra_api.sandbox.token_bucket import TokenBucket

HOUR = 3600.0


class Clock:
    """Stands in for the clock of the rates and the counters."""

    def __init__(self, monkeypatch):
        self.now = 1000.0
        for module in ("token_bucket", "counters"):
            monkeypatch.setattr(f"mmra_api.sandbox.{module}.monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def ask_all(connect, sandbox, question, count):
    """The replies to ``count`` calls that are made at the same moment."""
    clients = [connect(sandbox) for _ in range(count)]
    start = threading.Barrier(count)

    def ask(number):
        start.wait()
        return clients[number].ask(question(number).body())

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(ask, range(count)))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.0001, "1ms"),
        (0.12, "120ms"),
        (0.9999, "1s"),
        (1, "1s"),
        (1.5, "1.5s"),
        (59.9996, "1m0s"),
        (360, "6m0s"),
        (83.25, "1m23.25s"),
        (3602, "1h0m2s"),
    ],
)
def test_durations_are_written_as_openai_writes_them(seconds, text):
    assert format_duration(seconds) == text


def test_a_bucket_gives_what_it_holds_and_fills_evenly(clock):
    rate = TokenBucket(600, capacity=100)
    assert rate.take(100) == 0
    assert rate.take(5) == pytest.approx(0.5)
    clock.now += 0.5
    assert rate.take(5) == 0
    assert rate.level.left == pytest.approx(0)
    clock.now += 4
    assert (rate.level.left, rate.level.until_full) == pytest.approx((40, 6))
    clock.now += HOUR
    assert rate.level.left == 100


def test_what_is_larger_than_the_bucket_is_let_in_when_it_is_full_and_owed_afterwards(clock):
    rate = TokenBucket(600, capacity=100)
    assert rate.take(10) == 0
    assert rate.take(250) == pytest.approx(1)
    clock.now += 1
    assert rate.take(250) == 0
    assert rate.level.left == -150
    assert rate.take(1) == pytest.approx(15.1)
    clock.now += 15.2
    assert rate.take(1) == 0


def test_without_a_capacity_a_bucket_holds_a_second_and_at_least_two(clock):
    for per_minute, held in {60: 2, 6000: 100}.items():
        rate = TokenBucket(per_minute)
        assert [rate.take() == 0 for _ in range(held + 1)] == [True] * held + [False]


def test_calls_beyond_those_at_once_get_a_429_and_take_nothing(question, connect):
    with Sandbox(at_once=3, rpm=3 * 60, latency=0.5) as sandbox:
        replies = ask_all(connect, sandbox, question, 8)
        assert sorted(reply.status for reply in replies) == [200] * 3 + [429] * 5
        refused = next(reply for reply in replies if reply.status == 429)
        assert refused.json["error"]["code"] == "rate_limit_exceeded"
        assert (refused.headers["retry-after-ms"], refused.headers["retry-after"]) == ("500", "1")
        assert dict(sandbox.counters.faults) == {"at_once": 5}
        assert sandbox.counters.paid == 3
        assert connect(sandbox).ask(question(9).body()).status == 200, "places are free again"


def test_places_come_free_however_a_call_ends(question, connect):
    script: tuple[Fault, ...] = ("500", "drop", "cut", "html")
    with Sandbox(at_once=1, faults=Faults(script=script)) as sandbox:
        for _ in script:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(connect(sandbox).ask, question(0).body()).exception()
        assert connect(sandbox).ask(b"{").status == 400
        assert connect(sandbox).ask(question(0).body()).status == 200
        assert "at_once" not in sandbox.counters.faults


def test_tokens_are_counted_with_images_and_replies(question, connect, clock):
    asked = question(0)
    with Sandbox([asked.sample]) as free:
        usage = connect(free).ask(asked.body()).json["usage"]
    one, blind = usage["total_tokens"], usage["prompt_tokens"] - 2 * 255
    assert usage["completion_tokens"] > 0 < blind
    with Sandbox([asked.sample], tpm=2 * one) as sandbox:
        client = connect(sandbox)
        replies = [client.ask(asked.body()) for _ in range(3)]
        assert [reply.status for reply in replies] == [200, 200, 429]
        assert int(replies[-1].headers["retry-after-ms"]) == pytest.approx(30_000, abs=1)
        assert sandbox.counters.faults == {"tpm": 1}
        clock.now += 29.9
        assert client.ask(asked.body()).status == 429
        clock.now += 0.2
        assert client.ask(asked.body()).status == 200
        sandbox.reset()
        assert [client.ask(asked.body()).status for _ in range(3)] == [200, 200, 429]


def test_a_call_of_more_than_a_minutes_tokens_is_not_refused_for_ever(question, connect, clock):
    with Sandbox(tpm=10) as sandbox:
        client = connect(sandbox)
        assert [client.ask(question(0).body()).status for _ in range(2)] == [200, 429]
        clock.now += HOUR
        assert client.ask(question(0).body()).status == 200


def test_a_call_refused_for_its_tokens_counts_as_a_request(question, connect, clock):
    with Sandbox(rpm=2 * 60, tpm=10) as sandbox:
        client = connect(sandbox)
        for _ in range(3):
            client.ask(question(0).body())
        assert sandbox.counters.faults == {"tpm": 1, "rpm": 1}


def test_headers_tell_the_limits_with_good_replies_and_with_429s(question, connect, clock):
    with Sandbox(rpm=120, tpm=6000, rate_headers=True) as sandbox:
        client = connect(sandbox)
        good = client.ask(question(0).body())
        client.ask(question(0).body())
        bad = client.ask(question(0).body())
    assert (good.status, bad.status) == (200, 429)
    for reply, left, reset in ((good, "1", "500ms"), (bad, "0", "1s")):
        told = {name.removeprefix("x-ratelimit-"): value for name, value in reply.headers.items()}
        assert (told["limit-requests"], told["remaining-requests"], told["reset-requests"]) == ("120", left, reset)
    spent = good.json["usage"]["total_tokens"]
    assert good.headers["x-ratelimit-limit-tokens"] == "6000"
    assert good.headers["x-ratelimit-remaining-tokens"] == str(6000 - spent)
    assert good.headers["x-ratelimit-reset-tokens"] == format_duration(spent / 100)


@pytest.mark.parametrize(
    ("settings", "units"),
    [
        ({"rpm": 60}, set()),
        ({"rate_headers": True}, set()),
        ({"rate_headers": True, "at_once": 5}, set()),
        ({"rate_headers": True, "rpm": 60}, {"requests"}),
        ({"rate_headers": True, "tpm": 60}, {"tokens"}),
    ],
)
def test_headers_tell_only_of_limits_that_are_set(question, connect, settings, units):
    with Sandbox(**settings) as sandbox:
        headers = connect(sandbox).ask(question(0).body()).headers
    told = {name for name in headers if "ratelimit" in name}
    assert told == {f"x-ratelimit-{part}-{unit}" for part in ("limit", "remaining", "reset") for unit in units}


@pytest.mark.parametrize("settings", [{"rpm": 1}, {"tpm": 1}, {"at_once": 1, "latency": 0.3}])
@pytest.mark.parametrize("retry_after", [True, False])
def test_a_service_may_leave_the_client_to_guess_how_long(question, connect, settings, retry_after):
    with Sandbox(retry_after=retry_after, **settings) as sandbox:
        replies = ask_all(connect, sandbox, question, 4)
        refused = [reply for reply in replies if reply.status == 429]
        assert refused
        for reply in refused:
            assert {"retry-after", "retry-after-ms"}.isdisjoint(reply.headers) is not retry_after


def test_a_fault_names_its_time_also_where_the_limits_do_not(question, connect):
    with Sandbox(faults=Faults(always="429"), retry_after=False) as sandbox:
        headers = connect(sandbox).ask(question(0).body()).headers
    assert not {"retry-after", "retry-after-ms"}.isdisjoint(headers)


def test_counters_tell_second_by_second_who_was_let_in(question, connect, clock):
    with Sandbox(rpm=60, faults=Faults(script=("ok", "429"))) as sandbox:
        client = connect(sandbox)
        statuses = [client.ask(question(0).body()).status for _ in range(4)]
        assert client.ask(question(0).body(), key="bad-key").status == 401
        assert statuses == [200, 429, 429, 429]
        assert sandbox.counters.by_second == {0: (1, 3)}
        clock.now += 100.5
        client.ask(question(0).body())
        assert sandbox.counters.by_second == {0: (1, 3), 100: (1, 0)}
        assert client.call("GET", "/sandbox/counters").json["by_second"] == {"0": [1, 3], "100": [1, 0]}
        sandbox.reset()
        assert sandbox.counters.by_second == {}
