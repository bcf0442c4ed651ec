"""A run on disk: RunInfo and Records → ``run.json`` and ``records.jsonl``, and back. Nothing overwrites a run."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from mmra_api.errors import RunError
from mmra_api.runs.earlier_versions import is_old_record, update_info, update_record
from mmra_api.types import Record, RunInfo

INFO = "run.json"
RECORDS = "records.jsonl"
EVENTS = "events.jsonl"
LOCK = ".lock"
RUNS_VARIABLE = "MMRA_RUNS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run's folder."""

    folder: Path
    info: RunInfo

    def records(self) -> Iterator[Record]:
        """Yield the records in the order in which they finished. Raises RunError naming a damaged line."""
        path = self.folder / RECORDS
        if not path.is_file():
            return  # killed at its very start
        decoder = msgspec.json.Decoder(Record)
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.endswith(b"\n"):
                    return  # the process was killed while it wrote this one; its reply is in the cache
                try:
                    yield _decode_old(line) if is_old_record(line) else decoder.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise RunError(f"{path}, line {number}: damaged: {error}") from error


def _decode_old(line: bytes) -> Record:
    return msgspec.convert(update_record(msgspec.json.decode(line, type=dict[str, Any])), Record)


def find_runs_folder(chosen: Path | None = None) -> Path:
    """Return the folder that holds runs: ``--runs``, else MMRA_RUNS, else ``./runs``."""
    # `or`, because a variable that is set to nothing counts as not set.
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
    # By name too, so that runs of one moment stand in the same order each time.
    return sorted(found, key=lambda folder: ((folder / INFO).stat().st_ctime_ns, folder.name))


def load_run(folder: Path | str) -> Run:
    """Return a run from its folder. Raises RunError when ``run.json`` is missing or damaged."""
    path = Path(folder) / INFO
    try:
        # In two steps, so that names of earlier versions can be changed in between.
        info = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        return Run(folder=Path(folder), info=msgspec.convert(update_info(info), RunInfo))
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
        # A last line without an end was cut by a kill; `records` leaves it out too.
        return sum(line.endswith(b"\n") for line in lines)
