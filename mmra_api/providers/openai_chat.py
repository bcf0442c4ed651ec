"""The wire format of OpenAI's chat completions, which most services speak: Request ↔ body ↔ Response.

``encode`` and ``decode`` are pure. Sending is the openai SDK's, through its documented low-level call; its own
retries are off, because the dispatcher owns retrying.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec

from mmra_api.errors import CallError
from mmra_api.providers.base import (
    SIMULATED,
    Body,
    Service,
    classify_status,
    keep_headers,
    read_retry_after,
    unreadable,
)
from mmra_api.types import Embed, FinishReason, Image, Part, Reply, Request, Response, Usage

if TYPE_CHECKING:
    import openai

PATH = "/chat/completions"
FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",  # some compatible services pass the runtime's own word through
    "length": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
}


def encode(model: str, request: Request, embed: Embed, *, output_limit: str) -> Body:
    """Return the body of ``POST /chat/completions``: one user message, text and images in the order of the parts."""
    body: Body = {
        "model": model,
        "messages": [{"role": "user", "content": [_encode_part(part, embed) for part in request.parts]}],
    }
    params = request.params
    asked = {output_limit: params.max_tokens, "temperature": params.temperature, "seed": params.seed}
    return body | {name: value for name, value in asked.items() if value is not None}


def _encode_part(part: Part, embed: Embed) -> dict[str, Any]:
    match part:
        case str():
            return {"type": "text", "text": part}
        case Image():
            return {"type": "image_url", "image_url": {"url": f"data:{part.media_type};base64,{embed(part)}"}}
    raise AssertionError(f"unknown part {part!r}")


def decode(reply: Reply) -> Response:
    """Read a chat completion, tolerating unknown fields. Raises CallError ``unreadable`` where there is no message."""
    body = reply.body
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise unreadable(f"no choices among the fields {', '.join(map(str, body)) or '(none)'}")
    message = choices[0].get("message")
    if not isinstance(message, dict):
        raise unreadable("its first choice has no message")
    finish_raw = str(choices[0].get("finish_reason") or "")
    refusal = _read_text(message.get("refusal"))
    return Response(
        text=_read_text(message.get("content")),
        finish="refusal" if refusal else FINISH.get(finish_raw, "other"),
        finish_raw=finish_raw,
        reasoning=_read_text(message.get("reasoning_content") or message.get("reasoning")),
        refusal=refusal,
        usage=_read_usage(body.get("usage")),
        model=str(body.get("model") or ""),
        request_id=reply.headers.get("x-request-id", "") or str(body.get("id") or ""),
        simulated=SIMULATED in reply.headers,
    )


def _read_text(content: Any) -> str:
    """Return a message's text: a string, or the text parts of a list in order."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _read_usage(usage: Any) -> Usage:
    usage = usage if isinstance(usage, dict) else {}
    details = {
        name: usage[name] if isinstance(usage.get(name), dict) else {}
        for name in ("prompt_tokens_details", "completion_tokens_details")
    }
    return Usage(
        input_tokens=_read_count(usage.get("prompt_tokens")),
        output_tokens=_read_count(usage.get("completion_tokens")),
        cached_tokens=_read_count(details["prompt_tokens_details"].get("cached_tokens")),
        reasoning_tokens=_read_count(details["completion_tokens_details"].get("reasoning_tokens")),
    )


def _read_count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class OpenAIChat:
    """A model at a service that speaks chat completions."""

    path = PATH
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
        """Return the body; see the module's ``encode``."""
        return encode(self.model, request, embed, output_limit=self._facts.output_limit)

    def decode(self, reply: Reply) -> Response:
        """Read a reply; see the module's ``decode``."""
        return decode(reply)

    async def send(self, body: Body) -> Reply:
        """Make one call. ``timeout`` is in seconds, per call."""
        import httpx2
        import openai

        client = self._client or self._connect()
        try:
            reply = await client.post(
                PATH,
                content=msgspec.json.encode(body),
                options={"headers": {"Content-Type": "application/json"}},
                cast_to=httpx2.Response,
            )
            return _read_reply(reply.content, dict(reply.headers))
        except openai.APITimeoutError as error:
            raise CallError("timeout", f"no reply within {self._timeout:g} s") from error
        except openai.APIStatusError as error:
            raise self._explain(error.status_code, error.body, dict(error.response.headers)) from error
        except (openai.APIConnectionError, httpx2.TransportError) as error:
            raise CallError("connection", f"{self.base_url}: {error.__cause__ or error}") from error

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
                "authentication",
                f"{self.service} needs an API key: export {variable}=… (nothing was sent)",
            )
        self._client = openai.AsyncOpenAI(
            api_key=self._key or "none", base_url=self.base_url, max_retries=0, timeout=self._timeout
        )
        return self._client

    def _explain(self, status: int, body: object, headers: dict[str, str]) -> CallError:
        error = body if isinstance(body, dict) else {}
        code = str(error.get("code") or error.get("type") or "")
        kind = classify_status(status, code)
        said = str(error.get("message") or "").strip() or _shorten(body)
        if self._key:  # some services repeat a rejected key in their message
            said = said.replace(self._key, "[key]")
        fix = {
            "authentication": f"check {self._facts.key_variable or 'the API key'}",
            "permission": "the key may not use this model",
            "not_found": f"check the model id {self.model!r} and the base URL {self.base_url}",
            "quota": "add credit or raise the limit in the vendor's console",
        }.get(kind, "")
        message = f"{self.service}, HTTP {status}: {said}" + (f" ({fix})" if fix else "")
        return CallError(kind, message, status=status, retry_after=read_retry_after(headers))


def _read_reply(content: bytes, headers: dict[str, str]) -> Reply:
    """Return a reply with status 200. What is not JSON comes from something between us and the service: transient."""
    try:
        body = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CallError("server", f"not JSON but {_shorten(content.decode('utf-8', 'replace'))}") from error
    if not isinstance(body, dict):
        raise unreadable(f"JSON of type {type(body).__name__}")
    failure = body.get("error")
    if isinstance(failure, dict) and "choices" not in body:  # OpenRouter reports an upstream's failure with status 200
        code = failure.get("code")
        kind = classify_status(code if isinstance(code, int) else 500, str(code or ""))
        raise CallError(kind, str(failure.get("message") or failure), retry_after=read_retry_after(headers))
    return Reply(body=body, headers=keep_headers(headers))


def _shorten(said: object) -> str:
    text = " ".join(str(said or "no message").split())
    return text if len(text) <= 200 else f"{text[:200]}…"
