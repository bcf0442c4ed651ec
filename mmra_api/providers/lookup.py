"""``SERVICE/ID`` → a Provider. A service is a line in ``services``, a wire format a file here; a model is no line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from mmra_api.errors import InputError, list_known
from mmra_api.providers.baseline import Baseline
from mmra_api.providers.provider import Provider
from mmra_api.providers.remote import Remote
from mmra_api.providers.service import Service
from mmra_api.providers.services import PROVIDERS
from mmra_api.providers.transport import Address, drop_version, find_address
from mmra_api.providers.wires import CHAT, load_wire

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
    known = list_known(name, [*services, Baseline.service])
    raise InputError(
        f"unknown service {name!r} in {spec!r}{known} (any other: openai/… --base-url, or an entry in mmra.toml)"
    )
