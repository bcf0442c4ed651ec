"""The benchmarks there are: a name → the function that finds its data. A new one is a module here, and a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mmra_api.benchmarks.jsonl import find_jsonl
from mmra_api.benchmarks.mmra import find_mmra
from mmra_api.benchmarks.probes import find_probes
from mmra_api.benchmarks.source import DataSource, Query

BENCHMARKS: Mapping[str, Callable[[Query], DataSource]] = {
    "mmra": find_mmra,
    "probes": find_probes,
    "jsonl": find_jsonl,
}
