"""A benchmark's name → what is known about it: its line in the table, and what its authors printed."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

from mmra_api.benchmarks.published import Publication, Published, read_published
from mmra_api.benchmarks.registry import BENCHMARKS
from mmra_api.benchmarks.source import Benchmark
from mmra_api.errors import InputError
from mmra_api.types import Setting


def find_benchmark(name: str) -> Benchmark:
    """Return a benchmark of the table. Raises InputError that names those there are."""
    if name not in BENCHMARKS:
        raise InputError(f"unknown benchmark {name!r}; known are {', '.join(BENCHMARKS)}, or the path of a .jsonl file")
    return BENCHMARKS[name]


def find_publication(benchmark: str = "mmra") -> Publication:
    """Return what the authors of a benchmark printed. Raises InputError for a benchmark without such a table."""
    publication = find_benchmark(benchmark).publication
    if publication is None:
        raise InputError(f"the benchmark {benchmark!r} has no published results to set beside measured ones")
    return publication


def load_published(
    settings: Collection[Setting] = get_args(Setting), *, benchmark: str = "mmra"
) -> tuple[Published, ...]:
    """Return the rows that the authors of a benchmark printed for these settings, in their order."""
    return read_published(find_publication(benchmark), settings)
