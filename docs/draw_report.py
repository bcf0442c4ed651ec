"""Draw docs/report.svg, the picture in the README, from the runs of `mmra demo`. Called by `make picture`."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console, Group

from mmra_api.errors import RunError
from mmra_api.report import summarise
from mmra_api.report.terminal import render
from mmra_api.runs import Run, list_runs, load_run

RUNS = Path("mmra-demo/runs")
"""Where `make demo` leaves its runs."""
PICTURE = Path("docs/report.svg")
WIDTH = 116
"""Terminal cells: so many that no column is left out, so few that the README's page need not shrink the letters."""
END = "run "
"""The picture ends where the report names the runs: their names hold the time."""


def main() -> None:
    """Draw the comparison of the first run of each model."""
    runs = [run for run in map(load_run, list_runs(RUNS)) if run.info.finished and not run.info.parent]
    first: dict[str, Run] = {}
    for run in runs:
        # Later runs of the same model are re-scored or repeated ones; the picture shows one row a model.
        first.setdefault(run.info.model, run)
    if not first:
        raise RunError(f"no runs in {str(RUNS)!r}; run `make demo` first")
    summaries = [each for run in first.values() for each in summarise(run.info, run.records())]
    lines = render(summaries, width=WIDTH)
    end = next((place for place, line in enumerate(lines) if line.plain.startswith(END)), len(lines))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Group(*lines[:end]), soft_wrap=True)
    PICTURE.write_text(console.export_svg(title="mmra report", unique_id="mmra"), encoding="utf-8")
    print(f"wrote {PICTURE}")


if __name__ == "__main__":
    main()
