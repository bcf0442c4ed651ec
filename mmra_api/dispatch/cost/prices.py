"""A service, a model and a usage → US dollars: from the user's own table, or from the price data of genai-prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from mmra_api.providers import PROVIDERS
from mmra_api.types import TokenPrice, Usage

FORMER = {"https://api.together.ai/v1": "https://api.together.xyz/v1"}
"""Addresses under which genai-prices still lists a service: it matches by address, and this one has moved."""


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
        fresh, cached, written = split_input(usage)
        price = self.price
        cached_price = price.input if price.cached_input is None else price.cached_input
        written_price = price.input if price.cache_write is None else price.cache_write
        paid = fresh * price.input + cached * cached_price + written * written_price
        return (paid + (usage.output_tokens or 0) * price.output) / 1_000_000


@dataclass(frozen=True, slots=True)
class NoCharge:
    """The price of a model that nobody bills, as one in this process."""

    source: str = "not billed"

    def cost(self, usage: Usage) -> float:
        """Return no dollars, for any call."""
        return 0.0


FREE = NoCharge()


def split_input(usage: Usage) -> tuple[int, int, int]:
    """Return how many input tokens were neither read from the service's prompt cache nor written to it, read, written.

    They sum up to the input, whatever the service says.
    """
    taken = usage.input_tokens or 0
    # Never more than the whole, or the rest would be negative and make the call cheaper.
    cached = min(usage.cached_tokens or 0, taken)
    written = min(usage.cache_write_tokens or 0, taken - cached)
    return taken - cached - written, cached, written


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """A price that genai-prices knows; it may depend on the length of the input and on the date."""

    url: str
    model: str
    source: str

    def cost(self, usage: Usage) -> float:
        """Return US dollars for one call."""
        import genai_prices  # here, because it imports pydantic: only where money is counted

        _, cached, written = split_input(usage)
        counted = genai_prices.Usage(
            input_tokens=usage.input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            cache_read_tokens=cached,
            cache_write_tokens=written,
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
    # In this order: a compatible service may have prices of its own at its own address.
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
        # Tried once, with every field: where a listed model has no price for one, it must show now, not mid-run.
        price.cost(Usage(input_tokens=2, output_tokens=1, cached_tokens=1, cache_write_tokens=1))
    except (LookupError, ValueError):  # an unknown service or model, or one that is not priced by tokens
        return None
    return price
