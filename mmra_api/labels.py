"""Records → a sheet for humans to label, and back: CSV, one row a reply, one column to fill in."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import cast, get_args

from mmra_api.errors import InputError
from mmra_api.folder import RecordId, identify
from mmra_api.types import Record, Setting

COLUMNS = (
    "sample",
    "setting",
    "trial",
    "kind",
    "question",
    "options",
    "reply",
    "read",
    "rule",
    "words",
    "judge",
    "label",
)
NOTHING = frozenset({"none", "-", "nothing"})
"""Labels for a reply that commits to nothing."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula, which a reply must not bring along."""


def write_sheet(records: Iterable[Record], path: Path) -> int:
    """Write a sheet with an empty column ``label``; returns the number of rows. Raises InputError where it cannot."""
    rows = 0
    try:
        with path.open("x", newline="", encoding="utf-8-sig") as file:  # the mark by which spreadsheets know UTF-8
            sheet = csv.writer(file)
            sheet.writerow(COLUMNS)
            for record in records:
                sheet.writerow([_guard(cell) for cell in _describe(record)])
                rows += 1
    except FileExistsError as error:
        raise InputError(
            f"--export {str(path)!r}: the file exists, and may hold labels; choose another name"
        ) from error
    except OSError as error:
        raise InputError(f"--export {str(path)!r}: cannot be written: {error.strerror}") from error
    return rows


def _describe(record: Record) -> list[str]:
    answer, said = record.answer, record.judgement
    reply = record.response.text if record.response else ""
    options = "\n".join(f"{letter}. {text}" for letter, text in record.options.items()) or "Yes\nNo"
    return [
        record.sample,
        record.setting,
        str(record.trial),
        record.kind,
        record.question,
        options,
        reply,
        (answer.value or "") if answer else "",
        answer.rule if answer else "",
        reply[slice(*answer.span)] if answer and answer.span else "",
        (said.value or ("failed" if said.failure else "none")) if said else "",
        "",
    ]


def _guard(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def read_sheet(path: Path, records: Iterable[Record]) -> dict[RecordId, str | None]:
    """Return the labels of a sheet for these records: a letter, ``Yes`` or ``No``, or None for nothing.

    Rows without a label are left out. Raises InputError naming the row for a label that cannot be one, a reply that the
    run does not have, or a row that occurs twice.
    """
    known = {identify(record): record for record in records}
    labels: dict[RecordId, str | None] = {}
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            sheet = csv.DictReader(file)
            missing = [name for name in ("sample", "setting", "label") if name not in (sheet.fieldnames or ())]
            if missing:
                raise InputError(
                    f"--import {str(path)!r}: no column {', '.join(missing)}; export a sheet and fill it in"
                )
            for row in sheet:
                if not (row["label"] or "").strip():
                    continue
                place = f"--import {str(path)!r}, line {sheet.line_num}"
                identity = _identify(row, place)
                if identity not in known:
                    raise InputError(f"{place}: the run has no sample {row['sample']!r} in setting {row['setting']!r}")
                if identity in labels:
                    raise InputError(f"{place}: the sample {row['sample']!r} is labelled twice")
                labels[identity] = _read_label(row["label"], known[identity], place)
    except OSError as error:
        raise InputError(f"--import {str(path)!r}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"--import {str(path)!r}: no CSV in UTF-8: {error}") from error
    return labels


def _identify(row: dict[str, str], place: str) -> RecordId:
    trial = (row.get("trial") or "0").strip()
    if row["setting"] not in get_args(Setting) or not trial.isdecimal():
        raise InputError(f"{place}: setting {row['setting']!r} and trial {trial!r} must stay as they were exported")
    return row["sample"].removeprefix("'"), cast("Setting", row["setting"]), int(trial)


def _read_label(text: str, record: Record, place: str) -> str | None:
    label = text.strip()
    if label.casefold() in NOTHING:
        return None
    names = {name.casefold(): name for name in (record.options if record.kind == "choice" else ("Yes", "No"))}
    if label.casefold() not in names:
        raise InputError(f"{place}: the label {label!r} is none of {', '.join(names.values())}, none")
    return names[label.casefold()]
