"""The benchmarks there are, a line each. A new one is a module here that ends in a ``Benchmark``, and a line."""

from __future__ import annotations

from collections.abc import Mapping

from mmra_api.benchmarks.jsonl import JSONL
from mmra_api.benchmarks.mmra import MMRA
from mmra_api.benchmarks.probes import PROBES
from mmra_api.benchmarks.source import Benchmark

BENCHMARKS: Mapping[str, Benchmark] = {
    "mmra": MMRA,
    "probes": PROBES,
    "jsonl": JSONL,
}
