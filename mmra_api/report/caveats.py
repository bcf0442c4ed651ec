"""Summaries → warnings: what makes rows incomparable, or a run doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mmra_api.benchmarks import Published, find_publication
from mmra_api.report.summary import Summary


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
    # Sets and not counts: two runs with --limit 100 of different data orders have equal counts.
    sets = {s.sample_set for s in summaries}
    # Different data explain different samples, so only one of the two is said.
    if len(set(data.values())) > 1:
        listed = ", ".join(f"{run} {fingerprint[:12]}" for run, fingerprint in data.items())
        yield f"the runs are about different data, so their accuracies are not comparable: data fingerprints {listed}"
    elif len(sets) > 1:
        listed = ", ".join(f"{s.run} {s.label} n={s.n:,}" for s in summaries)
        yield f"the rows cover different sets of samples, so their accuracies are not comparable: {listed}"
    if published:
        yield from _beside_published(summaries)


def _beside_published(summaries: Sequence[Summary]) -> Iterator[str]:
    """Name runs that are about other samples than the published rows."""
    paper = find_publication()
    elsewhere = sorted({s.info.data.benchmark for s in summaries} - {paper.benchmark})
    if elsewhere:
        about = ", ".join(elsewhere)
        yield f"the published rows are about {paper.title}, but these runs are about {about}: not comparable"
    elif any(s.n != paper.samples for s in summaries):
        counts = ", ".join(sorted({f"{s.n:,} of {s.info.data.source}" for s in summaries}))
        whole = f"all {paper.samples:,} samples of {paper.title}"
        yield f"the published rows are about {whole}, but these runs are about {counts}"


def _duplicates(summaries: Sequence[Summary]) -> Iterator[str]:
    for s in summaries:
        # Such as a records file that was joined by hand.
        if s.n > s.planned:
            yield f"run {s.run} {s.label} holds {s.n:,} records where {s.planned:,} were planned: some count twice"


def answering_models(summaries: Sequence[Summary]) -> Iterator[str]:
    """Name runs whose replies came from another model id than the one asked, or from several."""
    for own in {s.run: s for s in summaries}.values():
        seen = sorted({model for s in summaries if s.run == own.run for model in s.answered_by})
        if len(seen) > 1:
            yield f"run {own.run}: {len(seen)} model ids answered for {own.model}: {', '.join(seen)}"
        # A service may answer with a dated version of the model asked for, or with another model altogether.
        elif seen and seen[0] != own.model.partition("/")[2]:
            yield f"run {own.run}: {own.model} was answered by {seen[0]}"


def _mixed_upstreams(summaries: Sequence[Summary]) -> Iterator[str]:
    """Name settings whose replies came from several providers behind a router: one model may differ among them."""
    for s in summaries:
        if len(s.upstreams) > 1:
            counts = ", ".join(f"{name} {n:,}" for name, n in s.upstreams.items())
            yield f"run {s.run} {s.label}: several providers answered behind the router: {counts}"


def _strange_finishes(summaries: Sequence[Summary]) -> Iterator[str]:
    for s in summaries:
        if s.strange_finishes:
            words = ", ".join(f"{word or '(none)'} {n:,}" for word, n in s.strange_finishes.items())
            yield f"run {s.run} {s.label}: replies ended for reasons that are not known here: {words}"
