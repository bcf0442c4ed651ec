"""A Call in, an Outgoing reply out: keys, limits, checks, faults and simulated models, without a socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from hashlib import sha256
from math import ceil
from secrets import token_hex
from time import time
from typing import Any, Literal

import msgspec

from mmra_api.sandbox import openai_chat
from mmra_api.sandbox.answers import AnswerKey
from mmra_api.sandbox.counters import Tally
from mmra_api.sandbox.dice import Dice
from mmra_api.sandbox.faults import Fault, Faults
from mmra_api.sandbox.gate import Gate, Limits, Refused
from mmra_api.sandbox.models import MODELS, reply
from mmra_api.sandbox.wire import Ask, Call, Rejection, Wire

ROUTES: Mapping[str, Wire] = {
    "/v1/chat/completions": openai_chat,
}
"""Path to wire format: a new format is a file like ``openai_chat`` and a line here."""

BAD_KEY, BROKE_KEY = "bad-key", "broke-key"

HTML = (
    b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
)
NOT_JSON = b'{"id": "chatcmpl-0", "object": "chat.completion", "choices": [{"index": 0, "mess'
STRANGE: dict[str, Any] = {"status": "ok", "result": {"output": [], "elapsed_ms": 12}}

Wait = Callable[[float], bool]
"""Sleep for some seconds; False when there is nobody left to reply to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What goes back to the client. ``ending`` says how: in full, cut after half of the body, or not at all."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Literal["whole", "cut", "drop"] = "whole"


class Service:
    """What all connections share."""

    def __init__(
        self, key: AnswerKey, *, faults: Faults, seed: int, latency: float, limits: Limits, need_key: bool
    ) -> None:
        self.tally = Tally()
        self._key = key
        self._faults = faults
        self._seed = seed
        self._latency = latency
        self._gate = Gate(limits, latency=latency)
        self._need_key = need_key

    def reset(self) -> None:
        """Forget all calls: the next ones fare as on the first day."""
        self.tally.reset()
        self._gate.reset()

    def answer(self, call: Call, wait: Wait) -> Outgoing:
        """Answer a POST to one of the ROUTES."""
        wire = ROUTES[call.path]
        try:
            self._check_key(wire.read_key(call))
            outgoing = self._admit(call, wire, wait)
            return replace(outgoing, headers={**outgoing.headers, **self._gate.tell_limits()})
        except Rejection as rejection:
            self.tally.reject(rejection.kind)
            return render_rejection(wire, rejection)

    def _admit(self, call: Call, wire: Wire, wait: Wait) -> Outgoing:
        """Answer a call that is within the limits, refuse one beyond them. Raises Rejection."""
        try:
            with self._gate.enter():
                return self._serve(call, wire, wire.read(call), wait)
        except Refused as refused:
            self.tally.fault(refused.bound)
            self.tally.mark(refused=True)
            return too_many(wire, self._gate.tell_wait(refused))

    def _check_key(self, key: str) -> None:
        if key == BAD_KEY:
            raise Rejection("authentication", f"the API key {key!r} is wrong: any other will do")
        if self._need_key and not key:
            raise Rejection("authentication", "the call has no API key: send one in its header, any will do")
        if key == BROKE_KEY:
            raise Rejection("quota", f"the account of the key {key!r} has no money left: add some, or use another key")

    def _serve(self, call: Call, wire: Wire, ask: Ask, wait: Wait) -> Outgoing:
        said = reply(ask, self._key, self._seed)
        self._gate.charge((said.usage.input_tokens or 0) + (said.usage.output_tokens or 0))
        body = sha256(call.body).digest()
        dice = Dice.about(self._seed, body.hex())
        attempt = self.tally.attempt(body)
        fault = self._faults.befall(dice, attempt)
        self.tally.mark(refused=fault == "429")
        if fault != "ok":
            self.tally.fault(fault)
        pause = self._latency + (self._faults.slow if fault == "slow" else 0.0)
        if pause and not wait(pause):
            self.tally.abandon()
            return Outgoing(ending="drop")
        good = msgspec.json.encode(wire.render(said))
        if fault in {"ok", "slow"}:
            self.tally.pay(body, said, len(ask.digests))
            return Outgoing(body=good)
        return self._fail(fault, wire, good, dice.pick(f"wait {attempt}", ("s", "ms", "date")))

    def _fail(self, fault: Fault, wire: Wire, good: bytes, form: str) -> Outgoing:
        match fault:
            case "429":
                return too_many(wire, format_wait(self._faults.retry_after, form))
            case "500":
                return render_rejection(wire, Rejection("server", "the sandbox pretends that the server failed"))
            case "503":
                return render_rejection(wire, Rejection("overloaded", "the sandbox pretends to be overloaded"))
            case "cut":
                return Outgoing(body=good, ending="cut")
            case "html":
                return Outgoing(body=HTML, media_type="text/html; charset=utf-8")
            case "notjson":
                return Outgoing(body=NOT_JSON)
            case "shape":
                return render_json(STRANGE)
        return Outgoing(ending="drop")


def too_many(wire: Wire, headers: Mapping[str, str]) -> Outgoing:
    """A 429; the headers may say how long to wait."""
    rejection = Rejection(
        "rate_limit", "too many requests in a short time: wait, as long as the headers say if they do"
    )
    return render_rejection(wire, rejection, headers)


def format_wait(seconds: float, form: str) -> dict[str, str]:
    """The wait in seconds, in OpenAI's milliseconds, or as the HTTP date (RFC 9110, 10.2.3), rounded up to a second."""
    if form == "ms":
        return {"retry-after-ms": f"{seconds * 1000:g}"}
    if form == "date":
        return {"retry-after": formatdate(ceil(time() + seconds), usegmt=True)}
    return {"retry-after": f"{seconds:g}"}


def render_rejection(wire: Wire, rejection: Rejection, headers: Mapping[str, str] | None = None) -> Outgoing:
    status, body = wire.render_error(rejection)
    return render_json(body, status=status, headers=headers)


def render_json(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Outgoing:
    return Outgoing(status=status, body=msgspec.json.encode(body), headers=headers or {})


def list_models() -> Outgoing:
    """The body of ``GET /v1/models``, in OpenAI's form."""
    rows = [
        {"id": name, "object": "model", "created": openai_chat.CREATED, "owned_by": "mmra-sandbox"} for name in MODELS
    ]
    return render_json({"object": "list", "data": rows})


def mark(outgoing: Outgoing) -> dict[str, str]:
    """All headers of a reply: its own, and those by which a client knows a simulated one."""
    return {
        "content-type": outgoing.media_type,
        "content-length": str(len(outgoing.body)),
        "x-mmra-simulated": "1",
        "x-request-id": f"req_{token_hex(16)}",
        **outgoing.headers,
    }
