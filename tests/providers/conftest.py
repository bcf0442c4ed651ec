"""A server that answers as it is told, one call through a real SDK, and images without a file."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest

from mmra_api.errors import CallError, InputError, MmraError
from mmra_api.providers.lookup import resolve
from mmra_api.providers.provider import Provider
from mmra_api.providers.services import PROVIDERS
from mmra_api.types import Fit, Image, Params, Request, Response
from tests.providers import schemas

SPEAKERS = {"openai_chat": "vllm", "openai_responses": "openai", "anthropic": "anthropic", "gemini": "google"}
"""A service for each wire format; vLLM's is the chat format with nothing renamed."""


@pytest.fixture(autouse=True)
def _own_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's addresses out of the tests."""
    for service in PROVIDERS.values():
        if service.address_variable:
            monkeypatch.delenv(service.address_variable, raising=False)


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers the POSTs with ``statuses`` in turn, the last for ever; 0 closes the connection without an answer.

    ``delay`` is between bytes, in seconds.
    """

    statuses: tuple[int, ...]
    body: bytes
    headers_sent: dict[str, str]
    delay: float
    calls: list[tuple[str, bytes, dict[str, str]]]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.calls.append((self.path, content, {name.lower(): value for name, value in self.headers.items()}))
        status = self.statuses[min(len(self.calls), len(self.statuses)) - 1]
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(self.body))} | self.headers_sent).items():
            self.send_header(name, value)
        self.end_headers()
        for chunk in [self.body[at : at + 1] for at in range(len(self.body))] if self.delay else [self.body]:
            self.wfile.write(chunk)
            time.sleep(self.delay)

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing: clients that give up are the point."""


Serve = Callable[..., tuple[str, list[tuple[str, bytes, dict[str, str]]]]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that serves one answer, with one status or several in turn: the address, and the calls."""
    servers = []

    def start(
        *statuses: int, body: object = b"", headers: dict[str, str] | None = None, delay: float = 0.0
    ) -> tuple[str, list[tuple[str, bytes, dict[str, str]]]]:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        calls: list[tuple[str, bytes, dict[str, str]]] = []
        fields = {"statuses": statuses, "body": content, "headers_sent": headers or {}, "calls": calls, "delay": delay}
        server = Server(("127.0.0.1", 0), type("Handler", (Answering,), fields))
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/v1", calls

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


Connect = Callable[..., Provider]
Send = Callable[..., Awaitable[Response]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Return a function that opens a model at a service; after a colon the service speaks another wire format.

    They are closed at the end, whatever happens.
    """
    opened: list[Provider] = []

    def make(service: str, url: str, *, model: str = "m", seconds: float = 5.0) -> Provider:
        name, _, wire = service.partition(":")
        opened.append(resolve(f"{name}/{model}", base_url=url, timeout=seconds, wire=wire or None))
        return opened[-1]

    yield make
    for provider in opened:
        await provider.close()


@pytest.fixture
def send(connect: Connect) -> Send:
    """Return a function that makes one call and reads the reply."""

    async def make_call(
        service: str, url: str, params: Params | None = None, *, text: str = "Hi", **options: Any
    ) -> Response:
        provider = connect(service, url, **options)
        asked = Request(parts=(text,), params=params or Params())
        return provider.decode(await provider.send(asked))

    return make_call


@pytest.fixture
def fail(send: Send) -> Callable[..., Awaitable[MmraError]]:
    """Return a function that makes one call, which must fail, and gives the failure."""

    async def make_call(*arguments: Any, **options: Any) -> MmraError:
        with pytest.raises((CallError, InputError)) as caught:
            await send(*arguments, **options)
        return caught.value

    return make_call


@pytest.fixture
def image() -> Callable[..., Image]:
    def make(number: int = 0, media_type: str = "image/png", fit: Fit | None = None) -> Image:
        return Image(digest=f"{number:064x}", media_type=media_type, width=800, height=600, size=9, fit=fit)

    return make


@pytest.fixture
def encode() -> Callable[..., dict[str, Any]]:
    """Return a function that encodes for a wire format; an image's text is ``pic`` and its number's last digit."""

    def make(wire: str, *parts: str | Image, **params: Any) -> dict[str, Any]:
        request = Request(parts=parts or ("Hi",), params=Params(**params))
        return resolve(f"{SPEAKERS[wire]}/m-1").encode(request, lambda image: f"pic{image.digest[-1]}")

    return make


@pytest.fixture(scope="session")
def check_body() -> Callable[[str, dict[str, Any]], None]:
    return schemas.check_body
