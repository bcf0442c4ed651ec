"""``mmra.toml`` → the user's own services, and limits and prices by service or model."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import msgspec

from mmra_api.errors import InputError
from mmra_api.fitting import ImageLimits
from mmra_api.images import EXTENSIONS
from mmra_api.providers import PROVIDERS, Service, list_wires
from mmra_api.providers.baseline import Baseline
from mmra_api.providers.parameters import FLAGS
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
    if named is None and not path.is_file():
        return Config()
    try:
        raw = msgspec.toml.decode(path.read_bytes().decode())
        problems = _find_problems(raw)
        config = msgspec.convert({**raw, "services": {}}, Config) if not problems else Config()
        entries = msgspec.convert(raw.get("services", {}), dict[str, dict[str, Any]])
    except OSError as error:
        raise InputError(f"cannot read the configuration {str(path)!r}: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"the configuration {str(path)!r} cannot be used: {error}") from error
    services = {**PROVIDERS}
    for name, entry in () if problems else entries.items():
        try:
            services[name] = _read_service(name, entry)
        except msgspec.ValidationError as error:
            problems.append(f"[services.{name}]: {error}")
    problems += _find_unknown_names(config, services)
    if problems:
        raise InputError(
            f"the configuration {str(path)!r} cannot be used:" + "".join(f"\n  {each}" for each in sorted(problems))
        )
    return replace(config, services=services)


def _read_service(name: str, entry: dict[str, Any]) -> Service:
    """Return a service of the user's: new, or a known one with fields of their own."""
    known: dict[str, Any] = msgspec.to_builtins(PROVIDERS[name]) if name in PROVIDERS else {}
    images = entry.get("images", {})
    if isinstance(images, dict):
        images = {**known.get("images", {}), **images}
    service = msgspec.convert({**known, **entry, "images": images}, Service)
    for wire in filter(None, (service.wire, service.compatible)):
        if wire not in list_wires():
            raise msgspec.ValidationError(f"unknown wire format {wire!r}; there are {', '.join(list_wires())}")
    _check_formats(service.images.formats)
    _check_names(service)
    if min(service.images.crowd or (1, 1)) < 1:
        raise msgspec.ValidationError("images.crowd: give two numbers above 0, images and pixels")
    # An address of the file is meant more than one of the environment.
    moved = "base_url" in entry and "address_variable" not in entry
    return replace(service, address_variable="") if moved else service


def _check_names(service: Service) -> None:
    for variable in (*service.key_variables, *filter(None, [service.address_variable])):
        if not re.fullmatch(r"[A-Za-z_]\w*", variable):
            raise msgspec.ValidationError("key_variables: name environment variables, and never write a key here")
    if "@" in service.base_url:
        raise msgspec.ValidationError("base_url: no user name and no password; secrets go into the environment")
    if unknown := service.renamed.keys() - FLAGS.keys():
        raise msgspec.ValidationError(f"renamed: no field {min(unknown)!r} is sent")
    taken = [*service.renamed.values(), *(FLAGS.keys() - service.renamed.keys() - set(service.renamed.values()))]
    if len(set(taken)) < len(taken) or {"model", "messages", "input", "contents"} & set(taken):
        raise msgspec.ValidationError("renamed: two fields would have the same name")


def _check_formats(formats: Sequence[str]) -> None:
    known = [media_type.removeprefix("image/") for media_type in EXTENSIONS]
    if unknown := [name for name in formats if name not in known]:
        raise msgspec.ValidationError(f"images.formats: unknown {unknown[0]!r}; there are {', '.join(known)}")
    if "jpeg" not in formats:
        raise msgspec.ValidationError("images.formats: name jpeg too, it is what images are converted to")


SECTIONS: Mapping[str, tuple[type, str]] = {
    "services": (Service, "above 0"),
    "limits": (RateLimits, "above 0"),
    "prices": (TokenPrice, "from 0"),
}


def _find_problems(raw: Mapping[str, Any]) -> list[str]:
    """Return what the types do not say: names that nothing reads, and numbers that cannot be meant."""
    known = ", ".join(f"[{name}]" for name in SECTIONS)
    found = [f"[{name}]: unknown; there are {known}" for name in raw.keys() - SECTIONS.keys()]
    for section, (kind, least) in SECTIONS.items():
        entries = raw.get(section, {})
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            found += _check_entry(f'[{section}."{name}"]', entry, kind, least)
            images = entry.get("images") if section == "services" and isinstance(entry, dict) else None
            found += _check_entry(f'[{section}."{name}".images]', images or {}, ImageLimits, least)
            if section == "services" and not re.fullmatch(r"[\w.-]+", name):
                found.append(f'[services."{name}"]: name it with letters, digits and . _ -')
            if section == "services" and name == Baseline.service:
                found.append(f"[services.{name}]: the name is taken")
    return found


def _check_entry(place: str, entry: object, kind: type, least: str) -> list[str]:
    known = [each.name for each in fields(kind)]
    given = entry if isinstance(entry, dict) else {}
    found = [f"{place}: unknown {each!r}; there are {', '.join(known)}" for each in given.keys() - set(known)]
    return found + [
        f"{place}: {each} = {number!r}; give a number {least}"
        for each, number in given.items()
        if isinstance(number, int | float) and not isinstance(number, bool)
        if not (0 <= number < math.inf and (number or least == "from 0"))
    ]


def _find_unknown_names(config: Config, services: Mapping[str, Service]) -> list[str]:
    found = []
    for section, names in (("limits", config.limits), ("prices", config.prices)):
        unknown = [name for name in names if name.partition("/")[0] not in services]
        found += [f'[{section}."{name}"]: unknown service; there are {", ".join(services)}' for name in unknown]
    return found + [f'[prices."{name}"]: name a model as SERVICE/ID' for name in config.prices if "/" not in name]
