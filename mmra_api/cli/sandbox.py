"""Flags in, a running sandbox out: ``mmra sandbox`` serves until Ctrl-C, then prints what it was asked."""

from __future__ import annotations

import shlex
import signal
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import Event

import click

from mmra_api.benchmarks import load
from mmra_api.cli.flags import cache_flag
from mmra_api.dispatch.store import find_folder
from mmra_api.sandbox import MODELS, Counters, Sandbox, parse_faults

FAULTS_HELP = "Let some calls fail, as 429=0.1,500=0.05,drop=0.03 does; also slow, html, quota."


@click.command(name="sandbox", short_help="Serve simulated models on this machine, to rehearse a run.")
@click.option("--port", type=click.IntRange(0, 65535), default=8808, show_default=True, help="0 takes any free port.")
@click.option(
    "--benchmark",
    default="probes",
    show_default=True,
    help="The models know the answers to the questions of this benchmark.",
)
@click.option("--data", type=click.Path(path_type=Path), help="The benchmark's data, as in `mmra run`.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="For the probes (as in `mmra run`), the replies and the faults.",
)
@click.option("--limit", type=click.IntRange(min=1), help="The models know the answers to this many samples [all].")
@click.option("--faults", "spec", default="", metavar="SPEC", help=FAULTS_HELP)
@click.option("--latency", type=click.FloatRange(min=0), default=0.0, show_default=True, help="Seconds for each reply.")
@click.option("--at-once", type=click.IntRange(min=1), help="Answer 429 to more calls than this at the same time.")
@click.option("--rpm", type=click.IntRange(min=1), help="Answer 429 to more requests than this per minute.")
@click.option(
    "--tpm", type=click.IntRange(min=1), help="Answer 429 to more tokens than this per minute, images included."
)
@click.option(
    "--rate-headers", is_flag=True, help="State these limits in the headers of every reply, as the vendor does."
)
@click.option("--no-retry-after", is_flag=True, help="State no waiting time in a 429.")
@cache_flag
def command(
    port: int,
    benchmark: str,
    data: Path | None,
    seed: int,
    limit: int | None,
    spec: str,
    latency: float,
    at_once: int | None,
    rpm: int | None,
    tpm: int | None,
    rate_headers: bool,
    no_retry_after: bool,
    cache: Path | None,
) -> None:
    """Serve simulated models on this machine, to rehearse a run without a key and without costs.

    The models answer the benchmark's questions, some of them better than others, in many styles. All replies are marked
    as simulated. An id that starts with `missing` does not exist; one that starts with `blind` takes no images. No
    traffic leaves this machine.
    """
    faults = parse_faults(spec)
    samples = load(benchmark, root=find_folder(cache) / "prepared", data=data, seed=seed, limit=limit)
    asked = ["run", benchmark, "--seed", str(seed), *(["--data", str(data)] if data else [])]
    asked += ["--limit", str(limit)] if limit else []
    sandbox = Sandbox(
        samples,
        faults=faults,
        seed=seed,
        latency=latency,
        port=port,
        at_once=at_once,
        rpm=rpm,
        tpm=tpm,
        rate_headers=rate_headers,
        retry_after=not no_retry_after,
    )
    with sandbox:
        serve(announce(sandbox.base_url, asked, samples.count))
    click.echo(describe(sandbox.counters))


def announce(base_url: str, asked: list[str], count: int) -> str:
    """Return how to use the sandbox; the first line is for scripts."""
    line = shlex.join(["mmra", *asked, "--model", "openai/simulated-strong", "--base-url", base_url])
    return (
        f"serving {base_url}\n\n{count} questions; models {', '.join(MODELS)}; other ids have medium skill.\n"
        f"In another terminal, without a key:\n\n    {line}\n\nCtrl-C stops the sandbox."
    )


def serve(greeting: str) -> None:
    """Print the greeting, then wait for Ctrl-C, or for a script that asks the process to end."""
    with suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets its background jobs ignore it
        # After the signals are set: a script may send one as soon as it has read this.
        click.echo(greeting)
        Event().wait()  # the server has a thread of its own
    click.echo()  # because the terminal has put ^C on this line


def describe(counters: Counters) -> str:
    """Return the counters as lines of text, without those by the second, which are for programs."""
    lines = []
    counted = asdict(counters)
    del counted["by_second"]
    for name, value in counted.items():
        shown = (
            ", ".join(f"{key} {count}" for key, count in sorted(value.items())) if isinstance(value, dict) else value
        )
        lines.append(f"{name.replace('_', ' '):18}{shown if shown != '' else 'none'}")
    return "\n".join(lines)
