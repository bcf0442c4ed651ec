"""The codec by table, and the client over real HTTP with the real SDK."""

from __future__ import annotations

import http.server
import json
import os
import threading
import time
from pathlib import Path

import msgspec
import pytest

from mmra_api.errors import CallError, InputError
from mmra_api.images import embed_fingerprint
from mmra_api.providers import resolve
from mmra_api.providers.base import Service, encode_whole
from mmra_api.providers.openai_chat import decode, encode
from mmra_api.sandbox import Faults, Sandbox
from mmra_api.types import Image, Params, Reply, Request, Usage

IMAGES = tuple(
    Image(digest=f"{number}" * 64, media_type=media_type, width=4, height=4, size=9)
    for number, media_type in enumerate(["image/png", "image/jpeg"])
)
OPENAI = Service(base_url="", output_limit="max_completion_tokens")
SCHEMA = Path(__file__).parents[2].parent / "shared" / "specs" / "openai-subset.json"


def make_reply(message: dict | None = None, **changes) -> Reply:
    choice = {"index": 0, "message": {"role": "assistant", "content": "B"} | (message or {}), "finish_reason": "stop"}
    body = {"id": "chatcmpl-1", "object": "chat.completion", "model": "m-2", "choices": [choice]}
    return Reply(body=body | changes)


def test_the_golden_body():
    request = Request(
        parts=("Image 1:", IMAGES[0], "Image 2:", IMAGES[1], "Which?"),
        params=Params(max_tokens=64, temperature=0.0, seed=3),
        trial=2,
    )
    body = encode(
        "m-1",
        request,
        lambda image: f"<{image.digest[:2]}>",
        OPENAI,
    )
    assert body == {
        "model": "m-1",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Image 1:"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,<00>"}},
                    {"type": "text", "text": "Image 2:"},
                    {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,<11>"}},
                    {"type": "text", "text": "Which?"},
                ],
            }
        ],
        "max_completion_tokens": 64,
        "temperature": 0.0,
        "seed": 3,
    }


def test_what_the_user_does_not_ask_for_is_not_sent():
    body = encode("m", Request(parts=("Hi",)), embed_fingerprint, Service(base_url=""))
    assert body.keys() == {"model", "messages"}


def test_the_body_fits_the_published_schema():
    if not SCHEMA.exists():
        pytest.skip("the published schema is not beside this checkout")
    jsonschema = pytest.importorskip("jsonschema")
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    spec = json.loads(SCHEMA.read_text())
    registry = Registry().with_resource("urn:oai", Resource.from_contents(spec, default_specification=DRAFT202012))
    reference = {"$ref": "urn:oai#/components/schemas/CreateChatCompletionRequest"}
    validator = jsonschema.Draft202012Validator(reference, registry=registry)
    request = Request(parts=("a", *IMAGES, "b"), params=Params(max_tokens=9, temperature=1.0, seed=1))
    body = encode("m", request, lambda image: "aGk=", OPENAI)
    validator.validate(body)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(body | {"temperature": 9})


def test_an_image_that_is_dropped_or_moved_is_never_sent():
    provider = resolve("openai/m", base_url="http://127.0.0.1:9/v1")

    class Dropping:
        service = "broken"

        def encode(self, request, embed):
            images = [part for part in request.parts if isinstance(part, Image)]
            return {"images": [embed(image) for image in reversed(images)]}

    request = Request(parts=IMAGES)
    assert encode_whole(provider, request, embed_fingerprint)
    with pytest.raises(AssertionError, match="images"):
        encode_whole(Dropping(), request, embed_fingerprint)


@pytest.mark.parametrize(
    ("message", "changes", "expected"),
    [
        ({}, {}, {"text": "B", "finish": "stop", "model": "m-2", "request_id": "chatcmpl-1"}),
        ({"content": None}, {}, {"text": ""}),
        ({"content": [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]}, {}, {"text": "AB"}),
        ({"content": None, "refusal": "I will not."}, {}, {"finish": "refusal", "refusal": "I will not."}),
        ({"reasoning_content": "hm"}, {}, {"text": "B", "reasoning": "hm"}),
        ({"reasoning": "hm"}, {}, {"text": "B", "reasoning": "hm"}),
        ({"tool_calls": [{}], "content": None}, {}, {"text": ""}),
        ({}, {"usage": None}, {"usage": Usage()}),
        ({}, {"surprise": 1}, {"text": "B"}),
        (
            {},
            {
                "usage": {
                    "prompt_tokens": 10,
                    "completion_tokens": 7,
                    "prompt_tokens_details": {"cached_tokens": 4},
                    "completion_tokens_details": {"reasoning_tokens": 5},
                }
            },
            {"usage": Usage(input_tokens=10, output_tokens=7, cached_tokens=4, reasoning_tokens=5)},
        ),
        (
            {},
            {"usage": {"prompt_tokens": 10, "completion_tokens": 7, "total_tokens": 5017}},
            {"usage": Usage(input_tokens=10, output_tokens=5007)},
        ),
        (
            {},
            {"usage": {"prompt_tokens": 10, "completion_tokens": 7, "total_tokens": 3}},
            {"usage": Usage(input_tokens=10, output_tokens=7)},
        ),
        ({}, {"usage": {"prompt_tokens": -1, "completion_tokens": True, "total_tokens": "9"}}, {"usage": Usage()}),
    ],
)
def test_replies_are_read(message, changes, expected):
    response = decode(make_reply(message, **changes))
    assert {name: getattr(response, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("word", "finish"),
    [("stop", "stop"), ("length", "length"), ("content_filter", "content_filter"), ("novel", "other"), (None, "other")],
)
def test_the_finish_reason_is_normalised_and_the_vendors_word_kept(word, finish):
    reply = make_reply()
    reply.body["choices"][0]["finish_reason"] = word
    response = decode(reply)
    assert (response.finish, response.finish_raw) == (finish, word or "")


@pytest.mark.parametrize(
    "body",
    [
        {"choices": [{"message": {"content": {"a": 1}}}]},
        {},
        {"choices": []},
        {"choices": [{}]},
        {"choices": "x"},
        {"choices": [{"message": 1}]},
    ],
)
def test_a_reply_of_unknown_shape_is_unreadable(body):
    with pytest.raises(CallError) as caught:
        decode(Reply(body=body))
    assert caught.value.kind == "unreadable"


@pytest.fixture
async def provider():
    """Return a function that opens a provider; they are closed at the end."""
    opened = []

    def open_provider(sandbox: Sandbox, model: str = "openai/simulated-strong", timeout: float = 5.0):
        opened.append(resolve(model, base_url=sandbox.base_url, timeout=timeout))
        return opened[-1]

    yield open_provider
    for each in opened:
        await each.close()


BODY = {
    "model": "simulated-strong",
    "messages": [{"role": "user", "content": [{"type": "text", "text": "A. x\nB. y"}]}],
}


async def test_a_call_over_real_http(provider):
    with Sandbox() as sandbox:
        reply = await provider(sandbox).send(BODY)
        response = decode(reply)
    assert response.simulated
    assert response.request_id.startswith("req_") or response.request_id
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
async def test_each_fault_becomes_a_fact(provider, fault, kind):
    faults = Faults(always=fault, retry_after=0.3, slow=2.0)
    with Sandbox(faults=faults) as sandbox, pytest.raises(CallError) as caught:
        await provider(sandbox, timeout=0.5).send(BODY)
    assert caught.value.kind == kind
    assert sandbox.counters.calls == 1, "the SDK's own retries are off"
    if fault == "429":
        assert 0.2 <= caught.value.retry_after <= 1.1


async def test_a_reply_of_unknown_shape_passes_to_the_decoder(provider):
    with Sandbox(faults=Faults(always="shape")) as sandbox:
        reply = await provider(sandbox).send(BODY)
    with pytest.raises(CallError, match="cannot be understood"):
        decode(reply)


@pytest.mark.parametrize(
    ("key", "model", "kind", "fix"),
    [
        ("bad-key", "simulated-strong", "authentication", "check OPENAI_API_KEY"),
        ("broke-key", "simulated-strong", "quota", "add credit"),
        ("fine", "missing-model", "not_found", "check the model id 'missing-model'"),
    ],
)
async def test_fatal_failures_name_the_fix_and_never_the_key(provider, monkeypatch, key, model, kind, fix):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with Sandbox() as sandbox, pytest.raises(CallError, match=fix) as caught:
        await provider(sandbox, f"openai/{model}").send(BODY | {"model": model})
    assert caught.value.kind == kind
    assert key not in str(caught.value) or key == "fine"


async def test_a_missing_key_is_known_before_anything_is_sent():
    provider = resolve("openai/some-model")
    with pytest.raises(CallError, match="export OPENAI_API_KEY") as caught:
        await provider.send(BODY)
    assert caught.value.kind == "authentication"


async def test_nobody_listens(provider):
    with Sandbox() as sandbox:
        closed = provider(sandbox)
    with pytest.raises(CallError) as caught:
        await closed.send(BODY)
    assert caught.value.kind == "connection"


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers every POST with the status and body of its class."""

    status, body, delay = 200, b"{}", 0.0

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        for byte in self.body:
            self.wfile.write(bytes([byte]))
            time.sleep(self.delay)

    def log_message(self, *_):
        pass


@pytest.fixture
def serve():
    """Return a function that serves one reply for ever, and gives the base URL."""
    servers = []

    def start(status: int, body: bytes, delay: float = 0.0) -> str:
        handler = type("Handler", (Answering,), {"status": status, "body": body, "delay": delay})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        server.handle_error = lambda *_: None  # clients that give up are the point
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/v1"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


async def fail(url: str, *, seconds: float = 5.0) -> CallError | InputError:
    provider = resolve("openai/m", base_url=url, timeout=seconds)
    try:
        with pytest.raises((CallError, InputError)) as caught:
            await provider.send(BODY)
    finally:
        await provider.close()
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "billed"),
    [(200, b"<html></html>", True), (504, b"", True), (500, b"", False), (429, b"", False), (400, b"", False)],
)
async def test_a_failure_says_whether_it_may_have_been_billed(serve, status, body, billed):
    error = await fail(serve(status, body))
    assert (error.status, error.maybe_billed) == (status, billed)


async def test_a_call_that_timed_out_may_have_been_billed_and_one_that_never_left_was_not(serve):
    assert (await fail(serve(200, b"x" * 100, delay=0.2), seconds=0.4)).maybe_billed
    assert not (await fail("http://127.0.0.1:9/v1")).maybe_billed


KEY = "sk-secret-0123456789abcdef"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, '{"error": {"message": "Incorrect API key: KEY", "code": "invalid_api_key"}}'),
        (400, '{"error": {"message": "KEY"}}'),
        (500, "<html>" + "x" * 285 + " KEY</html>"),
        (200, '{"error": {"message": "bad key KEY", "code": 401}}'),
        (200, '{"error": "bad key KEY"}'),
        (200, "<html>you sent KEY</html>"),
        (200, "<html>" + "x" * 285 + " KEY</html>"),
    ],
)
async def test_no_message_holds_the_key(serve, monkeypatch, status, body):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    message = str(await fail(serve(status, body.replace("KEY", KEY).encode())))
    assert not any(KEY[start : start + 8] in message for start in range(len(KEY) - 8)), message


@pytest.mark.parametrize("key", ["sk-one\nsk-two", "sk-…", "sk one", "sk-\x00"])
async def test_a_key_that_cannot_be_one_is_refused_without_being_shown(monkeypatch, key):
    monkeypatch.setattr(os, "environ", os.environ | {"OPENAI_API_KEY": key})
    error = await fail("http://127.0.0.1:9/v1")
    assert error.kind == "authentication"
    assert "OPENAI_API_KEY holds" in str(error)
    assert key not in str(error)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"error": {"message": "slow down", "code": 429}}', "rate_limit"),
        (b'{"error": {"message": "no", "code": "rate_limit_exceeded"}}', "rate_limit"),
        (b'{"error": "overloaded"}', "server"),
        (b"", "server"),
    ],
)
async def test_a_failure_with_status_200_is_no_reply(serve, body, kind):
    assert (await fail(serve(200, body))).kind == kind


async def test_the_timeout_is_for_the_whole_call(serve):
    error = await fail(serve(200, b"x" * 100, delay=0.1), seconds=0.5)
    assert error.kind == "timeout"


async def test_what_the_transport_refuses_is_one_clear_message(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "foo://127.0.0.1:1")
    error = await fail("http://service.invalid:9/v1")
    assert isinstance(error, InputError)
    assert "proxy" in str(error)


async def test_a_proxy_is_not_asked_for_this_machine(serve, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    provider = resolve("openai/m", base_url=serve(200, json.dumps(make_reply().body).encode()))
    try:
        assert decode(await provider.send(BODY)).text == "B"
    finally:
        await provider.close()


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
    ],
)
async def test_a_paid_reply_against_the_standard_is_read_all_the_same(serve, content, text):
    provider = resolve("openai/m", base_url=serve(200, content))
    try:
        reply = await provider.send(BODY)
    finally:
        await provider.close()
    assert decode(reply).text == text
    assert msgspec.json.decode(msgspec.json.encode(reply.body)) == reply.body


async def test_json_that_is_no_object_is_handed_on_to_be_set_aside(serve):
    provider = resolve("openai/m", base_url=serve(200, b"[1, 2]"))
    try:
        reply = await provider.send(BODY)
    finally:
        await provider.close()
    with pytest.raises(CallError, match="cannot be understood"):
        decode(reply)


@pytest.mark.parametrize(
    "body",
    [
        {"choices": [{"finish_reason": "error", "error": {"code": 502}, "message": {"content": ""}}]},
        {"choices": [{"finish_reason": "error", "message": {"content": ""}}]},
        {"error": {"message": "upstream", "code": 502}, "choices": []},
    ],
)
async def test_an_upstream_failure_is_no_empty_answer(serve, body):
    assert (await fail(serve(200, json.dumps(body).encode()))).kind == "server"
