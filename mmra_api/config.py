"""``mmra.toml`` → the user's own limits and prices, by service or model."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import msgspec

from mmra_api.errors import InputError
from mmra_api.providers import PROVIDERS
from mmra_api.types import RateLimits, TokenPrice

FILE = Path("mmra.toml")
VARIABLE = "MMRA_CONFIG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What stands in the file. Names are ``SERVICE`` (limits only) or ``SERVICE/ID``."""

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
        text = path.read_bytes().decode()
        raw = msgspec.toml.decode(text)
        config = msgspec.convert(raw, Config)
    except OSError as error:
        raise InputError(f"cannot read the configuration {str(path)!r}: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"the configuration {str(path)!r} cannot be used: {error}") from error
    problems = _find_problems(raw, config)
    if problems:
        raise InputError(
            f"the configuration {str(path)!r} cannot be used:" + "".join(f"\n  {each}" for each in problems)
        )
    return config


def _find_problems(raw: dict[str, dict[str, dict[str, object]]], config: Config) -> list[str]:
    """Return what the types do not say: names that nothing reads, and numbers that cannot be meant."""
    found = [f"[{name}]: unknown; there are [limits] and [prices]" for name in raw.keys() - {"limits", "prices"}]
    for section, kind, least in (("limits", RateLimits, "above 0"), ("prices", TokenPrice, "from 0")):
        known = [each.name for each in fields(kind)]
        for name, entry in raw.get(section, {}).items():
            place = f'[{section}."{name}"]'
            found += [f"{place}: unknown {each!r}; there are {', '.join(known)}" for each in entry.keys() - set(known)]
            found += [
                f"{place}: {each} = {number!r}; give a number {least}"
                for each, number in entry.items()
                if isinstance(number, int | float) and not (0 <= number < math.inf and (number or section == "prices"))
            ]
    for section, names in (("limits", config.limits), ("prices", config.prices)):
        unknown = [name for name in names if name.partition("/")[0] not in PROVIDERS]
        found += [f'[{section}."{name}"]: unknown service; there are {", ".join(PROVIDERS)}' for name in unknown]
    found += [f'[prices."{name}"]: name a model as SERVICE/ID' for name in config.prices if "/" not in name]
    return sorted(found)
