"""Stored calls → counts, tokens and money, by service and model."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field

from mmra_api.config import load_config
from mmra_api.dispatch.cost import Price, find_price
from mmra_api.dispatch.store import Asked, Entry, Hits
from mmra_api.providers import PROVIDERS
from mmra_api.providers.wires import SIMULATED, find_wire
from mmra_api.types import Response, Usage

UNKNOWN = "–"
"""In place of money where nobody states a price."""


@dataclass(slots=True)
class ModelTotals:
    """What the replies of one model take and cost."""

    simulated: bool = False
    replies: int = 0
    size: int = 0
    """Bytes stored."""
    input_tokens: int = 0
    output_tokens: int = 0
    uncounted: int = 0
    """Replies without a token count; the sums leave them out."""
    usd: float | None = None
    """None where nobody states the price, and for simulated replies."""

    def money(self) -> str:
        """Return what the replies cost, in words."""
        if self.simulated:
            return "simulated"
        return UNKNOWN if self.replies == self.uncounted else show_money(self.usd, lower_bound=self.uncounted > 0)


@dataclass(slots=True)
class StoreTotals:
    """Adds up stored calls; groups them by service, base URL, model, and whether they are simulated."""

    groups: dict[tuple[str, str, str, bool], ModelTotals] = field(default_factory=dict)

    def add(self, entry: Entry, size: int) -> None:
        """Count one stored call of ``size`` bytes."""
        asked, simulated = read_asked(entry), SIMULATED in entry.headers
        totals = self.groups.setdefault((*asked, simulated), ModelTotals(simulated=simulated))
        totals.replies += 1
        totals.size += size
        response = read_response(entry)
        usage = response.usage if response else Usage()
        if usage.input_tokens is None or usage.output_tokens is None:
            totals.uncounted += 1
        totals.input_tokens += usage.input_tokens or 0
        totals.output_tokens += usage.output_tokens or 0
        cost = None if simulated else _price_call(*asked)(usage)
        if cost is not None:
            totals.usd = (totals.usd or 0.0) + cost


def price_hits(asked: Asked, hits: Hits) -> float | None:
    """Return about what the hits would have cost, or None where nobody states the price.

    The statistics hold sums, and a price may depend on the length of an input: the mean call is priced.
    """
    if not hits.hits:
        return 0.0
    mean = Usage(
        input_tokens=round(hits.input_tokens / hits.hits),
        output_tokens=round(hits.output_tokens / hits.hits),
        cached_tokens=round(hits.cached_tokens / hits.hits),
    )
    cost = _price_call(*asked)(mean)
    return None if cost is None else cost * hits.hits


def read_asked(entry: Entry) -> Asked:
    """Return the service, base URL and model of a stored call."""
    found = find_wire(entry.keyed["path"])
    model = (found[1] if found else "") or str(entry.keyed["body"].get("model", ""))
    return entry.keyed["service"], entry.keyed["base_url"], model


def read_response(entry: Entry) -> Response | None:
    """Read a stored reply with today's decoder; None when it cannot."""
    found = find_wire(entry.keyed["path"])
    if found is None:
        return None
    try:
        return found[0].decode(entry.reply)
    except Exception:  # noqa: BLE001 - whatever somebody stored must not end the counting of all others
        return None


@functools.lru_cache(maxsize=1024)
def _price_call(service: str, base_url: str, model: str) -> Callable[[Usage], float | None]:
    """Return the function that prices calls to a model; a price list takes long, so equal usages are priced once."""
    # From the usual place of the configuration: these commands have no --config.
    price: Price | None = find_price(service, model, base_url=base_url, own=load_config().prices)

    @functools.lru_cache(maxsize=100_000)
    def cost(usage: Usage) -> float | None:
        if price is None or usage.input_tokens is None or usage.output_tokens is None:
            return None
        return price.cost(usage)

    return cost


def show_model(service: str, base_url: str, model: str) -> str:
    """Return ``SERVICE/ID``, with the address where it is not the service's own."""
    known = PROVIDERS.get(service)
    own = known is not None and known.base_url == base_url
    return f"{service}/{model}" + ("" if own else f" at {base_url}")


def show_money(usd: float | None, *, lower_bound: bool = False) -> str:
    """Return US dollars in words; an en dash where they are unknown."""
    if usd is None:
        return UNKNOWN
    text = f"${usd:,.2f}" if usd >= 1 or usd == 0 else f"${usd:.3f}" if usd >= 0.001 else "< $0.001"
    return f"≥ {text}" if lower_bound and usd >= 0.001 else text


def show_size(size: float) -> str:
    """Return bytes in words, in powers of 1,000."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} GB"
