"""``mmra audit``: a run → what was not read with certainty; a sheet for human labels, and the labels back."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.flags import FILE, runs_flag
from mmra_api.cli.printing import make_safe

if TYPE_CHECKING:
    from mmra_api.report import Agreement, Audit
    from mmra_api.runs import Run


@click.command("audit", short_help="See what was not read with certainty, and label it by hand.")
@click.argument("name", metavar="RUN")
@click.option("--export", type=FILE, help="Write a sheet (CSV) to label.")
@click.option("--all", "everything", is_flag=True, help="Export every reply, not only the uncertain ones.")
@click.option("--import", "labelled", type=FILE, help="Read a labelled sheet.")
@runs_flag
def command(name: str, export: Path | None, everything: bool, labelled: Path | None, runs: Path | None) -> None:
    """See what was not read with certainty, by pattern, and how far the score could move by it.

    --export writes these replies into a sheet. Fill in its column label (a letter, Yes, No, or none) and read it back
    with --import. That makes a new run, in which your labels replace all other readings; the rules and the judge are
    measured against them.
    """
    from mmra_api.errors import InputError
    from mmra_api.runs import find_run, find_runs_folder, load_run

    if export and labelled:
        raise InputError("--export and --import cannot be given together: export, label, then import")
    if everything and not export:
        raise InputError("--all needs --export FILE")
    run = load_run(find_run(name, find_runs_folder(runs)))
    if export:
        _export(run, export, everything)
    elif labelled:
        _import(run, labelled)
    else:
        _print_audit(run)


def _print_audit(run: Run) -> None:
    from mmra_api.report import audit
    from mmra_api.runs import name_for_commands

    found = audit(run.records())
    click.echo(f"{make_safe(run.info.name)}: {found.n:,} records, {found.correct:,} correct")
    click.echo(f"  read with certainty  {found.certain:,}")
    click.echo(f"  nothing to read      {found.nothing:,}")
    click.echo(f"  uncertain            {sum(group.n for group in found.groups):,}")
    if not found.groups:
        return
    width = max(len(group.pattern) for group in found.groups)
    click.echo(f"\n  {'pattern':{width}}  replies  correct now  for example")
    for group in found.groups:
        click.echo(
            make_safe(f"  {group.pattern:{width}}  {group.n:7,}  {group.correct:11,}  {', '.join(group.examples)}")
        )
    _print_bounds(found)
    # Quoted, because the line is to be copied into a shell.
    shown = shlex.quote(name_for_commands(run).info.name)
    click.echo(f"\n  mmra show {shown} {make_safe(found.groups[0].examples[0])}")
    click.echo(f"  mmra audit {shown} --export labels.csv")


def _print_bounds(found: Audit) -> None:
    low, high = found.bounds
    click.echo(
        f"\nThe accuracy is {100 * found.accuracy:.1f} %. "
        "If every uncertain reading were the worst or the best that it can be,\n"
        f"it would be {100 * low:.1f} to {100 * high:.1f} %."
    )


def _export(run: Run, path: Path, everything: bool) -> None:
    from mmra_api.report import find_pattern
    from mmra_api.runs import name_for_commands, write_sheet

    # Without a reply there is nothing to label.
    chosen = (record for record in run.records() if record.response and (everything or find_pattern(record)))
    rows = write_sheet(chosen, path)
    shown = name_for_commands(run).info.name
    click.echo(f"{rows:,} replies are in {path}: fill in the column label with a letter, Yes, No, or none, then")
    click.echo(f"  {shlex.join(['mmra', 'audit', shown, '--import', str(path)])}")


def _import(run: Run, path: Path) -> None:
    from mmra_api.cli.score import print_flips
    from mmra_api.report import compare_readings, read_by_rules
    from mmra_api.runs import label, read_sheet

    labels = read_sheet(path, run.records())
    labelled = [record for record in run.records() if record.item in labels and record.response]
    # Beside the run that it comes from, wherever that lies.
    derived, flips = label(run, labels, runs=run.folder.parent)
    print_flips(run.info.name, derived.info.name, flips)
    # What the rules had read: in a run that was judged or labelled before, the answer of a record is another reader's.
    rules = compare_readings([(read_by_rules(record), labels[record.item]) for record in labelled])
    # A judge whose call failed has said nothing, and so cannot be wrong.
    judged = [record for record in labelled if record.judgement and not record.judgement.failure]
    judge = compare_readings([(r.judgement.value if r.judgement else None, labels[r.item]) for r in judged])
    click.echo(f"{len(labels):,} labels by humans, in the new run {make_safe(derived.info.name)}")
    _print_agreement("rules", rules)
    if judged:
        _print_agreement("judge", judge)


def _print_agreement(reader: str, found: Agreement) -> None:
    click.echo(
        f"  {reader}: precision {_percent(found.precision)} of {found.read:,} read, recall {_percent(found.recall)} of "
        f"{found.labels:,}; agree on {found.same:,} of {found.labelled:,}, "
        f"Cohen's kappa {'–' if found.kappa is None else f'{found.kappa:.2f}'}"
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
