"""Summaries → what a reader must be told in words: captions and warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mmra_api.benchmarks import Published, find_publication
from mmra_api.report.compare import Comparison
from mmra_api.report.summary import Summary

SIMULATED = (
    "SIMULATED: these replies come from the sandbox, not from a model. The figures say nothing about any real model."
)
PAPER = find_publication()
DENOMINATOR = (
    "Accuracy is correct answers over all n samples: an answer that is wrong, unparsed, refused, truncated or empty, or"
    " a call that failed, is not correct."
)


def describe_data(summaries: Sequence[Summary]) -> list[str]:
    """Say which data the rows are about: benchmark, source and fingerprint, one sentence per data set."""
    data = {s.fingerprint: s.info.data for s in summaries}
    return [f"Data: {each.benchmark}, {each.source}, SHA-256 {mark[:12]}." for mark, each in data.items()]


def captions(summaries: Sequence[Summary], comparison: Comparison) -> list[str]:
    """Say what the accuracies mean, the denominator in plain words, and what the marks on the rows mean."""
    rows = [row for section in comparison.sections for row in section.rows]
    origins = {row.origin for row in rows}
    left_out = max((len(s.info.data.left_out) for s in summaries), default=0)
    said = {
        SIMULATED: "simulated" in origins,
        DENOMINATOR: True,
        "95 %: Wilson interval of the overall accuracy. macro: mean of the subtasks, each with equal weight.": True,
        "Bold: the best of a setting among complete runs.": any(any(row.best) for row in rows),
        "trials: each counts as a sample, though those of one sample hang together: intervals are too narrow.": any(
            s.info.trials > 1 for s in summaries
        ),
        f"The data has bad rows, and {left_out:,} of them were left out (--skip-bad-rows); run.json lists them.": bool(
            left_out
        ),
        "baseline: chance level, no model was asked.": "baseline" in origins,
        PAPER.caption: "published" in origins,
        "incomplete: the run has not asked for all its samples yet; its figures will move.": any(
            not s.complete for s in summaries
        ),
    }
    return [
        *(sentence for sentence, true in said.items() if true),
        *_describe_reading(summaries),
        *_describe_images(summaries),
        *_reasked(summaries),
    ]


def _describe_reading(summaries: Sequence[Summary]) -> Iterator[str]:
    """Say which share was read by rules, judge and humans, for the runs in which others than rules read."""
    for s in summaries:
        if s.n and (s.info.judge or s.readers.get("human")):
            names = {"rules": "rules", "judge": f"the judge {s.info.judge.model}" if s.info.judge else "a judge"}
            names |= {"human": "humans", "nobody": "nobody"}
            shares = [f"{names[who]} {100 * s.readers.get(who, 0) / s.n:.1f} %" for who in names if s.readers.get(who)]
            yield f"Read in {s.run} {s.setting}: by {', by '.join(shares)}.{_describe_judge(s)}"


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
                f"Images: {sum(s.fitted.values()):,} of {s.images:,} in {s.run} {s.setting} were changed before they "
                f"were sent (--image-policy {s.info.image_policy}): {reasons}."
            )


def _reasked(summaries: Sequence[Summary]) -> Iterator[str]:
    """Say which runs took over what another run had asked."""
    for info in {s.run: s.info for s in summaries}.values():
        if info.reasked:
            was, now = info.reasked.params, info.params
            changes = [
                f"{name} {_say(getattr(now, name))} instead of {_say(getattr(was, name))}"
                for name in ("max_tokens", "effort", "thinking_budget")
                if getattr(now, name) != getattr(was, name)
            ]
            yield (
                f"Asked again: {info.reasked.samples:,} {' or '.join(info.reasked.outcomes)} of {info.parent}, with "
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
    if any(s.info.parent and not s.info.reasked for s in summaries):
        said.append("re-scored: such a run made no calls of its own; the figures are those of the run it re-scored.")
    return said


def warnings(summaries: Sequence[Summary], published: Sequence[Published] = ()) -> list[str]:
    """Name whatever makes rows incomparable or a run doubtful. Each text is one sentence, without a prefix."""
    return [
        *_comparability(summaries, published),
        *_duplicates(summaries),
        *answering_models(summaries),
        *_mixed_upstreams(summaries),
        *_strange_finishes(summaries),
    ]


def _comparability(summaries: Sequence[Summary], published: Sequence[Published]) -> Iterator[str]:
    data = {s.run: s.fingerprint for s in summaries}
    sets = {s.sample_set for s in summaries}
    if len(set(data.values())) > 1:
        listed = ", ".join(f"{run} {fingerprint[:12]}" for run, fingerprint in data.items())
        yield f"the runs are about different data, so their accuracies are not comparable: data fingerprints {listed}"
    elif len(sets) > 1:
        listed = ", ".join(f"{s.run} {s.setting} n={s.n:,}" for s in summaries)
        yield f"the rows cover different sets of samples, so their accuracies are not comparable: {listed}"
    elsewhere = sorted({s.info.data.benchmark for s in summaries} - {PAPER.benchmark})
    if published and elsewhere:
        about = ", ".join(elsewhere)
        yield f"the published rows are about {PAPER.title}, but these runs are about {about}: not comparable"
    elif published and any(s.n != PAPER.samples for s in summaries):
        counts = ", ".join(sorted({f"{s.n:,} of {s.info.data.source}" for s in summaries}))
        whole = f"all {PAPER.samples:,} samples of {PAPER.title}"
        yield f"the published rows are about {whole}, but these runs are about {counts}"


def _duplicates(summaries: Sequence[Summary]) -> Iterator[str]:
    for s in summaries:
        if s.n > s.planned:
            yield f"run {s.run} {s.setting} holds {s.n:,} records where {s.planned:,} were planned: some count twice"


def answering_models(summaries: Sequence[Summary]) -> Iterator[str]:
    """Name runs whose replies came from another model id than the one asked, or from several."""
    for own in {s.run: s for s in summaries}.values():
        seen = sorted({model for s in summaries if s.run == own.run for model in s.answered_by})
        if len(seen) > 1:
            yield f"run {own.run}: {len(seen)} model ids answered for {own.model}: {', '.join(seen)}"
        elif seen and seen[0] != own.model.partition("/")[2]:
            yield f"run {own.run}: {own.model} was answered by {seen[0]}"


def _mixed_upstreams(summaries: Sequence[Summary]) -> Iterator[str]:
    """Name settings whose replies came from several providers behind a router: one model may differ among them."""
    for s in summaries:
        if len(s.upstreams) > 1:
            counts = ", ".join(f"{name} {n:,}" for name, n in s.upstreams.items())
            yield f"run {s.run} {s.setting}: several providers answered behind the router: {counts}"


def _strange_finishes(summaries: Sequence[Summary]) -> Iterator[str]:
    for s in summaries:
        if s.strange_finishes:
            words = ", ".join(f"{word or '(none)'} {n:,}" for word, n in s.strange_finishes.items())
            yield f"run {s.run} {s.setting}: replies ended for reasons that are not known here: {words}"
