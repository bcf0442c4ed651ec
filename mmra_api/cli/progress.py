"""What a run is doing → a live display, plain lines, or JSON lines, on the error stream."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

import click
import msgspec

from mmra_api.cli.display import complain, safe, wrap

if TYPE_CHECKING:
    from rich.console import Console

Form: TypeAlias = Literal["auto", "live", "lines", "json", "none"]
RATE_SPAN = 60.0
"""Seconds over which the speed of a run is measured, for the time left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A run at one moment; the fields of a JSON line."""

    run: str
    model: str
    done: int
    total: int
    called: int
    saved: int
    """From the cache, or shared with an equal request in flight."""
    running: int
    waiting: int
    """For a slot, a limit or the budget."""
    reason: str
    """Why the first of them waits."""
    retrying: int
    elsewhere: int
    """Asked by another process at the moment."""
    attempts_failed: dict[str, int] = field(default_factory=dict)
    """By kind, whatever became of their request."""
    failed: dict[str, int] = field(default_factory=dict)
    """Samples, by kind."""
    lost: int = 0
    """Calls without a usable reply that may have been billed."""
    tokens: int = 0
    usd: float | None = None
    usd_forecast: float | None = None
    """For the whole run, if nothing more comes from the cache."""
    seconds_left: float | None = None

    def describe_work(self) -> str:
        """Return what goes on, in one line."""
        waiting = f"{self.waiting:,} waiting" + (f" ({self.reason})" if self.reason else "")
        return _join(
            f"{self.called:,} called",
            f"{self.saved:,} saved",
            f"{self.running} running" if self.running else "",
            waiting if self.waiting else "",
            f"{self.retrying} between attempts" if self.retrying else "",
            f"{self.elsewhere} asked by another process" if self.elsewhere else "",
        )

    def describe_costs(self) -> str:
        """Return what it took and what went wrong, in one line."""
        attempts = sum(self.attempts_failed.values())
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(self.attempts_failed.items()))
        forecast = f", about {format_usd(self.usd_forecast)} in all" if self.usd_forecast else ""
        return _join(
            f"{format_usd(self.usd)} spent{forecast}" if self.usd else "",
            f"{self.tokens:,} tokens" if self.tokens else "",
            f"{attempts:,} attempts failed: {kinds}" if attempts else "",
            *(f"{count:,} failed: {kind}" for kind, count in self.failed.items()),
        )


def format_usd(usd: float | None) -> str:
    """Return dollars with as many digits as tell something."""
    if usd is None:
        return "an unknown sum"
    return f"${usd:,.2f}" if usd >= 1 or usd == 0 else f"${usd:.4f}"


class Speed:
    """How fast records come, over the last minute."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def foretell(self, done: int, total: int) -> float | None:
        """Return the seconds left; None while nothing can be said."""
        now = time.monotonic()
        self._seen.append((now, done))
        while now - self._seen[0][0] > RATE_SPAN:
            self._seen.popleft()
        begun, first = self._seen[0]
        if done == first or now - begun < 1.0:
            return None
        return (total - done) * (now - begun) / (done - first)


class Display(Protocol):
    """Shows snapshots."""

    period: float
    """Seconds between two."""

    def show(self, snapshot: Snapshot) -> None:
        """Show a run as it is now."""
        ...

    def say(self, text: str) -> None:
        """Print a line of its own."""
        ...

    def close(self) -> None:
        """Leave the screen as it should be."""
        ...


class Quiet:
    """Shows nothing."""

    period = 3600.0

    def show(self, snapshot: Snapshot) -> None:
        """Show nothing."""

    def say(self, text: str) -> None:
        """Print a line for people."""
        complain(text)

    def close(self) -> None:
        """Do nothing."""


class Lines(Quiet):
    """A plain line now and then, for logs."""

    period = 30.0

    def show(self, snapshot: Snapshot) -> None:
        """Print a line."""
        left = f"{format_time(snapshot.seconds_left)} left" if snapshot.seconds_left is not None else ""
        done = f"{snapshot.done:,}/{snapshot.total:,}"
        self.say(_join(done, left, snapshot.describe_work(), snapshot.describe_costs()))


class JsonLines(Quiet):
    """A JSON object a line, for programs."""

    period = 5.0

    def show(self, snapshot: Snapshot) -> None:
        """Print a line."""
        click.echo(msgspec.json.encode(asdict(snapshot)).decode(), err=True)

    def say(self, text: str) -> None:
        """Print a message as an object too, so that every line is one."""
        click.echo(msgspec.json.encode({"message": text}).decode(), err=True)


class Live:
    """Three lines at the bottom of the terminal."""

    period = 0.2

    def __init__(self, console: Console) -> None:
        from rich.live import Live as Screen

        self._console = console
        self._screen = Screen(console=console, auto_refresh=False, transient=True)
        self._screen.start()

    def show(self, snapshot: Snapshot) -> None:
        """Draw a bar and two lines under it."""
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        left = f"{format_time(snapshot.seconds_left)} left" if snapshot.seconds_left is not None else ""
        bar = Table.grid(padding=(0, 1))
        bar.add_row(
            Text(safe(snapshot.model), overflow="ellipsis", no_wrap=True),
            ProgressBar(total=max(snapshot.total, 1), completed=snapshot.done, width=24),
            Text(f"{snapshot.done:,}/{snapshot.total:,}"),
            Text(left, style="dim"),
        )
        texts = filter(None, (snapshot.describe_work(), snapshot.describe_costs()))
        lines = [Text(f"  {safe(text)}", overflow="ellipsis", no_wrap=True, style="dim") for text in texts]
        self._screen.update(Group(bar, *lines), refresh=True)

    def say(self, text: str) -> None:
        """Print a line above the live ones."""
        shown = wrap(safe(text), self._console.file)
        self._console.print(shown, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Take the live lines away."""
        self._screen.stop()


def open_display(form: Form) -> Display:
    """Return the display of a form; ``auto`` is live on a terminal, and plain lines elsewhere."""
    if form == "none":
        return Quiet()
    if form == "json":
        return JsonLines()
    if form == "lines":
        return Lines()
    from rich.console import Console

    console = Console(stderr=True)
    return Live(console) if form == "live" or console.is_terminal else Lines()


def format_time(seconds: float) -> str:
    """Return a time as h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _join(*texts: str) -> str:
    return " · ".join(filter(None, texts))
