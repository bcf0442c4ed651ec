"""A Call in, an Outgoing reply out: keys, limits, checks, faults and simulated models, without a socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import unquote

import msgspec

from mmra_api.sandbox import anthropic, gemini, openai_chat, openai_responses
from mmra_api.sandbox.answer_key import AnswerKey
from mmra_api.sandbox.chance import Chance
from mmra_api.sandbox.counters import CallCounter
from mmra_api.sandbox.faults import Fault, Faults
from mmra_api.sandbox.limiter import Limiter, LimitExceeded, SandboxLimits
from mmra_api.sandbox.models import MODELS, is_blind, reply
from mmra_api.sandbox.openai_service import CREATED
from mmra_api.sandbox.wire import Call, Pause, Rejection, Said, ServedFormat, name_call
from mmra_api.types import FailureKind

ROUTES: Mapping[str, ServedFormat] = {
    "/v1/chat/completions": openai_chat,
    "/v1/responses": openai_responses,
    "/v1/messages": anthropic,
    "/v1beta/models/{model}:generateContent": gemini,
    "/openai/v1/chat/completions": openai_chat,
    "/openai/v1/responses": openai_responses,
}
"""Path to wire format: a new format is a file like ``openai_chat`` and a line here. The last two are Azure's, where
``AZURE_OPENAI_ENDPOINT`` is the sandbox's ``root_url``."""

# Two keys with which a client's handling of a wrong key and of an empty account can be tried at will.
BAD_KEY, BROKE_KEY = "bad-key", "broke-key"

# What a proxy before the service says when it fails: no JSON, though the status is 200 here.
HTML = (
    b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
)
PRETENCES: Mapping[Fault, tuple[FailureKind, str]] = {
    "401": ("authentication", "that the key is wrong"),
    "quota": ("quota", "that the quota is used up"),
    "500": ("server", "that the server failed"),
    "503": ("overloaded", "to be overloaded"),
}
# Valid JSON in a shape that no service sends.
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
    request_id: Mapping[str, str] = field(default_factory=lambda: {"x-request-id": name_call()})
    """The header that names the call, in the wire format's words."""


class Service:
    """What all connections share."""

    def __init__(
        self, key: AnswerKey, *, faults: Faults, seed: int, latency: float, limits: SandboxLimits, need_key: bool
    ) -> None:
        self.counts = CallCounter()
        self._key = key
        self._faults = faults
        self._seed = seed
        self._latency = latency
        self._limiter = Limiter(limits, latency=latency)
        self._need_key = need_key

    def reset(self) -> None:
        """Forget all calls: the next ones fare as on the first day."""
        self.counts.reset()
        self._limiter.reset()

    def answer(self, call: Call, wire: ServedFormat, wait: Wait) -> Outgoing:
        """Answer a POST in the wire format of its path."""
        try:
            # The key first: a call without one learns nothing else and costs nothing.
            self._check_key(wire.read_key(call))
            outgoing = self._admit(call, wire, wait)
            # After the call, so that the headers count it.
            told = wire.tell_limits(self._limiter.levels)
            return replace(outgoing, headers={**outgoing.headers, **told}, request_id=wire.tell_id(call.id))
        except Rejection as rejection:
            self.counts.reject(rejection.kind)
            return render_rejection(wire, rejection, call)

    def _admit(self, call: Call, wire: ServedFormat, wait: Wait) -> Outgoing:
        """Answer a call that is within the limits, refuse one beyond them. Raises Rejection."""
        try:
            with self._limiter.enter():
                return self._serve(call, wire, self._hear(call, wire), wait)
        except LimitExceeded as exceeded:
            self.counts.fault(exceeded.bound)
            self.counts.mark(refused=True)
            return too_many(wire, call, self._limiter.pause(exceeded))

    def _hear(self, call: Call, wire: ServedFormat) -> Said:
        """What the model says to a call. The Ask ends here, and its images: a reply may wait long. Raises Rejection."""
        # A malformed call is refused before any model is asked.
        ask = wire.read(call)
        if ask.digests and is_blind(ask.model):
            raise wire.refuse_images(ask)
        return reply(ask, self._key, self._seed)

    def _check_key(self, key: str) -> None:
        if key == BAD_KEY:
            raise Rejection("authentication", f"the API key {key!r} is wrong: any other will do")
        if self._need_key and not key:
            raise Rejection("authentication", "the call has no API key: send one in its header, any will do")
        if key == BROKE_KEY:
            raise Rejection("quota", f"the sandbox lets the key {key!r} have no money left: use another")

    def _serve(self, call: Call, wire: ServedFormat, said: Said, wait: Wait) -> Outgoing:
        # Before the counts numbers the attempt: a call beyond the limit was no attempt.
        self._limiter.charge((said.usage.input_tokens or 0) + (said.usage.output_tokens or 0))
        body = call.digest
        # About the body, not the time: the same call meets the same faults in every run.
        chance = Chance.about(self._seed, body.hex())
        attempt = self.counts.attempt(body)
        fault = self._faults.befall(chance, attempt)
        self.counts.mark(refused=fault == "429")
        if fault != "ok":
            self.counts.fault(fault)
        pause = self._latency + (self._faults.slow if fault == "slow" else 0.0)
        # Nobody waits any more: nothing is sent, and nothing is paid.
        if pause and not wait(pause):
            self.counts.abandon()
            return Outgoing(ending="drop")
        # After the wait, so that many slow calls do not hold their replies in memory.
        good = msgspec.json.encode(wire.render(said))
        # Only these reach the client whole; all others are not billed.
        if fault in {"ok", "slow"}:
            self.counts.pay(body, said)
            return Outgoing(body=good)
        # All the forms that headers have, drawn: a client has to read each.
        form: Literal["s", "ms", "date"] = chance.pick(f"wait {attempt}", ("s", "ms", "date"))
        asked = Pause(seconds=self._faults.retry_after, form=form)
        return fail(fault, wire, call, good, asked)


def fail(fault: Fault, wire: ServedFormat, call: Call, good: bytes, pause: Pause) -> Outgoing:
    """What a fault makes of a good reply; a 429 asks for the pause."""
    if fault in PRETENCES:
        kind, pretence = PRETENCES[fault]
        return render_rejection(wire, Rejection(kind, f"the sandbox pretends {pretence}"), call)
    match fault:
        case "429":
            return too_many(wire, call, pause)
        case "cut":
            return Outgoing(body=good, ending="cut")
        case "html":
            return Outgoing(body=HTML, media_type="text/html; charset=utf-8")
        case "notjson":
            # Half of a JSON text with a length that fits: no cut that the connection would show.
            return Outgoing(body=good[: len(good) // 2])
        case "shape":
            return render_json(STRANGE)
    return Outgoing(ending="drop")


def too_many(wire: ServedFormat, call: Call, pause: Pause | None) -> Outgoing:
    """A 429, which may say how long to wait."""
    message = "too many requests in a short time: wait, as long as the reply says if it does"
    return render_rejection(wire, Rejection("rate_limit", message, pause=pause), call)


def render_rejection(wire: ServedFormat, rejection: Rejection, call: Call) -> Outgoing:
    """The wire format's reply to a call that is turned down."""
    status, body = wire.render_error(rejection, call.id)
    # No pause, no header: some services never say how long.
    headers = wire.tell_pause(rejection.pause) if rejection.pause else {}
    return replace(render_json(body, status=status), headers=headers, request_id=wire.tell_id(call.id))


def find_route(path: str) -> tuple[ServedFormat, str] | None:
    """The wire format of a path, and the model that the path names if it does; None for a path without one."""
    for route, wire in ROUTES.items():
        head, mark, tail = route.partition("{model}")
        if path == head and not mark:
            return wire, ""
        # The model may hold any sign, so the path is put together again and compared.
        model = path.removeprefix(head).removesuffix(tail)
        if mark and model and path == f"{head}{model}{tail}":
            # The client writes a slash in a model's name as %2F.
            return wire, unquote(model)
    return None


def render_json(body: object, *, status: int = 200) -> Outgoing:
    return Outgoing(status=status, body=msgspec.json.encode(body))


def list_models() -> Outgoing:
    """The body of ``GET /v1/models``, in OpenAI's form."""
    rows = [{"id": name, "object": "model", "created": CREATED, "owned_by": "mmra-sandbox"} for name in MODELS]
    return render_json({"object": "list", "data": rows})


def mark(outgoing: Outgoing) -> dict[str, str]:
    """All headers of a reply: its own, and those by which a client knows a simulated one."""
    return {
        "content-type": outgoing.media_type,
        "content-length": str(len(outgoing.body)),
        "x-mmra-simulated": "1",
        **outgoing.request_id,
        # Last, so that a header of the reply wins over the general ones.
        **outgoing.headers,
    }
