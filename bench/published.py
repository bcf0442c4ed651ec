"""What the benches share: data in the published schema and sizes, the sandbox and `mmra` as processes of their own.

Every figure is of a whole process: its wall time, its CPU time and its peak memory, as the kernel counts them.
"""

from __future__ import annotations

import io
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

IMAGE_BYTES = 286_000
"""The published data set takes 587 MB for 1,024 pairs (its card on the hub): about 286 kB an image."""
TASKS = ("RelativePosition", "UsageSimilarity", "Environment", "Layout", "ObservationAngle")
ROW_GROUP = 100
"""Rows per row group, as the hub's tools write image data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One finished process."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, user and system."""
    peak: float
    """Resident memory at its highest, MB."""
    out: str


def make_data(folder: Path, rows: int, *, image_bytes: int = IMAGE_BYTES) -> Path:
    """Write ``rows`` rows with two distinct JPEG images each; does nothing where they lie already."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / f"train-{rows}.parquet"
    if path.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    texts = ("Task", "QA_type", "question", "options", "answer")
    schema = pa.schema([(name, pa.string()) for name in texts] + [("image1", image), ("image2", image)])
    base = _noise(image_bytes)
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, ROW_GROUP):
            batch = [_row(base, index) for index in range(start, min(start + ROW_GROUP, rows))]
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
    return folder


def _row(base: bytes, index: int) -> dict[str, object]:
    return {
        "Task": TASKS[index % len(TASKS)],
        "QA_type": "Choice QA",
        "question": f"How do the two images relate, question {index}?",
        "options": "{'A': 'the same', 'B': 'mirrored', 'C': 'unrelated', 'D': 'one holds the other'}",
        "answer": "ABCD"[index % 4],
        "image1": {"bytes": _stamp(base, 2 * index), "path": f"{2 * index}.jpg"},
        "image2": {"bytes": _stamp(base, 2 * index + 1), "path": f"{2 * index + 1}.jpg"},
    }


def _noise(size: int) -> bytes:
    """Return a JPEG of about ``size`` bytes."""
    from PIL import Image

    side = int((size / 0.72) ** 0.5)
    picture = Image.frombytes("RGB", (side, side), random.Random(0).randbytes(side * side * 3))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=75)
    return out.getvalue()


def _stamp(jpeg: bytes, number: int) -> bytes:
    """Return the same picture as a different file: with a comment segment after the start mark."""
    text = f"bench {number}".encode()
    return jpeg[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + jpeg[2:]


@contextmanager
def serve(*, data: Path, folder: Path) -> Iterator[str]:
    """Run the sandbox as a process of its own; yields its base URL."""
    command = [sys.executable, "-m", "mmra_api", "sandbox", "--port", "0", "--benchmark", "mmra"]
    command += ["--data", str(data), "--cache", str(folder / "sandbox")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        match = re.search(r"http://\S+", process.stdout.readline())
        assert match is not None
        try:
            yield match.group()
        finally:
            process.terminate()


def measure(*arguments: str, check: bool = True) -> Measured:
    """Run a Python process and measure it alone, with the children that it waited for."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, errors = process.stdout, process.stderr
    assert out is not None
    assert errors is not None
    text, said = out.read(), errors.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    out.close()
    errors.close()
    if check and process.returncode:
        raise SystemExit(f"{' '.join(arguments)}: exit {process.returncode}\n{said}")
    return Measured(
        wall=time.perf_counter() - begun,
        cpu=usage.ru_utime + usage.ru_stime,
        peak=usage.ru_maxrss / 1024,
        out=text,
    )


def table(titles: list[str], rows: list[list[str]]) -> None:
    """Print an aligned table."""
    widths = [max(len(row[column]) for row in [titles, *rows]) for column in range(len(titles))]
    for row in [titles, ["-" * width for width in widths], *rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  ".join(cells))


if __name__ == "__main__":
    make_data(Path(sys.argv[1]), int(sys.argv[2]))
