"""What every provider is: a Request → wire body → Reply → Response."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from mmra_api.image_limits import ImageLimits
from mmra_api.providers.reading import unreadable
from mmra_api.types import Embed, Image, Part, Reply, Request, Response

Body = dict[str, Any]
"""A JSON body in a service's wire format."""

SIMULATED = "x-mmra-simulated"
"""The header by which the sandbox marks its replies."""
STREAM = "mmra: a stream of events"
"""The field of a body that holds, as a text, the events that came instead of a reply."""
CALL_NAMES = ("x-request-id", "request-id", "apim-request-id", "x-amzn-requestid", "x-goog-request-id", "cf-ray")
"""The headers by which services name a call, the one for their support first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An API endpoint: a line in PROVIDERS, or an entry of the user's ``mmra.toml``."""

    base_url: str
    """May hold ``${VARIABLE}``, an environment variable that must be set."""
    key_variables: tuple[str, ...] = ()
    """The environment variables that may hold the API key, the first that is set; none for services without keys."""
    key_needed: bool = True
    """False where the service may be open to all, as one on your own machine is."""
    address_variable: str = ""
    """The environment variable by which the vendor's own tools are sent to another address."""
    wire: str = "openai_chat"
    """The wire format: the name of a module beside this one."""
    compatible: str = ""
    """The wire format at another address than the service's own, where that differs: a server that is compatible."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Fields of the body that the service calls otherwise than its wire format does."""
    max_tokens: int | None = None
    """The output budget where the user states none and the service's own default would cut a model that reasons."""
    images: ImageLimits = field(default_factory=ImageLimits)
    """What it documents about images."""


class Wire(Protocol):
    """A wire format: a module with a path, the SDK that sends it, and these pure functions."""

    PATH: str
    """Of a call; may hold ``{model}``."""
    SDK: Literal["openai", "anthropic", "google"]
    """Whose ``post`` sends it: the openai SDK sends any JSON with the key as a bearer token."""

    def encode(self, model: str, request: Request, embed: Embed) -> Body:
        """Return the body. Raises InputError for a parameter that the format has no place for."""
        ...

    def decode(self, body: Body) -> Response:
        """Read the body of a reply. Raises CallError of kind ``unreadable`` when it has an unknown shape."""
        ...

    def find_failure(self, body: dict[str, Any]) -> object | None:
        """Return the failure that a body with status 200 reports, or None."""
        ...

    def count_input(self, request: Request) -> tuple[int, int]:
        """Return how many input tokens a request takes, at least and at most, by the vendor's documented formula."""
        ...


class Provider(Protocol):
    """A model at a service: pure ``encode`` and ``decode``, and ``send``, which makes exactly one call."""

    service: str
    model: str
    base_url: str
    path: str
    local: bool
    """True when asking costs nothing and takes no network: no cache, no limits."""

    def encode(self, request: Request, embed: Embed) -> Body:
        """Return the body for the wire; ``embed`` turns an image into text (base64, or its fingerprint)."""
        ...

    def decode(self, reply: Reply) -> Response:
        """Read a reply. Raises CallError of kind ``unreadable`` when it has an unknown shape."""
        ...

    async def send(self, body: Body) -> Reply:
        """Make one call. Raises CallError with the facts when it gives no reply."""
        ...

    def count_input(self, request: Request) -> tuple[int, int]:
        """Return how many input tokens a request takes, at least and at most, by the service's documented formula."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


def encode_whole(provider: Provider, request: Request, embed: Embed) -> Body:
    """Encode a request, and make sure that the body holds every image of the request once, in order."""
    asked = [part for part in request.parts if isinstance(part, Image)]
    embedded: list[Image] = []
    texts: list[str] = []

    def note(image: Image) -> str:
        embedded.append(image)
        texts.append(embed(image))
        return texts[-1]

    body = provider.encode(request, note)
    sent = [text for text in _strings(body) if text.endswith(tuple(texts))] if texts else []
    whole = len(sent) == len(texts) and all(map(str.endswith, sent, texts))
    if embedded != asked or not whole:
        raise AssertionError(f"{provider.service}: the body has {len(sent)} images of {len(asked)}, or in disorder")
    return body


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def encode_parts(
    parts: Iterable[Part], write_text: Callable[[str], Body], write_image: Callable[[Image], Body]
) -> list[Body]:
    """Return a format's parts, in order. Raises AssertionError for a part of an unknown kind: none is dropped."""

    def write(part: Part) -> Body:
        match part:
            case str():
                return write_text(part)
            case Image():
                return write_image(part)
        raise AssertionError(f"unknown part {part!r}")

    return [write(part) for part in parts]


def pick(asked: Mapping[str, Any]) -> Body:
    """Return the fields that something is asked for: what is None or empty is not sent."""
    return {name: value for name, value in asked.items() if value not in (None, "", [], {})}


def keep_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers worth storing: those that name the call, and the sandbox's mark."""
    return {name: headers[name] for name in (*CALL_NAMES, SIMULATED) if name in headers}


def read_reply(wire: Wire, reply: Reply) -> Response:
    """Read a reply: its body as the wire format says, and what its headers tell.

    The request's id is the one that the headers give, else the body's. Raises CallError ``unreadable`` for a body that
    the format does not know, or a stream.
    """
    if STREAM in reply.body:
        raise unreadable("the server streams events, though it was asked for one whole reply")
    response = wire.decode(reply.body)
    named = next((reply.headers[name] for name in CALL_NAMES if reply.headers.get(name)), response.request_id)
    return replace(response, request_id=named, simulated=SIMULATED in reply.headers)
