"""What the benches share: data in the published schema and sizes, the sandbox and `mmra` as processes of their own.

Every figure is of a whole process: its wall time, its CPU time and its peak memory, as the kernel counts them.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import subprocess
import sys
import time
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def make_questions(folder: Path, count: int) -> Path:
    """Write a .jsonl file of ``count`` questions with two tiny pictures each; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number in range(count):
        names = [f"{number}-{place}.png" for place in "ab"]
        for place, name in enumerate(names):
            (folder / name).write_bytes(_draw(2 * number + place))
        line = {
            "id": f"q{number}",
            "images": names,
            "question": f"What do both pictures of pair {number} show?",
            "options": {"A": "a cup", "B": "a chair", "C": "a lamp"},
            "answer": "ABC"[number % 3],
        }
        lines.append(json.dumps(line))
    path = folder / "own.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def _draw(number: int, width: int = 24, height: int = 16) -> bytes:
    """Return a PNG in one colour, which is the number."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    # 8 bits a channel, RGB, no interlacing; each row begins with its filter, none.
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    rows = (b"\0" + number.to_bytes(3, "big") * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A sandbox that serves as a process of its own."""

    url: str
    """Its base URL."""
    pid: int

    def count(self) -> dict[str, Any]:
        """Return its counters."""
        with urllib.request.urlopen(self.url.removesuffix("/v1") + "/sandbox/counters") as reply:
            counters: dict[str, Any] = json.load(reply)
        return counters

    @property
    def cpu(self) -> float:
        """Seconds that it has computed so far; NaN where the system has no ``/proc``."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return float("nan")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # proc(5): utime and stime


@contextmanager
def serve_process(*arguments: str) -> Iterator[Served]:
    """Run ``mmra sandbox`` with these arguments and any free port."""
    command = [sys.executable, "-m", "mmra_api", "sandbox", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        match = re.search(r"http://\S+", process.stdout.readline())
        assert match is not None
        try:
            yield Served(url=match.group(), pid=process.pid)
        finally:
            process.terminate()


@contextmanager
def serve(*, data: Path, folder: Path) -> Iterator[str]:
    """Run the sandbox with the published data as a process of its own; yields its base URL."""
    arguments = ["--benchmark", "mmra", "--data", str(data), "--cache", str(folder / "sandbox")]
    with serve_process(*arguments) as served:
        yield served.url


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
    make_data(Path(sys.argv[1]), int(sys.argv[2]), image_bytes=int(sys.argv[3]) if sys.argv[3:] else IMAGE_BYTES)
