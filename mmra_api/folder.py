"""A run on disk: RunInfo and Records → ``run.json`` and ``records.jsonl``, and back. Nothing overwrites a run."""

from __future__ import annotations

import difflib
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from mmra_api.errors import RunError
from mmra_api.types import Event, Record, RunInfo, Setting, Spending

INFO = "run.json"
RECORDS = "records.jsonl"
EVENTS = "events.jsonl"
LOCK = ".lock"
RUNS_VARIABLE = "MMRA_RUNS"

RecordId = tuple[str, Setting, int]
"""Sample, setting and trial: what is unique within a run."""


def identify(record: Record) -> RecordId:
    """Return what a record is about."""
    return record.sample, record.setting, record.trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run's folder."""

    folder: Path
    info: RunInfo

    def records(self) -> Iterator[Record]:
        """Yield the records in the order in which they finished. Raises RunError naming a damaged line."""
        path = self.folder / RECORDS
        if not path.is_file():
            return
        decoder = msgspec.json.Decoder(Record)
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.endswith(b"\n"):
                    return  # the process was killed while it wrote this one; its reply is in the cache
                try:
                    yield decoder.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise RunError(f"{path}, line {number}: damaged: {error}") from error


def find_runs_folder(chosen: Path | None = None) -> Path:
    """Return the folder that holds runs: ``--runs``, else MMRA_RUNS, else ``./runs``."""
    return chosen or Path(os.environ.get(RUNS_VARIABLE) or "runs")


def find_run(name: str, runs: Path) -> Path:
    """Return the folder of a run, given its name or its path. Raises RunError naming close matches."""
    for folder in (Path(name), runs / name):
        if (folder / INFO).is_file():
            return folder
    known = [folder.name for folder in list_runs(runs)]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "`mmra runs` lists the runs there are"
    raise RunError(f"no run {name!r} in {str(runs)!r}; {hint}")


def name_for_commands(run: Run) -> Run:
    """Return the run under the name that finds it from here: its own, or its path where it lies in another folder."""
    here = find_runs_folder() / run.info.name
    known = here.exists() and here.resolve() == run.folder.resolve()
    return run if known else replace(run, info=replace(run.info, name=str(run.folder)))


def list_runs(runs: Path) -> list[Path]:
    """Return the folders of all runs, oldest first."""
    found = [path.parent for path in runs.glob(f"*/{INFO}")]
    return sorted(found, key=lambda folder: ((folder / INFO).stat().st_ctime_ns, folder.name))


def load_run(folder: Path | str) -> Run:
    """Return a run from its folder. Raises RunError when ``run.json`` is missing or damaged."""
    path = Path(folder) / INFO
    try:
        return Run(folder=Path(folder), info=msgspec.json.decode(path.read_bytes(), type=RunInfo))
    except OSError as error:
        raise RunError(f"cannot read {str(path)!r}: {error.strerror}; give the folder of a run") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RunError(
            f"{path}: damaged, or written by another version: {error}; "
            "run its command again, what it asked is in the cache"
        ) from error


def count_records(folder: Path) -> int:
    """Return how many records a run has, without decoding them."""
    path = folder / RECORDS
    if not path.is_file():
        return 0
    with path.open("rb") as lines:
        return sum(line.endswith(b"\n") for line in lines)


class RunWriter:
    """Appends records to a run, alone: a second writer is refused. Use it as a context manager.

    ``keep`` makes an unfinished run ready to go on: its broken last line and the records not to keep are dropped, and
    ``done`` holds what the kept ones are about. ``finish`` marks the run as complete.
    """

    def __init__(self, run: Run, *, keep: Callable[[Record], bool] | None = None) -> None:
        self.run = run
        self.done: set[RecordId] = set()
        self._encoder = msgspec.json.Encoder()
        self._keep = keep
        self._spent_before = run.info.spent
        self._events: BinaryIO | None = None

    def __enter__(self) -> Self:
        import filelock

        self._lock = filelock.FileLock(self.run.folder / LOCK)
        try:
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
                self.run = replace(self.run, info=replace(self.run.info, finished=""))
                _write_info(self.run)
            self._lines = _open(self.run.folder, RECORDS)
        except OSError as error:
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

    def append(self, record: Record) -> None:
        """Add a record, as one write, so that a killed run has at most one broken line: its last."""
        try:
            self._lines.write(self._encoder.encode(record) + b"\n")
        except OSError as error:
            raise _explain(self.run.folder, error) from error

    def take_over(self, records: Iterable[Record]) -> None:
        """Add records of another run, but for those that are there; they count as done."""
        for record in records:
            if identify(record) not in self.done:
                self.append(record)
                self.done.add(identify(record))

    def note(self, event: Event) -> None:
        """Add an event, as one write."""
        if self._events is None:
            self._events = _open(self.run.folder, EVENTS)
        try:
            self._events.write(self._encoder.encode(event) + b"\n")
        except OSError as error:
            raise _explain(self.run.folder, error) from error

    def note_spending(self, spent: Spending) -> None:
        """Note what the calls of this session took so far, on top of what those before took."""
        if spent.calls or spent.lost:
            total = spent if self._spent_before is None else self._spent_before + spent
            self.run = replace(self.run, info=replace(self.run.info, spent=total))
            _write_info(self.run)

    def finish(self) -> Run:
        """Mark the run as complete and return it."""
        self.run = replace(self.run, info=replace(self.run.info, finished=now()))
        _write_info(self.run)
        return self.run

    def _drop_all_but(self, keep: Callable[[Record], bool]) -> set[RecordId]:
        done: set[RecordId] = set()
        partial = self.run.folder / f"{RECORDS}.partial"
        try:
            with partial.open("wb") as lines:
                for record in filter(keep, self.run.records()):
                    lines.write(self._encoder.encode(record) + b"\n")
                    done.add(identify(record))
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
        folder.mkdir()
    except FileExistsError:
        return folder.is_dir() and not any(folder.iterdir())
    return True


def discard_empty(run: Run) -> None:
    """Remove the folder of a new run that recorded nothing and cost nothing, for example because the key was wrong."""
    if count_records(run.folder) == 0 and load_run(run.folder).info.spent is None:
        shutil.rmtree(run.folder, ignore_errors=True)


def _open(folder: Path, name: str) -> BinaryIO:
    try:
        return (folder / name).open("ab", buffering=0)
    except OSError as error:
        raise _explain(folder, error) from error


def _write_info(run: Run) -> None:
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
