"""A service, a model and a usage → US dollars: from the user's own table, or from the price data of genai-prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from mmra_api.providers import PROVIDERS
from mmra_api.types import TokenPrice, Usage

FORMER = {"https://api.together.ai/v1": "https://api.together.xyz/v1"}
"""Addresses under which genai-prices still lists a service."""


class Price(Protocol):
    """What a model costs."""

    @property
    def source(self) -> str:
        """Return where the price is from, for people."""
        ...

    def cost(self, usage: Usage) -> float:
        """Return US dollars for one call."""
        ...


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A price of the user's own table, flat per million tokens."""

    price: TokenPrice
    source: str = "your price table"

    def cost(self, usage: Usage) -> float:
        """Return US dollars for one call."""
        cached = min(usage.cached_tokens or 0, usage.input_tokens or 0)
        fresh = (usage.input_tokens or 0) - cached
        cached_price = self.price.input if self.price.cached_input is None else self.price.cached_input
        return (
            fresh * self.price.input + cached * cached_price + (usage.output_tokens or 0) * self.price.output
        ) / 1_000_000


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """A price that genai-prices knows; it may depend on the length of the input and on the date."""

    url: str
    model: str
    source: str

    def cost(self, usage: Usage) -> float:
        """Return US dollars for one call."""
        import genai_prices

        counted = genai_prices.Usage(
            input_tokens=usage.input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            cache_read_tokens=min(usage.cached_tokens or 0, usage.input_tokens or 0),
        )
        return float(genai_prices.calc_price(counted, self.model, provider_api_url=self.url).total_price)


def find_price(
    service: str, model: str, *, base_url: str = "", own: Mapping[str, TokenPrice] | None = None
) -> Price | None:
    """Return the price of ``SERVICE/ID``, or None when nobody states it.

    The user's own table comes first. Behind another address (a proxy) a model costs what it costs at its service.
    """
    if own and f"{service}/{model}" in own:
        return OwnPrice(own[f"{service}/{model}"])
    known = PROVIDERS.get(service)
    own_url = known.base_url if known else ""
    for url in dict.fromkeys(filter(None, (base_url, own_url, FORMER.get(own_url)))):
        listed = _look_up(url, model)
        if listed is not None:
            return listed
    return None


def _look_up(url: str, model: str) -> Price | None:
    import genai_prices  # imports pydantic: only where money is counted

    try:
        found = genai_prices.calc_price(genai_prices.Usage(input_tokens=1), model, provider_api_url=url)
        price = ListedPrice(url, model, f"genai-prices, {found.provider.name} {found.model.id}")
        price.cost(Usage(input_tokens=1, output_tokens=1, cached_tokens=1))
    except (LookupError, ValueError):  # an unknown service or model, or one that is not priced by tokens
        return None
    return price
