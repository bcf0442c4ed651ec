"""A DataSource → a prepared data set on disk: an index of samples and the image files, read again without the source.

    prepared/<benchmark>-<id>/
      header.json    DataInfo, and the bad rows
      index.jsonl    one Sample a line; images by digest and file
      images/        <digest>.<ext>, for images that are not files of their own

Preparing inspects every image once. It is written beside and renamed, so that a half-written one is never seen.
"""

from __future__ import annotations

import hashlib
import shutil
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from mmra_api.benchmarks.source import DataSource, Draft, RawRow
from mmra_api.errors import DataError, InputError
from mmra_api.images import EXTENSIONS, inspect_image
from mmra_api.types import DataInfo, Image, Kind, Sample, Subtask

LAYOUT = 3
"""Raised when the files below ``prepared/`` change their form or facts; older ones are then prepared again."""
SHOWN = 5
DAY = 24 * 60 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """``header.json``."""

    info: DataInfo
    counts: dict[str, int]
    """Samples per subtask."""
    kinds: tuple[Kind, ...]
    bad_rows: tuple[str, ...] = ()
    """One message per row that could not be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A prepared data set. Iterating streams its samples from disk; images carry the path of their file."""

    folder: Path
    info: DataInfo
    counts: dict[str, int]
    kinds: tuple[Kind, ...]
    """The kinds of question that occur."""

    def __iter__(self) -> Iterator[Sample]:
        decoder = msgspec.json.Decoder(Sample)
        try:
            with (self.folder / "index.jsonl").open("rb") as lines:
                for line in lines:
                    sample = decoder.decode(line)
                    yield replace(sample, images=tuple(self._locate(image) for image in sample.images))
        except OSError as error:
            raise DataError(
                f"the prepared data in {str(self.folder)!r} is gone: {error.strerror}; "
                "run the same command again: it prepares the data anew"
            ) from error

    def forget(self) -> None:
        """Let the next use prepare the data again: an image is not what it was."""
        (self.folder / "header.json").unlink(missing_ok=True)

    def _locate(self, image: Image) -> Image:
        return image if Path(image.path).is_absolute() else replace(image, path=str(self.folder / image.path))


def open_prepared(source: DataSource, root: Path, *, skip_bad_rows: bool = False) -> DataSet:
    """Return the prepared data set of a source, preparing it first where it is new or has changed.

    Raises DataError that lists the bad rows, unless ``skip_bad_rows`` leaves them out.
    """
    identity = hashlib.sha256(f"{LAYOUT}\n{source.revision}\n{source.signature}".encode()).hexdigest()
    folder = root / f"{source.benchmark}-{identity[:16]}"
    header = _read_header(folder) or _prepare(source, folder)
    if header.bad_rows and not skip_bad_rows:
        raise DataError(_describe(source, header))
    if not header.info.rows:
        raise DataError(f"{source.origin}: no usable row" + "".join(f"\n  {row}" for row in header.bad_rows[:SHOWN]))
    info = replace(header.info, left_out=header.bad_rows)
    return DataSet(folder=folder, info=info, counts=header.counts, kinds=header.kinds)


def _describe(source: DataSource, header: Header) -> str:
    total = len(header.bad_rows)
    rows = "\n".join(f"  {message}" for message in header.bad_rows[:SHOWN])
    more = f"\n  and {total - SHOWN} more" if total > SHOWN else ""
    noun = "row" if total == 1 else "rows"
    return (
        f"{source.origin}: {total} bad {noun} of {total + header.info.rows}:\n{rows}{more}\n"
        "Mend the data, or leave these rows out, counted in the report, with --skip-bad-rows."
    )


def _read_header(folder: Path) -> Header | None:
    """Return the header, or None where there is none that this version can use."""
    try:
        header = msgspec.json.decode((folder / "header.json").read_bytes(), type=Header)
        with (folder / "index.jsonl").open("rb") as lines:
            whole = sum(line.endswith(b"}\n") for line in lines) == header.info.rows
    except (OSError, msgspec.DecodeError):
        return None
    return header if whole else None


def _prepare(source: DataSource, folder: Path) -> Header:
    import filelock

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder.with_name(f"{folder.name}.lock")):  # the others wait, and find it ready
            return _read_header(folder) or _prepare_alone(source, folder)
    except OSError as error:
        raise InputError(
            f"cannot prepare {source.origin} in {str(folder.parent)!r}: {error.strerror or error}; "
            "free some space, or choose another folder with --cache"
        ) from error


def _prepare_alone(source: DataSource, folder: Path) -> Header:
    partial = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:8]}.partial")
    try:
        _remove_abandoned(folder)
        (partial / "images").mkdir(parents=True)
        header = _write(source, partial)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return header


def _write(source: DataSource, folder: Path) -> Header:
    encoder = msgspec.json.Encoder()
    content = hashlib.sha256()
    counts: dict[str, int] = {}
    found: dict[str, Subtask] = {}
    bad: list[str] = []
    kinds: dict[Kind, None] = {}
    seen: set[str] = set()
    with (folder / "index.jsonl").open("wb") as index:
        for row in source.rows():
            if row.problem:
                bad.append(f"{row.where}: {row.problem}")
                continue
            try:
                sample = _finish(source.parse(row), row, folder, seen)
                index.write(encoder.encode(sample) + b"\n")
            except DataError as error:
                bad.append(str(error))
                continue
            except UnicodeEncodeError as error:
                bad.append(f"{row.where}: a text is not Unicode: {error.reason}")
                continue
            content.update(encoder.encode(_portable(sample)) + b"\n")
            kinds[sample.kind] = None
            counts[sample.subtask] = counts.get(sample.subtask, 0) + 1
            found.setdefault(sample.subtask, Subtask(abbrev=sample.subtask, name=sample.subtask, level=sample.level))
    info = DataInfo(
        benchmark=source.benchmark,
        source=source.origin,
        revision=source.revision,
        fingerprint=content.hexdigest(),
        rows=sum(counts.values()),
        subtasks=_present(source.subtasks, counts) or tuple(found.values()),
    )
    header = Header(info=info, counts=counts, kinds=tuple(kinds), bad_rows=tuple(bad))
    (folder / "header.json").write_bytes(encoder.encode(header))
    return header


def _present(subtasks: tuple[Subtask, ...] | None, counts: dict[str, int]) -> tuple[Subtask, ...]:
    return tuple(subtask for subtask in subtasks or () if subtask.abbrev in counts)


def _finish(draft: Draft, row: RawRow, folder: Path, seen: set[str]) -> Sample:
    if draft.sample.id in seen:
        raise DataError(f"{row.where}, field 'id': {draft.sample.id!r} occurs twice; ids must differ")
    images = tuple(_keep(row, name, data, folder) for name, data in draft.images)
    seen.add(draft.sample.id)
    return replace(draft.sample, images=images)


def _keep(row: RawRow, name: str, data: bytes | Path, folder: Path) -> Image:
    """Inspect an image; bytes become a file below ``folder``, files stay where they are."""
    place = f"{row.where}, field {name!r}"
    try:
        if not isinstance(data, Path):
            image = inspect_image(data)
        elif data.is_file() or not data.exists():
            return inspect_image(data.read_bytes(), path=str(data.resolve()))
        else:  # a folder, or a pipe that would be waited for
            raise DataError(f"{place}: {str(data)!r} is no file")
    except OSError as error:
        raise DataError(f"{place}: cannot read {str(data)!r}: {error.strerror}") from error
    except ValueError as error:
        raise DataError(f"{place}: {error}") from error
    relative = f"images/{image.digest}{EXTENSIONS[image.media_type]}"
    target = folder / relative
    if not target.exists():
        target.write_bytes(data)
    return replace(image, path=relative)


def _portable(sample: Sample) -> Sample:
    return replace(sample, images=tuple(image.portable() for image in sample.images))


def _remove_abandoned(folder: Path) -> None:
    """Remove what killed preparations of this data left behind; a younger one may still be at work."""
    for partial in folder.parent.glob(f"{folder.name}.*.partial"):
        if partial.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(partial, ignore_errors=True)
