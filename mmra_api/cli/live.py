"""A Job → its run, watched on the terminal: progress while it lasts, Ctrl-C, the report, and how to go on."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from mmra_api.cli import INTERRUPTED
from mmra_api.cli.display import safe
from mmra_api.errors import CallError, MmraError, Stopped, StoreError
from mmra_api.plan import Job, Plan
from mmra_api.run import carry_out
from mmra_api.types import Record, RunInfo

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from mmra_api.dispatch import Dispatcher
    from mmra_api.folder import Run

FILES = 4096
DRAIN = 60.0
"""Seconds that calls in flight are awaited after Ctrl-C: they are paid for, so their replies are worth the wait."""


@dataclass(slots=True)
class Tally:
    """What happened so far."""

    records: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    missing: dict[str, list[str]] = field(default_factory=dict)
    """Sample ids by setting that are not in the cache, when offline."""
    tokens: int = 0

    def add(self, record: Record) -> None:
        """Count a record."""
        self.records += 1
        if record.failure is not None:
            self.failures[record.failure.kind] += 1
            if record.failure.kind == "not_cached":
                self.missing.setdefault(record.setting, []).append(record.sample)
        if record.response is not None:
            self.sources[record.response.source] += 1
            if record.response.source == "live":
                usage = record.response.usage
                self.tokens += (usage.input_tokens or 0) + (usage.output_tokens or 0)

    def describe(self, in_flight: int = 0) -> str:
        """Return the counts in one line."""
        saved = self.sources["cache"] + self.sources["twin"]
        parts = [f"{self.sources['live']:,} called", f"{saved:,} saved"]
        parts += [f"{in_flight} in flight"] if in_flight else []
        parts += [f"{self.tokens:,} tokens"] if self.tokens else []
        parts += [f"{count:,} failed: {kind}" for kind, count in self.failures.items()]
        return " · ".join(parts)


def run_live(job: Job, *, quiet: bool = False) -> int:
    """Run a job, print its report, and return the exit code. Raises MmraError for what is wrong with the input."""
    raise_file_limit()
    plan = Plan.make(job)  # before the event loop, which would keep Ctrl-C from ending a long download
    watch = Watch(quiet=quiet)
    try:
        run = asyncio.run(watch.follow(plan))
    except MmraError as error:
        if not watch.name:
            raise
        return watch.explain(error)
    except (KeyboardInterrupt, asyncio.CancelledError):
        return watch.explain(Stopped("interrupted; calls in flight were given up"))
    return watch.close(run)


class Watch:
    """Follows one run on the terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self.name = ""
        self._quiet = quiet
        self._tally = Tally()
        self._dispatcher: Dispatcher | None = None
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    async def follow(self, plan: Plan) -> Run:
        """Carry out a plan with progress and signals attached."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.table import Column

        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=16),
            MofNCompleteColumn(table_column=Column(no_wrap=True, min_width=9)),
            TimeRemainingColumn(table_column=Column(no_wrap=True, min_width=7)),
            TextColumn("{task.fields[counts]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
            console=console,
            transient=True,
            disable=self._quiet or not console.is_terminal,
            refresh_per_second=5,
        )
        self._listen()
        with self._progress:
            return await carry_out(plan, on_start=self._start, on_record=self._note)

    def _start(self, info: RunInfo, dispatcher: Dispatcher) -> None:
        self.name, self._dispatcher = info.name, dispatcher
        if info.data.left_out:
            say(f"left out {len(info.data.left_out):,} bad rows of {info.data.rows + len(info.data.left_out):,}:")
            for line in info.data.left_out:
                say(f"  {line}")
        if self._progress is not None:
            self._task = self._progress.add_task(info.model, total=info.planned, counts="")

    def _note(self, record: Record) -> None:
        self._tally.add(record)
        if self._progress is not None and self._task is not None:
            in_flight = self._dispatcher.in_flight if self._dispatcher else 0
            self._progress.update(self._task, advance=1, counts=self._tally.describe(in_flight))

    def _listen(self) -> None:
        """Let Ctrl-C, and a polite kill, end the run gently the first time and at once the second."""
        loop, main = asyncio.get_running_loop(), asyncio.current_task()
        assert main is not None  # noqa: S101 - a coroutine always runs in a task
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._interrupt, main)

    def _interrupt(self, main: asyncio.Task[object]) -> None:
        if self._dispatcher is None or self._dispatcher.stopped_by is not None:
            main.cancel()
            return
        self._dispatcher.stop(Stopped("interrupted"))
        waiting = self._dispatcher.in_flight
        if waiting and self._progress is not None:
            text = f"stopping: {waiting} calls in flight are paid for, waiting for them (Ctrl-C again to stop at once)"
            self._progress.console.print(text, markup=False, highlight=False)  # above the live line, not through it
        asyncio.get_running_loop().call_later(DRAIN, main.cancel)

    def summary(self) -> str:
        """Return what happened, in one line of plain text."""
        return self._tally.describe()

    def explain(self, error: MmraError) -> int:
        """Say why a run ended early, what is kept, and how to go on; return the exit code."""
        interrupted = isinstance(error, Stopped)
        say(str(error) if interrupted else f"error: {error}")
        if self._tally.records:
            say(f"{self._tally.records:,} records are in {self.name!r}, every reply so far is in the cache.")
        if interrupted or (self._tally.records and isinstance(error, CallError | StoreError)):
            say("Run the same command again to go on: what was paid for is not asked again.")
        return INTERRUPTED if interrupted else 2

    def close(self, run: Run) -> int:
        """Print the report of a complete run and where it lies; return the exit code."""
        if self._quiet:
            click.echo(run.folder)
        else:
            print_run(run)
        if self._tally.missing:
            say(f"{self._tally.failures['not_cached']:,} replies are not in the cache:")
            for setting, names in self._tally.missing.items():
                say(f"  {setting}: {' '.join(names)}")
        if self._dispatcher and self._dispatcher.damaged:
            say(f"{self._dispatcher.damaged:,} stored replies were damaged and counted as not stored.")
        return 1 if self._tally.failures else 0


def raise_file_limit() -> None:
    """Let the process open as many files as it may: each call has a connection, and some systems begin with 256."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def print_run(run: Run) -> None:
    """Print a run's report, and where it lies."""
    from mmra_api.folder import name_for_commands
    from mmra_api.report import summarise
    from mmra_api.report.terminal import print_report

    print_report(summarise(name_for_commands(run).info, run.records()))
    click.echo(f"run: {run.folder}")


def say(text: str) -> None:
    """Print a line for people, apart from the output."""
    click.echo(safe(text), err=True)
