"""What every wire format reads to and renders from: a call becomes an Ask, what the model Said becomes a body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

from mmra_api.types import FailureKind, FinishReason, Image, Part, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A POST as it arrived. Header names are lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a simulated model is asked: text and images in the order in which they were sent."""

    model: str
    parts: tuple[Part, ...]
    input_tokens: int
    """Counted by the wire format, whose vendor prices images in its own way."""
    max_tokens: int | None = None
    """Output tokens, reasoning included; None is no limit."""

    @property
    def prompt(self) -> str:
        return "\n".join(part for part in self.parts if isinstance(part, str))

    @property
    def digests(self) -> tuple[str, ...]:
        """SHA-256 of the images' bytes, in order."""
        return tuple(part.digest for part in self.parts if isinstance(part, Image))

    @property
    def content(self) -> str:
        """What the model sees, as one hash: parameters such as the token limit change how much it says, not what."""
        seen = (part.digest if isinstance(part, Image) else part for part in self.parts)
        return sha256("\x1e".join(seen).encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a simulated model replies."""

    id: str
    model: str
    text: str | None
    finish: FinishReason
    style: str
    reasoning: str = ""
    refusal: str = ""
    usage: Usage = field(default_factory=Usage)


class Rejection(Exception):
    """The service turns a call down; each wire format has its own words and statuses for the same ``kind``."""

    def __init__(self, kind: FailureKind, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.kind: FailureKind = kind
        self.message = message
        self.code = code
        self.param = param


class Wire(Protocol):
    """A wire format: a module with these four pure functions, and a line in ``service.ROUTES``."""

    def read_key(self, call: Call) -> str:
        """The API key that came with the call, or an empty string."""

    def read(self, call: Call) -> Ask:
        """The call in neutral terms; raises Rejection."""

    def render(self, said: Said) -> dict[str, Any]:
        """The body of a successful reply."""

    def render_error(self, rejection: Rejection) -> tuple[int, dict[str, Any]]:
        """The status and the body of an error."""
