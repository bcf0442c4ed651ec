"""Rows in, a folder with one parquet file in MMRA's published schema out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from mmra_api.errors import InputError
from mmra_api.probes.drawing import ProbeRow

if TYPE_CHECKING:
    import pyarrow as pa

FILE_NAME = "train-00000-of-00001.parquet"
"""As the hub names the only file of the split ``train``."""
ROW_GROUP = 16
"""Rows held in memory at once: about 32 encoded pictures, 1.5 MB."""

_TEXTS = ("Task", "QA_type", "question", "options", "answer")
_IMAGES = ("image1", "image2")


def write_parquet(rows: Iterable[ProbeRow], folder: Path) -> Path:
    """Writes the rows as ``FILE_NAME`` into ``folder``, which is made if need be, and returns the file's path.

    ``datasets.load_dataset("parquet", data_dir=folder)`` sees two image columns. The file appears complete or not at
    all. Raises InputError if the folder holds a data set already or cannot be written to, before any row is drawn,
    and if there are no rows.
    """
    # Hidden and not named .parquet, so no reader takes it for data; the process id keeps two writers apart.
    partial, target = folder / f".{FILE_NAME}.{os.getpid()}.part", folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Before the first row is drawn: drawing takes long.
        _refuse_data(folder)
        with partial.open("wb") as file:
            _write(iter(rows), file)
            file.flush()
            # On the disk before it gets its name, or a power cut could leave an empty file of that name.
            os.fsync(file.fileno())
        # Once more: another process may have written a data set in the meantime.
        _refuse_data(folder)
        partial.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"cannot write probes into {str(folder)!r}: {reason}; choose a folder that can be written to"
        ) from error
    finally:
        # After a success there is none; after a failure its loss must not hide the error.
        with suppress(OSError):
            partial.unlink()
    return target


def _refuse_data(folder: Path) -> None:
    """Nothing is overwritten, and two drawings in one folder would be read as one data set."""
    found = next(chain(folder.rglob("*.parquet"), folder.glob("metadata.json")), None)
    if found:
        raise InputError(
            f"{str(folder)!r} holds a data set already ({found.relative_to(folder)}); choose another folder"
        )


def _write(rows: Iterator[ProbeRow], file: BinaryIO) -> None:
    # Here and not at the top: the command line starts without pyarrow.
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, group = _describe(), list(islice(rows, ROW_GROUP))
    # Before the writer opens, or no rows would still give a file with a header.
    if not group:
        raise InputError("there are no rows to write; draw at least 1 pair")
    with pq.ParquetWriter(file, schema) as writer:
        # A row group at a time: memory does not grow with the number of rows.
        while group:
            # The schema is given, as pyarrow would guess a column without type from a group of yes/no rows.
            writer.write_table(pa.Table.from_pylist([_flatten(row) for row in group], schema=schema))
            group = list(islice(rows, ROW_GROUP))


def _describe() -> pa.Schema:
    """The columns, with the metadata from which ``datasets`` reads that image columns are images."""
    import pyarrow as pa

    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    features = {
        **{name: {"dtype": "string", "_type": "Value"} for name in _TEXTS},
        **{name: {"_type": "Image"} for name in _IMAGES},
    }
    columns = [*((name, pa.string()) for name in _TEXTS), *((name, image) for name in _IMAGES)]
    return pa.schema(columns, metadata={"huggingface": json.dumps({"info": {"features": features}})})


def _flatten(row: ProbeRow) -> dict[str, Any]:
    return {
        "Task": row.task,
        "QA_type": row.qa_type,
        "question": row.question,
        # MMRA publishes the options as the text of a Python dict, not as JSON.
        "options": None if row.options is None else repr(row.options),
        "answer": row.answer,
        "image1": _pack(row.image1, f"{row.id}-1"),
        "image2": _pack(row.image2, f"{row.id}-2"),
    }


def _pack(data: bytes, stem: str) -> dict[str, Any]:
    # By the first bytes: a row does not say which of the two formats was drawn for it.
    suffix = "png" if data.startswith(b"\x89PNG") else "jpg"
    return {"bytes": data, "path": f"{stem}.{suffix}"}
