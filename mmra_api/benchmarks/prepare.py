"""A DataSource → a prepared data set on disk, which ``dataset`` reads again without the source.

Preparing inspects every image once. It is written beside and renamed, so that a half-written one is never seen.
"""

from __future__ import annotations

import hashlib
import shutil
import time
import uuid
from dataclasses import replace
from pathlib import Path

import msgspec

from mmra_api.benchmarks.dataset import HEADER, IMAGES, INDEX, DataSet, Header, read_header
from mmra_api.benchmarks.fingerprint import Fingerprint
from mmra_api.benchmarks.source import DataSource, Draft, RawRow
from mmra_api.errors import DataError, InputError
from mmra_api.images import EXTENSIONS, inspect_image
from mmra_api.types import DataInfo, Image, Kind, Sample, Subtask

LAYOUT = 4
"""Raised when the files below ``prepared/`` change their form or facts; older ones are then prepared again."""
SHOWN = 5
"""Bad rows that a message lists; it counts the others."""
DAY = 24 * 60 * 60.0
"""Seconds after which a preparation that is not finished must have been killed."""


def open_prepared(source: DataSource, root: Path, *, skip_bad_rows: bool = False) -> DataSet:
    """Return the prepared data set of a source, preparing it first where it is new or has changed.

    Raises DataError that lists the bad rows, unless ``skip_bad_rows`` leaves them out.
    """
    identity = hashlib.sha256(f"{LAYOUT}\n{source.revision}\n{source.signature}".encode()).hexdigest()
    folder = root / f"{source.benchmark}-{identity[:16]}"
    header = read_header(folder) or _prepare(source, folder)
    # Asked after preparing: the bad rows are kept, so that a second try says at once what is wrong.
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


def _prepare(source: DataSource, folder: Path) -> Header:
    # Here, because it is needed only where there is something to prepare.
    import filelock

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder.with_name(f"{folder.name}.lock")):  # the others wait, and find it ready
            return read_header(folder) or _prepare_alone(source, folder)
    except OSError as error:
        raise InputError(
            f"cannot prepare {source.origin} in {str(folder.parent)!r}: {error.strerror or error}; "
            "free some space, or choose another folder with --cache"
        ) from error


def _prepare_alone(source: DataSource, folder: Path) -> Header:
    # A name of its own: what a killed process left behind is never taken for ours.
    partial = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:8]}.partial")
    try:
        _remove_abandoned(folder)
        (partial / IMAGES).mkdir(parents=True)
        header = _write(source, partial)
        # What lies there is broken or of no use, and a folder can only be renamed to a free name.
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return header


def _write(source: DataSource, folder: Path) -> Header:
    encoder = msgspec.json.Encoder()
    content = Fingerprint()
    counts: dict[str, int] = {}
    found: dict[str, Subtask] = {}
    bad: list[str] = []
    # A dict and no set, as it keeps the order in which they came.
    kinds: dict[Kind, None] = {}
    seen: set[str] = set()
    with (folder / INDEX).open("wb") as index:
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
            # JSON can write half of a surrogate pair, which UTF-8 cannot carry.
            except UnicodeEncodeError as error:
                bad.append(f"{row.where}: a text is not Unicode: {error.reason}")
                continue
            content.add(sample)
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
    # Last, because a folder without a header counts as not prepared.
    (folder / HEADER).write_bytes(encoder.encode(header))
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
            return _keep_bytes(data, folder)
        # A file that is not there fails when it is read, with the system's own words.
        if data.is_file() or not data.exists():
            return inspect_image(data.read_bytes(), path=str(data.resolve()))
        raise DataError(f"{place}: {str(data)!r} is no file")  # a folder, or a pipe that would be waited for
    except OSError as error:
        raise DataError(f"{place}: cannot read {str(data)!r}: {error.strerror}") from error
    except ValueError as error:
        raise DataError(f"{place}: {error}") from error


def _keep_bytes(data: bytes, folder: Path) -> Image:
    image = inspect_image(data)
    relative = f"{IMAGES}/{image.digest}{EXTENSIONS[image.media_type]}"
    target = folder / relative
    if not target.exists():  # one image may belong to many rows
        target.write_bytes(data)
    return replace(image, path=relative)


def _remove_abandoned(folder: Path) -> None:
    """Remove what killed preparations of this data left behind; a younger one may still be at work."""
    for partial in folder.parent.glob(f"{folder.name}.*.partial"):
        if partial.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(partial, ignore_errors=True)
