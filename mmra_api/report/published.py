"""The packaged table of the MMRA paper → rows to set beside measured ones."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from mmra_api.types import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A row as its authors printed it: fractions, no counts, nothing measured here."""

    model: str
    setting: Setting
    overall: float
    subtasks: Mapping[str, float]
    """By abbreviation, in the order of the paper's columns."""


def load_published(settings: Collection[Setting] = get_args(Setting)) -> tuple[Published, ...]:
    """Read the published rows of these settings, in the paper's order.

    Source: the main results table of the MMRA paper ("MMRA: A Benchmark for Evaluating Multi-Granularity and
    Multi-Image Relational Association Capabilities in Large Visual Language Models", arXiv 2407.17379): 8 models that
    saw the images (IQ) and 9 language models that saw the question only (QO). The overall figure is the printed one,
    over the 1,026 samples of the paper's first version; the released data has 1,024, so it is not recomputed.
    """
    from importlib.resources import files  # costs 10 ms, and few reports ask for these rows

    text = (files("mmra_api.report") / "published_mmra.csv").read_text(encoding="utf-8")
    rows = [_row(line) for line in csv.DictReader(text.splitlines())]
    return tuple(row for row in rows if row.setting in settings)


def _row(line: dict[str, str]) -> Published:
    # Decimal, so that 43.21 becomes the float 0.4321 and not its neighbour.
    shares = {name: float(Decimal(text) / 100) for name, text in line.items() if name not in ("setting", "model")}
    overall = shares.pop("overall")
    setting = next(s for s in get_args(Setting) if s == line["setting"])
    return Published(model=line["model"], setting=setting, overall=overall, subtasks=shares)
