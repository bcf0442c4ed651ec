"""``mmra cache forget``: filters → stored calls removed, after a copy that can be imported was written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.cache.choose import Choice, choice_options, find_key
from mmra_api.cli.flags import cache_flag
from mmra_api.cli.printing import make_safe
from mmra_api.errors import InputError

if TYPE_CHECKING:
    from mmra_api.cli.cache.tally import Bill
    from mmra_api.dispatch.store import Entry

FINISHES = ("stop", "length", "refusal", "content_filter", "other")
"""As in ``types.FinishReason``; a test compares them."""
FOLDER = "forgotten"
BATCH = 1000
"""Calls that are removed in one transaction."""
EXAMPLES = 3
WIDEST = max(map(len, FINISHES))
QUOTED = 30
"""Characters of a reply that are shown."""


@click.command("forget", short_help="Remove stored calls, after a copy of them was written.")
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@choice_options
@click.option("--finish", "finishes", type=click.Choice(FINISHES), multiple=True, help="Only replies that ended so.")
@click.option("--before", type=click.DateTime(), help="Only calls stored before this time, UTC.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@cache_flag
def forget(
    keys: tuple[str, ...],
    *,
    services: tuple[str, ...],
    models: tuple[str, ...],
    finishes: tuple[str, ...],
    before: datetime | None,
    dry_run: bool,
    yes: bool,
    cache: Path | None,
) -> None:
    """Remove stored calls, so that they are made, and paid for, again.

    What is removed must meet every filter given; a KEY may be its first 6 digits or more. It is first written to a file
    in the cache folder, and `mmra cache import` of that file brings it back.
    """
    from mmra_api.dispatch.store import find_folder, has_database

    if not (keys or services or models or finishes or before):
        raise InputError("say what to forget: a KEY, --service, --model, --finish or --before")
    root = find_folder(cache)
    if not has_database(root):
        click.echo(f"{root.resolve()}: empty")
        return
    whole = frozenset(find_key(root, key) for key in keys)
    choice = Choice(services=services, models=models, finishes=finishes, before=before, keys=whole)
    if not _say_what_goes(root, choice) or dry_run:
        return
    if not (yes or click.confirm("forget them?")):
        click.echo("nothing was forgotten")
        return
    file, count = _remove(root, choice)
    if not count:
        click.echo("nothing was forgotten: what fitted is gone already")
        return
    click.echo(
        f"forgot {count:,}; a copy is in\n  {make_safe(str(file))}\n`mmra cache import` of that file brings them back"
    )


def _choose(root: Path, choice: Choice) -> Iterator[tuple[str, Entry, int]]:
    from mmra_api.dispatch.store import scan

    for row in scan(root / "responses"):
        if row.entry is not None and choice.takes(row.key, row.entry):
            yield row.key, row.entry, row.size


def _say_what_goes(root: Path, choice: Choice) -> bool:
    """Say what would go; returns whether there is anything."""
    from mmra_api.cli.cache.tally import Bill

    bill, examples = Bill(), list[str]()
    for key, entry, size in _choose(root, choice):
        bill.add(entry, size)
        if len(examples) < EXAMPLES:
            examples.append(_describe(key, entry))
    _say_bill(bill)
    for line in examples:
        click.echo(f"  {make_safe(line)}")
    total = sum(tally.replies for tally in bill.groups.values())
    if total > len(examples):
        click.echo(f"  and {total - len(examples):,} more")
    return total > 0


def _say_bill(bill: Bill) -> None:
    from mmra_api.cli.cache.tally import UNKNOWN, show_model

    if not bill.groups:
        click.echo("nothing stored fits; nothing would go")
    for (service, base_url, model, _), tally in sorted(bill.groups.items()):
        replies = "1 reply" if tally.replies == 1 else f"{tally.replies:,} replies"
        money = tally.money()
        cost = {UNKNOWN: "price unknown", "simulated": "simulated"}.get(money, f"cost {money}")
        click.echo(f"{make_safe(show_model(service, base_url, model))}: {replies}, {cost}")


def _describe(key: str, entry: Entry) -> str:
    from mmra_api.cli.cache.tally import read_response

    response = read_response(entry)
    said = " ".join(response.text.split()) if response else "(cannot be read)"
    short = said if len(said) <= QUOTED else f"{said[:QUOTED]}…"
    return f"{key[:12]}  {entry.stored[:10]}  {response.finish if response else '':<{WIDEST}}  {short!r}"


def _remove(root: Path, choice: Choice) -> tuple[Path, int]:
    """Write what goes to a file, durably, and only then remove it. Returns the file and how many went."""
    from mmra_api.dispatch.store import Store, write_export

    removed = list[str]()

    def note() -> Iterator[tuple[str, Entry]]:
        for key, entry, _ in _choose(root, choice):
            yield key, entry
            removed.append(key)

    with closing(Store(root)) as store:
        store.check_writable()
        file = _name_file(root)
        file.parent.mkdir(exist_ok=True)
        write_export(file, note())
        for start in range(0, len(removed), BATCH):
            with store.batch():
                for key in removed[start : start + BATCH]:
                    store.remove(key)
    return file, len(removed)


def _name_file(root: Path) -> Path:
    folder, now = root / FOLDER, f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = (f"{now}{f'-{number}' if number > 1 else ''}.jsonl.gz" for number in range(1, 1000))
    return next(folder / name for name in names if not (folder / name).exists())
