"""What a run may spend: reserved before a call, settled after it. All dispatchers of a run share one budget."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmra_api.dispatch.cost.prices import FREE, Price
from mmra_api.errors import OverBudget
from mmra_api.types import Spending, TokenCount, Usage


@dataclass(slots=True)
class Reservation:
    """What one call may take at most, held until it ends."""

    most: TokenCount
    usd: float
    price: Price | None
    open: bool = True


class Budget:
    """Dollars and tokens that a run may take, and what it took so far. None means: no limit.

    No more calls are under way than replies have been settled, and one: how much a call takes is a guess until then,
    and where it turns out to be far more, few others have made the same guess.
    """

    def __init__(self, *, usd: float | None = None, tokens: int | None = None) -> None:
        self._usd_limit = usd
        self._token_limit = tokens
        self._open: list[Reservation] = []
        self._calls = self._lost = self._input = self._output = 0
        self._usd = 0.0
        self._priced = True

    @property
    def limited(self) -> bool:
        """Return whether there is any limit."""
        return self._usd_limit is not None or self._token_limit is not None

    @property
    def excess(self) -> str:
        """Return by how much the budget was exceeded, in words, or nothing."""
        if self._usd_limit is not None and self._usd > self._usd_limit:
            return f"${self._usd - self._usd_limit:.4f} more than --max-cost"
        tokens = self._input + self._output
        if self._token_limit is not None and tokens > self._token_limit:
            return f"{tokens - self._token_limit:,} tokens more than --max-tokens-total"
        return ""

    @property
    def spent(self) -> Spending:
        """Return what was taken so far; calls with unknown outcome at what they may have cost."""
        return Spending(
            calls=self._calls,
            lost=self._lost,
            input_tokens=self._input,
            output_tokens=self._output,
            usd=self._usd if self._priced else None,
        )

    def reserve(self, most: TokenCount, price: Price | None) -> Reservation | None:
        """Set aside what a call may take; None where it must wait for others to be settled.

        Raises OverBudget where the call would not fit even then.
        """
        usd = 0.0
        if self._limits(price):
            usd = price.cost(_as_usage(most)) if price is not None else 0.0
            if len(self._open) > self._calls:  # see the class: the first estimates must not all be wrong together
                return None
            # Against what is spent and held: what calls under way may still take is not free to be spent twice.
            reason = self._find_excess(most, usd, price)
            # Calls under way may turn out cheaper than reserved; where none is, nothing can change any more.
            if reason and self._open:
                return None
            if reason:
                raise OverBudget(reason)
        reservation = Reservation(most, usd, price)
        self._open.append(reservation)
        return reservation

    def _limits(self, price: Price | None) -> bool:
        """Return whether any limit holds for calls at a price: dollars never hold back what is not billed."""
        return self._token_limit is not None or (self._usd_limit is not None and price is not FREE)

    def settle(self, reservation: Reservation, usage: Usage, *, written: int = 0) -> None:
        """Count a call that brought a reply of about ``written`` tokens. What its usage does not state counts as
        reserved, or as written where that is more.
        """
        self._calls += 1
        most = reservation.most
        taken = most.input if usage.input_tokens is None else usage.input_tokens
        # A reply without usage may still be longer than was reserved, and it was billed by what it is.
        output = max(most.output, written) if usage.output_tokens is None else usage.output_tokens
        self._count(reservation, replace(usage, input_tokens=taken, output_tokens=output))

    def lose(self, reservation: Reservation) -> None:
        """Count a call that may have been billed without a reply, as reserved."""
        # As reserved, and not as nothing: a budget that is too careful costs less than one that is exceeded.
        self._lost += 1
        self._count(reservation, _as_usage(reservation.most))

    def release(self, reservation: Reservation) -> None:
        """Free what was set aside for a call that was not billed; does nothing for one that was counted."""
        if reservation.open:  # the queue releases every slot, also those that were settled or lost before
            reservation.open = False
            self._open.remove(reservation)

    def _count(self, reservation: Reservation, usage: Usage) -> None:
        self._input += usage.input_tokens or 0
        self._output += usage.output_tokens or 0
        if reservation.price is None:  # one call of unknown price makes the sum unknown: no figure beats a wrong one
            self._priced = False
        else:
            self._usd += reservation.price.cost(usage)
        self.release(reservation)

    def _find_excess(self, most: TokenCount, usd: float, price: Price | None) -> str:
        """Return why a call does not fit, or nothing."""
        held = sum(each.usd for each in self._open)
        if self._usd_limit is not None and price is not FREE and self._usd + held + usd > self._usd_limit:
            return (
                f"the budget of ${self._usd_limit:g} is reached: ${self._usd:.4f} spent, and the next call may cost "
                f"${usd:.4f}; run the same command again to spend as much again, or with a higher --max-cost"
            )
        tokens = self._input + self._output + sum(each.most.total for each in self._open)
        if self._token_limit is not None and tokens + most.total > self._token_limit:
            return (
                f"the budget of {self._token_limit:,} tokens is reached: {self._input + self._output:,} spent, and the "
                f"next call may take {most.total:,}; run the same command again to spend as many again, or with a "
                "higher --max-tokens-total"
            )
        return ""


def _as_usage(tokens: TokenCount) -> Usage:
    return Usage(input_tokens=tokens.input, output_tokens=tokens.output)
