"""Every SDK over real HTTP to a server that answers as it is told: one call each, and the facts about failures."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable

import pytest

from mmra_api.errors import CallError, InputError
from mmra_api.providers import resolve

SERVICES = ("openai", "anthropic", "google", "groq")
KEY = "sk-secret-0123456789abcdef"
VARIABLES = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GEMINI_API_KEY",
    "groq": "GROQ_API_KEY",
}
GOOD = {
    "openai": {"choices": [{"message": {"content": "B"}, "finish_reason": "stop"}]},
    "groq": {"choices": [{"message": {"content": "B"}, "finish_reason": "stop"}]},
    "anthropic": {"type": "message", "content": [{"type": "text", "text": "B"}], "stop_reason": "end_turn"},
    "google": {"candidates": [{"content": {"parts": [{"text": "B"}]}, "finishReason": "STOP"}]},
}
BODY = {"model": "m", "messages": [], "contents": [], "text": "Ü 日本 \u2028 🙂"}


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers every POST alike; ``status`` 0 closes the connection without an answer."""

    status, body, headers_sent = 200, b"", {}
    calls: list[tuple[str, bytes, dict[str, str]]]
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.calls.append((self.path, content, {name.lower(): value for name, value in self.headers.items()}))
        if not self.status:
            self.close_connection = True
            return
        self.send_response(self.status)
        for name, value in ({"Content-Length": str(len(self.body))} | self.headers_sent).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


@pytest.fixture
def serve():
    """Return a function that serves one answer for ever: the address, and the calls that come."""
    servers = []

    def start(status: int, body: object = b"", headers: dict[str, str] | None = None):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        fields = {"status": status, "body": content, "headers_sent": headers or {}, "calls": []}
        handler = type("Handler", (Answering,), fields)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.handle_error = lambda *_: None
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/v1", handler.calls

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


async def send(service: str, url: str, *, seconds: float = 5.0):
    provider = resolve(f"{service}/m", base_url=url, timeout=seconds)
    try:
        return provider.decode(await provider.send(dict(BODY)))
    finally:
        await provider.close()


async def fail(service: str, url: str, **options) -> CallError | InputError:
    with pytest.raises((CallError, InputError)) as caught:
        await send(service, url, **options)
    return caught.value


@pytest.mark.parametrize("service", SERVICES)
async def test_the_body_goes_out_as_it_is_and_the_reply_comes_back(serve, monkeypatch, service):
    monkeypatch.setenv(VARIABLES[service], KEY)
    url, calls = serve(200, GOOD[service] | {"surprise": "ä"})
    assert (await send(service, url)).text == "B"
    ((path, content, headers),) = calls
    assert json.loads(content) == BODY
    assert path == resolve(f"{service}/m", base_url=url).path.replace("/chat", "/v1/chat")
    assert any(KEY in value for value in headers.values()), "the SDK sends the key in its own header"


def google_error(status: int, word: str, message: str = "no", *details: dict) -> dict:
    return {"error": {"code": status, "status": word, "message": message, "details": list(details)}}


def anthropic_error(kind: str, message: str = "no") -> dict:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


@pytest.mark.parametrize(
    ("service", "status", "body", "kind"),
    [
        ("anthropic", 400, anthropic_error("invalid_request_error"), "bad_request"),
        ("anthropic", 400, anthropic_error("invalid_request_error", "Your credit balance is too low"), "quota"),
        ("anthropic", 401, anthropic_error("authentication_error"), "authentication"),
        ("anthropic", 403, anthropic_error("permission_error"), "permission"),
        ("anthropic", 404, anthropic_error("not_found_error"), "not_found"),
        ("anthropic", 413, anthropic_error("request_too_large"), "too_large"),
        ("anthropic", 429, anthropic_error("rate_limit_error"), "rate_limit"),
        ("anthropic", 500, anthropic_error("api_error"), "server"),
        ("anthropic", 529, anthropic_error("overloaded_error"), "overloaded"),
        ("anthropic", 502, b"<html>bad gateway</html>", "server"),
        ("anthropic", 200, b"<html>a page</html>", "server"),
        ("anthropic", 200, anthropic_error("overloaded_error"), "overloaded"),
        ("google", 400, google_error(400, "INVALID_ARGUMENT"), "bad_request"),
        ("google", 400, google_error(400, "INVALID_ARGUMENT", "API key not valid."), "authentication"),
        ("google", 401, google_error(401, "UNAUTHENTICATED"), "authentication"),
        ("google", 403, google_error(403, "PERMISSION_DENIED"), "permission"),
        ("google", 404, google_error(404, "NOT_FOUND"), "not_found"),
        ("google", 429, google_error(429, "RESOURCE_EXHAUSTED"), "rate_limit"),
        ("google", 500, google_error(500, "INTERNAL"), "server"),
        ("google", 503, google_error(503, "UNAVAILABLE"), "overloaded"),
        ("google", 504, google_error(504, "DEADLINE_EXCEEDED"), "timeout"),
        ("google", 502, b"<html>bad gateway</html>", "server"),
        ("google", 200, b"<html>a page</html>", "server"),
    ],
)
async def test_what_a_service_answers_becomes_a_fact(serve, service, status, body, kind):
    url, calls = serve(status, body)
    error = await fail(service, url)
    assert isinstance(error, CallError), error
    assert (error.kind, error.status, len(calls)) == (kind, status, 1)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_lost_connection_is_one_call_that_may_have_been_billed(serve, service):
    """google-genai repeats such a call by itself, over its usual transport."""
    url, calls = serve(0)
    error = await fail(service, url)
    assert (error.kind, error.maybe_billed, len(calls)) == ("connection", True, 1)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_server_that_is_not_there_was_not_billed(service):
    error = await fail(service, "http://127.0.0.1:9/v1")
    assert (error.kind, error.maybe_billed) == ("connection", False)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_redirect_is_not_followed(serve, service):
    url, calls = serve(307, b"", {"Location": "/elsewhere"})
    error = await fail(service, url)
    assert (error.status, len(calls)) == (307, 1)


@pytest.mark.parametrize(
    ("service", "headers", "body", "seconds"),
    [
        ("anthropic", {"retry-after": "7"}, anthropic_error("rate_limit_error"), 7.0),
        ("openai", {"retry-after-ms": "250"}, {"error": {"message": "slow down"}}, 0.25),
        ("google", {"retry-after": "7"}, google_error(429, "RESOURCE_EXHAUSTED"), 7.0),
        (
            "google",
            {},
            google_error(
                429,
                "RESOURCE_EXHAUSTED",
                "no",
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"},
            ),
            34.0,
        ),
        ("google", {}, google_error(429, "RESOURCE_EXHAUSTED"), None),
    ],
)
async def test_how_long_a_service_asks_to_wait(serve, service, headers, body, seconds):
    url, _ = serve(429, body, headers)
    assert (await fail(service, url)).retry_after == seconds


async def test_limits_of_anthropic_are_read(serve):
    headers = {"anthropic-ratelimit-requests-limit": "50", "anthropic-ratelimit-requests-remaining": "49"}
    url, _ = serve(200, GOOD["anthropic"], headers)
    provider = resolve("anthropic/m", base_url=url)
    reply = await provider.send(dict(BODY))
    await provider.close()
    assert [(each.unit, each.limit) for each in reply.allowances] == [("requests", 50.0)]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_no_message_holds_the_key(serve, monkeypatch, service, status):
    monkeypatch.setenv(VARIABLES[service], KEY)
    url, _ = serve(status, {"error": {"message": f"you sent {KEY}", "code": status, "status": "X", "type": "error"}})
    message = str(await fail(service, url)) if status != 200 else ""
    assert KEY not in message


@pytest.mark.parametrize("service", SERVICES)
async def test_without_a_key_nothing_is_sent(monkeypatch, service):
    for name in (*VARIABLES.values(), "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    provider = resolve(f"{service}/m")
    with pytest.raises(CallError, match=f"export {VARIABLES[service]}=") as caught:
        await provider.send(dict(BODY))
    assert caught.value.kind == "authentication"


async def test_either_variable_of_google_will_do(serve, monkeypatch):
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    url, calls = serve(200, GOOD["google"])
    await send("google", url)
    assert calls[0][2]["x-goog-api-key"] == KEY


def test_every_service_has_an_address_and_a_format():
    from mmra_api.providers import PROVIDERS
    from mmra_api.providers.remote import SDKS, WIRES

    check: Callable[[str], object] = lambda name: resolve(f"{name}/m")  # noqa: E731 - one line for one check
    assert all(check(name) for name in PROVIDERS)
    assert WIRES.keys() == SDKS.keys()
