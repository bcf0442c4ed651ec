"""What a benchmark's authors printed → rows to set beside measured ones. Knows no benchmark by name."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What a paper says about its own benchmark, as far as a report sets measured rows beside it."""

    benchmark: str
    """The name in ``BENCHMARKS``: a run of any other is not comparable with the printed rows."""
    title: str
    """The benchmark's name in sentences."""
    samples: int
    """In the data as released: a run about fewer or other samples is not comparable either."""
    caption: str
    """The sentence under a table that says where the printed rows come from, and what they were counted over."""
    table: str
    """The file beside this one with the printed rows: setting, model, overall, then a column for each subtask."""


def read_published(publication: Publication, settings: Collection[Setting]) -> tuple[Published, ...]:
    """Read the printed rows of these settings, in the paper's order."""
    from importlib.resources import files  # costs 10 ms, and few reports ask for these rows

    text = (files("mmra_api.benchmarks") / publication.table).read_text(encoding="utf-8")
    rows = [_read_row(line) for line in csv.DictReader(text.splitlines())]
    return tuple(row for row in rows if row.setting in settings)


def _read_row(line: dict[str, str]) -> Published:
    # Decimal, so that 43.21 becomes the float 0.4321 and not its neighbour.
    shares = {name: float(Decimal(text) / 100) for name, text in line.items() if name not in ("setting", "model")}
    overall = shares.pop("overall")
    # The type's own word in place of the file's, by which the type checker knows that it is a setting.
    setting = next(s for s in get_args(Setting) if s == line["setting"])
    return Published(model=line["model"], setting=setting, overall=overall, subtasks=shares)
