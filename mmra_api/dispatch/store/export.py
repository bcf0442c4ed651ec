"""Stored calls ↔ a file that travels: JSON lines, gzipped, a call a line; every key is computed again."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import AsyncIterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from mmra_api.dispatch.store.entry import LARGEST, MALFORMED, Entry, find_fault
from mmra_api.errors import InputError, StoreError

VERSION = 1
"""Counted up when a file of this program could not be read by an earlier one any more."""
LONGEST = LARGEST + 1024
"""Bytes of a line: a stored call, and the key beside it."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    format: str
    version: int


class ExportLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Any other line: an Entry with its key."""

    key: str
    keyed: dict[str, Any]
    reply: dict[str, Any]
    headers: dict[str, str]
    stored: str


HEADER = Header("mmra-cache", VERSION)


class Export:
    """A file being written beside its place; it appears there whole, by ``finish``, or not at all."""

    def __init__(self, folder: Path) -> None:
        self.count = 0
        self._partial = folder / f".{os.getpid()}-{os.urandom(4).hex()}.partial"
        self._digest = hashlib.sha256()
        try:
            self._raw = self._partial.open("xb")
        except OSError as error:
            raise self._explain(error) from error
        # No time and no name: the same calls make the same bytes.
        self._file = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=self._raw, mtime=0)
        self._write(HEADER)

    def add(self, key: str, entry: Entry) -> None:
        """Write one call."""
        self._write(ExportLine(key, entry.keyed, entry.reply, entry.headers, entry.stored))
        self.count += 1

    def _write(self, line: Header | ExportLine) -> None:
        text = msgspec.json.encode(line) + b"\n"
        self._digest.update(text)
        try:
            self._file.write(text)
        except OSError as error:
            raise self._explain(error) from error

    @property
    def name(self) -> str:
        """Return a name of the content: equal files have one name."""
        return f"{self._digest.hexdigest()[:16]}.jsonl.gz"

    def finish(self, file: Path) -> None:
        """Put the file in its place, durably, over whatever is there."""
        try:
            self._file.close()
            # Before the rename, or after a power loss an empty file could stand under the final name.
            self._raw.flush()
            os.fsync(self._raw.fileno())
            self._raw.close()
            self._partial.replace(file)
        except OSError as error:
            raise self._explain(error) from error

    def discard(self) -> None:
        """Remove what was written, unless it is finished."""
        if not self._raw.closed:
            self._raw.close()
        self._partial.unlink(missing_ok=True)

    def _explain(self, error: OSError) -> StoreError:
        where = str(self._partial.parent)
        return StoreError(f"cannot write in {where!r}: {error.strerror or error}; nothing was exported")


async def write_export(file: Path, entries: AsyncIterable[tuple[str, Entry]]) -> int:
    """Write calls to ``file``, over whatever is there, in constant memory; returns how many.

    Without any, nothing is written. Raises StoreError when the file cannot be written; then it is as it was.
    """
    export = Export(file.parent)
    try:
        async for key, entry in entries:
            export.add(key, entry)
        if export.count:
            export.finish(file)
    finally:
        export.discard()
    return export.count


def read_export(file: Path) -> Iterator[tuple[str, Entry]]:
    """Yield the calls of a file, one line in memory at a time, each with its key computed again.

    Raises InputError naming the line when anything is wrong; take nothing from a file before it was read to its end.
    """
    number = 0
    try:
        with gzip.open(file, "rb") as lines:
            # With a bound: a file may hold one line without an end, which would fill the memory.
            while text := lines.readline(LONGEST + 1):
                number += 1
                if number == 1:
                    _check_header(file, text)
                else:
                    yield _read_line(file, number, text)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{str(file)!r} is damaged or cut short after line {number}: {error}; nothing was imported; copy it again"
        ) from error
    except OSError as error:
        raise InputError(f"cannot read {str(file)!r}: {error.strerror or error}") from error
    if not number:
        raise InputError(f"{str(file)!r} is empty; give a file that `mmra cache export` made")


def _check_header(file: Path, text: bytes) -> None:
    try:
        header = msgspec.json.decode(text, type=Header)
    except MALFORMED:
        header = None
    # The format before the version: a foreign file may have a version too.
    if header is None or header.format != HEADER.format:
        raise InputError(f"{str(file)!r}, line 1: no file of `mmra cache export`; nothing was imported")
    if header.version != VERSION:
        raise InputError(
            f"{str(file)!r}, line 1: its version is {header.version}, and this program reads version {VERSION}; "
            "nothing was imported; update mmra-api"
        )


def _read_line(file: Path, number: int, text: bytes) -> tuple[str, Entry]:
    if len(text) > LONGEST:
        fault = f"it is longer than {LARGEST >> 20} MiB"
    else:
        try:
            line = msgspec.json.decode(text, type=ExportLine)
        except MALFORMED as error:
            fault = f"not a stored call: {error}"
        else:
            entry = Entry(keyed=line.keyed, reply=line.reply, headers=line.headers, stored=line.stored)
            fault = find_fault(line.key, entry)
            if not fault:
                return line.key, entry
    raise InputError(f"{str(file)!r}, line {number}: {fault}; nothing was imported")
