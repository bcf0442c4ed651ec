"""What every connection through an SDK shares: what a call can end with, and the HTTP client that makes it."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

from mmra_api.providers.wires import Body

CONNECT_TIMEOUT = 30.0
"""Seconds to reach a service; the user's timeout is for the whole call, and reasoning models take minutes."""
KEPT_OPEN = 128
"""Connections that stay open between calls: more than calls ever go on at once by themselves, so that none shakes hands
twice."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Hosts that are this machine."""

RawReply: TypeAlias = tuple[bytes, dict[str, str]]
"""A reply's content, and its headers with names in lower case."""


class ErrorStatus(Exception):
    """The service answered with an error status."""

    def __init__(self, status: int, body: object, headers: dict[str, str]) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body
        self.headers = headers


class NoReply(Exception):
    """No reply came that can be read. ``sent`` is False where the call never left this machine: unbilled.

    ``garbled``: one came, and is not compressed as its headers say.
    """

    def __init__(self, cause: BaseException, *, sent: bool, timed_out: bool = False, garbled: bool = False) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.sent = sent
        self.timed_out = timed_out
        self.garbled = garbled


class Sdk(Protocol):
    """A connected SDK."""

    async def post(self, path: str, body: Body) -> RawReply:
        """Make one call. Raises ErrorStatus or NoReply; anything else means that no call can be made at all."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


def open_http_client(timeout: float, base_url: str) -> Any:
    """Return an HTTP client that opens as many connections as are asked for; the dispatcher owns that limit."""
    import httpx2  # here, because with it every start would be slower: each SDK brings it along when it is needed

    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(timeout, connect=min(CONNECT_TIMEOUT, timeout)),
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=KEPT_OPEN),
        trust_env=not is_local(base_url),  # a proxy of the environment cannot reach this machine's own servers
    )


def is_local(base_url: str) -> bool:
    """Return whether an address is on this machine."""
    return urlsplit(base_url).hostname in LOOPBACK


def read_transport_error(cause: BaseException, *, timed_out: bool = False) -> NoReply:
    """Return the failure that a transport's error is: only some mean that nothing was sent."""
    import httpx2

    unsent = (
        httpx2.ConnectError,
        httpx2.ConnectTimeout,
        httpx2.PoolTimeout,
        httpx2.ProxyError,
        httpx2.UnsupportedProtocol,
    )
    garbled = isinstance(cause, httpx2.DecodingError)
    return NoReply(cause, sent=not isinstance(cause, unsent), timed_out=timed_out, garbled=garbled)
