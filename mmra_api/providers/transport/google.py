"""One call through the google-genai package."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from mmra_api.providers.transport.client import ErrorStatus, RawReply, Sdk, open_http_client, read_transport_error
from mmra_api.providers.wires import Body, read_json


class Google:
    """The google-genai package. It retries once by itself over aiohttp, so it is given an HTTP client of ours.

    That client also hands over replies as they came: the SDK stumbles over some, which were paid for all the same.
    """

    def __init__(self, client: Any, http_client: Any) -> None:
        self._client = client
        self._http_client = http_client
        # One list for each call: calls share the HTTP client, and each runs in a context of its own.
        self._arrived: ContextVar[list[Any]] = ContextVar("arrived")
        http_client.event_hooks["response"].append(self._keep)

    async def post(self, path: str, body: Body) -> RawReply:
        """Make one call."""
        import httpx2

        version, _, place = path.strip("/").partition("/")
        arrived: list[Any] = []
        self._arrived.set(arrived)
        try:
            # The only call of this SDK that sends a body as it is.
            await self._client.aio._api_client.async_request(  # noqa: SLF001 - it has no public one
                "post", place, body, {"api_version": version}
            )
        except (httpx2.RequestError, TimeoutError) as error:
            raise read_transport_error(
                error, timed_out=isinstance(error, TimeoutError | httpx2.TimeoutException)
            ) from error
        except Exception:  # whatever the SDK makes of a reply, it is here
            if not arrived:
                raise
        reply = arrived[-1]
        if not reply.is_success:
            raise ErrorStatus(reply.status_code, _read_error(reply.content), dict(reply.headers.items()))
        return reply.content, dict(reply.headers.items())

    async def _keep(self, response: Any) -> None:
        await response.aread()
        self._arrived.get().append(response)

    async def close(self) -> None:
        """Close the connections."""
        await self._http_client.aclose()


def _read_error(content: bytes) -> object:
    """Return the JSON of an error, or its text where it is none."""
    try:
        return read_json(content)
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace")


def connect_google(key: str, base_url: str, timeout: float) -> Sdk:
    """Return the google-genai SDK, connected."""
    from google import genai
    from google.genai import types

    http_client = open_http_client(timeout, base_url)
    options = types.HttpOptions(
        base_url=base_url,
        api_version="v1beta",
        httpx_async_client=http_client,
        retry_options=types.HttpRetryOptions(attempts=1),  # the dispatcher owns retrying
    )
    # Not Vertex AI, whatever a variable of the environment says: it has another address and another key.
    return Google(genai.Client(api_key=key or "none", vertexai=False, http_options=options), http_client)
