"""Flags in, a drawn data set on disk out: ``mmra probes``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from mmra_api.cli.flags import FOLDER
from mmra_api.probes import draw


@click.command(name="probes", short_help="Draw fresh image pairs with known answers.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Another seed draws other pairs."
)
# 220 are 20 for each of the 11 subtasks, as in `mmra run probes`.
@click.option("-n", "count", type=click.IntRange(min=1), default=220, show_default=True, help="How many pairs to draw.")
@click.option(
    "--out",
    type=FOLDER,
    required=True,
    help="The folder to write into; it is made if it does not exist.",
)
def command(seed: int, count: int, out: Path) -> None:
    """Draw fresh image pairs with known answers, spread evenly over the 11 subtasks of MMRA.

    Writes them as a data set in the published schema (parquet). The same seed gives the same pairs on every machine.
    A seed that nobody has used gives pairs that no model has seen.
    """
    from mmra_api.probes import write_parquet

    rows = draw(seed, count)
    # To stderr, because stdout is the line that says how to use the pairs, also for scripts.
    with click.progressbar(rows, count, "Drawing", file=sys.stderr, hidden=not sys.stderr.isatty()) as drawn:
        path = write_parquet(drawn, out)
    megabytes = path.stat().st_size / 1e6
    pairs = "1 pair" if count == 1 else f"{count} pairs"
    use = shlex.join(["mmra", "run", "mmra", "--data", str(out)])
    click.echo(f"{path}: {pairs}, seed {seed}, {megabytes:.1f} MB. Use it with: {use} --model SERVICE/ID")
