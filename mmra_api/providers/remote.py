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
from mmra_api.providers.base import STREAM, Body, Service, Wire, keep_headers, read_reply
from mmra_api.providers.failures import classify
from mmra_api.providers.parameters import merge_extra
from mmra_api.providers.rates import has_daily_quota, has_no_quota, read_allowances, read_retry_after, read_retry_info
from mmra_api.providers.reading import as_dict, dicts, is_stream, read_json
from mmra_api.providers.rejections import find_flag
from mmra_api.providers.secret import Secret
from mmra_api.types import Embed, FailureKind, Reply, Request, Response

SHOWN = 300
"""Characters of a service's message that are passed on."""
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
        self._secret = Secret("")
        self._sdk: sdks.Sdk | None = None
        self._reached = False
        """Whether a call has been answered: address, key and proxy are right."""

    def encode(self, request: Request, embed: Embed) -> Body:
        """Return the body for the wire; see the wire format's module."""
        params = request.params
        if params.max_tokens is None and self._facts.max_tokens is not None:
            request = replace(request, params=replace(params, max_tokens=self._facts.max_tokens))
        body = self._rename(request, embed)
        return merge_extra(body, params.extra) if params.extra else body

    def _rename(self, request: Request, embed: Embed) -> Body:
        """Return the wire format's body, with the fields that the service calls otherwise."""
        body = self._wire.encode(self.model, request, embed)
        return {self._facts.renamed.get(name, name): value for name, value in body.items()}

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
            self._reached = True
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
            if self._reached:  # or, where these are right, about this one call
                raise CallError("connection", f"{self.base_url}: {reason}", maybe_billed=True) from error
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
        key = os.environ.get(found, "").strip() if found else ""
        if not key and self._needs_key:
            raise CallError(
                "authentication", f"{self.service} needs an API key: export {variables[0]}=… (nothing was sent)"
            )
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise CallError(
                "authentication",
                f"{found} holds a space, a line break or a character that no key has (nothing was sent)",
            )
        self._secret = Secret(key)
        self._sdk = sdks.CONNECT[self._wire.SDK](key, self.base_url, self._timeout)
        return self._sdk

    def _time_out(self, *, sent: bool) -> CallError:
        message = f"{self.base_url}: no reply within {self._timeout:g} s"
        return CallError("timeout", message, maybe_billed=sent)

    def _read(self, content: bytes, headers: dict[str, str]) -> Reply:
        """Return a reply with status 200. What is not JSON comes from something on the way there: transient.

        A stream of events and what is nested too deeply are the server's own, would come again, and were paid for: as
        replies of no known shape they are refused by the decoder, and set aside.
        """
        try:
            body = self._secret.redact(read_json(content))
        except RecursionError:
            body = self._secret.redact(content.decode("utf-8", "replace"))
        except ValueError as error:
            text = content.decode("utf-8", "replace")
            if not is_stream(content):
                said = "cut or broken JSON" if text.lstrip().startswith(("{", "[")) else self._quote(text)
                raise CallError("server", f"not JSON but {said}", status=200, maybe_billed=True) from error
            body = {STREAM: self._secret.redact(text)}
        headers = self._secret.redact(headers)
        if not isinstance(body, dict):
            body = {"reply": body}
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
        upstream = as_dict(metadata).get("raw")  # OpenRouter: what the model's service says
        texts = [error.get("message") or inner or body, upstream]  # xAI's and Hugging Face's error is a text
        if 300 <= status < 400 and headers.get("location"):
            texts = [f"it sends calls on to {headers['location']}, which is not followed: check the base URL"]
        said = " · ".join(self._secret.tidy(text) for text in texts if text) or "no message"
        kind = classify(status, [*_list_reasons(error), *map(error.get, ("code", "type", "status"))], metadata, said)
        if kind == "rate_limit" and (has_daily_quota(body) or has_no_quota(headers)):
            kind = "quota"
        fix = FIXES.get(kind, "")
        if kind == "authentication":
            fix = f"check {' or '.join(self._facts.key_variables) or 'the API key'}"
        if kind == "not_found":
            fix = f"check the model id {self.model!r} and the base URL {self.base_url}"
        if 300 <= status < 400:
            kind = "not_found"  # nothing of the kind asked for is there, for any call
        if kind == "bad_request" and sent is not None:
            flag = find_flag(error, said, dict(sent), lambda request: self._rename(request, lambda _: ""))
            if flag:
                kind, fix = "parameter", f"the model rejects {flag}: leave it out, or give another value"
        said = _shorten(said)
        message = f"{self.service}, HTTP {status}: {said}" + (f" ({fix})" if fix else "")
        asked = read_retry_after(headers | _find_headers(metadata))
        return CallError(
            kind,
            message,
            status=status,
            retry_after=read_retry_info(body) if asked is None else asked,
            allowances=read_allowances(headers),
            maybe_billed=kind == "timeout" or status == 200,  # a gateway gave up, or an upstream did amid its answer
        )

    def _quote(self, said: object) -> str:
        """Return a text from outside as it is shown: on one line, without the key, and only then shortened."""
        return _shorten(self._secret.tidy(said or "no message"))


def _list_reasons(error: dict[str, Any]) -> list[object]:
    """Return what says more than the code of a failure: Google's and Anthropic's details, OpenRouter's reason."""
    details = error.get("details")
    return [
        *(each.get("reason") for each in dicts(details)),
        as_dict(details).get("error_code"),
        as_dict(error.get("metadata")).get("reason"),
    ]


def _find_headers(metadata: object) -> dict[str, str]:
    """Return headers that OpenRouter passes on in the body."""
    return {name.lower(): str(value) for name, value in as_dict(as_dict(metadata).get("headers")).items()}


def _shorten(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
