"""Summaries → what a reader must be told in words below a table: what the figures mean, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mmra_api.benchmarks import find_publication
from mmra_api.report.compare import Comparison
from mmra_api.report.summary import Summary

SIMULATED = (
    "SIMULATED: these replies come from the sandbox, not from a model. The figures say nothing about any real model."
)
DENOMINATOR = (
    "Accuracy is correct answers over all n samples: an answer that is wrong, unparsed, refused, truncated or empty, or"
    " a call that failed, is not correct."
)
INTERVAL = "95 %: Wilson interval of the overall accuracy. macro: mean of the subtasks, each with equal weight."
GRADED = "graded: such an answer counts by its share of the points; intervals follow how far these vary."
TRIALS = (
    "trials: each counts once in the accuracy. Those of one sample hang together, and intervals are as wide as that"
    " makes them (cluster-robust)."
)


def describe_data(summaries: Sequence[Summary]) -> list[str]:
    """Say which data the rows are about: benchmark, source and fingerprint, one sentence per data set."""
    data = {s.fingerprint: s.info.data for s in summaries}
    return [f"Data: {each.benchmark}, {each.source}, SHA-256 {mark[:12]}." for mark, each in data.items()]


def captions(summaries: Sequence[Summary], comparison: Comparison) -> list[str]:
    """Say what the accuracies mean, the denominator in plain words, and what the marks on the rows mean."""
    rows = [row for section in comparison.sections for row in section.rows]
    origins = {row.origin for row in rows}
    # The largest and not the sum: rows about the same data lack the same samples.
    left_out = max((len(s.info.data.left_out) for s in summaries), default=0)
    said = {
        SIMULATED: "simulated" in origins,
        DENOMINATOR: True,
        INTERVAL: True,
        GRADED: any(s.overall.graded for s in summaries),
        "Bold: the best of a setting among complete runs.": any(figure.best for row in rows for figure in row.figures),
        TRIALS: any(s.info.trials > 1 for s in summaries),
        f"The data has bad rows, and {left_out:,} of them were left out (--skip-bad-rows); run.json lists them.": bool(
            left_out
        ),
        "baseline: chance level, no model was asked.": "baseline" in origins,
        # Looked up only where it is said: most reports have no published rows.
        **({find_publication().caption: True} if "published" in origins else {}),
        "incomplete: the run has not asked for all its samples yet; its figures will move.": any(
            not s.complete for s in summaries
        ),
    }
    return [
        *(sentence for sentence, true in said.items() if true),
        *_describe_reading(summaries),
        *_describe_images(summaries),
        *_retried(summaries),
    ]


def _describe_reading(summaries: Sequence[Summary]) -> Iterator[str]:
    """Say which share was read by rules, judge and humans, for the runs in which others than rules read."""
    for s in summaries:
        if s.n and (s.info.judge or s.readers.get("human")):
            names = {"rules": "rules", "judge": f"the judge {s.info.judge.model}" if s.info.judge else "a judge"}
            # In this order whatever the counts, so that two runs' sentences can be compared word by word.
            names |= {"human": "humans", "grader": "a grader", "nobody": "nobody"}
            shares = [f"{names[who]} {100 * s.readers.get(who, 0) / s.n:.1f} %" for who in names if s.readers.get(who)]
            yield f"Read in {s.run} {s.label}: by {', by '.join(shares)}.{_describe_judge(s)}"


def _describe_judge(s: Summary) -> str:
    counts = s.judge
    if not s.info.judge:
        return ""
    facts = [
        f"{counts.get('calls', 0):,} calls",
        f"{counts['saved']:,} saved" if counts.get("saved") else "",
        f"{counts.get('input', 0):,} tokens in and {counts.get('output', 0):,} out",
        f"no verdict on {counts['failed']:,}" if counts.get("failed") else "",
        f"agreed with {counts['agreed']:,} of {counts['compared']:,} readings by rules"
        if counts.get("compared")
        else "",
    ]
    return f" The judge: {', '.join(filter(None, facts))}."


def _describe_images(summaries: Sequence[Summary]) -> Iterator[str]:
    """Say which images did not go out byte for byte."""
    for s in summaries:
        if s.fitted:
            reasons = ", ".join(f"{reason} {n:,}" for reason, n in s.fitted.items())
            yield (
                f"Images: {sum(s.fitted.values()):,} of {s.images:,} in {s.run} {s.label} were changed before they "
                f"were sent (--image-policy {s.info.image_policy}): {reasons}."
            )


def _retried(summaries: Sequence[Summary]) -> Iterator[str]:
    """Say which runs took over what another run had asked."""
    for info in {s.run: s.info for s in summaries}.values():
        if info.retried:
            was, now = info.retried.params, info.params
            changes = [
                f"{name} {_say(getattr(now, name))} instead of {_say(getattr(was, name))}"
                # What `--retry` lets a second try change; with anything else it would be another run.
                for name in ("max_tokens", "effort", "thinking_budget")
                if getattr(now, name) != getattr(was, name)
            ]
            yield (
                f"Asked again: {info.retried.samples:,} {' or '.join(info.retried.outcomes)} of {info.parent}, with "
                f"{', '.join(changes) or 'the same parameters'}; the other answers of {info.name} are that run's."
            )


def _say(value: object) -> str:
    return "unset" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def call_captions(summaries: Sequence[Summary]) -> list[str]:
    """Say what the figures of the calls leave out."""
    said = [
        "made: requests called for, also those that failed. retries: attempts beyond the first.",
        "saved: answered from the store, or together with an equal request in flight.",
    ]
    if silent := sum(s.calls.silent for s in summaries):
        said.append(f"Replies that reported no token counts: {silent:,}; the sums leave them out.")
    if any(s.info.parent and not s.info.retried for s in summaries):
        said.append("re-scored: such a run made no calls of its own; the figures are those of the run it re-scored.")
    return said
