"""A prepared data set on disk → its samples, in a stream. ``prepare`` writes it.

prepared/<benchmark>-<id>/
  header.json    DataInfo, and the bad rows
  index.jsonl    one Sample a line; images by digest and file
  images/        <digest>.<ext>, for images that are not files of their own
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from mmra_api.errors import DataError
from mmra_api.types import DataInfo, Image, Kind, Sample

HEADER, INDEX, IMAGES = "header.json", "index.jsonl", "images"


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
            with (self.folder / INDEX).open("rb") as lines:
                for sample in map(decoder.decode, lines):
                    yield replace(sample, images=tuple(self._locate(image) for image in sample.images))
        except OSError as error:
            raise DataError(
                f"the prepared data in {str(self.folder)!r} is gone: {error.strerror}; "
                "run the same command again: it prepares the data anew"
            ) from error

    def forget(self) -> None:
        """Let the next use prepare the data again: an image is not what it was."""
        # The header alone: without it the data counts as not prepared, and this run may read the index to its end.
        (self.folder / HEADER).unlink(missing_ok=True)

    def _locate(self, image: Image) -> Image:
        # A whole path is a file of the user's, which stayed where it is.
        return image if Path(image.path).is_absolute() else replace(image, path=str(self.folder / image.path))


def read_header(folder: Path) -> Header | None:
    """Return the header of a prepared folder, or None where there is none that this version can use."""
    try:
        header = msgspec.json.decode((folder / HEADER).read_bytes(), type=Header)
        with (folder / INDEX).open("rb") as lines:
            # A machine that lost its power may have kept the header and lost the end of the index.
            whole = sum(line.endswith(b"}\n") for line in lines) == header.info.rows
    except (OSError, msgspec.DecodeError):
        return None
    return header if whole else None
