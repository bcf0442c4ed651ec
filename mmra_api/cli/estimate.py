"""A Job → what it would ask, take and cost, in words: ``mmra run --dry-run``."""

from __future__ import annotations

import asyncio

from mmra_api.cli.printing import format_time, format_usd, print_text
from mmra_api.dispatch.cost import UNBOUNDED_OUTPUT
from mmra_api.runs import Estimate, Job, estimate

INDENT = 17
"""Columns where the second column begins: two blanks, a name of up to 14, a blank."""
BASE64 = 4 / 3
"""Three bytes go out as four characters."""


def print_estimate(job: Job) -> None:
    """Print what a job would ask and take. Calls nobody; writes no run."""
    found = asyncio.run(estimate(job))
    print_text(f"{found.model}: {found.records:,} records, {found.requests:,} different requests")
    lines = {"in the cache": f"{found.cached:,}", "calls to make": f"{found.calls:,}"}
    if found.elsewhere:
        lines["of these now"] = f"{found.elsewhere:,} are being asked by another process, which will share its replies"
    if found.calls:
        lines |= _describe_needs(found, bounded=job.params.max_tokens is not None)
    if job.judge:
        lines["the judge"] = f"{job.judge} is asked about what no rule can read: not counted here"
    for name, text in lines.items():
        print_text(f"  {name:14} {text}", indent=" " * INDENT)


def _describe_needs(found: Estimate, *, bounded: bool) -> dict[str, str]:
    """Return what the missing calls take, by name."""
    low, high = found.tokens
    basis = f"predicted from {found.measured:,} stored replies, 95 %" if found.measured else "by formula"
    cost, time = "price unknown; see --config", "as fast as the service allows; give --rpm or --tpm for an estimate"
    if found.usd is not None:
        cost = f"{format_usd(found.usd[0])} to {format_usd(found.usd[1])} (prices: {found.price_source})"
    if found.minutes is not None:
        time = f"{format_time(60 * found.minutes[0])} to {format_time(60 * found.minutes[1])} at the given limits"
    return {
        "input tokens": f"{low.input:,} to {high.input:,} ({basis})",
        "output tokens": f"{low.output:,} to {high.output:,} ({_describe_bound(found, bounded=bounded)})",
        "cost": cost,
        "time": time,
        "to send": f"{found.image_bytes * BASE64 / 1e6:,.1f} MB of images, as base64",
    }


def _describe_bound(found: Estimate, *, bounded: bool) -> str:
    """Return what bounds the output of a call."""
    if bounded:
        bound = "--max-tokens"
    elif found.budget is not None:
        bound = f"{found.budget:,} each, the budget that is sent"
    elif found.measured:
        return "without a bound: no budget is sent"
    else:
        bound = f"{UNBOUNDED_OUTPUT:,} each, a guess: no budget is sent"
    return f"at most {bound}" if found.measured else f"from 1 to {bound}"
