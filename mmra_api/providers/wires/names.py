"""The name of a field, in whatever letters a service or a user writes it → the parameter that it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from mmra_api.providers.wires.fields import name_params
from mmra_api.providers.wires.registry import WIRES, load_wire

ALIASES: Mapping[str, str] = {
    "max_completion_tokens": "max_tokens",  # chat completions at OpenAI and others, see PROVIDERS
    "random_seed": "seed",  # Mistral
}
"""Names that stand in no format's table, because only some services use them: in what they take, or in their errors."""


def map_names() -> dict[str, str]:
    """Return every name of a field, in snake case, of whatever format, and the parameter that it is.

    Not remembered, so that a table can be changed; it takes some 0.1 ms.
    """
    fields = [field for name in WIRES for field in load_wire(name).FIELDS]
    return name_params(replace(field, path=to_snake(field.path)) for field in fields) | dict(ALIASES)


def to_snake(name: str) -> str:
    """Return a field's name in snake case: Google's formats take and name theirs in either."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def list_budgets(body: Mapping[str, Any], names: Collection[str] = ()) -> list[int]:
    """Return the output budgets of a body, at its top or in an object of settings there; ``names``: further ones."""
    known = {name for name, param in map_names().items() if param == "max_tokens"}
    # ``metadata`` is the user's own and means nothing to the service, whatever its fields are called.
    settings = [body, *(item for name, item in body.items() if isinstance(item, dict) and name != "metadata")]
    found = [value for fields in settings for name, value in fields.items() if to_snake(name) in known or name in names]
    return [value for value in found if isinstance(value, int) and not isinstance(value, bool)]
