"""A model that helps to measure, in a role: found and checked before the run, then asked through the run's session.

The roles: a ``reader`` reads what rules leave open, a ``grader`` gives points, a ``describer`` puts images into
words. All of them share the session of the model that is measured: its store, its budget and its end. What goes wrong
with a helper is never charged to the model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from mmra_api.config import FILE, Config
from mmra_api.dispatch import Dispatcher, Session
from mmra_api.dispatch.cost import Price, find_price
from mmra_api.errors import InputError
from mmra_api.providers import TIMEOUT, Provider, resolve
from mmra_api.types import RateLimits, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperPlan:
    """A helper model that was found and checked, and is not asked yet."""

    role: Role
    model: str
    """``SERVICE/ID``."""
    provider: Provider
    limits: RateLimits
    price: Price | None

    @classmethod
    def find(
        cls,
        role: Role,
        model: str,
        config: Config,
        *,
        flag: str,
        base_url: str | None = None,
        max_cost: float | None = None,
        timeout: float = TIMEOUT,
    ) -> Self:
        """Find the model ``SERVICE/ID`` that the user named with a flag.

        Raises InputError for what cannot help, or has no price and needs one.
        """
        provider = resolve(model, base_url=base_url, timeout=timeout, services=config.services)
        # Only a baseline is neither: what a server at home says costs nothing, but is stored.
        if not provider.facts.billed and not provider.facts.stored:
            raise InputError(f"{flag} {model!r}: a baseline reads nothing; name a model as SERVICE/ID")
        return cls(
            role=role,
            model=model,
            provider=provider,
            limits=config.find_limits(model, RateLimits()),  # the flags are for the model that is measured
            price=require_price(model, provider, config, max_cost),
        )

    def sharing(self, asked: Provider, limits: RateLimits) -> Self:
        """Return the plan with the limits of the model that is measured, where that model helps with itself."""
        # The service counts the calls of both as calls of one model.
        one, other = ((each.service, each.base_url, each.model) for each in (self.provider, asked))
        return replace(self, limits=limits) if one == other else self

    def connect(self, session: Session) -> Dispatcher:
        """Return the dispatcher that asks the helper."""
        return session.connect(self.provider, role=self.role, limits=self.limits, price=self.price)


def require_price(model: str, provider: Provider, config: Config, max_cost: float | None) -> Price | None:
    """Return a model's price; looked up now only where it is needed to keep a budget. Raises InputError without one."""
    if not provider.facts.billed or (model not in config.prices and max_cost is None):
        return None
    price = find_price(provider.service, provider.model, base_url=provider.base_url, own=config.prices)
    if price is None:
        raise InputError(
            f"--max-cost: nobody states a price for {model!r}; put it into {FILE}:\n"
            f'  [prices."{model}"]    # US dollars per million tokens\n  input = …\n  output = …\n'
            "or bound the run with --max-tokens-total"
        )
    return price
