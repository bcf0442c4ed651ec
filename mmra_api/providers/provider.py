"""What every provider is: a Request → a body → a Reply → a Response. A new kind (no HTTP, no service) begins here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mmra_api.images import ImageLimits
from mmra_api.providers.wires import Body
from mmra_api.types import Embed, Params, Reply, Request, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFacts:
    """What the dispatcher must know of a provider; each is stated by the provider itself."""

    stored: bool = True
    """Whether replies are kept in the store and found again. False where asking again takes nothing."""
    limited: bool = True
    """Whether calls wait for rate limits, which are stated by the user or the service, or learned from errors."""
    billed: bool = True
    """Whether calls cost money, so that a budget in dollars needs a price."""
    batch_size: int = 1
    """How many requests are taken at once, where calls are not limited."""


class Provider(Protocol):
    """A model at a service: pure ``encode`` and ``decode``, and ``send``, which makes exactly one call."""

    service: str
    model: str
    base_url: str
    path: str
    """Of a call, part of the cache key; empty where nothing goes over HTTP."""
    facts: ProviderFacts
    images: ImageLimits | None
    """What it documents about images; None: any image goes as it is."""

    def encode(self, request: Request, embed: Embed) -> Body:
        """Return the body, with every image of the request once, in order; ``embed`` turns an image into text (base64,
        or its fingerprint). Raises InputError for a parameter that has no place in it.
        """
        ...

    def decode(self, reply: Reply) -> Response:
        """Read a reply. Raises CallError of kind ``unreadable`` when it has an unknown shape."""
        ...

    async def send(self, request: Request) -> Reply:
        """Make one call. Raises CallError with the facts when it gives no reply."""
        ...

    def count_input(self, request: Request) -> tuple[int, int]:
        """Return how many input tokens a request takes, at least and at most, by the service's documented formula."""
        ...

    def find_output_budget(self, params: Params) -> int | None:
        """Return the most output tokens that a call may take: the user's limit, or ours; None where none is sent."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...
