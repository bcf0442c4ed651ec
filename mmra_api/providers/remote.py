"""A model at a service: a wire format and an SDK made into a Provider, and what goes wrong into facts.

No message that leaves here holds the API key.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from urllib.parse import quote

from mmra_api.errors import CallError, InputError
from mmra_api.images import ImageLimits, embed_bytes
from mmra_api.providers.failures import (
    Endpoint,
    explain_error,
    find_flag,
    read_allowances,
    read_error_response,
    shorten,
)
from mmra_api.providers.provider import ProviderFacts
from mmra_api.providers.service import Service
from mmra_api.providers.transport import CONNECT, ApiKey, ErrorStatus, NoReply, Sdk
from mmra_api.providers.wires import (
    STREAM,
    Body,
    WireFormat,
    build_body,
    encode_request,
    is_stream,
    keep_headers,
    list_budgets,
    merge_extra,
    read_json,
    read_reply,
    rename_fields,
)
from mmra_api.types import Embed, Image, Params, Reply, Request, Response


class Remote:
    """A model at a service, asked over HTTP."""

    facts = ProviderFacts()

    def __init__(
        self,
        name: str,
        service: Service,
        wire: WireFormat,
        model: str,
        *,
        base_url: str,
        needs_key: bool,
        timeout: float,
    ) -> None:
        self.service = name
        self.model = model
        self.base_url = base_url
        self.images: ImageLimits | None = service.images
        self._service = service
        self._wire = wire
        self._fields = rename_fields(wire.FIELDS, service.renamed)
        self.path = wire.PATH.format(model=quote(model, safe="/:@%"))  # % as it is: an id may be escaped already
        self._needs_key = needs_key
        self._timeout = timeout
        self._endpoint = Endpoint(
            service=name, model=model, base_url=base_url, key_variables=tuple(service.key_variables)
        )
        self._key = ApiKey("")
        self._sdk: Sdk | None = None
        """None until the first call, because a key is needed only then, and the SDK takes long to load."""
        self._answered = False
        """Whether a call has been answered: address, key and proxy are right."""

    def encode(self, request: Request, embed: Embed) -> Body:
        """Return the body for the wire, every image in its place; see the wire format's module."""
        return build_body(self._build, request, embed)

    def _build(self, request: Request, embed: Embed) -> Body:
        params = request.params
        if params.max_tokens is None and self._service.max_tokens is not None:
            request = replace(request, params=replace(params, max_tokens=self._service.max_tokens))
        body = encode_request(self._wire, self.model, request, embed)
        renamed = {self._service.renamed.get(name, name): value for name, value in body.items()}
        # Last, and so by the service's own names: a field that the body has already is rejected.
        return merge_extra(renamed, params.extra) if params.extra else renamed

    def decode(self, reply: Reply) -> Response:
        """Read a reply; see the wire format's module."""
        return read_reply(self._wire, reply)

    def count_input(self, request: Request) -> tuple[int, int]:
        """Return how many input tokens a request takes, at least and at most; see the wire format's module."""
        return self._wire.count_input(request)

    def find_output_budget(self, params: Params) -> int | None:
        """Return the output budget that goes out: the user's, the service's or the wire format's; None without one.

        It is read off the body, because the service's default or a field of the user's own may be what counts.
        """
        if params.max_tokens is not None:
            return params.max_tokens
        names = {field.names[-1] for field in self._fields if field.param == "max_tokens"}
        body = self.encode(Request(parts=("",), params=params), lambda _: "")
        return max(list_budgets(body, names), default=None)

    async def send(self, request: Request) -> Reply:
        """Make one call. Raises CallError with the facts, or InputError when no call can be made at all."""
        try:
            sdk = self._sdk or self._connect()
            # The body is handed on and not kept: with many calls under way their images would fill the memory.
            posting = sdk.post(self.path, await self._encode(request))
            async with asyncio.timeout(self._timeout):  # the SDK's own is between two bytes, not for the whole call
                content, headers = await posting
            self._answered = True
            return self._read(content, headers, request)
        except (CallError, InputError):
            raise
        except TimeoutError as error:
            raise self._time_out(sent=True) from error
        except NoReply as error:
            if error.timed_out:
                raise self._time_out(sent=error.sent) from error
            message = f"{self.base_url}: {self._quote(error.cause)}"
            if error.garbled:
                raise CallError("server", message, status=200, maybe_billed=True) from error
            raise CallError("connection", message, maybe_billed=error.sent) from error
        except ErrorStatus as error:
            sent = self.encode(request, lambda _: "")
            raise self._explain(error.status, error.body, error.headers, request, sent) from error
        except Exception as error:  # whatever else the SDK or its transport raise is about the address, key or proxy
            reason = f"{type(error).__name__}: {self._quote(error)}"
            if self._answered:  # or, where these are right, about this one call
                raise CallError("connection", f"{self.base_url}: {reason}", maybe_billed=True) from error
            raise InputError(
                f"no call to {self.base_url} can be made: {reason}; check the base URL, the key and the proxy settings"
            ) from error

    async def _encode(self, request: Request) -> Body:
        """Build the body to send; in a thread where images are changed, because that takes long."""
        if any(isinstance(part, Image) and part.fit for part in request.parts):
            return await asyncio.to_thread(self.encode, request, embed_bytes)
        return self.encode(request, embed_bytes)

    async def close(self) -> None:
        """Close the connections."""
        if self._sdk is not None:
            await self._sdk.close()

    def _connect(self) -> Sdk:
        variables = self._service.key_variables
        found = next((name for name in variables if os.environ.get(name, "").strip()), "")
        key = os.environ.get(found, "").strip() if found else ""
        if not key and self._needs_key:
            raise CallError(
                "authentication", f"{self.service} needs an API key: export {variables[0]}=… (nothing was sent)"
            )
        # Said here, because the SDKs put such a key into a header, and fail with a message that shows it.
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise CallError(
                "authentication",
                f"{found} holds a space, a line break or a character that no key has (nothing was sent)",
            )
        self._key = ApiKey(key)
        self._sdk = CONNECT[self._wire.SDK](key, self.base_url, self._timeout)
        return self._sdk

    def _time_out(self, *, sent: bool) -> CallError:
        message = f"{self.base_url}: no reply within {self._timeout:g} s"
        return CallError("timeout", message, maybe_billed=sent)

    def _read(self, content: bytes, headers: dict[str, str], request: Request) -> Reply:
        """Return a reply with status 200. What is not JSON comes from something on the way there: transient.

        A stream of events and what is nested too deeply are the server's own, would come again, and were paid for: as
        replies of no known shape they are unreadable to the decoder, and set aside.
        """
        try:
            body = self._key.redact(read_json(content))
        except RecursionError:
            body = self._key.redact(content.decode("utf-8", "replace"))
        except ValueError as error:
            text = content.decode("utf-8", "replace")
            if not is_stream(content):
                said = "cut or broken JSON" if text.lstrip().startswith(("{", "[")) else self._quote(text)
                raise CallError("server", f"not JSON but {said}", status=200, maybe_billed=True) from error
            body = {STREAM: self._key.redact(text)}
        headers = self._key.redact(headers)
        if not isinstance(body, dict):  # of no known shape either; the store takes objects only
            body = {"reply": body}
        failure = self._wire.find_failure(body)
        if failure is not None:
            raise self._explain(200, failure, headers, request)
        return Reply(body=body, headers=keep_headers(headers), allowances=read_allowances(headers))

    def _explain(
        self, status: int, body: object, headers: dict[str, str], request: Request, sent: Body | None = None
    ) -> CallError:
        """Return the failure of a call that was answered; with the body as ``sent`` the flag that is rejected too."""
        response = read_error_response(status, body, headers, self._key.tidy)
        flag = ""
        if response.kind == "bad_request" and sent is not None:
            flag = find_flag(response.error, response.said, sent, self._fields, request.params.extra)
        return explain_error(response, self._endpoint, request.params, flag)

    def _quote(self, said: object) -> str:
        """Return a text from outside as it is shown: on one line, without the key, and only then shortened."""
        return shorten(self._key.tidy(said or "no message"))
