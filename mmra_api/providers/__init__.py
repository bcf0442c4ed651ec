"""``SERVICE/ID`` → a Provider. A service is a line in ``services``, a wire format a file here; a model is no line."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from mmra_api.complaints import choose
from mmra_api.errors import InputError
from mmra_api.providers.addresses import Address, check_template, drop_version, find_address
from mmra_api.providers.base import Provider, Service, Wire
from mmra_api.providers.baseline import Baseline
from mmra_api.providers.remote import Remote
from mmra_api.providers.services import PROVIDERS

CHAT = "openai_chat"
"""The wire format that most services speak: names of the table hold in it wherever it is spoken."""
TIMEOUT = 600.0
"""Seconds for one call; reasoning models think for minutes, and a call given up may be billed all the same."""


def resolve(
    spec: str,
    *,
    base_url: str | None = None,
    wire: str | None = None,
    timeout: float = TIMEOUT,
    services: Mapping[str, Service] = PROVIDERS,
) -> Provider:
    """Return the provider for ``SERVICE/ID``; the id passes through untouched.

    ``base_url`` replaces the service's own (a proxy, a compatible server, the sandbox); then no key is required.
    ``wire`` is the wire format to speak instead of the service's. ``services`` are the known ones, with the user's.
    Raises InputError for an unknown service or wire format, or a malformed name or address.
    """
    name, slash, model = spec.partition("/")
    if not slash or not model.strip():
        raise InputError(f"model {spec!r}: write SERVICE/ID, for example openai/<id> or baseline/random")
    if name == Baseline.service:
        return Baseline(model)
    service = find_service(spec, services)
    address = find_address(name, service, base_url)
    spoken, service = choose_wire(service, address, wire)
    format_ = load_wire(spoken)
    url = drop_version(address.url) if re.match(r"/v\d", format_.PATH) else address.url
    needs_key = bool(service.key_variables) and service.key_needed and not address.elsewhere
    return Remote(name, service, format_, model, base_url=url, needs_key=needs_key, timeout=timeout)


def choose_wire(service: Service, address: Address, asked: str | None = None) -> tuple[str, Service]:
    """Return the wire format that is spoken at an address, and the service as it is there."""
    compatible = service.compatible if address.elsewhere else ""
    spoken = asked or compatible or service.wire
    if compatible or spoken not in (service.wire, CHAT):
        # The names are those of its own format or chat completions; compatible servers may pass over newer ones.
        service = replace(service, renamed={})
    return spoken, service


def find_service(spec: str, services: Mapping[str, Service] = PROVIDERS) -> Service:
    """Return the service of ``SERVICE/ID``. Raises InputError where there is none, with the nearest name."""
    name = spec.partition("/")[0]
    if name in services:
        return services[name]
    known = choose(name, [*services, Baseline.service])
    raise InputError(
        f"unknown service {name!r} in {spec!r}{known} (any other: openai/… --base-url, or an entry in mmra.toml)"
    )


def list_wires() -> list[str]:
    """Return the names of the wire formats that the services speak."""
    return sorted({name for each in PROVIDERS.values() for name in (each.wire, each.compatible) if name})


def load_wire(name: str) -> Wire:
    """Return a wire format's module. Raises InputError for an unknown one."""
    if name not in list_wires():
        raise InputError(f"unknown wire format {name!r}{choose(name, list_wires())}")
    return cast("Wire", importlib.import_module(f"mmra_api.providers.{name}"))


def find_wire(path: str) -> tuple[Wire, str] | None:
    """Return the wire format whose calls go to a path, and the model id where the path holds it."""
    found = _match(path)
    return (load_wire(found[0]), found[1]) if found else None


def name_wire(path: str) -> str:
    """Return the name of the wire format whose calls go to a path; empty where there is none, as for a baseline."""
    found = _match(path)
    return found[0] if found else ""


def _match(path: str) -> tuple[str, str] | None:
    for name in list_wires():
        whole = load_wire(name).PATH
        start, _, end = whole.partition("{model}")
        if path == whole or (end and path.startswith(start) and path.endswith(end)):
            return name, path[len(start) : len(path) - len(end)] if end else ""
    return None


__all__ = [
    "CHAT",
    "PROVIDERS",
    "TIMEOUT",
    "Address",
    "Provider",
    "Service",
    "check_template",
    "choose_wire",
    "find_address",
    "find_service",
    "find_wire",
    "list_wires",
    "load_wire",
    "name_wire",
    "resolve",
]
