"""The main job on data of the published size: time, CPU and memory of a cold run, a warm re-run and a re-score.

    python bench/main_job.py [ROWS ...]      default: 300 1024

Floor in the same run: a process that sends the same bodies through the bare openai SDK at the same concurrency.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from published import Measured, measure, serve, table

CONCURRENCY = "32"
BARE = Path(__file__).with_name("bare_sdk.py")


def main() -> None:
    """Measure and print."""
    sizes = [int(text) for text in sys.argv[1:]] or [300, 1024]
    rows = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        for size in sizes:
            rows += measure_size(folder / str(size), size)
    table(["", "rows", "wall s", "CPU s", "CPU ms per row", "peak MB"], rows)


def measure_size(folder: Path, size: int) -> list[list[str]]:
    """Return the lines of one size."""
    data = folder / "data"
    # In a process of its own: a child's peak memory begins with its parent's, so the parent must stay small.
    measure(str(BARE.with_name("published.py")), str(data), str(size))
    places = ["--cache", str(folder / "cache"), "--runs", str(folder / "runs"), "--quiet"]
    with serve(data=data, folder=folder) as url:
        run = ["-m", "mmra_api", "run", "mmra", "--data", str(data), "--model", "openai/bench", "--base-url", url]
        run += ["--concurrency", CONCURRENCY, *places]
        # An offline run prepares the data and asks nothing, so that the next lines are of the asking alone.
        prepare = measure(*run, "--offline", "--name", "prepare", check=False)
        cold = measure(*run, "--name", "cold")
        bare = measure(str(BARE), url, str(folder / "cache"), CONCURRENCY)
        warm = measure(*run, "--name", "warm")
    idle = measure("-m", "mmra_api", "run", "mmra", "--data", str(data), "--model", "baseline/first", *places)
    score = ["-m", "mmra_api", "score", "cold", "--runs", str(folder / "runs"), "--extractor", "official"]
    again = measure(*score)
    lines = {
        "prepare the data (once)": prepare,
        "cold run, live": cold,
        "bare openai SDK, same bodies": bare,
        "warm re-run, no call": warm,
        "baseline/first": idle,
        "mmra score": again,
    }
    shown = [[name, f"{size:,}", *_figures(measured, size)] for name, measured in lines.items()]
    return [*shown, [f"  cold run / bare SDK: {cold.cpu / bare.cpu:.2f} times the CPU", "", "", "", "", ""]]


def _figures(measured: Measured, size: int) -> list[str]:
    return [
        f"{measured.wall:.2f}",
        f"{measured.cpu:.2f}",
        f"{measured.cpu / size * 1000:.2f}",
        f"{measured.peak:.0f}",
    ]


if __name__ == "__main__":
    main()
