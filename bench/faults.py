"""Bad weather: a run against a sandbox whose calls fail in many ways. Nothing may be paid twice without being told.

    python bench/faults.py [SAMPLES]      default: 1000; takes as long as the client lets refusals slow it

Small pictures, no proper sizes: this counts calls, it does not time them. A ``slow`` reply comes after the client's
timeout: the client hung up, and a real service might bill it. ``lost`` is what the client says of such calls.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from published import make_questions, table

from mmra_api.runs import Run, load_run
from mmra_api.sandbox import Counters, Sandbox, parse_faults

SPEC = "429=0.10,500=0.05,drop=0.03,html=0.02,slow=0.02"
LATENCY = 0.1
"""Seconds."""
ROOM = 16
"""Calls at a time with which the client begins by default; for the floor."""
TIMEOUT = 3
"""Seconds that the client waits: far above what a good reply takes on a busy machine."""
LATE = 6.0
"""Seconds that a slow reply takes more."""
UNANSWERED = ("drop", "html", "slow")
"""Faults after which the client cannot know whether it was billed."""


def main() -> None:
    """Run once and print what came of it."""
    count = int(sys.argv[1]) if sys.argv[1:] else 1000
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        own = make_questions(folder / "own", count)
        with Sandbox(faults=replace(parse_faults(SPEC), slow=LATE), latency=LATENCY) as sandbox:
            begun = time.perf_counter()
            done = run(own, folder, sandbox.base_url)
            wall = time.perf_counter() - begun
            time.sleep(LATE + LATENCY)  # until the sandbox has noticed every client that hung up
            counters = sandbox.counters
        lines = describe(count, done.returncode, wall, counters, load_run(folder / "runs" / "faults"))
    table(["", "count"], lines)
    print("\nthe client's last words:", *done.stderr.splitlines()[-4:], sep="\n  ")


def run(own: Path, folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Run ``mmra run`` to its end."""
    command = [sys.executable, "-m", "mmra_api", "run", str(own), "--model", "openai/bench", "--base-url", url]
    command += ["--timeout", str(TIMEOUT), "--name", "faults", "--quiet"]
    command += ["--cache", str(folder / "cache"), "--runs", str(folder / "runs")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def describe(count: int, code: int, wall: float, counters: Counters, finished: Run) -> list[list[str]]:
    """Return the lines of the table."""
    records = list(finished.records())
    failures: Counter[str] = Counter(record.failure.kind for record in records if record.failure)
    spent = finished.info.spent
    lines = {
        "samples": count,
        "exit code": code,
        f"seconds (floor, {ROOM} at a time: {count * LATENCY / ROOM:.0f})": f"{wall:.1f}",
        "records": len({record.sample for record in records}),
        "failed records": show(failures),
        "calls": counters.calls,
        "faults": show(counters.faults),
        "paid": counters.paid,
        "unique bodies": counters.unique_bodies,
        "paid duplicates": counters.paid - counters.unique_bodies,
        "abandoned (client hung up)": counters.abandoned,
        f"calls that met {', '.join(UNANSWERED)}": sum(counters.faults.get(kind, 0) for kind in UNANSWERED),
        "lost: the client says possibly billed": spent.lost if spent else "not told",
    }
    return [[name, str(value)] for name, value in lines.items()]


def show(counts: Mapping[str, int]) -> str:
    """Return counts by kind on a line."""
    return ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items())) or "none"


if __name__ == "__main__":
    main()
