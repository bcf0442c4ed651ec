"""`mmra run` beside the bare SDK at 32 calls at a time: wall time, CPU per sample, peak memory, and the ratios.

    python bench/throughput.py [ROWS ...]      default: 300 3000, about 4 minutes; 3,000 rows take 4 GB of disk

Each sample has two images of 225 kB; the sandbox, a process of its own, takes 0.5 s for each reply. Where the sandbox
computes for most of the wall time, the wall times are its own: the last column tells. The floor in the same run is a
process that sends the same images through the bare openai SDK at the same concurrency; the floor of the wall time is
rows x 0.5 s / 32.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from published import Measured, Served, measure, serve_process, table

IMAGE_BYTES = 225_000
CONCURRENCY = 32
LATENCY = 0.5
"""Seconds."""
BARE = Path(__file__).with_name("bare_sdk.py")
BUSY = 0.7
"""The part of one core from which the sandbox, whose threads share one, counts as the bottleneck."""


def main() -> None:
    """Measure and print."""
    sizes = [int(text) for text in sys.argv[1:]] or [300, 3000]
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
            rows += measure_size(Path(name), size)
    table(["", "rows", "wall s", "CPU s", "CPU ms per row", "peak MB", "sandbox's CPU / wall"], rows)


def measure_size(folder: Path, size: int) -> list[list[str]]:
    """Return the lines of one size."""
    data = folder / "data"
    # In a process of its own: a child's peak memory begins with its parent's, so the parent must stay small.
    measure(str(BARE.with_name("published.py")), str(data), str(size), str(IMAGE_BYTES))
    cache = folder / "cache"
    sandbox = ["--benchmark", "mmra", "--data", str(data), "--cache", str(cache), "--latency", str(LATENCY)]
    with serve_process(*sandbox) as served:
        run = ["-m", "mmra_api", "run", "mmra", "--data", str(data), "--model", "openai/bench"]
        run += ["--base-url", served.url, "--concurrency", str(CONCURRENCY), "--quiet"]
        run += ["--cache", str(cache), "--runs", str(folder / "runs")]
        # An offline run finds or prepares the data and asks nothing: the next lines are of the asking alone.
        measure(*run, "--offline", "--name", "prepare", check=False)
        ours, ours_served = watch(served, *run, "--name", "cold")
        bare, bare_served = watch(served, str(BARE), served.url, str(cache), str(CONCURRENCY))
        counted = served.count()
    if counted["paid"] != 2 * size or counted["faults"]:
        raise SystemExit(f"the two did not make {2 * size} calls without faults: {counted}")
    floor = size * LATENCY / CONCURRENCY
    return [
        ["mmra run", f"{size:,}", *_figures(ours, size, ours_served)],
        ["bare openai SDK, same images", f"{size:,}", *_figures(bare, size, bare_served)],
        ["  floor of the wall time", f"{size:,}", f"{floor:.2f}", "", "", "", ""],
        ["  mmra run / bare SDK", f"{size:,}", *_ratios(ours, bare), ""],
        ["  " + judge(max(ours_served / ours.wall, bare_served / bare.wall)), "", "", "", "", "", ""],
    ]


def watch(served: Served, *arguments: str) -> tuple[Measured, float]:
    """Measure a process, and the sandbox's CPU seconds while it ran."""
    before = served.cpu
    measured = measure(*arguments)
    return measured, served.cpu - before


def judge(busy: float) -> str:
    """Say whether the sandbox was the bottleneck."""
    return f"the sandbox {'IS' if busy >= BUSY else 'is not'} the bottleneck ({busy:.0%} of a core)"


def _figures(measured: Measured, size: int, served: float) -> list[str]:
    return [
        f"{measured.wall:.2f}",
        f"{measured.cpu:.2f}",
        f"{measured.cpu / size * 1000:.2f}",
        f"{measured.peak:.0f}",
        f"{served / measured.wall:.0%}",
    ]


def _ratios(ours: Measured, bare: Measured) -> list[str]:
    cpu = f"{ours.cpu / bare.cpu:.2f}"
    return [f"{ours.wall / bare.wall:.2f}", cpu, cpu, f"{ours.peak / bare.peak:.2f}"]


if __name__ == "__main__":
    main()
