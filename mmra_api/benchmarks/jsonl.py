"""Your own questions → samples: a JSON Lines file with one object a line, about any number of images.

    {"id": "q1", "images": ["a.png", "b.png"], "question": "What do both show?",
     "options": {"A": "a cat", "B": "a dog"}, "answer": "B", "subtask": "pets", "level": "entity"}

``options`` is an object keyed by capital letters, or a list of texts (lettered from A), or absent for a question whose
answer is Yes or No. ``question`` may place the images with ``<image>`` marks. ``subtask`` and ``level`` are optional.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_uppercase

import msgspec

from mmra_api.benchmarks.source import Benchmark, DataSource, Draft, Query, RawRow, sign_files
from mmra_api.errors import DataError, InputError
from mmra_api.types import IMAGE_MARK, Kind, Level, Sample

# Editors on Windows begin a file with it. Looked for in every line, as files may have been joined.
BOM = b"\xef\xbb\xbf"
SUBTASK = "all"
"""The subtask of lines that name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """One line of the file."""

    id: str | int
    images: list[str]
    question: str
    answer: str
    options: dict[str, str] | list[str] | None = None
    subtask: str = SUBTASK
    level: Level | None = None
    descriptions: list[str] = field(default_factory=list)


def find_jsonl(query: Query) -> DataSource:
    """Return the user's own questions. Raises InputError when there is no such file."""
    path = query.data
    if path is None:
        raise InputError("the benchmark jsonl needs --data FILE.jsonl, one question a line")
    if not path.is_file():
        raise InputError(f"--data {str(path)!r}: no such file; give a JSON Lines file, one question a line")
    return DataSource(
        benchmark="jsonl",
        origin=str(path),
        revision="",
        signature=_sign(path),
        rows=lambda: _read(path),
        parse=lambda row: parse_line(row, path.parent),
    )


JSONL = Benchmark(find=find_jsonl)


def _sign(path: Path) -> str:
    """Sign the file and every image it names, so that a replaced image is noticed."""
    images = [path.parent / str(name) for row in _read(path) for name in _names(row.values.get("images"))]
    return sign_files([path, *filter(_is_file, images)])


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, or one that no file can have
        return False


def _names(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _read(path: Path) -> Iterator[RawRow]:
    with path.open("rb") as lines:
        # Two counts: the line as an editor shows it, for messages, and the question's place in the data.
        numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
        for index, (number, line) in enumerate(numbered):
            values, problem = {}, ""
            try:
                values = msgspec.json.decode(line.removeprefix(BOM), type=dict)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                problem = f"not a JSON object: {error}"
            yield RawRow(where=f"{path}, line {number}", index=index, values=values, problem=problem)


def parse_line(row: RawRow, folder: Path) -> Draft:
    """Turn a line into a sample. Raises DataError naming the line and the field."""
    try:
        line = msgspec.convert(row.values, QuestionLine, strict=True)
    except msgspec.ValidationError as error:
        raise DataError(f"{row.where}: {error}") from error
    _check(row, line)
    options = _letter(row, line.options)
    kind: Kind = "choice" if options else "yesno"
    sample = Sample(
        id=str(line.id),
        subtask=line.subtask,
        level=line.level,
        kind=kind,
        question=line.question.strip(),
        options=options,
        gold=_read_gold(row, line.answer, options),
        descriptions=tuple(line.descriptions),
    )
    # Whole paths: prepared data lies in another folder, and may be used from a third.
    return Draft(
        sample=sample, images=tuple((f"images[{i}]", folder.resolve() / name) for i, name in enumerate(line.images))
    )


def _check(row: RawRow, line: QuestionLine) -> None:
    if not line.question.strip():
        raise DataError(f"{row.where}, field 'question': it is empty")
    if not str(line.id).strip():
        raise DataError(f"{row.where}, field 'id': it is empty")
    marks = line.question.count(IMAGE_MARK)
    if marks and marks != len(line.images):
        raise DataError(
            f"{row.where}, field 'question': {marks} {IMAGE_MARK} marks for {len(line.images)} images; "
            "place every image once, or use no marks to let the template place them"
        )
    if line.descriptions and len(line.descriptions) != len(line.images):
        raise DataError(
            f"{row.where}, field 'descriptions': {len(line.descriptions)} texts for {len(line.images)} images"
        )


def _letter(row: RawRow, options: dict[str, str] | list[str] | None) -> dict[str, str]:
    if not options:
        return {}
    if isinstance(options, list):
        # Too many for the letters: none, so that the check below refuses them.
        options = dict(zip(ascii_uppercase, options, strict=False)) if len(options) <= len(ascii_uppercase) else {}
    # The length too, because `in` finds "AB" in the alphabet.
    bad = [key for key in options if len(key) != 1 or key not in ascii_uppercase]
    if bad or len(options) < 2 or not all(text.strip() for text in options.values()):
        raise DataError(
            f"{row.where}, field 'options': expected 2 to 26 texts, as a list or keyed by capital letters, "
            f"none of them empty{f'; found the key {bad[0]!r}' if bad else ''}"
        )
    return {letter: text.strip() for letter, text in options.items()}


def _read_gold(row: RawRow, answer: str, options: Mapping[str, str]) -> str:
    gold = answer.strip().upper() if options else answer.strip().capitalize()
    if options and gold not in options:
        raise DataError(f"{row.where}, field 'answer': {answer!r} is not among the options {', '.join(options)}")
    if not options and gold not in {"Yes", "No"}:
        raise DataError(
            f"{row.where}, field 'answer': {answer!r} without options; give options, or the answer Yes or No "
            "(free-text answers cannot be scored yet)"
        )
    return gold
