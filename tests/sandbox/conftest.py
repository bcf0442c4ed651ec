"""Tiny pictures, questions about them, and a plain HTTP client."""

from __future__ import annotations

import base64
import http.client
import json
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest

from mmra_api.sandbox import Sandbox
from mmra_api.types import Image, Sample


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


def make_question(number: int, *, subtask: str = "Env", kind: str = "choice") -> Question:
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
        return self.json["choices"][0]["message"]["content"]


class Client:
    """One connection that stays open, as a polite client's does."""

    def __init__(self, sandbox: Sandbox) -> None:
        place = urlsplit(sandbox.base_url)
        self.connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)

    def ask(self, body: dict[str, Any] | bytes, key: str = "any", path: str = "/v1/chat/completions") -> Got:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call("POST", path, data, {"Authorization": f"Bearer {key}"})

    def call(self, method: str, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Got:
        self.connection.request(method, path, data, dict(headers or {}))
        reply = self.connection.getresponse()
        head = {name.lower(): value for name, value in reply.getheaders()}
        return Got(status=reply.status, headers=head, body=reply.read())


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
