"""The wire formats there are. A new one is a module beside this one, and its name here."""

from __future__ import annotations

import importlib
from typing import cast

from mmra_api.errors import InputError, list_known
from mmra_api.providers.wires.format import WireFormat

WIRES = (
    "anthropic",
    "gemini",
    "openai_chat",
    "openai_responses",
)
"""The names of the modules beside this one that speak a wire format."""
CHAT = "openai_chat"
"""The wire format that most services speak: names of the table hold in it wherever it is spoken."""


def load_wire(name: str) -> WireFormat:
    """Return a wire format's module. Raises InputError for an unknown one."""
    if name not in WIRES:
        raise InputError(f"unknown wire format {name!r}{list_known(name, WIRES)}")
    return cast("WireFormat", importlib.import_module(f"mmra_api.providers.wires.{name}"))


def find_wire(path: str) -> tuple[WireFormat, str] | None:
    """Return the wire format whose calls go to a path, and the model id where the path holds it."""
    found = _match(path)
    return (load_wire(found[0]), found[1]) if found else None


def name_wire(path: str) -> str:
    """Return the name of the wire format whose calls go to a path; empty where there is none, as for a baseline."""
    found = _match(path)
    return found[0] if found else ""


def _match(path: str) -> tuple[str, str] | None:
    for name in WIRES:
        whole = load_wire(name).PATH
        start, _, end = whole.partition("{model}")
        if path == whole or (end and path.startswith(start) and path.endswith(end)):
            return name, path[len(start) : len(path) - len(end)] if end else ""
    return None
