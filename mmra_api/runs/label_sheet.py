"""Records → a sheet for humans to label, and back: CSV, one row a reply, one column to fill in."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast, get_args

from mmra_api.errors import InputError
from mmra_api.types import Item, Record, Setting

COLUMNS = (
    "sample",
    "setting",
    "variant",
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
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""Beginnings that a spreadsheet takes for a formula, which a reply must not bring along, and our guard against them."""


def write_sheet(records: Iterable[Record], path: Path) -> int:
    """Write a sheet with an empty column ``label``; returns the number of rows. Raises InputError where it cannot."""
    rows = 0
    # Written beside and renamed: nobody should label a sheet that was cut off.
    partial = path.with_name(f"{path.name}.partial")
    if path.exists():
        raise InputError(f"--export {str(path)!r}: the file exists, and may hold labels; choose another name")
    try:
        # newline="": the csv module writes the line ends itself, and replies hold some of their own.
        with partial.open("w", newline="", encoding="utf-8-sig") as file:  # the mark by which spreadsheets know UTF-8
            sheet = csv.writer(file)
            sheet.writerow(COLUMNS)
            for record in records:
                sheet.writerow([_guard(cell) for cell in _describe(record)])
                rows += 1
        partial.replace(path)
    except OSError as error:
        raise InputError(f"--export {str(path)!r}: cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    return rows


def _describe(record: Record) -> list[str]:
    answer, said = record.answer, record.judgement
    reply = record.response.text if record.response else ""
    options = "\n".join(f"{letter}. {text}" for letter, text in record.options.items()) or "Yes\nNo"
    return [
        record.sample,
        record.setting,
        record.variant,
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


def read_sheet(path: Path, records: Iterable[Record]) -> dict[Item, str | None]:
    """Return the labels of a sheet for these records: a letter, ``Yes`` or ``No``, or None for nothing.

    Rows without a label are left out. Raises InputError naming the row for a label that cannot be one, a reply that the
    run does not have, or a row that occurs twice.
    """
    known = {record.item: record for record in records}
    # A sheet without trial and variant will do where they tell no two replies apart.
    needed = [
        "sample",
        "setting",
        "label",
        *(["trial"] if any(item.trial for item in known) else []),
        *(["variant"] if any(item.variant for item in known) else []),
    ]
    labels: dict[Item, str | None] = {}
    for line, row in _read_rows(path, needed):
        if not row["label"]:
            continue
        place = f"--import {str(path)!r}, line {line}"
        identity = _identify(row, place)
        if identity not in known:
            raise InputError(f"{place}: the run has no sample {row['sample']!r} in setting {row['setting']!r}")
        if known[identity].response is None:
            raise InputError(f"{place}: the sample {row['sample']!r} has no reply that could be labelled")
        if identity in labels:
            raise InputError(f"{place}: the sample {row['sample']!r} is labelled twice")
        labels[identity] = _read_label(row["label"], known[identity], place)
    if not labels:
        raise InputError(f"--import {str(path)!r}: no row has a label; fill in the column label")
    return labels


def _read_rows(path: Path, needed: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line numbers and rows, cells without outer blanks, separated by commas or, as in Europe, semicolons."""
    csv.field_size_limit(2**31 - 1)  # a reply may be longer than its default of 128 kB
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            head = file.readline()
            file.seek(0)
            sheet = csv.reader(file, delimiter=";" if head.count(";") > head.count(",") else ",")
            names = [name.strip().casefold() for name in next(sheet, [])]
            missing = [name for name in needed if name not in names]
            if missing:
                raise InputError(
                    f"--import {str(path)!r}: no column {', '.join(missing)}; export a sheet and fill it in"
                )
            for cells in sheet:
                # Some programs leave out the empty cells at the end of a row.
                cells += [""] * (len(names) - len(cells))
                # The line and not the row: a reply takes several lines, and an editor counts these.
                yield sheet.line_num, {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
    except OSError as error:
        raise InputError(f"--import {str(path)!r}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"--import {str(path)!r}: no CSV in UTF-8: {error}; save it as CSV UTF-8") from error


def _identify(row: dict[str, str], place: str) -> Item:
    setting, trial = row["setting"].upper(), row.get("trial") or "0"
    if setting not in get_args(Setting) or not trial.isdecimal():
        raise InputError(f"{place}: setting {row['setting']!r} and trial {trial!r} must stay as they were exported")
    return Item(
        sample=row["sample"].removeprefix("'"),  # the guard that the export puts before a formula
        setting=cast("Setting", setting),
        variant=row.get("variant") or "",
        trial=int(trial),
    )


def _read_label(text: str, record: Record, place: str) -> str | None:
    # As people type: letters of full width, `B.` or `B)`.
    label = unicodedata.normalize("NFKC", text).strip().rstrip(".)")
    if label.casefold() in NOTHING:
        return None
    names = {name.casefold(): name for name in (record.options if record.kind == "choice" else ("Yes", "No"))}
    if label.casefold() not in names:
        raise InputError(f"{place}: the label {label!r} is none of {', '.join(names.values())}, none")
    return names[label.casefold()]
