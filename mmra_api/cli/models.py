"""``mmra models``: the services, their keys and limits → a table; ``--check`` → does a model work?"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.flags import address_flags, cache_flag, config_flag
from mmra_api.cli.printing import make_safe, print_text, wrap

if TYPE_CHECKING:
    from mmra_api.providers import Provider
    from mmra_api.runs import Finding


INDENT = " " * 17
"""Where the text of a finding begins: two blanks, what it is about (7), a blank, the verdict (5), two blanks."""
NOT_REACHED = (
    "no server was reached, or it closed the connection: is a server running there, are host and port right, and is "
    "it http:// or https://?"
)


@click.command("models", short_help="List the services and your keys; check that a model works.")
@click.argument("names", nargs=-1, metavar="[SERVICE | SERVICE/ID]...")
@click.option("--check", is_flag=True, help="Make two tiny real calls to each SERVICE/ID: a text, and two pictures.")
@address_flags
@config_flag
@cache_flag
def command(
    names: tuple[str, ...], check: bool, base_url: str | None, wire: str | None, config: Path | None, cache: Path | None
) -> None:
    """List the services, and which have a key set; name some to see their limits.

    With --check, make two tiny calls to a model, which cost a few hundred tokens. They show in seconds whether the key
    works, whether the id exists, and whether the model tells two images apart.
    """
    from mmra_api.cli.services import print_service, print_services
    from mmra_api.config import load_config
    from mmra_api.errors import InputError
    from mmra_api.providers import resolve

    if check:
        wrong = [name for name in names if "/" not in name]
        if wrong or not names:  # without an id there is nothing to call
            raise InputError("--check: name one or more models as SERVICE/ID, for example openai/<id>")
        services = load_config(config).services
        # All of them before the first call, so that a wrong name costs nothing.
        providers = [resolve(name, base_url=base_url, wire=wire, services=services) for name in names]
        works = []
        for name, provider in zip(names, providers, strict=True):
            _announce(name, provider)
            works.append(_check(name, base_url, wire, config, cache))
        # 1, so that a script can stop before its run begins.
        sys.exit(0 if all(works) else 1)
    if base_url or wire:
        raise InputError("--base-url and --wire belong to --check")
    services = load_config(config).services
    if names:
        for name in names:
            print_service(name, services)
    else:
        print_services(services)


def _announce(model: str, provider: Provider) -> None:
    """Print what is being checked, before anything that takes time."""
    from mmra_api.providers.wires import name_wire

    click.echo(click.style(make_safe(model), bold=True))
    if provider.path:
        print_text(f"  at {provider.base_url} in {name_wire(provider.path)}", dim=True)


def _check(model: str, base_url: str | None, wire: str | None, config: Path | None, cache: Path | None) -> bool:
    """Print what two calls show; returns whether both work."""
    from mmra_api.runs import check

    findings = asyncio.run(
        check(model, base_url=base_url, wire=wire, config=config, cache=cache, on_finding=_print_finding)
    )
    return all(finding.works for finding in findings)


def _print_finding(finding: Finding) -> None:
    response = finding.response
    facts = [f"{finding.seconds:.1f} s"]
    if response is not None:
        usage = response.usage
        facts += [
            f"{usage.input_tokens:,} tokens in" if usage.input_tokens is not None else "",
            f"{usage.output_tokens:,} out" if usage.output_tokens is not None else "",
            f"answered by {response.model}" if response.model else "",
            "simulated" if response.simulated else "",
        ]
    verdict = click.style("works", fg="green") if finding.works else click.style("FAILS", fg="red")
    text = f"{finding.said}; {NOT_REACHED}" if finding.kind == "connection" else finding.said
    # Wrapped without color, because the width of a line counts the color codes too.
    mark = f"  {finding.about:7} {'works' if finding.works else 'FAILS'}  "
    lines = wrap(f"{mark}{make_safe(text)}", sys.stdout, indent=INDENT)
    click.echo(lines.replace(mark, f"  {finding.about:7} {verdict}  ", 1))
    print_text(f"{INDENT}{' · '.join(filter(None, facts))}", indent=INDENT, dim=True)
