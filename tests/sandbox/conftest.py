"""Tiny pictures, questions about them, and a plain HTTP client."""

from __future__ import annotations

import base64
import http.client
import json
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest

from mmra_api.sandbox import Sandbox
from mmra_api.types import Image, Kind, Sample


def draw_png(number: int, width: int = 4, height: int = 3) -> bytes:
    """A plain picture whose colour is the number."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = (b"\0" + number.to_bytes(3) * width) * height
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@dataclass(frozen=True, kw_only=True)
class Question:
    """A sample with its pictures, and the bodies that ask about it."""

    sample: Sample
    pictures: tuple[bytes, ...]

    def prompt(self, options: Mapping[str, str] | None = None, form: str = "{letter}. {text}", end: str = "") -> str:
        shown = self.sample.options if options is None else options
        lines = [form.format(letter=letter, text=text) for letter, text in shown.items()]
        return "\n".join([self.sample.question, "", *lines, "", end or "Reply with the answer alone."])

    def body(
        self, model: str = "simulated-strong", *, prompt: str | None = None, blind: bool = False, **params: Any
    ) -> dict[str, Any]:
        pictures = () if blind else self.pictures
        urls = [f"data:image/png;base64,{base64.b64encode(picture).decode()}" for picture in pictures]
        images = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
        text = {"type": "text", "text": self.prompt() if prompt is None else prompt}
        return {"model": model, "messages": [{"role": "user", "content": [*images, text]}], **params}


def make_question(number: int, *, subtask: str = "Env", kind: Kind = "choice") -> Question:
    pictures = (draw_png(2 * number), draw_png(2 * number + 1))
    images = tuple(
        Image(digest=sha256(data).hexdigest(), media_type="image/png", width=4, height=3, size=len(data))
        for data in pictures
    )
    things = {"A": f"red cups {number}", "B": f"green chairs {number}", "C": f"blue lamps {number}"}
    options = things if kind == "choice" else {}
    gold = {"choice": "ABC"[number % 3], "yesno": ("Yes", "No")[number % 2], "open": f"kite {number}"}[kind]
    question = f"What is there in   both pictures of pair {number},\nif one looks closely?"
    sample = Sample(
        id=str(number),
        subtask=subtask,
        level=None,
        kind=kind,
        question=question,
        options=options,
        gold=gold,
        images=images,
    )
    return Question(sample=sample, pictures=pictures)


@dataclass(frozen=True, kw_only=True)
class Format:
    """How a test speaks a wire format, apart from what the sandbox knows of it."""

    name: str
    path: str
    """With ``{model}`` where the format has it."""
    key: str
    """The header with the key, and what stands before the key."""
    put: Callable[[str, Sequence[bytes], str, int], dict[str, Any]]
    """The body of a model, pictures, a text and a limit of output tokens."""
    get: Callable[[Any], tuple[str, str, str]]
    """The text, the reasoning and the finish reason in a reply's body."""
    count: Callable[[Any], tuple[int, int]]
    """The input and output tokens in a reply's body."""

    def ask(self, client: Client, question: Question, model: str = "simulated-strong", **how: Any) -> Got:
        pictures = () if how.get("blind") else question.pictures
        data = json.dumps(self.put(model, pictures, how.get("prompt") or question.prompt(), how.get("limit", 4096)))
        return self.send(client, data.encode(), model, how.get("key", "any"))

    def send(self, client: Client, data: bytes, model: str = "m", key: str = "any") -> Got:
        name, _, lead = self.key.partition(": ")
        headers = {name: lead + key, "anthropic-version": "2023-06-01"} if key else {"anthropic-version": "2023-06-01"}
        return client.call("POST", self.path.format(model=model), data, headers)


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def put_chat(model: str, pictures: Sequence[bytes], text: str, limit: int) -> dict[str, Any]:
    urls = [f"data:image/png;base64,{encode(data)}" for data in pictures]
    images = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    content = [*images, {"type": "text", "text": text}]
    return {"model": model, "messages": [{"role": "user", "content": content}], "max_completion_tokens": limit}


def put_responses(model: str, pictures: Sequence[bytes], text: str, limit: int) -> dict[str, Any]:
    urls = [f"data:image/png;base64,{encode(data)}" for data in pictures]
    images = [{"type": "input_image", "image_url": url, "detail": "auto"} for url in urls]
    content = [*images, {"type": "input_text", "text": text}]
    return {"model": model, "input": [{"role": "user", "content": content}], "max_output_tokens": limit}


def put_messages(model: str, pictures: Sequence[bytes], text: str, limit: int) -> dict[str, Any]:
    sources = [{"type": "base64", "media_type": "image/png", "data": encode(data)} for data in pictures]
    content = [*({"type": "image", "source": source} for source in sources), {"type": "text", "text": text}]
    return {"model": model, "messages": [{"role": "user", "content": content}], "max_tokens": limit}


def put_gemini(model: str, pictures: Sequence[bytes], text: str, limit: int) -> dict[str, Any]:
    images = [{"inlineData": {"mimeType": "image/png", "data": encode(data)}} for data in pictures]
    content = {"role": "user", "parts": [*images, {"text": text}]}
    return {"contents": [content], "generationConfig": {"maxOutputTokens": limit}}


def get_chat(body: Any) -> tuple[str, str, str]:
    message = body["choices"][0]["message"]
    return message["content"] or "", message.get("reasoning_content", ""), body["choices"][0]["finish_reason"]


def get_responses(body: Any) -> tuple[str, str, str]:
    items = {item["type"]: item for item in body["output"]}
    texts = [part.get("text", "") for part in items.get("message", {"content": []})["content"]]
    thoughts = [part["text"] for part in items.get("reasoning", {"summary": []})["summary"]]
    return "".join(texts), "".join(thoughts), (body["incomplete_details"] or {"reason": body["status"]})["reason"]


def get_messages(body: Any) -> tuple[str, str, str]:
    found = {block["type"]: block[block["type"]] for block in body["content"]}
    return found.get("text", ""), found.get("thinking", ""), body["stop_reason"]


def get_gemini(body: Any) -> tuple[str, str, str]:
    if "candidates" not in body:
        return "", "", body["promptFeedback"]["blockReason"]
    candidate = body["candidates"][0]
    found = {part.get("thought", False): part["text"] for part in candidate.get("content", {}).get("parts", ())}
    return found.get(False, ""), found.get(True, ""), candidate["finishReason"]


def count_messages(body: Any) -> tuple[int, int]:
    usage = body["usage"]
    cached = usage["cache_read_input_tokens"] + usage["cache_creation_input_tokens"]
    return usage["input_tokens"] + cached, usage["output_tokens"]


def count_gemini(body: Any) -> tuple[int, int]:
    usage = body["usageMetadata"]
    assert usage["totalTokenCount"] == sum(
        usage.get(f"{name}TokenCount", 0) for name in ("prompt", "candidates", "thoughts")
    )
    return usage["promptTokenCount"], usage["totalTokenCount"] - usage["promptTokenCount"]


FORMATS = {
    wire.name: wire
    for wire in (
        Format(
            name="openai_chat",
            path="/v1/chat/completions",
            key="Authorization: Bearer ",
            put=put_chat,
            get=get_chat,
            count=lambda body: (body["usage"]["prompt_tokens"], body["usage"]["completion_tokens"]),
        ),
        Format(
            name="openai_responses",
            path="/v1/responses",
            key="Authorization: Bearer ",
            put=put_responses,
            get=get_responses,
            count=lambda body: (body["usage"]["input_tokens"], body["usage"]["output_tokens"]),
        ),
        Format(
            name="anthropic",
            path="/v1/messages",
            key="x-api-key: ",
            put=put_messages,
            get=get_messages,
            count=count_messages,
        ),
        Format(
            name="gemini",
            path="/v1beta/models/{model}:generateContent",
            key="x-goog-api-key: ",
            put=put_gemini,
            get=get_gemini,
            count=count_gemini,
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str | None:
        """What the model said."""
        said: str | None = self.json["choices"][0]["message"]["content"]
        return said


class Client:
    """One connection that stays open, as a polite client's does."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(sandbox.base_url).netloc, timeout=30)

    def ask(self, body: dict[str, Any] | bytes, key: str = "any", path: str = "/v1/chat/completions") -> Got:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call("POST", path, data, {"Authorization": f"Bearer {key}"})

    def call(self, method: str, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Got:
        self.connection.request(method, path, data, dict(headers or {}))
        reply = self.connection.getresponse()
        head = {name.lower(): value for name, value in reply.getheaders()}
        return Got(status=reply.status, headers=head, body=reply.read())


@pytest.fixture
def formats() -> Mapping[str, Format]:
    return FORMATS


@pytest.fixture(params=FORMATS)
def spoken(request: pytest.FixtureRequest) -> Format:
    """Each wire format in turn."""
    return FORMATS[request.param]


@pytest.fixture
def question() -> Callable[..., Question]:
    return make_question


@pytest.fixture
def png() -> Callable[..., bytes]:
    return draw_png


@pytest.fixture
def connect() -> Iterator[Callable[[Sandbox], Client]]:
    clients: list[Client] = []

    def open_client(sandbox: Sandbox) -> Client:
        clients.append(Client(sandbox))
        return clients[-1]

    yield open_client
    for client in clients:
        client.connection.close()
