"""Chance levels without a network: a Request → one of its valid answers. Real reference rows for a table.

``baseline/random`` draws by a hash of the question, its images, the seed and the trial; ``baseline/first`` takes the
first option, or Yes.
"""

from __future__ import annotations

import hashlib

import msgspec

from mmra_api.errors import InputError
from mmra_api.images import ImageLimits, embed_fingerprint
from mmra_api.providers.provider import ProviderFacts
from mmra_api.providers.wires import Body
from mmra_api.types import Embed, Image, Params, Reply, Request, Response

MODELS = ("random", "first")


class Baseline:
    """A rule that never looks at the images."""

    service = "baseline"
    base_url = ""
    path = ""
    facts = ProviderFacts(stored=False, limited=False, billed=False)
    images: ImageLimits | None = None

    def __init__(self, model: str) -> None:
        if model not in MODELS:
            raise InputError(f"no baseline {model!r}; there are {', '.join(f'baseline/{name}' for name in MODELS)}")
        self.model = model

    def encode(self, request: Request, embed: Embed) -> Body:
        """Return what the draw depends on; it is never sent."""
        parts = [embed(part) if isinstance(part, Image) else part for part in request.parts]
        seed = request.params.seed or 0
        return {"parts": parts, "choices": list(request.choices), "seed": seed, "trial": request.trial}

    def decode(self, reply: Reply) -> Response:
        """Return the drawn answer as a text."""
        return Response(text=reply.body["text"], finish="stop", model=self.model, source="local")

    async def send(self, request: Request) -> Reply:
        """Draw an answer."""
        body, choices = self.encode(request, embed_fingerprint), request.choices
        drawn = int.from_bytes(hashlib.sha256(msgspec.json.encode(body, order="sorted")).digest())
        index = drawn % len(choices) if self.model == "random" and choices else 0
        return Reply(body={"text": choices[index] if choices else ""})

    def count_input(self, request: Request) -> tuple[int, int]:
        """Return nothing: a rule reads no tokens."""
        return 0, 0

    def find_output_budget(self, params: Params) -> int | None:
        """Return nothing: a rule writes a letter."""
        return None

    async def close(self) -> None:
        """Do nothing: there is no connection."""
