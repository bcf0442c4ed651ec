"""Fields of the user's own, by ``--extra`` → a body that holds them too, and nothing twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmra_api.errors import InputError
from mmra_api.providers.wires.body import Body
from mmra_api.providers.wires.names import map_names, to_snake

SPLITTING = ("stream", "background", "n", "candidateCount", "candidate_count")
"""Fields that would bring something else than one whole reply."""
SETTINGS = {"", "generationConfig.", "generation_config."}
"""Where they mean it: at the top of a body, or in Google's object of settings. Deeper, ``n`` may be anything."""


def merge_extra(body: Body, extra: Mapping[str, Any]) -> Body:
    """Return a body with the user's own fields. Raises InputError for a field that the body has already."""
    return _merge(body, extra, map_names(), "")


def _merge(body: Body, extra: Mapping[str, Any], params: Mapping[str, str], place: str) -> Body:
    merged = dict(body)
    for name, value in extra.items():
        _check_whole(name, value, place)
        twin = next((other for other in merged if _means_same(other, name, params)), None)
        if twin == name and isinstance(value, dict) and isinstance(merged[name], dict):
            merged[name] = _merge(merged[name], value, params, f"{place}{name}.")
        elif twin is not None:
            called = "" if twin == name else f", as {twin!r}"
            raise InputError(
                f"--extra {place}{name}: the body has it already{called}; use the flag for it, if there is one"
            )
        else:
            merged[name] = value
    return merged


def _check_whole(name: str, value: Any, place: str) -> None:
    """Raise InputError for a field that would bring something else than one whole reply."""
    if isinstance(value, dict) and to_snake(name) == "generation_config":
        for inner, deeper in value.items():
            _check_whole(inner, deeper, f"{place}{name}.")
    elif name in SPLITTING and place in SETTINGS and (value is True or value not in (None, False, 1)):
        # ``value is True`` by itself, because True == 1 in Python, and one reply is fine.
        raise InputError(f"--extra {place}{name}: one whole reply is read: leave it out; --trials asks several times")


def _means_same(one: str, other: str, params: Mapping[str, str]) -> bool:
    """Return whether two fields are the same in other letters, or of the same parameter under another name."""
    snake, twin = to_snake(one), to_snake(other)
    return snake == twin or (snake in params and params[snake] == params.get(twin))
