"""What every wire format is, and how a request is written in one."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from mmra_api.providers.wires.body import Body
from mmra_api.providers.wires.fields import Fields, reject_unplaced
from mmra_api.types import Embed, Request, Response


class WireFormat(Protocol):
    """A wire format: a module with a path, the SDK that sends it, a table of fields, and these pure functions."""

    NAME: str
    """What its vendor calls it, for messages: ``Anthropic's Messages``."""
    PATH: str
    """Of a call; may hold ``{model}``."""
    SDK: Literal["openai", "anthropic", "google"]
    """Whose ``post`` sends it: the openai SDK sends any JSON with the key as a bearer token."""
    FIELDS: Fields
    """Where each parameter stands; one that has no row cannot be sent."""

    def encode(self, model: str, request: Request, embed: Embed) -> Body:
        """Return the body; parameters stand where FIELDS says."""
        ...

    def decode(self, body: Body) -> Response:
        """Read the body of a reply. Raises CallError of kind ``unreadable`` when it has an unknown shape."""
        ...

    def find_failure(self, body: dict[str, Any]) -> object | None:
        """Return the failure that a body with status 200 reports, or None."""
        ...

    def count_input(self, request: Request) -> tuple[int, int]:
        """Return how many input tokens a request takes, at least and at most, by the vendor's documented formula."""
        ...


def encode_request(wire: WireFormat, model: str, request: Request, embed: Embed) -> Body:
    """Return the body of a request. Raises InputError for a parameter that the format has no place for.

    That is looked at here and not in each format, because a format that forgot to would drop what the user asked for.
    """
    reject_unplaced(wire.NAME, wire.FIELDS, request.params)
    return wire.encode(model, request, embed)
