"""The limits that somebody stated: the user, or the service in the headers of its replies.

Each has a token bucket, which all processes of a cache folder share; so are pauses, whatever they come of.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from mmra_api.dispatch.coordination import Charge
from mmra_api.dispatch.limits.adaptive import LONGEST_PAUSE
from mmra_api.errors import CallError, StoreError
from mmra_api.types import Allowance, RateLimits, TokenCount

MARGIN = 0.98
"""The part of a stated limit that is used: calls do not arrive in the rhythm in which they were sent."""
NEWS = 0.2
"""Seconds within which the pauses of other processes are not looked up again where no limit is to be charged."""
UNIT_WORDS = {
    "requests": "calls a minute",
    "tokens": "tokens a minute",
    "input_tokens": "input tokens a minute",
    "output_tokens": "output tokens a minute",
}


class SharedBuckets(Protocol):
    """The part of a Coordination that limits need."""

    async def charge(self, scope: str, charges: Iterable[Charge]) -> float:
        """Charge all and return 0.0; or charge nothing, and return the seconds to wait."""
        ...

    async def correct(self, scope: str, charges: Iterable[Charge]) -> None:
        """Add to what was charged, or give back where the amount is negative."""
        ...

    async def pause(self, scope: str, seconds: float) -> None:
        """Let nobody call a scope for a while."""
        ...


class StatedLimits:
    """Units per minute, by the names that ``Allowance.unit`` has, for one model at one service (``scope``)."""

    def __init__(self, scope: str, limits: RateLimits, buckets: SharedBuckets) -> None:
        by_user = {
            "requests": limits.rpm,
            "tokens": limits.tpm,
            "input_tokens": limits.input_tpm,
            "output_tokens": limits.output_tpm,
        }
        self._scope = scope
        self._buckets = buckets
        self._by_user = {unit: rate for unit, rate in by_user.items() if rate}
        self._by_service: dict[str, float] = {}
        self._looked = 0.0
        self._corrections: set[asyncio.Task[None]] = set()  # the event loop itself keeps no task alive

    def learn(self, allowances: Iterable[Allowance]) -> None:
        """Take the limits that a service states."""
        self._by_service |= {each.unit: each.limit for each in allowances if each.limit is not None}

    @property
    def _rates(self) -> dict[str, float]:
        return self._by_service | self._by_user  # the user's come last, so they win: headers may mean something else

    @property
    def calls_per_second(self) -> float:
        """Return the stated limit of calls, or 0.0 where there is none."""
        return self._rates.get("requests", 0.0) / 60

    def describe(self) -> str:
        """Return the limits in words; nothing where none is known."""
        return ", ".join(f"{rate:,.0f} {UNIT_WORDS[unit]}" for unit, rate in self._rates.items())

    def list_charges(self, tokens: TokenCount) -> list[Charge]:
        """Return what one call takes from the token bucket of each limit."""
        # A bucket each, and all or none is charged: the tightest limit sets the pace.
        amounts = _count_units(tokens)
        return [
            Charge(unit=unit, amount=amounts[unit], per_second=rate * MARGIN / 60) for unit, rate in self._rates.items()
        ]

    async def charge(self, charges: list[Charge]) -> float:
        """Charge the token buckets and return 0.0, or the seconds to wait for them or for a pause."""
        now = asyncio.get_running_loop().time()
        if not charges and now - self._looked <= NEWS:
            return 0.0
        # Before the answer is there: calls that start in the same moment need not all look.
        self._looked = now
        wait = await self._buckets.charge(self._scope, charges)
        if wait:  # whoever looks before it is over must find the pause too
            self._looked = 0.0
        return wait

    def correct(self, charges: Iterable[Charge], took: TokenCount) -> None:
        """Charge what a call took beyond its charges, or give back, in the background: a reply must not wait for it.

        Made from the charges themselves: a limit that was learned meanwhile was never charged for this call.
        """
        amounts = _count_units(took)
        changes = [replace(each, amount=amounts[each.unit] - each.amount) for each in charges]
        if any(each.amount for each in changes):
            task = asyncio.create_task(self._correct(changes))
            self._corrections.add(task)
            task.add_done_callback(self._corrections.discard)

    async def _correct(self, changes: list[Charge]) -> None:
        with suppress(
            StoreError
        ):  # an estimate that stays costs some pace, no reply; the next charge says what is wrong
            await self._buckets.correct(self._scope, changes)

    async def pause(self, seconds: float) -> None:
        """Let no process call for a while."""
        await self._buckets.pause(self._scope, seconds)

    async def close(self) -> None:
        """Wait for the corrections under way: other processes go on with these token buckets."""
        await asyncio.gather(*self._corrections)


def find_wait(error: CallError) -> float | None:
    """Return how long a refusal asks to wait; where it does not say so, until what is used up is there again."""
    if error.retry_after is not None:
        return error.retry_after
    # Only what is used up: other allowances may come back much later, and nothing waits for them.
    resets = [each.reset for each in error.allowances if each.remaining == 0 and each.reset is not None]
    return min(max(resets), LONGEST_PAUSE) if resets else None


def _count_units(tokens: TokenCount) -> dict[str, float]:
    return {"requests": 1, "tokens": tokens.total, "input_tokens": tokens.input, "output_tokens": tokens.output}
