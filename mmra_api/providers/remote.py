"""A model at a service: a wire format and an SDK made into a Provider, and failures into facts.

No message that leaves here holds the API key.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from mmra_api.errors import CallError, InputError
from mmra_api.providers import sdks
from mmra_api.providers.base import Body, Service, Wire, keep_headers, read_reply
from mmra_api.providers.failures import classify
from mmra_api.providers.parameters import find_flag, merge_extra
from mmra_api.providers.rates import has_daily_quota, read_allowances, read_retry_after, read_retry_info
from mmra_api.providers.reading import dicts, read_json
from mmra_api.types import Embed, FailureKind, Image, Reply, Request, Response

SHOWN = 300
"""Characters of a service's message that are passed on."""
SECRET = 8
"""Characters from which on a key with a digit is taken for a secret."""
BARE = Request(parts=("", Image(digest="", media_type="", width=1, height=1, size=0)))
"""A request without parameters."""
FIXES: dict[FailureKind, str] = {
    "permission": "the key may not use this model",
    "quota": "add credit or raise the limit in the vendor's console",
}


class Remote:
    """A model at a service, asked over HTTP."""

    local = False

    def __init__(
        self, name: str, service: Service, wire: Wire, model: str, *, base_url: str, needs_key: bool, timeout: float
    ) -> None:
        self.service = name
        self.model = model
        self.base_url = base_url
        self._facts = service
        self._wire = wire
        self.path = wire.PATH.format(model=quote(model, safe="/:@%"))  # % as it is: an id may be escaped already
        self._needs_key = needs_key
        self._timeout = timeout
        self._key = ""
        self._sdk: sdks.Sdk | None = None

    def encode(self, request: Request, embed: Embed) -> Body:
        """Return the body for the wire; see the wire format's module."""
        params = request.params
        if params.max_tokens is None and self._facts.max_tokens is not None:
            request = replace(request, params=replace(params, max_tokens=self._facts.max_tokens))
        body = self._wire.encode(self.model, request, embed)
        body = {self._facts.renamed.get(name, name): value for name, value in body.items()}
        return merge_extra(body, params.extra) if params.extra else body

    def decode(self, reply: Reply) -> Response:
        """Read a reply; see the wire format's module."""
        return read_reply(self._wire, reply)

    def count_input(self, request: Request) -> tuple[int, int]:
        """Return how many input tokens a request takes, at least and at most; see the wire format's module."""
        return self._wire.count_input(request)

    async def send(self, body: Body) -> Reply:
        """Make one call. Raises CallError with the facts, or InputError when no call can be made at all."""
        try:
            sdk = self._sdk or self._connect()
            async with asyncio.timeout(self._timeout):  # the SDK's own is between two bytes, not for the whole call
                content, headers = await sdk.post(self.path, body)
            return self._read(content, headers)
        except (CallError, InputError):
            raise
        except TimeoutError as error:
            raise self._time_out(sent=True) from error
        except sdks.Unreached as error:
            if error.timed_out:
                raise self._time_out(sent=error.sent) from error
            message = f"{self.base_url}: {self._quote(error.cause)}"
            raise CallError("connection", message, maybe_billed=error.sent) from error
        except sdks.Refused as error:
            raise self._explain(error.status, error.body, error.headers, sent=body) from error
        except Exception as error:  # whatever else the SDK or its transport raise is about the address, key or proxy
            reason = f"{type(error).__name__}: {self._quote(error)}"
            raise InputError(
                f"no call to {self.base_url} can be made: {reason}; check the base URL, the key and the proxy settings"
            ) from error

    async def close(self) -> None:
        """Close the connections."""
        if self._sdk is not None:
            await self._sdk.close()

    def _connect(self) -> sdks.Sdk:
        variables = self._facts.key_variables
        found = next((name for name in variables if os.environ.get(name, "").strip()), "")
        self._key = os.environ.get(found, "").strip() if found else ""
        if not self._key and self._needs_key:
            raise CallError(
                "authentication", f"{self.service} needs an API key: export {variables[0]}=… (nothing was sent)"
            )
        if not (self._key.isascii() and self._key.isprintable()) or " " in self._key:
            raise CallError(
                "authentication",
                f"{found} holds a space, a line break or a character that no key has (nothing was sent)",
            )
        self._sdk = sdks.CONNECT[self._wire.SDK](self._key, self.base_url, self._timeout)
        return self._sdk

    def _time_out(self, *, sent: bool) -> CallError:
        message = f"{self.base_url}: no reply within {self._timeout:g} s"
        return CallError("timeout", message, maybe_billed=sent)

    def _read(self, content: bytes, headers: dict[str, str]) -> Reply:
        """Return a reply with status 200. What is not JSON comes from something on the way there: transient."""
        try:
            body = read_json(content)
        except ValueError as error:
            said = self._quote(content.decode("utf-8", "replace"))
            raise CallError("server", f"not JSON but {said}", status=200, maybe_billed=True) from error
        if self._is_secret:  # a service that echoes what it was sent must not bring the key into the store
            body, headers = self._redact(body), self._redact(headers)
        if not isinstance(body, dict):
            body = {"reply": body}  # of no known shape, but paid for: the decoder refuses it, and it is set aside
        failure = self._wire.find_failure(body)
        if failure is not None:
            raise self._explain(200, failure, headers)
        return Reply(body=body, headers=keep_headers(headers), allowances=read_allowances(headers))

    def _explain(
        self, status: int, body: object, headers: dict[str, str], sent: Mapping[str, Any] | None = None
    ) -> CallError:
        error: dict[str, Any] = body if isinstance(body, dict) else {}
        inner = error.get("error")
        error = inner if isinstance(inner, dict) else error
        metadata = error.get("metadata")
        upstream = (
            metadata.get("raw") if isinstance(metadata, dict) else None
        )  # OpenRouter: what the model's service says
        texts = [error.get("message") or inner or body, upstream]  # xAI's and Hugging Face's error is a text
        if 300 <= status < 400 and headers.get("location"):
            texts = [f"it sends calls on to {headers['location']}, which is not followed: check the base URL"]
        said = " · ".join(self._tidy(text) for text in texts if text) or "no message"
        reasons = [each.get("reason") for each in dicts(error.get("details"))]
        kind = classify(status, [error.get("code"), error.get("type"), error.get("status"), *reasons], metadata, said)
        if kind == "rate_limit" and has_daily_quota(body):
            kind = "quota"
        fix = FIXES.get(kind, "")
        if kind == "authentication":
            fix = f"check {' or '.join(self._facts.key_variables) or 'the API key'}"
        if kind == "not_found":
            fix = f"check the model id {self.model!r} and the base URL {self.base_url}"
        if kind == "bad_request" and sent is not None:
            flag = find_flag(error, said, dict(sent), self._wire.encode(self.model, BARE, lambda _: ""))
            if flag:
                kind, fix = "parameter", f"the model rejects {flag}: leave it out, or give another value"
        said = _shorten(said)
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

    @property
    def _is_secret(self) -> bool:
        """Return whether the key is one; servers of one's own take any word, which may occur in every reply."""
        return len(self._key) >= SECRET and any(map(str.isdigit, self._key))

    def _redact(self, value: Any) -> Any:
        """Return the same without the key in any text."""
        if isinstance(value, str):
            return value.replace(self._key, "[key]")
        if isinstance(value, list):
            return [self._redact(item) for item in value]
        if isinstance(value, dict):
            return {self._redact(name): self._redact(item) for name, item in value.items()}
        return value

    def _tidy(self, said: object) -> str:
        """Return a text from outside on one line, without the key."""
        text = " ".join(str(said).split())
        return text.replace(self._key, "[key]") if self._key else text

    def _quote(self, said: object) -> str:
        """Return a text from outside as it is shown: on one line, without the key, and only then shortened."""
        return _shorten(self._tidy(said or "no message"))


def _shorten(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
