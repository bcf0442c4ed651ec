"""Rows of the published MMRA data set → samples: from the hub, parquet files, or a folder or zip with metadata.json.

Schema (hub id ``m-a-p/MMRA``, split ``train``): ``Task``, ``QA_type``, ``question``, ``options`` (null, or a Python
literal of a dict keyed A, B, C and sometimes D), ``answer``, ``image1``, ``image2``. Image bytes are taken undecoded.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmra_api.benchmarks.files import Schema, find_rows, read_hub
from mmra_api.benchmarks.published import Publication
from mmra_api.benchmarks.source import Benchmark, DataSource, Draft, Query, RawRow
from mmra_api.errors import DataError
from mmra_api.types import Kind, Sample, Subtask

HUB_ID = "m-a-p/MMRA"
SPLIT = "train"

SUBTASKS = (
    Subtask(abbrev="RP", name="RelativePosition", level="entity"),
    Subtask(abbrev="US", name="UsageSimilarity", level="entity"),
    Subtask(abbrev="MS", name="MentalitySimilarity", level="entity"),
    Subtask(abbrev="SM", name="SimilarMaterial", level="entity"),
    Subtask(abbrev="AS", name="AppearanceSimilarity", level="entity"),
    Subtask(abbrev="NSE", name="NearSameEntity", level="entity"),
    Subtask(abbrev="Env", name="Environment", level="image"),
    Subtask(abbrev="LO", name="Layout", level="image"),
    Subtask(abbrev="SimE", name="SimilarEvent", level="image"),
    Subtask(abbrev="SubE", name="SubEvent", level="image"),
    Subtask(abbrev="OA", name="ObservationAngle", level="image"),
)
"""The 11 subtasks in the order of the paper's main table."""

KINDS: Mapping[str, Kind] = {"choice qa": "choice", "chooice qa": "choice", "true or false qa": "yesno"}
"""``QA_type`` as published, its misspelling included, in lower case."""

VERDICTS = {"yes": "Yes", "no": "No", "true": "Yes", "false": "No"}
IMAGE_FIELDS = ("image1", "image2")
SCHEMA = Schema(
    name="MMRA", columns=("Task", "QA_type", "question", "options", "answer", *IMAGE_FIELDS), images=IMAGE_FIELDS
)


def _fold(name: str) -> str:
    """Fold a task name: neither case, separators nor a plural matter ("MentalitySImilarity", "Environments")."""
    return "".join(filter(str.isalnum, name.casefold())).removesuffix("s")


_BY_NAME = {_fold(subtask.name): subtask for subtask in SUBTASKS}


def find_mmra(query: Query) -> DataSource:
    """Return the published data set, from the hub or from ``--data``."""
    if query.data is not None:
        signature, rows = find_rows(query.data, SCHEMA)
        origin, revision = str(query.data), ""
    else:
        origin, revision = f"{HUB_ID} ({SPLIT})", query.revision or ""
        # Always the same: what was prepared once is used again without asking the hub.
        signature, rows = "hub", lambda: read_hub(HUB_ID, SPLIT, query.revision, SCHEMA)
    return DataSource(
        benchmark="mmra",
        origin=origin,
        revision=revision,
        signature=signature,
        rows=rows,
        parse=parse_row,
        subtasks=SUBTASKS,
    )


PUBLICATION = Publication(
    benchmark="mmra",
    title="MMRA",
    samples=1024,
    caption="published: as printed in the MMRA paper, over its 1,026 samples; not measured here.",
    table="published_mmra.csv",
)
"""Source: the main results table of the MMRA paper ("MMRA: A Benchmark for Evaluating Multi-Granularity and Multi-Image
Relational Association Capabilities in Large Visual Language Models", arXiv 2407.17379): 8 models that saw the images
(IQ) and 9 language models that saw the question only (QO). The overall figure is the printed one, over the 1,026
samples of the paper's first version; the released data has 1,024, so it is not recomputed."""

MMRA = Benchmark(find=find_mmra, pinnable=True, publication=PUBLICATION)


def parse_row(row: RawRow) -> Draft:
    """Turn a published row into a sample. Raises DataError naming the row and the field."""
    values = row.values
    subtask = _read_task(row)
    kind = _read_kind(row)
    options = _read_options(row) if kind == "choice" else {}  # the published rows of yes/no questions have none
    sample = Sample(
        id=f"mmra-{row.index:04d}",  # the rows have no ids; four digits, for 1,024 of them
        subtask=subtask.abbrev,
        level=subtask.level,
        kind=kind,
        question=_read_text(row, "question"),
        options=options,
        gold=_read_gold(row, kind, options),
    )
    return Draft(sample=sample, images=tuple((name, _read_image(row, name, values.get(name))) for name in IMAGE_FIELDS))


def _read_text(row: RawRow, name: str) -> str:
    value = row.values.get(name)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{row.where}, field {name!r}: expected a text, found {value!r}")
    return value.strip()


def _read_task(row: RawRow) -> Subtask:
    name = _read_text(row, "Task")
    subtask = _BY_NAME.get(_fold(name))
    if subtask is None:
        known = ", ".join(subtask.name for subtask in SUBTASKS)
        raise DataError(f"{row.where}, field 'Task': unknown task {name!r}; known are {known}")
    return subtask


def _read_kind(row: RawRow) -> Kind:
    name = _read_text(row, "QA_type")
    kind = KINDS.get(" ".join(name.casefold().split()))
    if kind is None:
        raise DataError(
            f"{row.where}, field 'QA_type': {name!r} is none of 'Choice QA', 'Chooice QA', 'True or false QA'"
        )
    return kind


def _read_options(row: RawRow) -> dict[str, str]:
    raw = row.values.get("options")
    try:
        # It reads values and runs no code, whatever the text holds.
        options = ast.literal_eval(raw) if isinstance(raw, str) else raw
    # The last two are raised by what is nested too deeply.
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise DataError(f"{row.where}, field 'options': not a Python literal of a dict: {_shorten(raw)}") from error
    if _is_null(options):
        raise DataError(f"{row.where}, field 'options': a choice question needs options, found {raw!r}")
    if not isinstance(options, dict) or len(options) < 2:
        raise DataError(f"{row.where}, field 'options': expected a dict of two or more options, found {_shorten(raw)}")
    return {_read_letter(row, key): _read_option(row, key, text) for key, text in options.items()}


def _read_letter(row: RawRow, key: Any) -> str:
    letter = key.strip() if isinstance(key, str) else ""
    if len(letter) != 1 or not "A" <= letter <= "Z":
        raise DataError(f"{row.where}, field 'options': an option's key must be a capital letter, found {key!r}")
    return letter


def _read_option(row: RawRow, key: str, text: Any) -> str:
    if not isinstance(text, str | int | float) or not str(text).strip():
        raise DataError(f"{row.where}, field 'options': option {key!r} needs a text, found {text!r}")
    return str(text).strip()


def _read_gold(row: RawRow, kind: Kind, options: Mapping[str, str]) -> str:
    answer = str(row.values.get("answer") or "").strip()
    gold = answer.upper() if kind == "choice" else VERDICTS.get(answer.casefold().rstrip("."), "")
    if kind == "choice" and gold not in options:
        raise DataError(f"{row.where}, field 'answer': {answer!r} is not among the options {', '.join(options)}")
    if not gold:
        raise DataError(f"{row.where}, field 'answer': expected Yes or No, found {answer!r}")
    return gold


def _read_image(row: RawRow, name: str, value: Any) -> bytes | Path:
    # The hub and parquet files give an object with bytes in it, a zip the bytes, a folder the path of a file.
    data = value.get("bytes") if isinstance(value, Mapping) else value
    if isinstance(data, bytes | Path):
        return data
    raise DataError(f"{row.where}, field {name!r}: expected the bytes of an image, found {_shorten(value)}")


def _is_null(value: Any) -> bool:
    # NaN is how pandas writes a missing value.
    return value is None or value == {} or (isinstance(value, float) and math.isnan(value))


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."  # an image's bytes would fill screens
