"""What every wire format reads to and renders from: a call becomes an Ask, what the model Said becomes a body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256
from math import ceil
from secrets import token_hex
from time import time
from typing import Any, Literal, Protocol

from mmra_api.sandbox.rate import Level
from mmra_api.types import FailureKind, FinishReason, Image, Part, Usage


def name_call() -> str:
    """A new request id."""
    return f"req_{token_hex(16)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A POST as it arrived. Header names are lower case."""

    headers: Mapping[str, str]
    body: bytes
    model: str = ""
    """The model that the path names; empty where the body does."""
    query: str = ""
    """What follows the path behind a question mark."""
    id: str = field(default_factory=name_call)

    @property
    def digest(self) -> bytes:
        """SHA-256 of what is asked: the body, and the model if the path names it."""
        return sha256(self.model.encode(errors="surrogatepass") + self.body).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a simulated model is asked: text and images in the order in which they were sent."""

    model: str
    parts: tuple[Part, ...]
    input_tokens: int
    """Counted by the wire format, whose vendor prices images in its own way."""
    max_tokens: int | None = None
    """Output tokens, reasoning included; None is no limit."""
    stops: tuple[str, ...] = ()
    """Texts before which the reply ends."""

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
    stop: str = ""
    """The one of ``Ask.stops`` that ended it."""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """How long a service asks a client to wait, and how a header says it if one does.

    ``s`` seconds, ``ms`` milliseconds, ``date`` an HTTP date; ``limit`` is as the service itself writes it.
    """

    seconds: float
    form: Literal["s", "ms", "date", "limit"]

    @property
    def date(self) -> str:
        """When it is over (RFC 9110, 10.2.3), rounded up to a second."""
        return formatdate(ceil(time() + self.seconds), usegmt=True)


class Rejection(Exception):
    """The service turns a call down; each wire format has its own words and statuses for the same ``kind``."""

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        pause: Pause | None = None,
    ) -> None:
        super().__init__(message)
        self.kind: FailureKind = kind
        self.message = message
        self.code = code
        self.param = param
        self.pause = pause


class Wire(Protocol):
    """A wire format: a module with these functions, and a line in ``service.ROUTES``."""

    def read_key(self, call: Call) -> str:
        """The API key that came with the call, or an empty string."""

    def read(self, call: Call) -> Ask:
        """The call in neutral terms; raises Rejection."""

    def render(self, said: Said) -> dict[str, Any]:
        """The body of a successful reply."""

    def render_error(self, rejection: Rejection, request_id: str) -> tuple[int, dict[str, Any]]:
        """The status and the body of an error."""

    def tell_id(self, request_id: str) -> dict[str, str]:
        """The header that names the call."""

    def tell_pause(self, pause: Pause) -> dict[str, str]:
        """The headers that say how long to wait."""

    def tell_limits(self, levels: Mapping[str, Level]) -> dict[str, str]:
        """The headers that tell the limits on ``requests`` and ``tokens``."""
