"""RunInfo, Records and Events → a run's folder, by one writer at a time. Nothing overwrites a run."""

from __future__ import annotations

import logging
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from mmra_api.errors import RunError
from mmra_api.runs.folder import EVENTS, INFO, LOCK, RECORDS, Run, count_records, load_run
from mmra_api.types import Event, Item, Record, RunInfo, Spending

LOG = logging.getLogger(__name__)

NOTE_EVERY = 5.0
"""Seconds between two notes of what the calls took: a killed run too knows it, but for the last seconds."""


class RunWriter:
    """Appends records to a run, alone: a second writer is refused. Use it as a context manager.

    ``keep`` makes an unfinished run ready to go on: its broken last line and the records not to keep are dropped, and
    ``done`` holds what the kept ones are about. ``finish`` marks the run as complete.
    """

    def __init__(self, run: Run, *, keep: Callable[[Record], bool] | None = None) -> None:
        self.run = run
        self.done: set[Item] = set()
        self._encoder = msgspec.json.Encoder()
        self._keep = keep
        self._spent_before = run.info.spent
        self._events: BinaryIO | None = None
        self._noted = time.monotonic()

    def __enter__(self) -> Self:
        import filelock  # only writers need it, and reports are read far more often

        # A lock of the kernel and no marker file: it ends with the process in whatever way that ends.
        self._lock = filelock.FileLock(self.run.folder / LOCK)
        try:
            # No waiting: the other process may take hours.
            self._lock.acquire(timeout=0)
        except filelock.Timeout as error:
            raise RunError(
                f"another process is writing the run {self.run.info.name!r}; choose another --name"
            ) from error
        except OSError as error:
            raise _explain(self.run.folder, error) from error
        try:
            if self._keep is not None:
                self.done = self._drop_all_but(self._keep)
                # No longer finished: a killed session must not leave it marked as complete.
                self.run = replace(self.run, info=replace(self.run.info, finished=""))
                _write_info(self.run)
            self._lines = _open(self.run.folder, RECORDS)
            LOG.info("records go to %s; %d are there", self.run.folder, len(self.done))
        except OSError as error:
            # Here and below, because `__exit__` is not called after an error in `__enter__`.
            self._lock.release()
            raise _explain(self.run.folder, error) from error
        except RunError:
            self._lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        if self._events is not None:
            self._events.close()
        self._lock.release()

    def append(self, record: Record, spent: Spending | None = None) -> None:
        """Add a record, as one write, so that a killed run has at most one broken line: its last.

        ``spent`` is what the calls of this session took so far; it is noted now and then.
        """
        try:
            _write_line(self._lines, self._encoder.encode(record) + b"\n")
        except OSError as error:
            raise _explain(self.run.folder, error) from error
        if spent is not None and time.monotonic() - self._noted > NOTE_EVERY:
            self.note_spending(spent)
            self._noted = time.monotonic()

    def take_over(self, records: Iterable[Record]) -> None:
        """Add records of another run, but for those that are there; they count as done."""
        for record in records:
            if record.item not in self.done:
                self.append(record)
                self.done.add(record.item)

    def note(self, event: Event) -> None:
        """Add an event, as one write."""
        # Opened by the first event: a run that makes no call has no such file.
        if self._events is None:
            self._events = _open(self.run.folder, EVENTS)
        try:
            _write_line(self._events, self._encoder.encode(event) + b"\n")
        except OSError as error:
            raise _explain(self.run.folder, error) from error

    def note_spending(self, spent: Spending) -> None:
        """Note what the calls of this session took so far, on top of what those before took."""
        # A run without calls keeps None, by which `discard_empty` knows that it cost nothing.
        if spent.calls or spent.lost:
            total = spent if self._spent_before is None else self._spent_before + spent
            self.run = replace(self.run, info=replace(self.run.info, spent=total))
            _write_info(self.run)

    def finish(self) -> Run:
        """Mark the run as complete and return it."""
        self.run = replace(self.run, info=replace(self.run.info, finished=now()))
        _write_info(self.run)
        LOG.info("the run %s is complete", self.run.info.name)
        return self.run

    def _drop_all_but(self, keep: Callable[[Record], bool]) -> set[Item]:
        done: set[Item] = set()
        partial = self.run.folder / f"{RECORDS}.partial"
        try:
            with partial.open("wb") as lines:
                for record in filter(keep, self.run.records()):
                    lines.write(self._encoder.encode(record) + b"\n")
                    done.add(record.item)
            partial.replace(self.run.folder / RECORDS)
        finally:
            partial.unlink(missing_ok=True)
        return done


def start_run(info: RunInfo, runs: Path) -> Run:
    """Make a new folder for a run. Where the name is taken, a number is added, and the run has that name."""
    try:
        runs.mkdir(parents=True, exist_ok=True)
        name, number = info.name, 1
        while not _take(runs / name):
            number += 1
            name = f"{info.name}-{number}"
        run = Run(folder=runs / name, info=replace(info, name=name))
        _write_info(run)
        (run.folder / RECORDS).touch()
    except OSError as error:
        raise _explain(runs, error) from error
    return run


def _take(folder: Path) -> bool:
    """Make a folder, or take an empty one that a killed process left; False when the name is in use."""
    try:
        # Made without looking first: of two processes that want the same name only one gets it.
        folder.mkdir()
    except FileExistsError:
        return folder.is_dir() and not any(folder.iterdir())
    return True


def discard_empty(run: Run) -> None:
    """Remove the folder of a new run that recorded nothing and cost nothing, for example because the key was wrong."""
    # Read anew, because the writer has changed run.json since.
    if count_records(run.folder) == 0 and load_run(run.folder).info.spent is None:
        shutil.rmtree(run.folder, ignore_errors=True)


def _open(folder: Path, name: str) -> BinaryIO:
    try:
        # Unbuffered: what was appended is with the kernel, and outlives this process.
        return (folder / name).open("ab", buffering=0)
    except OSError as error:
        raise _explain(folder, error) from error


def _write_line(file: BinaryIO, line: bytes) -> None:
    """Add a whole line, or after an OSError nothing of it: a disk that fills takes a part without a word."""
    begin, written = os.fstat(file.fileno()).st_size, 0
    try:
        while written < len(line):
            written += file.write(line[written:])
    except OSError:
        os.ftruncate(file.fileno(), begin)
        raise


def _write_info(run: Run) -> None:
    # Written beside and renamed: whoever reads run.json sees the old one or the new one, never a half.
    partial = run.folder / f"{INFO}.partial"
    try:
        partial.write_bytes(msgspec.json.format(msgspec.json.encode(run.info), indent=2) + b"\n")
        partial.replace(run.folder / INFO)
    except OSError as error:
        raise _explain(run.folder, error) from error


def _explain(folder: Path, error: OSError) -> RunError:
    reason = error.strerror or str(error)
    return RunError(
        f"cannot write the run in {str(folder)!r}: {reason}; what was paid for is in the cache: "
        "free some space, or choose another folder with --runs, and run the same command again"
    )


def now() -> str:
    """Return the time as it stands in run.json: UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def describe_versions() -> dict[str, str]:
    """Return the versions that a run depends on."""
    return {
        "mmra-api": metadata.version("mmra-api"),
        "python": platform.python_version(),
        "platform": sys.platform,
    }
