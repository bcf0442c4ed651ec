"""``mmra show``: a run and a sample → the prompt as sent, the reply with what was read in it, the answer, the gold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from mmra_api.cli.flags import runs_flag
from mmra_api.cli.printing import color_outcome, make_safe
from mmra_api.errors import InputError
from mmra_api.types import Outcome

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from mmra_api.runs import Run
    from mmra_api.types import Judgement, Part, Record, Response

EXAMPLES = 5
"""Samples that are shown of an outcome: as many as fit a few screens."""
LONG = 200
"""Characters of one parameter that are shown."""


@click.command("show", short_help="Show one sample of a run: prompt, reply, what was read in it.")
@click.argument("name", metavar="RUN")
@click.argument("sample")
@click.option("--setting", help="Only this setting, where a run has several.")
@runs_flag
def command(name: str, sample: str, setting: str | None, runs: Path | None) -> None:
    """Show one sample of a run.

    SAMPLE is a sample's id; or an outcome (correct, wrong, graded, unparsed, refused, truncated, empty, failed) or a
    kind of failure, which shows the first five such samples.
    """
    from rich.console import Console

    from mmra_api.runs import find_run, find_runs_folder, load_run

    run = load_run(find_run(name, find_runs_folder(runs)))
    console = Console(highlight=False)
    for record in _find(run, sample, setting):
        _print(console, run, record)


def _find(run: Run, sample: str, setting: str | None) -> list[Record]:
    found = [
        record
        for record in run.records()
        if sample in _names(record) and (setting is None or record.setting == setting.upper())
    ]
    # That a run has none of these is an answer; a name that fits nothing is a mistake.
    if not found and sample in get_args(Outcome):
        click.echo(f"no sample of {run.info.name!r} is {sample}")
        return []
    if not found:
        example = next((record.sample for record in run.records()), None)
        hint = f"; its samples have ids such as {example!r}" if example else "; it has no records"
        where = f" in setting {setting.upper()}" if setting else ""
        raise InputError(f"the run {run.info.name!r} has no sample {sample!r}{where}{hint}")
    # A sample may have the id "wrong": then it is meant, and not the outcome.
    return [record for record in found if record.sample == sample] or found[:EXAMPLES]


def _names(record: Record) -> set[str]:
    """Return what a user may call a record by."""
    return {record.sample, record.score.outcome, record.failure.kind if record.failure else record.sample}


def _print(console: Console, run: Run, record: Record) -> None:
    from rich.rule import Rule
    from rich.text import Text

    from mmra_api.report import describe_params

    write = console.print
    names = (make_safe(record.sample), make_safe(record.subtask), record.setting, run.info.model)
    write(Rule(Text(" · ".join(names)), align="left"))
    params = run.info.params
    if params.system:
        write(Text("system", style="dim"))
        write(Text(make_safe(params.system)))
        write()
    for part in record.prompt:
        write(_describe_part(part))
    # Without the system text, which stands above in full.
    if asked := describe_params(replace(params, system=""), shown=LONG):
        write(Text(make_safe(f"asked with {', '.join(asked)}"), style="dim"))
    write()
    write(Text("reply", style="dim"))
    if record.response is not None:
        write(_mark(record.response, record.answer.span if record.answer else None))
    if record.failure is not None:
        write(Text(make_safe(f"none: {record.failure.kind}, {record.failure.message}"), style="red"))
    write()
    line = Text(f"{_describe_reading(record)} · gold {record.gold} · ")
    write(line.append(color_outcome(record.score.outcome)))
    if record.answer and record.answer.alternatives:
        write(Text("ambiguous: " + ", ".join(f"{each.value} at {each.span[0]}" for each in record.answer.alternatives)))
    if record.judgement is not None:
        write(Text(make_safe(_describe_judgement(record.judgement)), style="dim"))
    if record.response is not None:
        write(Text(make_safe(_describe(record.response)), style="dim"))
    write()


def _describe_reading(record: Record) -> str:
    if record.answer is None:
        return "nothing to read"
    if record.answer.value is None:
        return f"read nothing ({record.answer.rule})"
    return f"read {record.answer.value} by the rule {record.answer.rule!r}"


def _describe_judgement(judgement: Judgement) -> str:
    if judgement.failure:
        return f"judge: no verdict: {judgement.failure}"
    return f"judge: {judgement.value or 'commits to nothing'} (asked {len(judgement.responses)} times)"


def _describe_part(part: Part) -> Text:
    from rich.text import Text

    if isinstance(part, str):
        return Text(make_safe(part))
    facts = f"{part.media_type}, {part.width} x {part.height}, {part.size:,} bytes, sha256 {part.digest[:12]}"
    if part.fit:
        facts += f"; sent as {part.fit.media_type}, {part.fit.width} x {part.fit.height} ({part.fit.reason})"
    return Text(f"[{facts}]", style="cyan")


def _mark(response: Response, span: tuple[int, int] | None) -> Text:
    """Return the reply with the words that were read marked, by color and by » «, which a log keeps too."""
    from rich.text import Text

    reply = make_safe(response.text)
    text = Text(reply or "(no text)")
    if span is not None:
        start, end = span
        text = Text.assemble(reply[:start], (f"»{reply[start:end]}«", "bold reverse"), reply[end:])
    if response.refusal:
        text.append(f"\n(refusal: {make_safe(response.refusal)})")
    return text


def _describe(response: Response) -> str:
    usage = response.usage
    facts = [
        "simulated" if response.simulated else "",
        f"finish {response.finish}",
        f"from the {response.source}" if response.source == "cache" else response.source,
        f"{usage.input_tokens:,} tokens in" if usage.input_tokens is not None else "",
        f"{usage.output_tokens:,} out" if usage.output_tokens is not None else "",
        f"answered by {response.model}" if response.model else "",
        f"behind the router: {response.upstream}" if response.upstream else "",
        f"request {response.request_id}" if response.request_id else "",
        f"key {response.key[:12]}" if response.key else "",
    ]
    return " · ".join(filter(None, facts))
