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

from mmra_api.sandbox.logprobs import Step
from mmra_api.sandbox.token_bucket import BucketLevel
from mmra_api.types import FailureKind, FinishReason, Image, Usage


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
    path: str = ""
    query: str = ""
    """What follows the path behind a question mark."""
    id: str = field(default_factory=name_call)

    @property
    def digest(self) -> bytes:
        """SHA-256 of what is asked: the body, and the model if the path names it."""
        # The model too: Gemini's body does not name it, and two models would share one count of attempts.
        return sha256(self.model.encode(errors="surrogatepass") + self.body).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Image):
    """An image as it arrived. Its bytes live as long as the Ask, until the model has looked."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A text or an image of a call, as its wire format found and priced it."""

    part: str | Picture
    tokens: int
    place: str
    """Where it stands in the body, as the vendor writes it."""
    system: bool = False
    """Whether it is the operator's text, which tells how to answer but asks nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a simulated model is asked: text and images in the order in which they were sent."""

    model: str
    pieces: tuple[Piece, ...]
    max_tokens: int | None = None
    """Output tokens, reasoning included; None is no limit."""
    stops: tuple[str, ...] = ()
    """Texts before which the reply ends."""
    phases: bool = False
    """Whether the wire format has messages of commentary beside the final answer."""
    tops: int | None = None
    """How many of the likeliest tokens to tell for each place in the reply; None is no log probabilities at all."""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(piece.part for piece in self.pieces if isinstance(piece.part, Picture))

    @property
    def digests(self) -> tuple[str, ...]:
        """SHA-256 of the images' bytes, in order."""
        return tuple(picture.digest for picture in self.pictures)

    @property
    def input_tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)

    @property
    def image_tokens(self) -> int:
        """The part of ``input_tokens`` for images."""
        return sum(piece.tokens for piece in self.pieces if isinstance(piece.part, Picture))

    @property
    def prompt(self) -> str:
        """The text that asks: without the system's."""
        return self._join(system=False)

    @property
    def system(self) -> str:
        return self._join(system=True)

    def _join(self, *, system: bool) -> str:
        return "\n".join(each.part for each in self.pieces if isinstance(each.part, str) and each.system is system)

    @property
    def content(self) -> str:
        """What the model sees, as one hash: parameters such as the token limit change how much it says, not what."""
        # The hash of an image stands for it: its bytes would be long.
        seen = (piece.part.digest if isinstance(piece.part, Picture) else piece.part for piece in self.pieces)
        # A separator that texts do not hold, so that two pieces never read as one.
        return sha256("\x1e".join(seen).encode(errors="surrogatepass")).hexdigest()

    @property
    def first_picture(self) -> str:
        """The place of the first image; empty without one."""
        return next((piece.place for piece in self.pieces if isinstance(piece.part, Picture)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a simulated model replies."""

    id: str
    model: str
    text: str | None
    finish: FinishReason
    style: str
    reasoning: str = ""
    commentary: str = ""
    refusal: str = ""
    stop: str = ""
    """The one of ``Ask.stops`` that ended it."""
    usage: Usage = field(default_factory=Usage)
    images: int = 0
    """How many were asked about."""
    image_tokens: int = 0
    """The part of the input tokens for them."""
    steps: tuple[Step, ...] | None = None
    """The text, or the refusal where it stands alone, token by token; None where nobody asked for it."""


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
        # Up: dates have whole seconds, and too early a retry would be refused again.
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
        # A kind and no status: each vendor has another status for it.
        self.kind: FailureKind = kind
        self.message = message
        self.code = code
        self.param = param
        self.pause = pause


class ServedFormat(Protocol):
    """A wire format: a module with these functions, and a line in ``service.ROUTES``."""

    def read_key(self, call: Call) -> str:
        """The API key that came with the call, or an empty string."""

    def read(self, call: Call) -> Ask:
        """The call in neutral terms; raises Rejection."""

    def refuse_images(self, ask: Ask) -> Rejection:
        """What the service says to images for a model without eyes."""

    def render(self, said: Said) -> dict[str, Any]:
        """The body of a successful reply."""

    def render_error(self, rejection: Rejection, request_id: str) -> tuple[int, dict[str, Any]]:
        """The status and the body of an error."""

    def tell_id(self, request_id: str) -> dict[str, str]:
        """The header that names the call."""

    def tell_pause(self, pause: Pause) -> dict[str, str]:
        """The headers that say how long to wait."""

    def tell_limits(self, levels: Mapping[str, BucketLevel]) -> dict[str, str]:
        """The headers that tell the limits on ``requests`` and ``tokens``."""
