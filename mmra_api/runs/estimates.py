"""A Job → its Estimate: what it would ask, take and cost, before anything is asked."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import fmean, stdev

from mmra_api.dispatch.coordination import open_coordination
from mmra_api.dispatch.cost import UNBOUNDED_OUTPUT, Price, find_price
from mmra_api.dispatch.limits import MARGIN
from mmra_api.dispatch.store import Entry, describe_call, hash_call
from mmra_api.errors import CallError
from mmra_api.providers import Provider
from mmra_api.runs.job import Job
from mmra_api.runs.plan import Plan
from mmra_api.types import Image, RateLimits, Reply, Request, TokenCount, Usage

ENOUGH = 5
"""Stored replies from which their usage foretells that of the others."""
ALLOWANCE = 0.05
"""Added to an interval on both sides: what is asked first may differ from the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a job would ask, before anything is asked. Pairs are low and high."""

    model: str
    records: int
    requests: int
    """Different requests: what a cold run would call for."""
    cached: int
    elsewhere: int
    """Missing requests that other processes are calling for now."""
    image_bytes: int
    """Bytes of image data that the missing calls would send, before base64, which adds a third."""
    tokens: tuple[TokenCount, TokenCount]
    """For the missing calls, all together."""
    measured: int
    """Stored replies of this job whose usage the tokens are foretold from; 0 where formulas and bounds are used."""
    budget: int | None
    """The output budget that is sent with every call, asked for or not; None where none is."""
    usd: tuple[float, float] | None
    """None where nobody states a price."""
    price_source: str
    minutes: tuple[float, float] | None
    """At the limits that are given; None without any."""

    @property
    def calls(self) -> int:
        """Return the calls that are still to be made."""
        return self.requests - self.cached


Quote = Estimate
"""Its name in earlier versions."""


@dataclass(slots=True)
class _Totals:
    """What the requests of a job add up to."""

    image_bytes: int = 0
    low: int = 0
    high: int = 0
    """Input tokens of the missing calls, by formula."""
    shares: list[float] = field(default_factory=list)
    """Input tokens of stored replies, as a part of what the formula gives at most."""
    outputs: list[float] = field(default_factory=list)


async def estimate(job: Job) -> Estimate:
    """Return what a job would ask. Reads the store, calls nobody, writes no run."""
    plan = Plan.make(job)
    provider = plan.provider
    totals, seen, missing, records = _Totals(), set[str](), set[str](), 0
    async with plan.open_session(offline=True) as session:
        for sample, item in plan.items():
            records += 1
            # A baseline: nobody is asked.
            if not provider.facts.stored:
                continue
            try:
                request = plan.fit(plan.write(sample, item))
            except CallError:  # it would not be sent
                continue
            key = hash_call(describe_call(provider, request))
            if key not in seen:  # equal questions share one call, so they are counted once
                seen.add(key)
                if not _add_up(totals, provider, request, await session.store.get(key)):
                    missing.add(key)
    budget = provider.find_output_budget(job.params)
    tokens, measured = _foretell(totals, len(missing), budget)
    # The price list takes long to load, so it is read only where something will be paid for.
    price = plan.price or (
        find_price(provider.service, provider.model, base_url=provider.base_url) if missing else None
    )
    return Estimate(
        model=job.model,
        records=records,
        requests=len(seen),
        cached=len(seen) - len(missing),
        elsewhere=await _count_held(job, missing),
        image_bytes=totals.image_bytes,
        tokens=tokens,
        measured=measured,
        budget=budget,
        usd=_cost(price, tokens, len(missing)),
        price_source=price.source if price else "",
        minutes=_time(plan.limits, tokens, len(missing)),
    )


async def _count_held(job: Job, missing: set[str]) -> int:
    async with open_coordination(job.cache) as coordination:
        return len(await coordination.find_held(missing))


def quote(job: Job) -> Estimate:
    """Return what a job would ask, from code that does not await; see ``estimate``."""
    # In a thread of its own, because an event loop may run in this one already, as in a notebook.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, estimate(job)).result()


def _add_up(totals: _Totals, provider: Provider, request: Request, entry: Entry | None) -> bool:
    """Add a request to the totals; returns whether its reply is stored."""
    low, high = provider.count_input(request)
    if entry is None:
        totals.image_bytes += sum(_count_bytes(part) for part in request.parts if isinstance(part, Image))
        totals.low += low
        totals.high += high
        return False
    try:
        usage = provider.decode(Reply(body=entry.reply, headers=entry.headers)).usage
    except CallError:  # a run says so; for an estimate it is one figure less
        return True
    if usage.input_tokens is not None and usage.output_tokens is not None and high:
        totals.shares.append(usage.input_tokens / high)
        totals.outputs.append(usage.output_tokens)
    return True


def _count_bytes(image: Image) -> int:
    """Return about how many bytes are sent of an image."""
    limit = image.fit.max_bytes if image.fit else None
    return image.size if limit is None else min(image.size, limit)


def _foretell(totals: _Totals, calls: int, most_output: int | None) -> tuple[tuple[TokenCount, TokenCount], int]:
    """Return the tokens of the missing calls, low and high, and how many stored replies they are foretold from."""
    measured = len(totals.outputs)
    bound = calls * (most_output or UNBOUNDED_OUTPUT)
    if measured < ENOUGH:
        # At the least one token a reply.
        return (TokenCount(input=totals.low, output=calls), TokenCount(input=totals.high, output=bound)), 0
    # The missing calls are like those stored, but for their images: the formula's upper figure carries that difference.
    each = totals.high / max(calls, 1)
    low, high = _predict_sum(totals.shares, calls)
    least, most = _predict_sum(totals.outputs, calls)
    if most_output is not None:
        most = min(most, bound)
    return (
        TokenCount(input=round(each * low), output=round(least)),
        TokenCount(input=math.ceil(each * high), output=math.ceil(most)),
    ), measured


def _predict_sum(seen: Sequence[float], count: int) -> tuple[float, float]:
    """Return a 95 % prediction interval for the sum of ``count`` more values like those seen (normal approximation)."""
    middle = fmean(seen) * count
    # 1.96: 95 % of a normal distribution lie within so many standard deviations. Under the root: how much the
    # new values vary, and how uncertain the mean of those seen is.
    spread = 1.96 * stdev(seen) * math.sqrt(count + count**2 / len(seen)) + ALLOWANCE * middle
    return max(0.0, middle - spread), middle + spread


def _cost(price: Price | None, tokens: tuple[TokenCount, TokenCount], calls: int) -> tuple[float, float] | None:
    """Return low and high in US dollars; by the call, because a price may depend on a call's length."""
    if price is None:
        return None
    if not calls:
        return 0.0, 0.0
    low, high = (
        calls * price.cost(Usage(input_tokens=each.input // calls, output_tokens=each.output // calls))
        for each in tokens
    )
    return low, high


def _time(limits: RateLimits, tokens: tuple[TokenCount, TokenCount], calls: int) -> tuple[float, float] | None:
    """Return low and high in minutes at the limits that are given."""
    rates = (limits.rpm, limits.tpm, limits.input_tpm, limits.output_tpm)
    low, high = (
        [
            need / rate / MARGIN  # a run uses only this share of a limit
            for rate, need in zip(rates, (calls, each.total, each.input, each.output), strict=True)
            if rate
        ]
        for each in tokens
    )
    return (max(low), max(high)) if low else None  # the tightest limit decides
