"""What is said at the end of a run: what is missing, what the calls took, and how to continue."""

from __future__ import annotations

from collections.abc import Iterator

from mmra_api.cli.exit_codes import BAD_INPUT, INTERRUPTED, OVER_BUDGET
from mmra_api.cli.printing import format_count, format_usd
from mmra_api.cli.watch.counts import RunCounts
from mmra_api.dispatch.cost import Budget
from mmra_api.errors import CallError, MmraError, OverBudget, Stopped, StoreError
from mmra_api.run import REFUSED

PAID = "what was paid for is not asked again."


def choose_exit_code(error: MmraError) -> int:
    """Return the exit code of a run that an error ended."""
    if isinstance(error, OverBudget):
        return OVER_BUDGET
    return INTERRUPTED if isinstance(error, Stopped) else BAD_INPUT


def describe_error(error: MmraError) -> str:
    """Return why a run ended early. An interruption and a budget are what the user asked for: no error."""
    return str(error) if isinstance(error, Stopped | OverBudget) else f"error: {error}"


def describe_kept(name: str, records: int) -> Iterator[str]:
    """Yield what a run that ended early keeps."""
    if records:
        noun = "record is" if records == 1 else "records are"
        yield f"{records:,} {noun} in {name!r}, every reply so far is in the cache."


def describe_next_step(error: MmraError, records: int) -> Iterator[str]:
    """Yield how to continue, or nothing where the error says it."""
    if isinstance(error, Stopped):
        yield f"Run the same command again to continue: {PAID}"
    elif not records or not isinstance(error, CallError | StoreError):
        return
    elif isinstance(error, CallError) and error.kind in REFUSED:
        # The same command would ask the same, and pay for the same rejections.
        yield "Change the command as the message says; the same one would fail again."
    else:
        yield f"When the cause is fixed, run the same command again to continue: {PAID}"


def describe_gaps(counts: RunCounts, damaged: int) -> Iterator[str]:
    """Yield what a finished run lacks: replies that are not in the cache, damaged ones, and verdicts."""
    if counts.missing:  # by name, because a script may have to fetch exactly these
        yield f"{counts.failures['not_cached']:,} replies are not in the cache:"
        for setting, names in counts.missing.items():
            yield f"  {setting}: {' '.join(names)}"
    if damaged:
        yield f"{damaged:,} stored replies were damaged and counted as not stored."
    if counts.unjudged:
        # Only the most frequent reason, because there may be as many as replies.
        reason = counts.unjudged.most_common(1)[0][0]
        yield (
            f"{sum(counts.unjudged.values()):,} replies are unread because the judge gave no verdict: {reason}\n"
            "`mmra score RUN --judge SERVICE/ID` asks it again about these alone."
        )


def describe_spending(budget: Budget, *, simulated: bool) -> Iterator[str]:
    """Yield what the calls took."""
    spent = budget.spent
    if spent.calls:
        cost = f", {format_usd(spent.usd)}" if spent.usd is not None else ", price unknown"
        mark = " (simulated)" if simulated else ""
        tokens = f"{spent.input_tokens:,} tokens in, {spent.output_tokens:,} out"
        yield f"{format_count(spent.calls, 'call')}, {tokens}{cost}{mark}"


def describe_surprises(budget: Budget) -> Iterator[str]:
    """Yield what the user must know even where all else is quiet: more was spent than was allowed or received."""
    if excess := budget.excess:
        yield f"That is {excess}: replies took more than any before them; --max-tokens bounds them."
    if lost := budget.spent.lost:
        yield (
            f"{format_count(lost, 'call')} brought no usable reply but may have been billed (timeouts, lost "
            "connections, pages or errors in place of a reply)."
        )
