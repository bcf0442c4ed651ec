"""What every provider is: a Request → wire body → Reply → Response, and the facts about a call that failed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from mmra_api.errors import CallError, InputError
from mmra_api.types import Embed, FailureKind, Image, Reply, Request, Response

Body = dict[str, Any]
"""A JSON body in a service's wire format."""

SIMULATED = "x-mmra-simulated"
"""The header by which the sandbox marks its replies."""
KEPT_HEADERS = ("x-request-id", "request-id", SIMULATED)

CODES: dict[str, FailureKind] = {
    "insufficient_quota": "quota",
    "billing_hard_limit_reached": "quota",
    "billing_not_active": "quota",
    "credit_balance_too_low": "quota",
    "content_policy_violation": "content_filtered",
    "content_filter": "content_filtered",
    "moderation_blocked": "content_filtered",
    "invalid_api_key": "authentication",
    "model_not_found": "not_found",
    "rate_limit_exceeded": "rate_limit",
    "overloaded_error": "overloaded",
    # Anthropic's types
    "authentication_error": "authentication",
    "billing_error": "quota",
    "permission_error": "permission",
    "not_found_error": "not_found",
    "request_too_large": "too_large",
    "rate_limit_error": "rate_limit",
    "timeout_error": "timeout",
    # Google's status words
    "UNAUTHENTICATED": "authentication",
    "PERMISSION_DENIED": "permission",
    "RESOURCE_EXHAUSTED": "rate_limit",
    "UNAVAILABLE": "overloaded",
    "DEADLINE_EXCEEDED": "timeout",
}
"""What a service's own word for a failure means, where it says more than the HTTP status."""
STATUSES: dict[int, FailureKind] = {
    401: "authentication",
    402: "quota",
    403: "permission",
    404: "not_found",
    408: "timeout",
    409: "server",
    413: "too_large",
    429: "rate_limit",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}
"""As in RFC 9110 and RFC 6585; 402 is used for exhausted credit, 529 by Anthropic for overload."""


SAYINGS: tuple[tuple[int, str, FailureKind], ...] = (
    (403, "violates usage guidelines", "content_filtered"),  # xAI: a filtered input has the status of a bad key
    (403, "SAFETY_CHECK", "content_filtered"),
    (400, "API key not valid", "authentication"),  # Google
    (400, "credit balance is too low", "quota"),  # Anthropic
    (429, "Request too large", "too_large"),  # OpenAI: more tokens than the limit of a minute, whenever it is sent
)
"""Status, words and meaning, where only the words tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An API endpoint: a line in PROVIDERS."""

    base_url: str
    key_variables: tuple[str, ...] = ()
    """The environment variables that may hold the API key, the first that is set; none for services without keys."""
    wire: str = "openai_chat"
    """The wire format: a key of WIRES."""
    compatible: str = ""
    """The wire format at another address than the service's own, where that differs: a server that is compatible."""
    output_limit: str = "max_tokens"
    """Chat completions' name for the output budget; OpenAI renamed it for its reasoning models."""


class Wire(Protocol):
    """A wire format: a module with a path and these pure functions."""

    PATH: str
    """Of a call; may hold ``{model}``."""

    def encode(self, model: str, request: Request, embed: Embed, service: Service) -> Body:
        """Return the body. Raises InputError for a parameter that the format has no place for."""
        ...

    def decode(self, reply: Reply) -> Response:
        """Read a reply. Raises CallError of kind ``unreadable`` when it has an unknown shape."""
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
    embedded: list[Image] = []

    def note(image: Image) -> str:
        embedded.append(image)
        return embed(image)

    body = provider.encode(request, note)
    asked = [part for part in request.parts if isinstance(part, Image)]
    if embedded != asked:
        raise AssertionError(f"{provider.service}: the body has {len(embedded)} images of {len(asked)}, or in disorder")
    return body


def classify(
    status: int, code: object = None, kind: object = None, metadata: object = None, said: str = ""
) -> FailureKind:
    """Return what a failure means: from its HTTP status, from ``code``, ``type`` and ``metadata`` of its body, and from
    what it says.

    ``code`` may be a status of its own, in a reply with status 200. ``metadata`` with reasons is how OpenRouter says
    that an input was filtered; the status is then 403, as for a key without permission.
    """
    for status_of, words, meaning in SAYINGS:
        if status == status_of and words in said:
            return meaning
    for word in (code, kind):
        if isinstance(word, str) and word in CODES:
            return CODES[word]
    if isinstance(metadata, dict) and ("reasons" in metadata or "flagged_input" in metadata):
        return "content_filtered"
    if status == 200:
        status = code if isinstance(code, int) and not isinstance(code, bool) else 500
    return STATUSES.get(status, "server" if status >= 500 else "bad_request")


def read_json(content: bytes) -> Any:
    """Return the JSON of a reply, leniently, because the reply was paid for. Raises ValueError where it is none.

    Read are also what servers send against the standard: a byte order mark, NaN, raw control characters, bytes that
    are not UTF-8 and halves of surrogate pairs (both become replacement marks).
    """
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = content.decode("utf-8-sig", "replace")
    try:
        return _mend(json.loads(text, strict=False, parse_constant=lambda _: None))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mend(item) for item in value]
    if isinstance(value, dict):
        return {_mend(name): _mend(item) for name, item in value.items()}
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return float(value) if abs(value) < 10**300 else None  # what the store's JSON cannot hold
    return None if isinstance(value, float) and not math.isfinite(value) else value


def count_text(text: str) -> int:
    """Return about how many tokens a text takes: four characters of ASCII each, as OpenAI's help states, else one."""
    plain = len(text.encode("ascii", "ignore"))
    return math.ceil(plain / 4) + len(text) - plain


def refuse(wire: str, asked: Mapping[str, object]) -> None:
    """Raise InputError where something is asked for that a wire format has no place for: nothing is dropped."""
    for name, value in asked.items():
        if value not in (None, ()):
            raise InputError(f"{name} cannot be sent in {wire}: leave it out")


def merge_extra(body: Body, extra: Mapping[str, Any], place: str = "") -> Body:
    """Return a body with the user's own fields. Raises InputError for a field that the body has already."""
    merged = dict(body)
    for name, value in extra.items():
        if isinstance(value, dict) and isinstance(merged.get(name), dict):
            merged[name] = merge_extra(merged[name], value, f"{place}{name}.")
        elif name in merged:
            raise InputError(f"--extra {place}{name}: the body has it already; use the flag for it, or leave it out")
        else:
            merged[name] = value
    return merged


def read_text(content: Any) -> str:
    """Return a text of a reply: a string, the text parts of a list in order, or nothing where there is none."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") if isinstance(part, dict) else str(part) for part in content)
    if content is not None and not isinstance(content, str):
        raise unreadable(f"a text of type {type(content).__name__}")
    return content or ""


def read_count(value: Any) -> int | None:
    """Return a number of tokens, or None for what cannot be one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def keep_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers worth storing: never one that could hold a secret."""
    return {name: headers[name] for name in KEPT_HEADERS if name in headers}


def unreadable(what: str) -> CallError:
    """Return the error for a reply whose JSON has an unknown shape."""
    return CallError("unreadable", f"the reply cannot be understood: {what}")
