"""The API key goes to the service and nowhere else: no message, no stored reply, no matter what a service echoes."""

from __future__ import annotations

import base64
import json
import os
from urllib.parse import quote

import msgspec
import pytest

from mmra_api.providers.lookup import find_service
from mmra_api.types import Request, Usage

KEY = "sk-secret-0123456789abcdef"
ODD = "sk/secret+0123456789=abcdef"
"""A key that other places spell in other letters."""
LETTERS = "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"
"""A key of Hugging Face's form, without a digit."""
SERVICES = ("openai", "openai:openai_responses", "anthropic", "google")


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ECHOES = [
    (401, '{"error": {"message": "Incorrect key: KEY", "code": "invalid_api_key", "type": "KEY", "status": "KEY"}}'),
    (400, '{"error": {"message": "KEY"}}'),
    (400, '{"error": "you sent KEY"}'),
    (400, '{"code": "KEY", "error": "you sent KEY"}'),
    (400, '{"detail": [{"loc": ["body", "x"], "input": "KEY"}]}'),
    (400, '[{"error": {"message": "KEY"}}]'),
    (404, '{"type": "error", "error": {"type": "not_found_error", "message": "KEY"}}'),
    (429, '{"error": {"message": "KEY", "details": [{"@type": "x", "violations": [{"quotaId": "KEY"}]}]}}'),
    (500, "<html>KEY</html>"),
    (500, "<html>" + "x" * 285 + " KEY</html>"),
    (200, '{"type": "error", "error": {"message": "bad key KEY", "code": 401}}'),
    (200, '{"error": "bad key KEY", "type": "error"}'),
    (200, "<html>you sent KEY</html>"),
    (200, "<html>" + "x" * 285 + " KEY</html>"),
    (200, '{"broken": "KEY"'),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _keys(monkeypatch):
    for service in SERVICES:
        variables = resolve_variables(service)
        monkeypatch.setenv(variables[0], KEY)


def resolve_variables(service: str) -> tuple[str, ...]:
    return find_service(service.partition(":")[0] + "/m").key_variables


def shows_key(text: str) -> bool:
    """Return whether a third of the key stands in a text."""
    return any(KEY[start : start + 8] in text for start in range(len(KEY) - 8))


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("status", "body"), ECHOES)
async def test_no_message_holds_the_key(serve, fail, service, status, body):
    url, calls = serve(status, body=body.replace("KEY", KEY).encode())
    error = await fail(service, url)
    assert any(KEY in value for value in calls[0][2].values()), "the key was really sent"
    assert "[key]" in str(error) or "x" * 280 in str(error) or "broken" in str(error)
    assert not shows_key(str(error)), error


REPLIES = {
    "openai": {"id": KEY, "model": KEY, "choices": [{"message": {"content": f"B {KEY}"}, "finish_reason": "stop"}]},
    "openai:openai_responses": {
        "id": KEY,
        "status": "completed",
        "output": [{"type": "message", "id": KEY, "content": [{"type": "output_text", "text": f"B {KEY}"}]}],
    },
    "anthropic": {"id": KEY, "content": [{"type": "text", "text": f"B {KEY}"}], "stop_reason": "end_turn"},
    "google": {
        "responseId": KEY,
        "candidates": [{"content": {"parts": [{"text": f"B {KEY}"}]}, "finishReason": "STOP"}],
        KEY: KEY,
    },
}


@pytest.mark.parametrize("service", REPLIES)
async def test_no_stored_reply_holds_the_key(serve, connect, service):
    url, calls = serve(200, body=REPLIES[service])
    provider = connect(service, url)
    reply = await provider.send(Request(parts=("Hi",)))
    assert any(KEY in value for value in calls[0][2].values()), "the key was really sent"
    assert not shows_key(msgspec.json.encode(reply).decode())
    assert provider.decode(reply).text == "B [key]"
    assert provider.decode(reply).request_id == "[key]"


@pytest.mark.parametrize("service", REPLIES)
async def test_no_stored_header_holds_the_key(serve, connect, service):
    url, _ = serve(200, body=REPLIES[service], headers={"x-request-id": KEY, "request-id": KEY, "x-other": KEY})
    provider = connect(service, url)
    reply = await provider.send(Request(parts=("Hi",)))
    assert not shows_key(msgspec.json.encode(reply).decode())


@pytest.mark.parametrize(
    "form", [quote(ODD, safe=""), quote(ODD), b64(ODD), b64(f":{ODD}"), f"Bearer {ODD}", ODD.replace("/", "\\/")]
)
async def test_the_key_is_known_in_other_letters(serve, connect, fail, monkeypatch, form):
    monkeypatch.setenv("OPENAI_API_KEY", ODD)
    body = json.dumps({"choices": [{"message": {"content": f"B {form}"}}]})
    reply = await connect("openai", serve(200, body=body.encode())[0]).send(Request(parts=("Hi",)))
    kept = msgspec.json.encode(reply).decode()
    assert "[key]" in kept
    assert form.removeprefix("Bearer ").rstrip("=") not in kept
    said = str(await fail("openai", serve(400, body={"error": {"message": f"you sent {form}"}})[0]))
    assert "[key]" in said
    assert form.removeprefix("Bearer ").rstrip("=") not in said


async def test_a_key_of_letters_alone_is_one_too(serve, connect, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", LETTERS)
    body = {"choices": [{"message": {"content": f"B ({LETTERS})"}}]}
    reply = await connect("huggingface", serve(200, body=body, headers={"x-request-id": LETTERS})[0]).send(
        Request(parts=("Hi",))
    )
    assert LETTERS not in msgspec.json.encode(reply).decode()


@pytest.mark.parametrize("key", ["token", "stop", "content"])
async def test_the_short_key_of_a_server_of_ones_own_leaves_the_reply_whole(serve, connect, monkeypatch, key):
    monkeypatch.setenv("VLLM_API_KEY", key)
    body = {"choices": [{"index": 0, "message": {"content": "B"}, "finish_reason": "stop"}]}
    url, _ = serve(200, body=body | {"usage": {"prompt_tokens": 10, "completion_tokens": 7}})
    provider = connect("vllm", url)
    response = provider.decode(await provider.send(Request(parts=("Hi",))))
    assert (response.text, response.finish_raw) == ("B", "stop")
    assert response.usage == Usage(input_tokens=10, output_tokens=7)


@pytest.mark.parametrize("key", ["sk-one\nsk-two", "sk-…", "sk one", "sk-\x00"])
async def test_a_key_that_cannot_be_one_is_refused_without_being_shown(fail, monkeypatch, key):
    monkeypatch.setattr(os, "environ", os.environ | {"OPENAI_API_KEY": key})
    error = await fail("openai", "http://127.0.0.1:9/v1")
    assert error.kind == "authentication"
    assert "OPENAI_API_KEY holds" in str(error)
    assert key not in str(error)


async def test_the_key_is_in_no_body(serve, send):
    url, calls = serve(200, body=REPLIES["openai"])
    await send("openai", url)
    path, content, _ = calls[0]
    assert KEY not in path
    assert KEY not in json.dumps(json.loads(content))
