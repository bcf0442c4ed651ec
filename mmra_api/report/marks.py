"""Summaries → the marks of their rows: what a reader must know about a row wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from mmra_api.report.summary import Summary

Origin: TypeAlias = Literal["measured", "simulated", "baseline", "published"]


def list_marks(summaries: Sequence[Summary]) -> list[tuple[str, ...]]:
    """Say for each summary what a reader must know about it; what would tell equal rows apart comes last."""
    # The same model twice is usually on purpose (two extractors, two prompts), and then only the run's name tells.
    twice = [sum((t.model, t.label) == (s.model, s.label) for t in summaries) > 1 for s in summaries]
    return [_marks(s, summaries, named=again) for s, again in zip(summaries, twice, strict=True)]


def origin_of(summary: Summary) -> Origin:
    if summary.simulated:
        return "simulated"
    return "baseline" if summary.baseline else "measured"


def _marks(summary: Summary, summaries: Sequence[Summary], *, named: bool) -> tuple[str, ...]:
    info, origin = summary.info, origin_of(summary)
    marks: list[str] = [] if origin == "measured" else [origin]
    if not summary.complete:
        marks.append(f"incomplete {summary.n:,}/{summary.planned:,}")
    if info.parent:
        marks.append(f"{'asked again after' if info.retried else 're-scored from'} {info.parent}")
    # What all rows share says nothing about one of them; only a difference must stand on the row itself.
    if len({s.info.judge.model if s.info.judge else "" for s in summaries}) > 1 and info.judge:
        marks.append(f"judge {info.judge.model}")
    if len({s.info.style for s in summaries}) > 1:
        marks.append(f"style {info.style}")
    if len({s.info.image_policy for s in summaries}) > 1:
        marks.append(f"images {info.image_policy}")
    if len({s.extractor for s in summaries}) > 1:
        marks.append(f"extractor {summary.extractor}")
    # Always said, since n counts trials: 24 may be 12 samples.
    if info.trials > 1:
        marks.append(f"{info.trials} trials")
    if named:
        marks.append(f"run {summary.run}")
    return tuple(marks)
