"""``mmra models``: the services, their keys and limits → a table; ``--check`` → does a model work?"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmra_api.cli.display import safe
from mmra_api.cli.options import address_options, cache_option

if TYPE_CHECKING:
    from mmra_api.checkup import Finding
    from mmra_api.fitting import ImageLimits
    from mmra_api.providers import Service


FORMATS = {"webp": "WebP", "jp2": "JPEG 2000", "x-portable-anymap": "PPM"}


@click.command("models", short_help="List the services and your keys; check that a model works.")
@click.argument("names", nargs=-1, metavar="[SERVICE | SERVICE/ID]...")
@click.option("--check", is_flag=True, help="Make two tiny real calls to each SERVICE/ID: a text, and two pictures.")
@address_options
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Your services [MMRA_CONFIG, else ./mmra.toml if there is one].",
)
@cache_option
def command(
    names: tuple[str, ...], check: bool, base_url: str | None, wire: str | None, config: Path | None, cache: Path | None
) -> None:
    """List the services, and which have a key set; name some to see their limits.

    With --check, make two tiny calls to a model, which cost a few hundred tokens: they tell in seconds whether the key
    works, the id exists, and the model sees two images apart.
    """
    from mmra_api.config import load_config
    from mmra_api.errors import InputError
    from mmra_api.providers import resolve

    if check:
        wrong = [name for name in names if "/" not in name]
        if wrong or not names:
            raise InputError("--check: name one or more models as SERVICE/ID, for example openai/<id>")
        services = load_config(config).services
        for name in names:  # all of them, before the first is asked
            resolve(name, base_url=base_url, wire=wire, services=services)
        works = [_check(name, base_url, wire, config, cache) for name in names]
        sys.exit(0 if all(works) else 1)
    if base_url or wire:
        raise InputError("--base-url and --wire belong to --check")
    services = load_config(config).services
    if names:
        for name in names:
            _print_service(name, services)
    else:
        _print_list(services)


def _print_list(services: Mapping[str, Service]) -> None:
    rows = [("service", "key", "wire format", "address")]
    rows += [(name, describe_key(each), each.wire, each.base_url) for name, each in services.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for number, (*cells, last) in enumerate(rows):
        line = "  ".join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), last])
        click.echo(click.style(safe(line), dim=number == 0))
    click.echo(
        "\nA model is SERVICE/ID, its id as the vendor writes it. Check one: mmra models --check SERVICE/ID\n"
        "Limits and addresses of a service: mmra models SERVICE"
    )


def describe_key(service: Service) -> str:
    """Return which variable may hold the key, and whether one does; never the key."""
    for variable in service.key_variables:
        if os.environ.get(variable, "").strip():
            return f"{variable} is set"
    if not service.key_variables:
        return "none needed"
    return f"{service.key_variables[0]} {'not set' if service.key_needed else 'not set, not needed'}"


def _print_service(name: str, services: Mapping[str, Service]) -> None:
    from mmra_api.errors import InputError
    from mmra_api.providers import find_service
    from mmra_api.providers.baseline import Baseline

    if name.partition("/")[0] == Baseline.service:
        raise InputError(
            "baseline/random and baseline/first are no models at a service: they need no key and cost nothing"
        )
    service = find_service(name, services)
    elsewhere = f"; {service.compatible} at another address" if service.compatible else ""
    facts = {
        "key": describe_key(service) + "".join(f", else {other}" for other in service.key_variables[1:]),
        "address": service.base_url + (f" (or {service.address_variable})" if service.address_variable else ""),
        "wire format": service.wire + elsewhere,
        "output": f"{service.max_tokens:,} tokens unless --max-tokens is given" if service.max_tokens else "",
        "images": describe_limits(service.images),
    }
    click.echo(click.style(safe(name.partition("/")[0]), bold=True))
    for label, text in facts.items():
        if text:
            click.echo(safe(f"  {label:12} {text}"))


def describe_limits(limits: ImageLimits) -> str:
    """Return what a service takes, in words."""
    facts = [
        ", ".join(FORMATS.get(name, name.upper()) for name in limits.formats),
        f"{limits.max_bytes / 1e6:,.1f} MB an image" if limits.max_bytes else "",
        f"{limits.max_side:,} pixels a side" if limits.max_side else "",
        f"{limits.crowd[1]:,} with more than {limits.crowd[0]} images" if limits.crowd else "",
        f"{limits.max_pixels:,} pixels an image" if limits.max_pixels else "",
        f"{limits.max_images:,} images a request" if limits.max_images else "",
        f"{limits.max_request_bytes / 1e6:,.0f} MB a request" if limits.max_request_bytes else "",
    ]
    return "; ".join(filter(None, facts))


def _check(model: str, base_url: str | None, wire: str | None, config: Path | None, cache: Path | None) -> bool:
    """Print what two calls show; returns whether both work."""
    from mmra_api.checkup import check

    click.echo(click.style(safe(model), bold=True))
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
    click.echo(f"  {finding.about:7} {verdict}  {safe(finding.said)}")
    click.echo(click.style(f"                 {safe(' · '.join(filter(None, facts)))}", dim=True))
