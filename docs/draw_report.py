"""Draw docs/report.svg, the picture in the README, from the runs of `mmra demo`. Called by `make picture`."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from mmra_api.errors import RunError
from mmra_api.folder import list_runs, load_run
from mmra_api.report import summarise
from mmra_api.report.terminal import print_report

RUNS = Path("mmra-demo/runs")
PICTURE = Path("docs/report.svg")
WIDTH = 116


def main() -> None:
    """Draw the comparison of the last run of each model."""
    runs = [run for run in map(load_run, list_runs(RUNS)) if run.info.finished and not run.info.parent]
    latest = {run.info.model: run for run in runs}
    if not latest:
        raise RunError(f"no runs in {str(RUNS)!r}; run `make demo` first")
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    print_report([each for run in latest.values() for each in summarise(run.info, run.records())], console=console)
    PICTURE.write_text(console.export_svg(title="mmra report", unique_id="mmra"), encoding="utf-8")
    print(f"wrote {PICTURE}")


if __name__ == "__main__":
    main()
