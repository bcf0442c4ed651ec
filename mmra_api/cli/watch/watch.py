"""A Job → its run, watched on the terminal: progress while it lasts, Ctrl-C, the report, and how to continue."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

import click

from mmra_api.cli.exit_codes import DONE, INCOMPLETE
from mmra_api.cli.printing import format_count
from mmra_api.cli.progress import Display, Form, JsonLines, Quiet, Snapshot, Speed, open_display
from mmra_api.cli.watch import ending
from mmra_api.cli.watch.counts import RunCounts
from mmra_api.cli.watch.signals import GentleStop, raise_file_limit
from mmra_api.errors import MmraError, Stopped
from mmra_api.run import carry_out
from mmra_api.runs import Job, Plan
from mmra_api.types import RunInfo

if TYPE_CHECKING:
    from mmra_api.dispatch import Session
    from mmra_api.runs import Run

PATIENCE = 1.5
"""Seconds of silence before the user is told what takes so long."""


def run_watched(job: Job, *, quiet: bool = False, progress: Form = "auto") -> int:
    """Run a job, print its report, and return the exit code. Raises MmraError for what is wrong with the input."""
    raise_file_limit()
    watch = Watch(quiet=quiet, progress=progress)
    try:
        with watch.preparing():
            plan = Plan.make(job)  # before the event loop, which would keep Ctrl-C from ending a long download
        run = asyncio.run(watch.follow(plan))
    except MmraError as error:
        return watch.report_error(error)
    # The first comes while there is no event loop, the second from a second Ctrl-C.
    except (KeyboardInterrupt, asyncio.CancelledError):
        return watch.report_error(Stopped("interrupted; calls in flight were given up"))
    return watch.report_run(run)


class Watch:
    """Follows one run on the terminal."""

    def __init__(self, *, quiet: bool = False, progress: Form = "auto") -> None:
        self._quiet = quiet
        # A form that was named is shown in spite of --quiet: a program may want both.
        self._form: Form = "none" if quiet and progress == "auto" else progress
        self._counts = RunCounts()
        self._speed = Speed()
        self._info: RunInfo | None = None
        self._before = 0  # records that an earlier session of the run left
        self._stop = GentleStop(lambda text: self._display.print_line(text))  # the display of that moment
        self._session: Session | None = None
        # What is said before and after a run is a plain line: the live display is closed then.
        self._plain: Display = JsonLines() if self._form == "json" else Quiet()
        self._display: Display = self._plain

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """Say that data is being prepared where that takes long enough to wonder."""
        timer = Timer(PATIENCE, self._plain.print_line, ("preparing the data, once; the next run will find it ready",))
        timer.daemon = True  # a bad flag must not wait for it
        if self._form != "none":
            timer.start()
        try:
            yield
        finally:
            timer.cancel()

    async def follow(self, plan: Plan) -> Run:
        """Carry out a plan with progress and signals attached."""
        self._stop.listen()  # without a session yet: Ctrl-C now has no calls to wait for
        self._display = open_display(self._form)
        ticking = asyncio.create_task(self._tick())
        try:
            return await carry_out(plan, on_start=self._start, on_record=self._counts.add)
        finally:
            ticking.cancel()
            if self._form == "json":
                self._show()  # a program wants the last figures too; a person has the report
            self._display.close()
            self._display = self._plain

    def _start(self, info: RunInfo, session: Session, done: int) -> None:
        self._info, self._session, self._before = info, session, done
        self._stop.listen(session)
        if left_out := info.data.left_out:
            rows = format_count(len(left_out), "bad row")
            self._print_lines([f"left out {rows} of {info.data.rows + len(left_out):,}:"])
            self._print_lines(f"  {line}" for line in left_out)

    async def _tick(self) -> None:
        while True:  # by the clock and not by the record: cached records come by thousands a second
            await asyncio.sleep(self._display.period)
            self._show()

    def _show(self) -> None:
        if self._info is not None and self._session is not None:
            self._display.show(self._take_snapshot(self._info, self._session))

    def _take_snapshot(self, info: RunInfo, session: Session) -> Snapshot:
        status, spent = session.status, session.budget.spent
        done = self._before + self._counts.records
        calls = spent.calls + spent.lost
        # A missing record costs what a call has cost so far, if it needs one.
        forecast = spent.usd * (1 + (info.planned - done) / calls) if spent.usd and calls else None
        return Snapshot(
            run=info.name,
            model=info.model,
            done=done,
            total=info.planned,
            called=self._counts.sources["live"],
            saved=self._counts.saved,
            running=status.in_flight,
            waiting=status.queued,
            reason=status.reason,
            retrying=status.retrying,
            elsewhere=status.elsewhere,
            attempts_failed=dict(sorted(status.failures.items())),
            failed=dict(sorted(self._counts.failures.items())),
            lost=spent.lost,
            tokens=spent.input_tokens + spent.output_tokens,
            usd=spent.usd if calls else None,  # $0.00 would look like a price of nothing
            usd_forecast=forecast,
            seconds_left=self._speed.estimate_time_left(done, info.planned),
        )

    def summarise(self) -> str:
        """Return what happened, in one line of plain text."""
        if self._info is None or self._session is None:
            return ""
        snapshot = self._take_snapshot(self._info, self._session)
        return " · ".join(filter(None, (snapshot.describe_work(), snapshot.describe_costs())))

    def report_error(self, error: MmraError) -> int:
        """Say why a run ended early, what is kept, and how to continue; return the exit code."""
        records = self._counts.records
        self._print_lines([ending.describe_error(error)])
        self._print_lines(ending.describe_kept(self._info.name if self._info else "", records))
        self._print_costs()
        self._print_lines(ending.describe_next_step(error, records))
        return ending.choose_exit_code(error)

    def report_run(self, run: Run) -> int:
        """Print the report of a complete run and where it is; return the exit code."""
        if self._quiet:
            click.echo(run.folder)  # alone on stdout, for scripts
        else:
            _print_run(run)
        self._print_lines(ending.describe_gaps(self._counts, self._session.damaged if self._session else 0))
        self._print_costs()
        return INCOMPLETE if self._counts.incomplete else DONE

    def _print_costs(self) -> None:
        if self._session is None:
            return
        budget = self._session.budget
        if not self._quiet:
            self._print_lines(ending.describe_spending(budget, simulated=self._counts.simulated > 0))
        self._print_lines(ending.describe_surprises(budget))

    def _print_lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._display.print_line(line)


def _print_run(run: Run) -> None:
    """Print a run's report, and where it is."""
    from mmra_api.report import print_report, summarise
    from mmra_api.runs import name_for_commands

    print_report(summarise(name_for_commands(run).info, run.records()))
    click.echo(f"run: {run.folder}")
