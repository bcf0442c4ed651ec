"""The sandbox as a server: its life, its routes, its counters."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from mmra_api.errors import InputError
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.counters import Counters
from mmra_api.sandbox.faults import Faults


def port_of(sandbox):
    return urlsplit(sandbox.base_url).port


def wait_until(happened):
    for _ in range(4000):
        if happened():
            return
        time.sleep(0.005)
    pytest.fail("it never happened")


def test_closing_ends_every_thread_and_connection(question, connect):
    before = set(threading.enumerate())
    with Sandbox([question(0).sample]) as sandbox:
        idle = socket.create_connection(("127.0.0.1", port_of(sandbox)))
        clients = [connect(sandbox) for _ in range(5)]
        assert [client.ask(question(0).body()).status for client in clients] == [200] * 5
        port = port_of(sandbox)
    assert set(threading.enumerate()) == before
    assert idle.recv(1) == b""
    idle.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_closing_does_not_wait_for_slow_replies(question):
    with Sandbox(latency=3600) as sandbox:
        connection = http.client.HTTPConnection("127.0.0.1", port_of(sandbox))
        connection.request(
            "POST", "/v1/chat/completions", json.dumps(question(0).body()), {"Authorization": "Bearer k"}
        )
        wait_until(lambda: sandbox.counters.calls)
    with pytest.raises(ConnectionError):
        connection.getresponse()
    connection.close()
    assert sandbox.counters.paid == 0


def test_a_sandbox_can_serve_again_but_not_twice_at_once():
    sandbox = Sandbox()
    with sandbox, pytest.raises(InputError, match="serving already"), sandbox:
        pass
    with sandbox:
        assert sandbox.base_url.startswith("http://127.0.0.1:")
    with pytest.raises(InputError, match="with"):
        _ = sandbox.base_url


def test_a_taken_port_is_named():
    with Sandbox() as first, pytest.raises(InputError, match=rf"127\.0\.0\.1:{port_of(first)}.*another port"):
        Sandbox(port=port_of(first)).__enter__()


@pytest.mark.parametrize(
    "wrong", [{"port": 65536}, {"port": -1}, {"latency": -0.1}, {"rpm": 0}, {"tpm": 0}, {"at_once": 0}]
)
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        Sandbox(**wrong)


def test_every_reply_is_marked_and_one_connection_serves_them_all(question, connect):
    with Sandbox() as sandbox:
        client = connect(sandbox)
        replies = [
            client.ask(question(0).body()),
            client.ask(question(1).body(), key="bad-key"),
            client.ask(b"{"),
            client.call("GET", "/v1/models"),
            client.call("GET", "/sandbox/counters"),
            client.call("GET", "/v1/chat/completions"),
            client.call("PUT", "/v1/chat/completions"),
        ]
    assert [reply.status for reply in replies] == [200, 401, 400, 200, 200, 404, 501]
    assert {reply.headers["x-mmra-simulated"] for reply in replies} == {"1"}
    assert len({reply.headers["x-request-id"] for reply in replies}) == len(replies)
    assert [reply.headers.get("connection") for reply in replies] == [None] * 5 + ["close"] * 2


def test_an_unknown_path_names_the_known_ones(connect):
    with Sandbox() as sandbox:
        for got in (connect(sandbox).call("GET", "/v2"), connect(sandbox).ask({}, path="/v1/nothing")):
            assert got.status == 404
            assert "POST /v1/chat/completions" in got.json["error"]["message"]


@pytest.mark.parametrize(
    "headers", [{"Content-Length": str(65 << 20)}, {"Content-Length": "many"}, {"Transfer-Encoding": "chunked"}]
)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/sandbox/reset"])
def test_a_body_without_a_usable_length_is_refused_unread(headers, path):
    with Sandbox() as sandbox:
        connection = http.client.HTTPConnection("127.0.0.1", port_of(sandbox), timeout=30)
        connection.putrequest("POST", path)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        reply = connection.getresponse()
        assert reply.status == 413
        assert "Content-Length" in json.loads(reply.read())["error"]["message"]
        connection.close()


def test_a_client_that_hangs_up_amid_its_body_harms_nobody(question, connect, capfd):
    with Sandbox() as sandbox:
        rude = socket.create_connection(("127.0.0.1", port_of(sandbox)))
        rude.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")
        rude.close()
        assert connect(sandbox).ask(question(0).body()).status == 200
    assert capfd.readouterr().err == ""


def test_counters_tell_what_was_paid(question, connect):
    with Sandbox([question(0).sample]) as sandbox:
        client = connect(sandbox)
        first = client.ask(question(0).body())
        client.ask(question(0).body())
        client.ask(question(1).body(blind=True))
        client.ask(question(2).body(), key="bad-key")
        counters = sandbox.counters
        assert client.call("GET", "/sandbox/counters").json["paid"] == 3
        usage = first.json["usage"]
        assert (counters.calls, counters.paid, counters.unique_bodies, counters.images) == (4, 3, 2, 4)
        assert counters.rejections == {"authentication": 1}
        assert sum(counters.replies.values()) == 3
        assert counters.peak_concurrency == 1
        assert counters.input_tokens > 2 * usage["prompt_tokens"]
        assert counters.output_tokens >= 2 * usage["completion_tokens"]
        client.ask({}, path="/sandbox/reset")
        assert sandbox.counters == Counters()
        client.ask(question(0).body())
        sandbox.reset()
        assert sandbox.counters == Counters()


def test_peak_concurrency_is_what_the_clients_do_together(question, connect):
    with Sandbox(latency=0.05) as sandbox, ThreadPoolExecutor(6) as pool:
        clients = [connect(sandbox) for _ in range(6)]
        for _ in range(3):
            list(pool.map(lambda pair: pair[1].ask(question(pair[0]).body()), enumerate(clients)))
        assert 2 <= sandbox.counters.peak_concurrency <= 6


def test_a_reply_for_which_nobody_waits_is_not_paid(question):
    with Sandbox(faults=Faults(always="slow", slow=0.3)) as sandbox:
        connection = http.client.HTTPConnection("127.0.0.1", port_of(sandbox), timeout=0.05)
        connection.request(
            "POST", "/v1/chat/completions", json.dumps(question(0).body()), {"Authorization": "Bearer k"}
        )
        with pytest.raises(TimeoutError):
            connection.getresponse()
        connection.close()
        wait_until(lambda: sandbox.counters.abandoned)
    assert (sandbox.counters.paid, sandbox.counters.faults) == (0, {"slow": 1})


def test_the_rate_limit_is_enforced_by_the_second_and_says_how_long_to_wait(question, connect):
    with Sandbox(rpm=60) as sandbox:
        client = connect(sandbox)
        replies = [client.ask(question(number).body()) for number in range(6)]
        assert [reply.status for reply in replies[:2]] == [200, 200]
        refused = replies[-1]
        assert refused.status == 429
        assert refused.json["error"]["code"] == "rate_limit_exceeded"
        assert 0 < int(refused.headers["retry-after-ms"]) <= 1000
        assert sandbox.counters.faults["rpm"] == sum(reply.status == 429 for reply in replies)
        sandbox.reset()
        assert client.ask(question(7).body()).status == 200
