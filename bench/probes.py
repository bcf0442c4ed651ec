"""How fast 220 probes are drawn and written, how large they are, and how much memory that takes.

Run it with: python bench/probes.py [COUNT]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path


def main(count: int) -> None:
    """Plan, draw and write ``count`` pairs, and print a line for each."""
    started = time.perf_counter()
    from mmra_api.probes import draw, plan_rows, write_parquet

    imported = time.perf_counter()
    planned = sum(1 for _ in plan_rows(7, count))
    after_planning = time.perf_counter()
    size = sum(len(row.image1) + len(row.image2) for row in draw(7, count))
    drawn = time.perf_counter()
    peak = _read_peak()
    with tempfile.TemporaryDirectory() as folder:
        path = write_parquet(draw(8, count), Path(folder) / "probes")
        written, on_disk = time.perf_counter(), path.stat().st_size
    print(f"{'step':<28}{'seconds':>9}{'MB':>9}{'peak MiB':>10}")
    print(f"{'import':<28}{imported - started:>9.2f}")
    print(f"{f'plan {planned} rows':<28}{after_planning - imported:>9.2f}")
    print(f"{f'draw {count} pairs':<28}{drawn - after_planning:>9.2f}{size / 1e6:>9.1f}{peak:>10.0f}")
    print(f"{f'draw and write {count} pairs':<28}{written - drawn:>9.2f}{on_disk / 1e6:>9.1f}{_read_peak():>10.0f}")


def _read_peak() -> float:
    """The process's largest resident size so far, in MiB (Linux counts in KiB, macOS in bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 220)
