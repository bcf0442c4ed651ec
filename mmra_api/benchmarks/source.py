"""What a benchmark hands over to be prepared: raw rows, and how one row becomes a sample."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmra_api.benchmarks.published import Publication
from mmra_api.types import Sample, Subtask


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the user says about where the data lies."""

    data: Path | None = None
    revision: str | None = None
    seed: int = 0
    limit: int | None = None
    subtasks: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A line of the table."""

    find: Callable[[Query], DataSource]
    """Finds the data, and reads none of it. Raises InputError where there is none."""
    pinnable: bool = False
    """Whether the data comes from the hub unless ``--data`` is given, so that ``--revision`` can pin it."""
    publication: Publication | None = None
    """What its authors printed about it, where a report sets measured rows beside that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """One row as it lies in the data."""

    where: str
    """File and row, for messages."""
    index: int
    """Counted from 0 over the whole data set, bad rows included."""
    values: dict[str, Any]
    problem: str = ""
    """Why the row could not even be read; such a row is not parsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sample whose images are not inspected yet."""

    sample: Sample
    images: tuple[tuple[str, bytes | Path], ...]
    """Field name, and the encoded bytes or the file that holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """Where samples come from. ``rows`` is called only when the data set is not prepared yet."""

    benchmark: str
    origin: str
    """For people: the hub id, the path, or the seed and count."""
    revision: str
    signature: str
    """Identifies the data without reading it: changes whenever the data may have changed."""
    rows: Callable[[], Iterator[RawRow]]
    parse: Callable[[RawRow], Draft]
    """Raises DataError, naming the row and the field."""
    subtasks: tuple[Subtask, ...] | None = None
    """In the order of the report's columns; None takes them from the samples."""


def sign_files(paths: list[Path]) -> str:
    """Return a digest of whole names, sizes and times of change: cheap, and other whenever a file was written to."""
    facts = [(str(path.resolve()), (stat := path.stat()).st_size, stat.st_mtime_ns) for path in paths]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
