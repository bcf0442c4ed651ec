"""A path and a body → one call through a vendor's own SDK → the bytes and headers of its reply.

The SDKs own authentication, TLS and proxies; their own retries are off, because the dispatcher owns retrying. Each is
imported when its first call is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import msgspec

from mmra_api.providers.transport.client import (
    CONNECT_TIMEOUT,
    ErrorStatus,
    RawReply,
    Sdk,
    is_local,
    open_http_client,
    read_transport_error,
)
from mmra_api.providers.transport.google import connect_google
from mmra_api.providers.wires import Body

OLDER_ANTHROPIC = "2023-06-01"
"""The version of Anthropic's interface that takes SAMPLING, by its migration guide to 2026-10-21."""
SAMPLING = frozenset({"temperature", "top_p", "top_k"})


class Stainless:
    """The openai and anthropic packages: the generator Stainless made both, and they share a low-level ``post``."""

    def __init__(self, package: ModuleType, client: Any, choose_headers: Callable[[Body], dict[str, str]]) -> None:
        self._package = package
        self._client = client
        self._choose_headers = choose_headers

    async def post(self, path: str, body: Body) -> RawReply:
        """Make one call."""
        import httpx2

        # Bytes of ours and not the SDK's ``body=``, whose JSON takes eight times as long for two photographs.
        content = msgspec.json.encode(body)
        headers = {"Content-Type": "application/json", **self._choose_headers(body)}
        del body  # it holds every image a second time, and would do so until the reply is there
        try:
            reply = await self._client.post(
                path,
                content=content,
                options={"headers": headers, "follow_redirects": False},
                cast_to=httpx2.Response,  # the reply as it came: the SDK's types drop what they do not know
            )
        except self._package.APITimeoutError as error:
            raise read_transport_error(error.__cause__ or error, timed_out=True) from error
        except self._package.APIStatusError as error:
            raise ErrorStatus(error.status_code, error.body, dict(error.response.headers.items())) from error
        except (self._package.APIConnectionError, httpx2.RequestError) as error:
            raise read_transport_error(error.__cause__ or error) from error
        return reply.content, dict(reply.headers.items())

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def connect_openai(key: str, base_url: str, timeout: float) -> Sdk:
    """Return the openai SDK, connected."""
    import openai

    return _connect_stainless(openai, openai.AsyncOpenAI, key, base_url, timeout)


def connect_anthropic(key: str, base_url: str, timeout: float) -> Sdk:
    """Return the anthropic SDK, connected."""
    import anthropic

    return _connect_stainless(anthropic, anthropic.AsyncAnthropic, key, base_url, timeout, choose_version)


def choose_version(body: Body) -> dict[str, str]:
    """Return the header for Anthropic's older version where a parameter asks for it: the SDK's own takes it no more."""
    return {"anthropic-version": OLDER_ANTHROPIC} if SAMPLING & body.keys() else {}


def _connect_stainless(
    package: Any,
    client: Any,
    key: str,
    base_url: str,
    timeout: float,
    choose_headers: Callable[[Body], dict[str, str]] = lambda _: {},
) -> Stainless:
    limits = package.Timeout(timeout, connect=min(CONNECT_TIMEOUT, timeout))
    # The packages' own clients ask a proxy of the environment also for this machine's servers.
    http_client = open_http_client(timeout, base_url) if is_local(base_url) else None
    # A word for no key, because the SDKs refuse to begin without one.
    connected = client(api_key=key or "none", base_url=base_url, max_retries=0, timeout=limits, http_client=http_client)
    return Stainless(package, connected, choose_headers)


CONNECT: Mapping[str, Callable[[str, str, float], Sdk]] = {
    "openai": connect_openai,
    "anthropic": connect_anthropic,
    "google": connect_google,
}
"""A wire format's SDK → how to connect it, with key, address and seconds for a call."""
