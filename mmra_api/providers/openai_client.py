"""A body in a wire format of OpenAI's → one call through the openai SDK → a Reply, or the facts about its failure.

The SDK owns authentication, TLS and proxies; it is called through its documented low-level ``post``, with its own
retries off, because the dispatcher owns retrying. No message that leaves here holds the API key.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from mmra_api.errors import CallError, InputError
from mmra_api.providers import openai_chat
from mmra_api.providers.base import (
    Body,
    Service,
    classify,
    keep_headers,
    read_json,
)
from mmra_api.providers.rates import read_allowances, read_retry_after, read_retry_info
from mmra_api.types import Embed, FailureKind, Reply, Request, Response

if TYPE_CHECKING:
    import openai

CONNECT_TIMEOUT = 30.0
"""Seconds to reach a service; the user's timeout is for the whole call, and reasoning models take minutes."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SHOWN = 300
"""Characters of a service's message that are passed on."""
FIXES: dict[FailureKind, str] = {
    "permission": "the key may not use this model",
    "quota": "add credit or raise the limit in the vendor's console",
}


class OpenAIChat:
    """A model at a service that speaks chat completions."""

    path = openai_chat.PATH
    local = False

    def __init__(
        self, name: str, service: Service, model: str, *, base_url: str, needs_key: bool, timeout: float
    ) -> None:
        self.service = name
        self.model = model
        self.base_url = base_url
        self._facts = service
        self._needs_key = needs_key
        self._timeout = timeout
        self._key = ""
        self._client: openai.AsyncOpenAI | None = None

    def encode(self, request: Request, embed: Embed) -> Body:
        """Return the body; see ``openai_chat.encode``."""
        return openai_chat.encode(self.model, request, embed, output_limit=self._facts.output_limit)

    def decode(self, reply: Reply) -> Response:
        """Read a reply; see ``openai_chat.decode``."""
        return openai_chat.decode(reply)

    async def send(self, body: Body) -> Reply:
        """Make one call. Raises CallError with the facts, or InputError when no call can be made at all."""
        import httpx2
        import openai

        content = msgspec.json.encode(body)
        try:
            client = self._client or self._connect()
            async with asyncio.timeout(self._timeout):  # the SDK's own is between two bytes, not for the whole call
                reply = await client.post(
                    self.path,
                    content=content,
                    options={"headers": {"Content-Type": "application/json"}, "follow_redirects": False},
                    cast_to=httpx2.Response,
                )
            return self._read(reply.content, dict(reply.headers.items()))
        except (CallError, InputError):
            raise
        except (openai.APITimeoutError, TimeoutError) as error:
            sent = not isinstance(error.__cause__, httpx2.ConnectTimeout | httpx2.PoolTimeout)
            message = f"{self.base_url}: no reply within {self._timeout:g} s"
            raise CallError("timeout", message, maybe_billed=sent) from error
        except openai.APIStatusError as error:
            raise self._explain(error.status_code, error.body, dict(error.response.headers.items())) from error
        except (openai.APIConnectionError, httpx2.TransportError) as error:
            cause = error.__cause__ or error
            sent = not isinstance(cause, httpx2.ConnectError | httpx2.ProxyError | httpx2.UnsupportedProtocol)
            message = f"{self.base_url}: {self._quote(cause)}"
            raise CallError("connection", message, maybe_billed=sent) from error
        except Exception as error:  # whatever else the SDK or its transport raise is about the address, key or proxy
            reason = f"{type(error).__name__}: {self._quote(error)}"
            raise InputError(
                f"no call to {self.base_url} can be made: {reason}; check the base URL, the key and the proxy settings"
            ) from error

    def count_input(self, request: Request) -> tuple[int, int]:
        """Return how many input tokens a request takes, at least and at most; see ``openai_chat.count_input``."""
        return openai_chat.count_input(request)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    def _connect(self) -> openai.AsyncOpenAI:
        import openai

        variable = self._facts.key_variable
        self._key = os.environ.get(variable, "").strip() if variable else ""
        if not self._key and self._needs_key:
            raise CallError(
                "authentication", f"{self.service} needs an API key: export {variable}=… (nothing was sent)"
            )
        if not (self._key.isascii() and self._key.isprintable()) or " " in self._key:
            raise CallError(
                "authentication",
                f"{variable} holds a space, a line break or a character that no key has (nothing was sent)",
            )
        timeout = openai.Timeout(self._timeout, connect=min(CONNECT_TIMEOUT, self._timeout))
        local = urlsplit(self.base_url).hostname in LOOPBACK
        self._client = openai.AsyncOpenAI(
            api_key=self._key or "none",
            base_url=self.base_url,
            max_retries=0,
            timeout=timeout,
            # A proxy of the environment cannot reach this machine's own servers.
            http_client=openai.DefaultAsyncHttpxClient(trust_env=False, timeout=timeout) if local else None,
        )
        return self._client

    def _read(self, content: bytes, headers: dict[str, str]) -> Reply:
        """Return a reply with status 200. What is not JSON comes from something on the way there: transient."""
        try:
            body = read_json(content)
        except ValueError as error:
            said = self._quote(content.decode("utf-8", "replace"))
            raise CallError("server", f"not JSON but {said}", status=200, maybe_billed=True) from error
        if not isinstance(body, dict):
            body = {"reply": body}  # of no known shape, but paid for: the decoder refuses it, and it is set aside
        failure = openai_chat.find_failure(body)
        if failure is not None:
            raise self._explain(200, failure, headers)
        return Reply(body=body, headers=keep_headers(headers), allowances=read_allowances(headers))

    def _explain(self, status: int, body: object, headers: dict[str, str]) -> CallError:
        error: dict[str, Any] = body if isinstance(body, dict) else {}
        said = self._quote(error.get("message") or body)
        kind = classify(status, error.get("code"), error.get("type"), error.get("metadata"), said)
        fix = FIXES.get(kind, "")
        if kind == "authentication":
            fix = f"check {self._facts.key_variable or 'the API key'}"
        if kind == "not_found":
            fix = f"check the model id {self.model!r} and the base URL {self.base_url}"
        message = f"{self.service}, HTTP {status}: {said}" + (f" ({fix})" if fix else "")
        asked = read_retry_after(headers)
        return CallError(
            kind,
            message,
            status=status,
            retry_after=read_retry_info(body) if asked is None else asked,
            allowances=read_allowances(headers),
            maybe_billed=kind == "timeout" or status == 200,  # a gateway gave up, or an upstream did amid its answer
        )

    def _quote(self, said: object) -> str:
        """Return a text from outside on one line, without the key, and only then shortened."""
        text = " ".join(str(said or "no message").split())
        if self._key:
            text = text.replace(self._key, "[key]")
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
