"""What is wrong with a table of ``mmra.toml`` → words for whoever wrote it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text in quotes",
    "bool": "true or false",
    "array": 'a list, as ["…"]',
    "object": "a table",
}
"""What the types of fields are to whoever writes the file."""


def name_table(*names: str) -> str:
    """Return the header of a table, quoted where TOML needs it."""
    return f"[{'.'.join(name if re.fullmatch(r'[A-Za-z0-9_-]+', name) else json.dumps(name) for name in names)}]"


def explain(said: str, entry: Mapping[str, Any]) -> str:
    """Return what a field must be and is, out of what msgspec says of it; anything else as it is."""
    if missing := re.match(r"Object missing required field `(\w+)`", said):
        return f"{missing[1]} is missing"
    # msgspec says what is wrong only in words, so its words are taken apart.
    match = re.match(r"Expected `([^`]+)`(?: of length (\d+))?.*?(?: - at `\$\.?(.*)`)?$", said)
    if match is None:
        return said
    # TOML has no null, so nobody could write it.
    wanted, length, place = match[1].removesuffix(" | null"), match[2], match[3] or ""
    value: Any = entry
    for step in re.findall(r"\w+", place):
        value = value[int(step) if step.isdigit() else step] if isinstance(value, dict | list) else value
    need = " or ".join(WORDS.get(kind, kind) for kind in wanted.split(" | "))
    given = "" if place.startswith("key_variables") else f" = {value!r}"  # somebody may have put a key there
    return f"{place}{given}; give {need}" + (f" of {length} items" if length else "")
