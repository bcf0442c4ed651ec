"""`mmra report` over a run of 22,000 samples in two settings: wall time, CPU time and peak memory of whole processes.

    python bench/report.py [SAMPLES ...]      default: 2200 22000; half a minute, 130 MB of disk

The floor in the same run is a process that decodes the same records and drops them: what a report adds is the rest.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from published import measure, table

if TYPE_CHECKING:
    from mmra_api.types import Outcome, Record, Setting

SETTINGS: tuple[Setting, ...] = ("IQ", "QO")
OUTCOMES: tuple[Outcome, ...] = (
    "correct",
    "correct",
    "correct",
    "correct",
    "wrong",
    "wrong",
    "unparsed",
    "refused",
    "truncated",
    "failed",
)
"""Drawn from: about what a middling model does."""
FLOOR = """
import sys
from collections import deque
from mmra_api.runs import load_run
deque(load_run(sys.argv[1]).records(), maxlen=0)
"""


def main() -> None:
    """Measure and print."""
    rows: list[list[str]] = []
    for size in [int(text) for text in sys.argv[1:]] or [2200, 22000]:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
            # In a process of its own: a child's peak memory begins with its parent's, so the parent must stay small.
            measure(__file__, "--write", name, str(size))
            rows += measure_size(Path(name), size)
    table(["", "records", "wall s", "CPU s", "peak MB"], rows)


def measure_size(runs: Path, samples: int) -> Iterator[list[str]]:
    """Return the lines of one size."""
    records = f"{len(SETTINGS) * samples:,}"
    processes = {
        "records decoded, nothing else": ["-c", FLOOR, str(runs / "big")],
        "mmra report --format json": ["-m", "mmra_api", "report", "big", "--runs", str(runs), "--format", "json"],
        "mmra report (terminal)": ["-m", "mmra_api", "report", "big", "--runs", str(runs)],
    }
    for name, arguments in processes.items():
        best = min((measure(*arguments) for _ in range(3)), key=lambda each: each.cpu)  # others share this machine
        yield [name, records, f"{best.wall:.2f}", f"{best.cpu:.2f}", f"{best.peak:.0f}"]


def write_run(runs: Path, samples: int) -> None:
    """Write a finished run in two settings, with prompts, replies and token counts of the usual lengths."""
    from mmra_api.benchmarks.mmra import SUBTASKS
    from mmra_api.runs.writer import RunWriter, start_run
    from mmra_api.types import DataInfo, RunInfo

    data = DataInfo(benchmark="mmra", source="drawn", fingerprint="ab" * 32, rows=samples, subtasks=SUBTASKS)
    planned = len(SETTINGS) * samples
    info = RunInfo(name="big", model="x/m", settings=SETTINGS, data=data, planned=planned, started="2026-01-02")
    with RunWriter(start_run(info, runs)) as writer:
        for setting in SETTINGS:
            for number in range(samples):
                writer.append(_draw(number, setting))
        writer.finish()


def _draw(number: int, setting: Setting) -> Record:
    from mmra_api.benchmarks.mmra import SUBTASKS
    from mmra_api.types import Answer, Failure, Image, Record, Response, Score, Usage

    drawn = random.Random(f"{number} {setting}")
    subtask, outcome = SUBTASKS[number % len(SUBTASKS)], drawn.choice(OUTCOMES)
    image = Image(digest="ab" * 32, media_type="image/jpeg", width=640, height=480, size=90_000)
    value = "A" if outcome in ("correct", "wrong") else None
    tokens = drawn.randrange(20, 200)
    response = Response(
        text="The two pictures show the same room from two sides. The answer is (A). " * 3,
        finish="stop",
        model="m",
        usage=Usage(input_tokens=1200, output_tokens=tokens, reasoning_tokens=0),
        key="cd" * 32,
        request_id=f"req-{number}",
    )
    return Record(
        sample=f"mmra-{number:05d}",
        setting=setting,
        subtask=subtask.abbrev,
        level=subtask.level,
        kind="choice",
        question="How do the two images relate? " * 4,
        options={"A": "the same", "B": "mirrored", "C": "unrelated", "D": "one holds the other"},
        gold="A",
        prompt=(image, image, "How do the two images relate? " * 8),
        response=None if outcome == "failed" else response,
        failure=Failure(kind="timeout", message="no reply", attempts=5) if outcome == "failed" else None,
        answer=None if outcome == "failed" else Answer(value=value, rule="stated", span=(0, 1) if value else None),
        score=Score(outcome=outcome, credit=float(outcome == "correct")),
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write_run(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
