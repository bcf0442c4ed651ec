"""``mmra.toml`` → the user's own services, and limits and prices by service or model."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, cast

import msgspec

from mmra_api.config.messages import explain, name_table
from mmra_api.errors import InputError, list_known, suggest
from mmra_api.images import EXTENSIONS, ImageLimits
from mmra_api.providers import PROVIDERS, Baseline, Service
from mmra_api.providers.transport import check_template
from mmra_api.providers.wires import WIRES, map_names
from mmra_api.types import RateLimits, TokenPrice

FILE = Path("mmra.toml")
VARIABLE = "MMRA_CONFIG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What stands in the file. Names of limits are ``SERVICE`` or ``SERVICE/ID``, of prices ``SERVICE/ID``."""

    services: Mapping[str, Service] = field(default_factory=lambda: PROVIDERS)
    """All that are known: those of the table, and the user's own, which may change fields of these."""
    limits: Mapping[str, RateLimits] = field(default_factory=dict)
    prices: Mapping[str, TokenPrice] = field(default_factory=dict)

    def find_limits(self, model: str, flags: RateLimits) -> RateLimits:
        """Return the limits of ``SERVICE/ID``: those of the flags, else of the model, else of its service."""
        limits = flags
        for name in (model, model.partition("/")[0]):
            given = self.limits.get(name, RateLimits())
            # `not` finds None alone: a limit of 0 is refused where it is given.
            missing = {
                each.name: getattr(given, each.name) for each in fields(limits) if not getattr(limits, each.name)
            }
            limits = replace(limits, **missing)
        return limits


def load_config(chosen: Path | None = None) -> Config:
    """Return the configuration: of ``--config``, else of MMRA_CONFIG, else of ``./mmra.toml``, else an empty one.

    Raises InputError naming the file and the entry for anything that is wrong with it.
    """
    named = chosen or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    path = named or FILE
    # Only the usual place may be empty: a file that somebody names must be there.
    if named is None and not path.is_file():
        return Config()
    raw = _read(path)
    # All problems are collected before any is told, so that a file is mended in one go.
    problems = [*_find_problems(raw)]
    services, limits, prices = {**PROVIDERS}, dict[str, RateLimits](), dict[str, TokenPrice]()
    for section, name, entry in _list_entries(raw):
        try:
            if section == "services":
                services[name] = _read_service(name, entry)
            elif section == "limits":
                limits[name] = msgspec.convert(entry, RateLimits)
            else:
                prices[name] = msgspec.convert(entry, TokenPrice)
        except (msgspec.ValidationError, InputError) as error:
            problems.append(f"{name_table(section, name)}: {explain(str(error), entry)}")
    problems += _find_unknown_names({"limits": limits, "prices": prices}, services)
    if problems:
        raise InputError(
            f"the configuration {str(path)!r} cannot be used:"
            + "".join(f"\n  {each}" for each in sorted(set(problems)))  # sorted: each begins with the name of its table
        )
    return Config(services=services, limits=limits, prices=prices)


def _read(path: Path) -> dict[str, Any]:
    try:
        return cast("dict[str, Any]", msgspec.toml.decode(path.read_bytes().decode()))
    except OSError as error:
        raise InputError(f"cannot read the configuration {str(path)!r}: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"the configuration {str(path)!r} cannot be used: {error}") from error


def _list_entries(raw: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield section, name and fields of every table that can be read, the fields by their names of today."""
    for section in SECTIONS:
        entries = raw.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict):
                yield section, name, _rename_earlier(entry)


def _read_service(name: str, entry: dict[str, Any]) -> Service:
    """Return a service of the user's: new, or a known one with fields of their own."""
    # As plain data, so that the fields of the file are laid over them, and the whole is checked at once.
    known: dict[str, Any] = msgspec.to_builtins(PROVIDERS[name]) if name in PROVIDERS else {}
    if not known and "base_url" not in entry:
        raise InputError(f"a new service needs base_url{suggest(name, PROVIDERS)}")
    images = entry.get("images", {})
    # Anything else is left as it is: msgspec rejects it below, and says why.
    if isinstance(images, dict):
        images = {**known.get("images", {}), **images}
    service = msgspec.convert({**known, **entry, "images": images}, Service)
    for field_name, wire in (("wire", service.wire), ("compatible", service.compatible)):
        if wire and wire not in WIRES:
            raise InputError(f"{field_name}: unknown wire format {wire!r}{list_known(wire, WIRES)}")
    _check_formats(service.images.formats)
    _check_names(service)
    check_template(service.base_url)
    # Apart, because `_check_entry` sees numbers, but no numbers within a list.
    if min(service.images.many_images or (1, 1)) < 1:
        raise InputError("images.many_images: give two numbers above 0, images and pixels")
    # An address of the file is meant more than one of the environment.
    moved = "base_url" in entry and "address_variable" not in entry
    return replace(service, address_variable="") if moved else service


def _rename_earlier(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a table with the names of today: a file that was written for an earlier version says what it said."""
    images = entry.get("images")
    if not isinstance(images, dict) or "crowd" not in images:
        return entry
    return {**entry, "images": {{"crowd": "many_images"}.get(name, name): value for name, value in images.items()}}


def _check_names(service: Service) -> None:
    named = {"key_variables": service.key_variables, "address_variable": (service.address_variable or "X",)}
    # The message repeats no value: what is no name may be a key. X stands for no name given, and passes.
    for place, variables in named.items():
        if not all(re.fullmatch(r"[A-Za-z_]\w*", variable) for variable in variables):
            raise InputError(f"{place}: name an environment variable, and never write a key here")
    params = map_names() if service.renamed else {}
    for old, new in service.renamed.items():
        if old not in params:
            raise InputError(f"renamed: no flag brings a field {old!r}")
        # The new name may be another name of the same parameter, but not of another one.
        taken = params.get(new, params[old]) != params[old] or list(service.renamed.values()).count(new) > 1
        if taken or new in {"model", "messages", "input", "contents"}:  # the frame's own fields: no flag fills them
            raise InputError(f"renamed: {old!r} cannot be sent as {new!r}: another field has that name")


def _check_formats(formats: Sequence[str]) -> None:
    known = [media_type.removeprefix("image/") for media_type in EXTENSIONS]
    if unknown := [name for name in formats if name not in known]:
        raise InputError(f"images.formats: unknown {unknown[0]!r}{list_known(unknown[0].casefold(), known)}")
    if "jpeg" not in formats:
        raise InputError("images.formats: name jpeg too, it is what images are converted to")


# A model may be free, so a price may be 0; a limit of 0 would wait for ever.
SECTIONS: Mapping[str, tuple[type, str]] = {
    "services": (Service, "above 0"),
    "limits": (RateLimits, "above 0"),
    "prices": (TokenPrice, "from 0"),
}


def _find_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the types do not say: names that nothing reads, and numbers that cannot be meant."""
    for section, entries in raw.items():
        if section not in SECTIONS:
            yield f"{name_table(section)}: unknown{list_known(section, SECTIONS)}"
        elif not isinstance(entries, dict):
            yield f"{section} = {entries!r}; give tables, as {name_table(section, 'openai')}"
        else:
            wrong = {name: entry for name, entry in entries.items() if not isinstance(entry, dict)}
            yield from (f"{name_table(section)}: {name} = {entry!r}; give a table" for name, entry in wrong.items())
    for section, name, entry in _list_entries(raw):
        kind, least = SECTIONS[section]
        yield from _check_entry(name_table(section, name), entry, kind, least)
        if section == "services":
            images = entry.get("images")
            yield from _check_entry(name_table(section, name, "images"), images, ImageLimits, least)
            # Above all no slash: the first one in SERVICE/ID ends the name of the service.
            if not re.fullmatch(r"[\w.-]+", name):
                yield f"{name_table(section, name)}: name it with letters, digits and . _ -"
            if name == Baseline.service:
                yield f"{name_table(section, name)}: the name is taken"


def _check_entry(place: str, entry: object, kind: type, least: str) -> Iterator[str]:
    known = [each.name for each in fields(kind)]
    for name, value in entry.items() if isinstance(entry, dict) else ():
        if name not in known:
            yield f"{place}: unknown {name!r}{list_known(name, known)}"
        elif (
            isinstance(value, int | float)
            and not isinstance(value, bool)  # True and False are whole numbers to Python
            and not (0 <= value < math.inf and (value or least == "from 0"))
        ):
            yield f"{place}: {name} = {value!r}; give a number {least}"


def _find_unknown_names(sections: Mapping[str, Iterable[str]], services: Mapping[str, Service]) -> Iterator[str]:
    for section, names in sections.items():
        for name in names:
            service = name.partition("/")[0]
            if service not in services:
                yield f"{name_table(section, name)}: unknown service {service!r}{list_known(service, services)}"
            if section == "prices" and "/" not in name:
                yield f"{name_table(section, name)}: name a model as SERVICE/ID"
