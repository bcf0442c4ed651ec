"""Summaries → what to do next: what was not read and what failed, what would help, and a command to look at some."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence

from mmra_api.providers.wires import list_budgets
from mmra_api.report.summary import Summary
from mmra_api.types import UNREAD, FailureKind, Outcome

_ADVICE: dict[Outcome, str] = {
    "unparsed": "no answer was read in the reply; look at some; `mmra score RUN --judge SERVICE/ID` lets a model read"
    " them",
    "refused": "the model or its service declined; look at some",
    "truncated": "the reply ended at its token limit; the same command with `--retry truncated --max-tokens {more}`"
    " asks these again and keeps the others",
    "empty": "the reply held no text; look at some",
}


_AGAIN = "run the same command again, it asks only for what is missing"
_CHANGE = "the same command would fail again"
_CURES: dict[FailureKind, str] = {
    "parameter": f"{_CHANGE}: change or leave out the parameter that the message names",
    "bad_request": f"{_CHANGE}: see what the service says; `mmra models --check SERVICE/ID` tells whether the model"
    " takes images at all, another parameter or --image-policy may help",
    "too_large": f"{_CHANGE}: the service takes fewer or smaller images, or a shorter text; see --image-policy",
    "content_filtered": f"{_CHANGE}: the service filters what is asked; look at some",
    "unreadable": "the service answered in a shape that is not known here: check --base-url and --wire",
    "data": "an image cannot be used: mend the data as the message says, then run the same command again",
    "connection": f"no connection was made or kept: check the address, then {_AGAIN}",
    "timeout": f"no reply came in time: with a longer --timeout, {_AGAIN}",
}
"""What helps, by the kind of failure. For any other it is to ask again."""


def next_steps(summaries: Sequence[Summary]) -> Iterator[tuple[str, str]]:
    """Say what needs a look, one sentence per matter, with a command that shows examples (empty where none does)."""
    for outcome in UNREAD:
        counts = {s.run: sum(t.overall.count(outcome) for t in summaries if t.run == s.run) for s in summaries}
        if outcome == "failed":
            yield from _cure(summaries)
        elif total := sum(counts.values()):
            # The run with most of them: whoever looks at some wants to see them soon.
            worst = max(counts, key=lambda run: counts[run])
            advice = _ADVICE[outcome].format(more=_propose_tokens([s for s in summaries if s.run == worst]))
            yield f"{total:,} {outcome}: {advice}", _show(worst, outcome)
    if any(s.failures.get("not_cached") for s in summaries):
        yield "not_cached: the store had no reply; run without --offline to ask for it", ""
    if unfinished := [s for s in summaries if not s.complete]:
        missing = sum(s.planned - s.n for s in unfinished)
        runs = ", ".join(dict.fromkeys(s.run for s in unfinished))
        yield f"{missing:,} not asked yet ({runs}): run the same command again, nothing is paid twice", ""


def _propose_tokens(summaries: Sequence[Summary]) -> str:
    """Return four times the output budget that was sent; a placeholder where none was."""
    budgets = [budget for s in summaries for budget in list_budgets(s.info.sent)]
    # Twice is often cut again, and only what is used is paid for.
    return str(4 * max(budgets)) if budgets else "N"


def _cure(summaries: Sequence[Summary]) -> Iterator[tuple[str, str]]:
    """Say what would help against failures, for each kind, and which command shows some of the kind."""
    kinds: Counter[FailureKind] = Counter()
    for summary in summaries:
        kinds.update(summary.failures)
    for kind, n in kinds.most_common():
        if kind != "not_cached":  # has an advice of its own
            worst = max(summaries, key=lambda s: s.failures.get(kind, 0)).run
            yield f"{n:,} failed ({kind}): {_CURES.get(kind, f'no reply came; {_AGAIN}')}", _show(worst, kind)


def _show(run: str, what: str) -> str:
    # Quoted, because people copy the line into a shell.
    return f"mmra show {shlex.quote(run)} {what}"
