"""A service's reply, body and headers → a Response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mmra_api.providers.wires.format import WireFormat
from mmra_api.providers.wires.lenient_json import unreadable
from mmra_api.types import Reply, Response

SIMULATED = "x-mmra-simulated"
"""The header by which the sandbox marks its replies."""

STREAM = "mmra: a stream of events"
"""The field of a body that holds, as a text, the events that came instead of a reply."""

CALL_NAMES = ("x-request-id", "request-id", "apim-request-id", "x-amzn-requestid", "x-goog-request-id", "cf-ray")
"""The headers by which services name a call, the one for their support first."""


def keep_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers worth storing: those that name the call, and the sandbox's mark."""
    return {name: headers[name] for name in (*CALL_NAMES, SIMULATED) if name in headers}


def read_reply(wire: WireFormat, reply: Reply) -> Response:
    """Read a reply: its body as the wire format says, and what its headers tell.

    The request's id is the one that the headers give, else the body's. Raises CallError ``unreadable`` for a body that
    the format does not know, or a stream.
    """
    if STREAM in reply.body:
        raise unreadable("the server streams events, though it was asked for one whole reply")
    response = wire.decode(reply.body)
    named = next((reply.headers[name] for name in CALL_NAMES if reply.headers.get(name)), response.request_id)
    return replace(response, request_id=named, simulated=SIMULATED in reply.headers)
