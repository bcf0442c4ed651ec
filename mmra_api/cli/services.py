"""The services → what ``mmra models`` shows of them: keys, the address that is asked and how, and limits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from mmra_api.cli.display import put, safe
from mmra_api.dispatch.tokens import find_budget
from mmra_api.errors import InputError
from mmra_api.providers import choose_wire, find_address, find_service, load_wire, resolve
from mmra_api.providers.baseline import Baseline
from mmra_api.providers.rejections import TRIALS
from mmra_api.types import Params, Request

if TYPE_CHECKING:
    from mmra_api.image_limits import ImageLimits
    from mmra_api.providers import Service

FORMATS = {"webp": "WebP", "jp2": "JPEG 2000", "x-portable-anymap": "PPM"}


def print_services(services: Mapping[str, Service]) -> None:
    """Print a line for each service, in 80 columns, and a second where it is asked elsewhere than usual."""
    rows = [("service", "key", "wire format", "")]
    rows += [(name, describe_key(each), *_describe_place(name, each)) for name, each in services.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for number, (name, key, wire, note) in enumerate(rows):
        line = f"{name:{widths[0]}}  {key:{widths[1]}}  {wire}"
        click.echo(click.style(safe(line), dim=number == 0))
        if note:
            put(f"    {note}", indent=" " * 6, dim=True)
    put(
        "\nA model is SERVICE/ID, its id as the vendor writes it.\n"
        "Check one: mmra models --check SERVICE/ID\n"
        "Address, limits and more of a service: mmra models SERVICE"
    )


def _describe_place(name: str, service: Service) -> tuple[str, str]:
    """Return the wire format that is spoken, and where, if a variable says so, or why there is no address."""
    try:
        address = find_address(name, service)
    except InputError as error:
        return service.wire, str(error)
    wire, _ = choose_wire(service, address)
    return wire, f"asked at {address.url}, from {address.source}" if address.source else ""


def describe_key(service: Service) -> str:
    """Return which variable holds the key, or which may; never the key."""
    for variable in service.key_variables:
        if os.environ.get(variable, "").strip():
            return f"{variable} is set"
    if not service.key_variables:
        return "none needed"
    return f"{' or '.join(service.key_variables)} {'not set' if service.key_needed else 'not set, not needed'}"


def print_service(name: str, services: Mapping[str, Service]) -> None:
    """Print what is known of one service. Raises InputError where there is none."""
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
    click.echo(click.style(safe(name), bold=True))
    for label, text in facts.items():
        if text:
            put(f"  {label:12} {text}", indent=" " * 15)


def _describe_asking(name: str, service: Service) -> dict[str, str]:
    """Return where and how a service is asked."""
    try:
        address = find_address(name, service)
    except InputError as error:
        where, spoken, there = f"{service.base_url}; {error}", service.wire, service
    else:
        spoken, there = choose_wire(service, address)
        where = address.url
        if address.source:
            own = "" if address.source in service.base_url else f"; its own is {service.base_url}"
            where += f", from {address.source}{own}"
        elif service.address_variable:
            where += f"; {service.address_variable} may name another"
    format_ = spoken
    if service.compatible and spoken == service.wire:
        format_ += f"; {service.compatible} at another address"
    elif spoken != service.wire:
        format_ += f"; {service.wire} at its own address"
    here = replace(there, base_url="http://localhost", address_variable="")  # neither depends on the address
    budget = find_budget(resolve(f"{name}/id", wire=spoken, services={name: here}), Params())
    return {
        "address": where,
        "wire format": format_,
        "output": f"{budget:,} tokens unless --max-tokens is given" if budget else "",
        "renamed": _describe_renamed(there, spoken),
    }


def _describe_renamed(service: Service, wire: str) -> str:
    """Return which fields of the format the service calls otherwise; a name that the format has not is none."""
    names = set[str]()
    for params in TRIALS.values():
        try:
            names.update(load_wire(wire).encode("id", Request(parts=("",), params=params), lambda _: ""))
        except InputError:
            continue
    return ", ".join(f"{name} is sent as {new}" for name, new in service.renamed.items() if name in names)


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
