"""Every SDK over real HTTP: one call each, the body as it is, the key in its header, and what went wrong as facts."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from mmra_api.errors import CallError, InputError
from mmra_api.providers.lookup import resolve
from mmra_api.providers.services import PROVIDERS
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults
from mmra_api.types import Request

R = "openai:openai_responses"
SERVICES = ("openai", R, "anthropic", "google", "groq")
KEY = "sk-secret-0123456789abcdef"
GOOD: dict[str, dict[str, Any]] = {
    "openai": {"choices": [{"message": {"content": "B"}, "finish_reason": "stop"}]},
    R: {"status": "completed", "output": [{"type": "message", "content": [{"type": "output_text", "text": "B"}]}]},
    "groq": {"choices": [{"message": {"content": "B"}, "finish_reason": "stop"}]},
    "anthropic": {"type": "message", "content": [{"type": "text", "text": "B"}], "stop_reason": "end_turn"},
    "google": {"candidates": [{"content": {"parts": [{"text": "B"}]}, "finishReason": "STOP"}]},
}
PATHS = {
    "openai": "/v1/chat/completions",
    R: "/v1/responses",
    "groq": "/v1/chat/completions",
    "anthropic": "/v1/messages",
    "google": "/v1beta/models/m:generateContent",
}
HEADERS = {"google": ("x-goog-api-key", KEY)}
"""The others send it as a bearer token, Anthropic's SDK since 2.0."""
TEXT = "Ü 日本 \u2028 🙂"
HELLO = Request(parts=("Hi",))


@pytest.mark.parametrize("service", SERVICES)
async def test_the_body_goes_out_as_it_is_and_the_reply_comes_back(serve, send, connect, monkeypatch, service):
    monkeypatch.setenv(PROVIDERS[service.partition(":")[0]].key_variables[0], KEY)
    url, calls = serve(200, body=GOOD[service] | {"surprise": "ä"})
    assert (await send(service, url, text=TEXT)).text == "B"
    ((path, content, headers),) = calls
    assert json.loads(content) == connect(service, url).encode(Request(parts=(TEXT,)), str)
    assert path == PATHS[service]
    name, value = HEADERS.get(service, ("authorization", f"Bearer {KEY}"))
    assert headers[name] == value


@pytest.mark.parametrize(
    ("variables", "used"),
    [
        ({"GOOGLE_API_KEY": "one"}, "one"),
        ({"GEMINI_API_KEY": "two"}, "two"),
        ({"GOOGLE_API_KEY": "one", "GEMINI_API_KEY": "two"}, "one"),
        ({"GOOGLE_API_KEY": " ", "GEMINI_API_KEY": "two "}, "two"),
    ],
)
async def test_which_variable_of_google_counts(serve, send, monkeypatch, variables, used):
    """The vendor's SDK reads GOOGLE_API_KEY first as well."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    url, calls = serve(200, body=GOOD["google"])
    await send("google", url)
    assert calls[0][2]["x-goog-api-key"] == used


@pytest.mark.parametrize("service", SERVICES)
async def test_a_lost_connection_is_one_call_that_may_have_been_billed(serve, fail, service):
    """google-genai repeats such a call by itself, over its usual transport."""
    url, calls = serve(0)
    error = await fail(service, url)
    assert (error.kind, error.maybe_billed, len(calls)) == ("connection", True, 1)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_server_that_is_not_there_was_not_billed(fail, service):
    error = await fail(service, "http://127.0.0.1:9/v1")
    assert (error.kind, error.maybe_billed) == ("connection", False)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_redirect_is_not_followed(serve, fail, service):
    url, calls = serve(307, headers={"Location": "/elsewhere"})
    error = await fail(service, url)
    assert (error.kind, error.status, len(calls)) == ("not_found", 307, 1)
    assert "sends calls on to /elsewhere, which is not followed" in str(error)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("content", [b"<html></html>", b"", b'{"broken": '], ids=["page", "bare", "broken"])
async def test_what_is_no_json_comes_from_something_on_the_way_and_may_be_billed(serve, fail, service, content):
    error = await fail(service, serve(200, body=content)[0])
    assert (error.kind, error.status, error.maybe_billed) == ("server", 200, True)
    assert "not JSON but" in str(error)


DEEP = b'{"a": ' * 900 + b"1" + b"}" * 900


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "content", [b'data: {"id": "x"}\n\ndata: [DONE]\n', b": wait\n\nevent: message\ndata: {}\n", b"id: 1\n", DEEP]
)
async def test_a_stream_was_paid_for_and_is_set_aside(serve, connect, monkeypatch, service, content):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1234567890")  # with a key every text is looked through
    provider = connect(service, serve(200, body=content)[0])
    reply = await provider.send(HELLO)
    with pytest.raises(CallError, match=r"streams|no choices|no output|no content|no candidates") as caught:
        provider.decode(reply)
    assert caught.value.kind == "unreadable"


@pytest.mark.parametrize("service", ["openai", "anthropic", "google"])
@pytest.mark.parametrize(
    ("status", "content", "headers"),
    [
        (502, b"<html>caf\xe9</html>", {"Content-Type": "text/html"}),
        (200, b'{"x": 1}', {"Content-Encoding": "gzip"}),
        (200, b"<html>", {"Content-Type": "text/html; charset=zip"}),
        (200, b"<html>", {"Content-Type": "text/html; charset=utf-16"}),
    ],
)
async def test_a_damaged_reply_is_the_trouble_of_one_call(serve, fail, service, status, content, headers):
    error = await fail(service, serve(status, body=content, headers=headers)[0])
    assert isinstance(error, CallError)
    assert error.kind in {"server", "connection"}
    assert error.maybe_billed == (status == 200)


async def test_what_cannot_happen_is_about_one_call_once_others_were_answered(serve, connect, monkeypatch):
    provider = connect("openai", serve(200, body=GOOD["openai"])[0])
    await provider.send(HELLO)

    async def stumble(*_):
        raise RuntimeError("an odd transport")

    monkeypatch.setattr(provider._sdk, "post", stumble)
    with pytest.raises(CallError, match="an odd transport") as caught:
        await provider.send(HELLO)
    assert (caught.value.kind, caught.value.maybe_billed) == ("connection", True)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("content", [b"[1, 2]", b'"B"', b"5", b"{}"])
async def test_json_of_no_known_shape_is_handed_on_to_be_set_aside(serve, connect, service, content):
    provider = connect(service, serve(200, body=content)[0])
    reply = await provider.send(HELLO)
    with pytest.raises(CallError, match="cannot be understood") as caught:
        provider.decode(reply)
    assert caught.value.kind == "unreadable"


@pytest.mark.parametrize("service", ["openai", "anthropic", "google"])
async def test_the_timeout_is_for_the_whole_call_and_the_call_may_have_been_billed(serve, fail, service):
    error = await fail(service, serve(200, body=b"x" * 100, delay=0.05)[0], seconds=0.4)
    assert (error.kind, error.maybe_billed) == ("timeout", True)
    assert "no reply within 0.4 s" in str(error)


LIMITS = {
    "openai": {"x-ratelimit-limit-requests": "50", "x-ratelimit-remaining-requests": "49"},
    "anthropic": {"anthropic-ratelimit-requests-limit": "50", "anthropic-ratelimit-requests-remaining": "49"},
}


@pytest.mark.parametrize("service", LIMITS)
async def test_limits_in_the_headers_of_a_reply_are_read(serve, connect, service):
    headers = LIMITS[service] | {"X-Request-Id": "req_1", "Set-Cookie": "secret"}
    url, _ = serve(200, body=GOOD[service], headers=headers)
    reply = await connect(service, url).send(HELLO)
    (allowance,) = reply.allowances
    assert (allowance.unit, allowance.limit, allowance.remaining) == ("requests", 50.0, 49.0)
    assert reply.headers == {"x-request-id": "req_1"}


async def test_what_the_transport_refuses_is_one_clear_message(fail, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "foo://127.0.0.1:1")
    error = await fail("openai", "http://service.invalid:9/v1")
    assert isinstance(error, InputError)
    assert "check the base URL, the key and the proxy settings" in str(error)


@pytest.mark.parametrize("service", ["openai", "anthropic", "google"])
async def test_a_proxy_is_not_asked_for_this_machine(serve, send, monkeypatch, service):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert (await send(service, serve(200, body=GOOD[service])[0])).text == "B"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (rb'{"choices": [{"message": {"content": "B \ud800"}, "finish_reason": "stop"}]}', "B \ufffd"),
        (b'\xef\xbb\xbf{"choices": [{"message": {"content": "B"}, "logprobs": NaN}]}', "B"),
        (b'{"choices": [{"message": {"content": "B"}, "score": 1e999}]}', "B"),
        (b'{"choices": [{"message": {"content": "B"}}], "n": NaN, "big": 1' + b"0" * 400 + b"}", "B"),
        (b'{"choices": [{"message": {"content": "B"}}], "n": NaN, "big": 99999999999999999999999}', "B"),
        (b'{"choices": [{"message": {"content": "caf\xe9"}}]}', "caf\ufffd"),
        (b'{"choices": [{"message": {"content": "a\x00b"}}]}', "a\x00b"),
        (b'{"choices": [{"message": {"content": "B"}}]}\n{"more": 1}', "B"),
        ('{"choices": [{"message": {"content": "B"}}]}'.encode("utf-16"), "B"),
        (
            b'{"choices": [{"message": {"content": "A list\n: the answer is B\nend"}}]}',
            "A list\n: the answer is B\nend",
        ),
        (b'{"choices": [{"message": {"content": "B"}}], "n": NaN, "big": 1' + b"0" * 9000 + b"}", "B"),
        (b': wait\n\n: wait\n{"choices": [{"message": {"content": "B\n"}}]}', "B\n"),
    ],
)
async def test_a_paid_reply_against_the_standard_is_read_all_the_same(serve, connect, content, text):
    provider = connect("openai", serve(200, body=content)[0])
    reply = await provider.send(HELLO)
    assert provider.decode(reply).text == text
    assert msgspec.json.decode(msgspec.json.encode(reply.body)) == reply.body


async def test_a_call_to_the_sandbox(connect):
    with Sandbox() as sandbox:
        provider = connect("openai", sandbox.base_url)
        reply = await provider.send(HELLO)
        response = provider.decode(reply)
    assert response.simulated
    assert response.request_id
    assert response.usage.input_tokens
    assert sandbox.counters.calls == 1
    assert set(reply.headers) <= {"x-request-id", "x-mmra-simulated"}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("429", "rate_limit"),
        ("500", "server"),
        ("503", "overloaded"),
        ("drop", "connection"),
        ("cut", "connection"),
        ("html", "server"),
        ("notjson", "server"),
        ("slow", "timeout"),
    ],
)
async def test_each_fault_becomes_a_fact(fail, fault, kind):
    with Sandbox(faults=Faults(always=fault, retry_after=0.3, slow=2.0)) as sandbox:
        error = await fail("openai", sandbox.base_url, seconds=0.5)
    assert error.kind == kind
    assert sandbox.counters.calls == 1, "the SDK's own retries are off"
    if fault == "429":
        assert 0.2 <= error.retry_after <= 1.3, "a date names whole seconds"


@pytest.mark.parametrize(
    ("key", "model", "kind", "fix"),
    [
        ("bad-key", "simulated-strong", "authentication", "check OPENAI_API_KEY"),
        ("broke-key", "simulated-strong", "quota", "add credit"),
        ("fine-key", "missing-model", "not_found", "check the model id 'missing-model'"),
    ],
)
async def test_fatal_failures_name_the_fix_and_never_the_key(fail, monkeypatch, key, model, kind, fix):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with Sandbox() as sandbox:
        error = await fail("openai", sandbox.base_url, model=model)
    assert (error.kind, fix in str(error), key in str(error)) == (kind, True, False)


async def test_closing_a_provider_that_was_never_asked_does_nothing():
    await resolve("openai/m").close()
