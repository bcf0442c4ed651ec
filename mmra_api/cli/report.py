"""``mmra report``: the folders of runs → a table on the terminal, or a file for a program or a paper."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.flags import runs_flag
from mmra_api.errors import InputError

if TYPE_CHECKING:
    from mmra_api.report import Format, Summary
    from mmra_api.runs import Run

FORMATS = ("terminal", "json", "csv", "markdown", "latex")
"""As in ``report.formats``, stated here so that ``--help`` loads no report; a test compares them."""


@click.command("report", short_help="Show runs as one table.")
@click.argument("runs_to_show", metavar="RUN...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--published", "with_published", is_flag=True, help="Add the rows of the MMRA paper, marked as published."
)
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file instead of the screen.")
@runs_flag
def command(
    runs_to_show: tuple[str, ...], form: Format, *, with_published: bool, out: Path | None, runs: Path | None
) -> None:
    """Show one run in detail, or several in one comparison table.

    RUN is a run's name or its folder. No calls are made and nothing is changed: a report is made from records alone.
    Warnings go to the error stream: different data, different samples, another model that answered.
    """
    from mmra_api.benchmarks import load_published
    from mmra_api.report import warnings, write

    summaries = [
        summary for run in _load(runs_to_show, runs, for_people=form == "terminal") for summary in _summaries(run)
    ]
    # Rows of the paper in a setting that nobody ran here would stand beside nothing.
    published = load_published({s.setting for s in summaries}) if with_published else ()
    for warning in warnings(summaries, published):
        click.echo(f"warning: {warning}", err=True)
    if out is None and form == "terminal":
        # Not by `write`, which knows neither the width nor the colours of the terminal.
        from mmra_api.report import print_report

        print_report(summaries, published=published)
    elif out is None:
        click.echo(write(form, summaries, published), nl=False)  # it ends with a line end
    else:
        _write(out, write(form, summaries, published))
        click.echo(f"wrote {out}", err=True)  # to stderr, as OUT may be /dev/stdout


def _load(names: Sequence[str], runs: Path | None, *, for_people: bool) -> list[Run]:
    """Load each run once. For people a run that lies elsewhere is called by its path, by which commands find it.

    In a file it keeps its name, unless two runs share it.
    """
    from mmra_api.runs import find_run, find_runs_folder, load_run, name_for_commands

    # One run may be given by its name and by its folder.
    folders = {folder.resolve(): folder for folder in (find_run(name, find_runs_folder(runs)) for name in names)}
    loaded = [load_run(folder) for folder in folders.values()]
    titles = [run.info.name for run in loaded]
    return [name_for_commands(run) if for_people or titles.count(run.info.name) > 1 else run for run in loaded]


def _summaries(run: Run) -> tuple[Summary, ...]:
    from mmra_api.report import summarise

    return summarise(run.info, run.records())


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, or write through to what is no plain file (a pipe, a device). Raises InputError."""
    target = path.resolve()  # a link stays a link: the file it names is replaced
    if target.is_dir():
        raise InputError(
            f"--out {str(path)!r} is a folder; give a file in it, for example {str(path / 'report.txt')!r}"
        )
    # Beside the target, because a file can be replaced in one step only within one file system.
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        if target.exists() and not target.is_file():  # /dev/stdout must not be replaced by a file
            target.write_text(text, encoding="utf-8")
            return
        partial.write_text(text, encoding="utf-8")
        if target.exists():
            # A new file would have the usual rights, and not those that its owner gave the old one.
            shutil.copymode(target, partial)
        partial.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"--out {str(path)!r} cannot be written: {reason}; choose another place") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
