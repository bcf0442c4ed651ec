"""A Job → its run, watched on the terminal: progress while it lasts, Ctrl-C, the report, and how to go on."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Timer
from typing import TYPE_CHECKING

import click

from mmra_api.cli import INTERRUPTED, OVER_BUDGET
from mmra_api.cli.progress import Display, Form, JsonLines, Quiet, Snapshot, Speed, format_usd, open_display
from mmra_api.errors import CallError, MmraError, OverBudget, Stopped, StoreError
from mmra_api.run import REFUSED, carry_out
from mmra_api.runs import Job, Plan
from mmra_api.types import Record, RunInfo

if TYPE_CHECKING:
    from mmra_api.dispatch import Session
    from mmra_api.runs import Run

FILES = 4096
PATIENCE = 1.5
"""Seconds of silence before the user is told what takes so long."""
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
    simulated: int = 0
    unjudged: Counter[str] = field(default_factory=Counter)
    """Replies on which the judge gave no verdict, by the reason."""

    def add(self, record: Record) -> None:
        """Count a record."""
        self.records += 1
        if record.failure is not None:
            self.failures[record.failure.kind] += 1
            if record.failure.kind == "not_cached":
                self.missing.setdefault(record.setting, []).append(record.sample)
        if record.judgement is not None and record.judgement.failure:
            self.unjudged[record.judgement.failure] += 1
        if record.response is not None:
            self.sources[record.response.source] += 1
            self.simulated += record.response.simulated


def run_live(job: Job, *, quiet: bool = False, progress: Form = "auto") -> int:
    """Run a job, print its report, and return the exit code. Raises MmraError for what is wrong with the input."""
    raise_file_limit()
    watch = Watch(quiet=quiet, progress=progress)
    try:
        with watch.preparing():
            plan = Plan.make(job)  # before the event loop, which would keep Ctrl-C from ending a long download
        run = asyncio.run(watch.follow(plan))
    except MmraError as error:
        return watch.explain(error)
    except (KeyboardInterrupt, asyncio.CancelledError):
        return watch.explain(Stopped("interrupted; calls in flight were given up"))
    return watch.close(run)


PAID = "what was paid for is not asked again."


class Watch:
    """Follows one run on the terminal."""

    def __init__(self, *, quiet: bool = False, progress: Form = "auto") -> None:
        self.name = ""
        self._quiet = quiet
        self._form: Form = "none" if quiet and progress == "auto" else progress
        self._tally = Tally()
        self._speed = Speed()
        self._info: RunInfo | None = None
        self._before = 0
        self._interrupted = False
        self._dispatcher: Session | None = None
        self._plain: Display = JsonLines() if self._form == "json" else Quiet()
        self._display: Display = self._plain

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """Say that data is being prepared where that takes long enough to wonder."""
        timer = Timer(PATIENCE, self._plain.say, ("preparing the data, once; the next run finds it ready",))
        timer.daemon = True
        if self._form != "none":
            timer.start()
        try:
            yield
        finally:
            timer.cancel()

    async def follow(self, plan: Plan) -> Run:
        """Carry out a plan with progress and signals attached."""
        self._listen()
        self._display = open_display(self._form)
        ticking = asyncio.create_task(self._tick())
        try:
            return await carry_out(plan, on_start=self._start, on_record=self._tally.add)
        finally:
            ticking.cancel()
            if self._form == "json":
                self._show()
            self._display.close()
            self._display = self._plain

    def _start(self, info: RunInfo, dispatcher: Session, done: int) -> None:
        self.name, self._info, self._dispatcher, self._before = info.name, info, dispatcher, done
        if info.data.left_out:
            self._display.say(
                f"left out {len(info.data.left_out):,} bad rows of {info.data.rows + len(info.data.left_out):,}:"
            )
            for line in info.data.left_out:
                self._display.say(f"  {line}")

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._display.period)
            self._show()

    def _show(self) -> None:
        if self._info is not None and self._dispatcher is not None:
            self._display.show(self._take_snapshot(self._info, self._dispatcher))

    def _take_snapshot(self, info: RunInfo, dispatcher: Session) -> Snapshot:
        status, spent = dispatcher.status, dispatcher.budget.spent
        done = self._before + self._tally.records
        calls = spent.calls + spent.lost
        forecast = spent.usd * (1 + (info.planned - done) / calls) if spent.usd and calls else None
        return Snapshot(
            run=info.name,
            model=info.model,
            done=done,
            total=info.planned,
            called=self._tally.sources["live"],
            saved=self._tally.sources["cache"] + self._tally.sources["twin"],
            running=status.in_flight,
            waiting=status.queued,
            reason=status.reason,
            retrying=status.retrying,
            elsewhere=status.elsewhere,
            attempts_failed=dict(sorted(status.failures.items())),
            failed=dict(sorted(self._tally.failures.items())),
            lost=spent.lost,
            tokens=spent.input_tokens + spent.output_tokens,
            usd=spent.usd if calls else None,
            usd_forecast=forecast,
            seconds_left=self._speed.foretell(done, info.planned),
        )

    def _listen(self) -> None:
        """Let Ctrl-C, and a polite kill, end the run gently the first time and at once the second."""
        loop, main = asyncio.get_running_loop(), asyncio.current_task()
        assert main is not None  # noqa: S101 - a coroutine always runs in a task
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._interrupt, main)

    def _interrupt(self, main: asyncio.Task[object]) -> None:
        if self._dispatcher is None or self._interrupted:
            main.cancel()
            return
        self._interrupted = True
        self._dispatcher.stop(Stopped("interrupted"))  # or it is ending already: then its calls in flight are awaited
        waiting = self._dispatcher.in_flight
        if waiting:
            self._display.say(
                f"stopping: waiting for {waiting} in flight, as they are paid for (Ctrl-C again to stop at once)"
            )
        asyncio.get_running_loop().call_later(DRAIN, main.cancel)

    def summary(self) -> str:
        """Return what happened, in one line of plain text."""
        if self._info is None or self._dispatcher is None:
            return ""
        snapshot = self._take_snapshot(self._info, self._dispatcher)
        return " · ".join(filter(None, (snapshot.describe_work(), snapshot.describe_costs())))

    def explain(self, error: MmraError) -> int:
        """Say why a run ended early, what is kept, and how to go on; return the exit code."""
        interrupted, over = isinstance(error, Stopped), isinstance(error, OverBudget)
        self._display.say(str(error) if interrupted or over else f"error: {error}")
        if count := self._tally.records:
            noun = "record is" if count == 1 else "records are"
            self._display.say(f"{count:,} {noun} in {self.name!r}, every reply so far is in the cache.")
        self._tell_costs()
        if hint := self._find_hint(error):
            self._display.say(hint)
        if over:
            return OVER_BUDGET
        return INTERRUPTED if interrupted else 2

    def _find_hint(self, error: MmraError) -> str:
        """Return how to go on, or nothing where the error says all."""
        if isinstance(error, Stopped):
            return f"Run the same command again to go on: {PAID}"
        if not self._tally.records or not isinstance(error, CallError | StoreError):
            return ""
        if isinstance(error, CallError) and error.kind in REFUSED:
            return "Change the command as the message says; the same one would fail again."
        return f"Once that is mended, run the same command again to go on: {PAID}"

    def close(self, run: Run) -> int:
        """Print the report of a complete run and where it lies; return the exit code."""
        if self._quiet:
            click.echo(run.folder)
        else:
            print_run(run)
        if self._tally.missing:
            self._display.say(f"{self._tally.failures['not_cached']:,} replies are not in the cache:")
            for setting, names in self._tally.missing.items():
                self._display.say(f"  {setting}: {' '.join(names)}")
        if self._dispatcher and self._dispatcher.damaged:
            self._display.say(f"{self._dispatcher.damaged:,} stored replies were damaged and counted as not stored.")
        if self._tally.unjudged:
            reason = self._tally.unjudged.most_common(1)[0][0]
            count = sum(self._tally.unjudged.values())
            self._display.say(
                f"{count:,} replies are unread because the judge gave no verdict: {reason}\n"
                "`mmra score RUN --judge SERVICE/ID` asks it again about these alone."
            )
        self._tell_costs()
        failed = self._tally.failures.keys() - {"content_filtered"}  # which counts as refused
        return 1 if failed or self._tally.unjudged else 0

    def _tell_costs(self) -> None:
        """Say what the calls took, and which of them may have been billed for nothing."""
        if self._dispatcher is None:
            return
        spent = self._dispatcher.budget.spent
        if spent.calls and not self._quiet:
            money = f", {format_usd(spent.usd)}" if spent.usd is not None else ", price unknown"
            mark = " (simulated)" if self._tally.simulated else ""
            noun = "call" if spent.calls == 1 else "calls"
            self._display.say(
                f"{spent.calls:,} {noun}, {spent.input_tokens:,} tokens in, {spent.output_tokens:,} out{money}{mark}"
            )
        if excess := self._dispatcher.budget.excess:
            self._display.say(f"That is {excess}: replies took more than any before them; --max-tokens bounds them.")
        if spent.lost:
            noun = "call" if spent.lost == 1 else "calls"
            self._display.say(
                f"{spent.lost:,} {noun} brought no usable reply but may have been billed (timeouts, lost connections, "
                "pages or errors in place of a reply)."
            )


def raise_file_limit() -> None:
    """Let the process open as many files as it may: each call has a connection, and some systems begin with 256."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def print_run(run: Run) -> None:
    """Print a run's report, and where it lies."""
    from mmra_api.report import print_report, summarise
    from mmra_api.runs import name_for_commands

    print_report(summarise(name_for_commands(run).info, run.records()))
    click.echo(f"run: {run.folder}")
