"""The services → what ``mmra models`` shows of them: keys, the address that is asked and how, and limits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from mmra_api.cli.printing import make_safe, print_text
from mmra_api.errors import InputError
from mmra_api.providers import Baseline, choose_wire, find_service, resolve
from mmra_api.providers.transport import Address, find_address
from mmra_api.providers.wires import load_wire
from mmra_api.types import Params

if TYPE_CHECKING:
    from mmra_api.images import ImageLimits
    from mmra_api.providers import Service

# Those that capitals alone do not make readable.
FORMATS = {"webp": "WebP", "jp2": "JPEG 2000", "x-portable-anymap": "PPM"}


def print_services(services: Mapping[str, Service]) -> None:
    """Print a line for each service, in 80 columns, and a second where it is asked elsewhere than usual."""
    rows = [("service", "key", "wire format", "")]
    for name, each in services.items():
        place = _find_place(name, each)
        rows.append((name, describe_key(each), place.wire, _note_place(place)))
    # The last two columns end a line, and need no width.
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for number, (name, key, wire, note) in enumerate(rows):
        line = f"{name:{widths[0]}}  {key:{widths[1]}}  {wire}"
        click.echo(click.style(make_safe(line), dim=number == 0))
        if note:
            print_text(f"    {note}", indent=" " * 6, dim=True)
    print_text(
        "\nA model is SERVICE/ID, its id as the vendor writes it.\n"
        "Check one: mmra models --check SERVICE/ID\n"
        "Address, limits and more of a service: mmra models SERVICE"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a service is asked with this environment, and how."""

    address: Address | None
    """None where there is none; ``trouble`` says why."""
    wire: str
    service: Service
    """As it is there."""
    trouble: str = ""


def _find_place(name: str, service: Service) -> _Place:
    try:
        address = find_address(name, service)
    except InputError as error:
        return _Place(address=None, wire=service.wire, service=service, trouble=str(error))
    wire, there = choose_wire(service, address)
    return _Place(address=address, wire=wire, service=there)


def _note_place(place: _Place) -> str:
    """Return what is unusual about a place; nothing for a service at its own address."""
    if place.address is None or not place.address.source:
        return place.trouble
    return f"asked at {place.address.url}, from {place.address.source}"


def describe_key(service: Service) -> str:
    """Return which variable holds the key, or which may; never the key."""
    for variable in service.key_variables:
        # A variable of blanks counts as not set here, as it does when a model is asked.
        if os.environ.get(variable, "").strip():
            return f"{variable} is set"
    if not service.key_variables:
        return "none needed"
    return f"{' or '.join(service.key_variables)} {'not set' if service.key_needed else 'not set, not needed'}"


def print_service(name: str, services: Mapping[str, Service]) -> None:
    """Print what is known of one service. Raises InputError where there is none."""
    # Whoever names a whole model means its service.
    name = name.partition("/")[0]
    if name == Baseline.service:
        raise InputError(
            "baseline/random and baseline/first are no models at a service: they need no key and cost nothing"
        )
    service = find_service(name, services)
    key = describe_key(service)
    if len(service.key_variables) > 1 and key.endswith("is set"):
        key += f"; looked for: {', then '.join(service.key_variables)}"
    facts = {"key": key, **_describe_asking(name, service), "images": describe_limits(service.images)}
    click.echo(click.style(make_safe(name), bold=True))
    for label, text in facts.items():
        if text:
            print_text(f"  {label:12} {text}", indent=" " * 15)


def _describe_asking(name: str, service: Service) -> dict[str, str]:
    """Return where and how a service is asked."""
    place = _find_place(name, service)
    # The budget does not depend on the address, which may lack a variable.
    reachable = replace(place.service, base_url="http://localhost", address_variable="")
    budget = resolve(f"{name}/id", wire=place.wire, services={name: reachable}).find_output_budget(Params())

    # Only names that this format has: those of the table hold in whatever format the service speaks elsewhere.
    names = {field.path.partition(".")[0] for field in load_wire(place.wire).FIELDS if field.where == "body"}
    renamed = [f"{old} is sent as {new}" for old, new in place.service.renamed.items() if old in names]
    return {
        "address": _describe_address(place, service),
        "wire format": _describe_wire(place.wire, service),
        "output": f"{budget:,} tokens unless --max-tokens is given" if budget else "",
        "renamed": ", ".join(renamed),
    }


def _describe_address(place: _Place, service: Service) -> str:
    if place.address is None:
        return f"{service.base_url}; {place.trouble}"
    if source := place.address.source:
        own = "" if source in service.base_url else f"; its own is {service.base_url}"
        return f"{place.address.url}, from {source}{own}"
    elsewhere = f"; {service.address_variable} may name another" if service.address_variable else ""
    return place.address.url + elsewhere


def _describe_wire(spoken: str, service: Service) -> str:
    if spoken != service.wire:
        return f"{spoken}; {service.wire} at its own address"
    return spoken + (f"; {service.compatible} at another address" if service.compatible else "")


def describe_limits(limits: ImageLimits) -> str:
    """Return what a service takes, in words."""
    facts = [
        ", ".join(FORMATS.get(name, name.upper()) for name in limits.formats),
        f"{_write_size(limits.max_bytes)} an image" if limits.max_bytes else "",
        f"{limits.max_side:,} pixels a side" if limits.max_side else "",
        f"{limits.many_images[1]:,} with more than {limits.many_images[0]} images" if limits.many_images else "",
        f"{limits.max_pixels:,} pixels an image" if limits.max_pixels else "",
        f"{limits.max_images:,} images a request" if limits.max_images else "",
        f"{limits.max_request_bytes / 1e6:,.0f} MB a request" if limits.max_request_bytes else "",
    ]
    return "; ".join(filter(None, facts))


def _write_size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1_000_000 else f"{size / 1e3:,.0f} kB"
