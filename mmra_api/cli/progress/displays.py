"""Snapshots → a live display, plain lines, JSON lines or nothing, on stderr: stdout holds the report alone."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

import click
import msgspec

from mmra_api.cli.printing import make_safe, print_error, wrap
from mmra_api.cli.progress.snapshot import Snapshot, join_facts

if TYPE_CHECKING:
    from rich.console import Console

Form: TypeAlias = Literal["auto", "live", "lines", "json", "none"]


class Display(Protocol):
    """Shows snapshots."""

    period: float
    """Seconds between two."""

    def show(self, snapshot: Snapshot) -> None:
        """Show a run as it is now."""
        ...

    def print_line(self, text: str) -> None:
        """Print a message on a line of its own."""
        ...

    def close(self) -> None:
        """Leave the screen as it should be."""
        ...


class Quiet:
    """Shows nothing but messages."""

    period = 3600.0  # any long time: there is nothing to show

    def show(self, snapshot: Snapshot) -> None:
        """Show nothing."""

    def print_line(self, text: str) -> None:
        """Print a message."""
        print_error(text)

    def close(self) -> None:
        """Do nothing."""


class Lines(Quiet):
    """A plain line now and then, for logs."""

    period = 30.0  # an hour's run leaves 120 lines in a log

    def show(self, snapshot: Snapshot) -> None:
        """Print a line."""
        done = f"{snapshot.done:,}/{snapshot.total:,}"
        facts = (done, snapshot.describe_time_left(), snapshot.describe_work(), snapshot.describe_costs())
        self.print_line(join_facts(*facts))


class JsonLines(Quiet):
    """A JSON object a line, for programs."""

    period = 5.0

    def show(self, snapshot: Snapshot) -> None:
        """Print a line."""
        click.echo(msgspec.json.encode(asdict(snapshot)).decode(), err=True)

    def print_line(self, text: str) -> None:
        """Print a message as an object too, so that a program may read every line in the same way."""
        click.echo(msgspec.json.encode({"message": text}).decode(), err=True)


class Live:
    """Three lines at the bottom of the terminal."""

    period = 0.2  # five frames a second look live; more would take time from the run

    def __init__(self, console: Console) -> None:
        from rich.live import Live as Screen

        self._console = console
        # Rich's own refresh is a thread, which would draw while the event loop is busy; ours draws between two steps.
        self._screen = Screen(console=console, auto_refresh=False, transient=True)
        self._screen.start()

    def show(self, snapshot: Snapshot) -> None:
        """Draw a bar and two lines under it."""
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        bar = Table.grid(padding=(0, 1))
        bar.add_row(
            Text(make_safe(snapshot.model), overflow="ellipsis", no_wrap=True),
            ProgressBar(total=max(snapshot.total, 1), completed=snapshot.done, width=24),
            Text(f"{snapshot.done:,}/{snapshot.total:,}"),
            Text(snapshot.describe_time_left(), style="dim"),
        )
        texts = filter(None, (snapshot.describe_work(), snapshot.describe_costs()))
        lines = [Text(f"  {make_safe(text)}", overflow="ellipsis", no_wrap=True, style="dim") for text in texts]
        self._screen.update(Group(bar, *lines), refresh=True)

    def print_line(self, text: str) -> None:
        """Print a message above the live lines."""
        shown = wrap(make_safe(text), self._console.file)
        # The lines are broken already, with addresses whole; and rich would read [brackets] as a style.
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
    # Here, because the other forms need no rich.
    from rich.console import Console

    console = Console(stderr=True)
    return Live(console) if form == "live" or console.is_terminal else Lines()
