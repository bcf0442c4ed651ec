"""What every wire format is."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from mmra_api.providers.wires.body import Body
from mmra_api.types import Embed, Request, Response


class Wire(Protocol):
    """A wire format: a module with a path, the SDK that sends it, and these pure functions."""

    PATH: str
    """Of a call; may hold ``{model}``."""
    SDK: Literal["openai", "anthropic", "google"]
    """Whose ``post`` sends it: the openai SDK sends any JSON with the key as a bearer token."""

    def encode(self, model: str, request: Request, embed: Embed) -> Body:
        """Return the body. Raises InputError for a parameter that the format has no place for."""
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
