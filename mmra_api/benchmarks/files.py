"""Where the published rows lie → raw rows: the hub, parquet files, a folder or a zip with metadata.json. All stream."""

from __future__ import annotations

import json
import logging
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from mmra_api.benchmarks.source import RawRow, sign_files
from mmra_api.errors import DataError, InputError

METADATA = "metadata.json"
BATCH = 8
"""Parquet rows decoded at a time: small, because a row holds two images."""

Rows = Callable[[], Iterator[RawRow]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The columns of a published data set."""

    name: str
    """The benchmark's, for messages."""
    columns: tuple[str, ...]
    images: tuple[str, ...]
    """Those of the columns that hold images."""


def find_rows(path: Path, schema: Schema) -> tuple[str, Rows]:
    """Return the signature of the data at ``path`` and a function that reads its rows.

    Raises InputError when there is no data set in one of the three forms.
    """
    # First, as it looks into the file: a zip may have any name.
    if path.is_file() and zipfile.is_zipfile(path):
        return sign_files([path]), lambda: read_zip(path, schema)
    if path.is_file() and path.suffix == ".parquet":
        return sign_files([path]), lambda: read_parquet([path], schema)
    if path.is_file() and path.name == METADATA:
        path = path.parent
    # Sorted, because a row's number becomes the id of its sample: it must be the same on every machine.
    files = sorted(file for file in path.rglob("*.parquet") if file.is_file()) if path.is_dir() else []
    if files:
        return sign_files(files), lambda: read_parquet(files, schema)
    if (path / METADATA).is_file():
        return sign_files(sorted(file for file in path.rglob("*") if file.is_file())), lambda: read_folder(path, schema)
    what = "holds no data set" if path.is_dir() else "is no data set" if path.exists() else "does not exist"
    raise InputError(
        f"--data {str(path)!r} {what}: give a folder of parquet files, "
        f"or a folder or zip with {METADATA} and the images"
    )


def read_parquet(files: list[Path], schema: Schema) -> Iterator[RawRow]:
    """Yield the rows of parquet files in the order of their names, a few at a time."""
    import pyarrow as pa  # takes 0.1 s and 40 MB; a prepared data set never needs it
    import pyarrow.parquet as pq

    index = 0
    for file in files:
        try:
            # No reading ahead, no threads, 1 MiB at a time: the file may be larger than the memory.
            with pq.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20) as table:
                _check_columns(str(file), table.schema_arrow.names, schema)
                for batch in table.iter_batches(batch_size=BATCH, columns=list(schema.columns), use_threads=False):
                    for position in range(batch.num_rows):
                        # Row by row: only one row's images are turned into Python's bytes.
                        values = batch.slice(position, 1).to_pylist()[0]
                        yield RawRow(where=f"{file}, row {index}", index=index, values=values)
                        index += 1
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot read {str(file)!r}: {error}; is the file complete?") from error
    # Arrow keeps what it has freed for later use; it is not used again.
    pa.default_memory_pool().release_unused()


def _check_columns(place: str, names: list[str], schema: Schema) -> None:
    missing = [name for name in schema.columns if name not in names]
    if missing:
        raise DataError(
            f"{place}: no column {', '.join(missing)}; {schema.name}'s columns are {', '.join(schema.columns)}"
        )


def read_hub(hub_id: str, split: str, revision: str | None, schema: Schema) -> Iterator[RawRow]:
    """Yield the rows of a data set on the hub through ``datasets``, images undecoded.

    The download lies in the cache of ``datasets``. Raises InputError where it cannot be had.
    """
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # one message of ours instead of six of theirs
    import datasets  # takes 4 to 6 s; a prepared data set never needs it

    try:
        table = datasets.load_dataset(hub_id, split=split, revision=revision)
    except Exception as error:  # datasets raises whatever its storage layers raise
        # Of many lines the first says it; an error without words has at least a name.
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(
            f"cannot load {hub_id!r} from the hub: {reason}; check the network, "
            "or give a downloaded copy with --data PATH"
        ) from error
    _check_columns(hub_id, table.column_names, schema)
    for name in schema.images:
        table = table.cast_column(name, datasets.Image(decode=False))
    for index, values in enumerate(table):
        yield RawRow(where=f"{hub_id} ({split}), row {index}", index=index, values=values)


def read_folder(folder: Path, schema: Schema) -> Iterator[RawRow]:
    """Yield the rows of ``metadata.json``; image names are looked up inside the folder, the files stay in place."""
    root = folder.resolve()

    def open_image(name: str) -> Path | None:
        for candidate in (root / name, root / "images" / name):
            try:
                # Resolved before it is compared: neither `..` nor a link may lead to other files, which would be sent.
                file = candidate.resolve()
                if file.is_relative_to(root) and file.is_file():
                    return file
            except (OSError, ValueError):  # a name that no file can have
                return None
        return None

    yield from _read_metadata(str(folder / METADATA), (folder / METADATA).read_bytes(), open_image, schema)


def read_zip(path: Path, schema: Schema) -> Iterator[RawRow]:
    """Yield the rows of a zip's ``metadata.json``, at its top or in its only folder; images are read one at a time."""
    try:
        yield from _read_archive(path, schema)
    # RuntimeError: it is encrypted. NotImplementedError: it is packed in a way that zipfile cannot read.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError) as error:
        raise InputError(f"cannot read {str(path)!r}: {error}; is the file complete, and not encrypted?") from error


def _read_archive(path: Path, schema: Schema) -> Iterator[RawRow]:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        # The shortest path is the outermost one.
        found = sorted((name for name in names if PurePosixPath(name).name == METADATA), key=len)
        if not found:
            raise InputError(f"--data {str(path)!r}: the zip has no {METADATA}")
        top = PurePosixPath(found[0]).parent

        def open_image(name: str) -> bytes | None:
            for candidate in (str(top / name), str(top / "images" / name)):
                if candidate in names:
                    return archive.read(candidate)
            return None

        yield from _read_metadata(f"{path}/{found[0]}", archive.read(found[0]), open_image, schema)


def _read_metadata(
    where: str, data: bytes, open_image: Callable[[str], Path | bytes | None], schema: Schema
) -> Iterator[RawRow]:
    try:
        # Not by msgspec: Python writes a missing value as NaN, which is no JSON.
        rows = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: not JSON: {error}") from error
    if isinstance(rows, dict):  # {"0": {...}, "1": {...}} or {"data": [...]}
        rows = next((value for value in rows.values() if isinstance(value, list)), list(rows.values()))
    if not isinstance(rows, list):
        raise DataError(f"{where}: expected a list of rows, found {type(rows).__name__}")
    for index, values in enumerate(rows):
        place = f"{where}, row {index}"
        if not isinstance(values, dict):
            raise DataError(f"{place}: expected an object, found {type(values).__name__}")
        yield RawRow(where=place, index=index, values={**values, **_open_images(values, open_image, schema)})


def _open_images(
    values: dict[str, Any], open_image: Callable[[str], Path | bytes | None], schema: Schema
) -> dict[str, Any]:
    # A name without a file stays as it is: the row is then refused with that name in the message.
    return {name: open_image(str(values[name])) or values[name] for name in schema.images if values.get(name)}
