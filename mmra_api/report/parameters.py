"""Params → the parameters that were set, in words, so that runs which differ in them look different."""

from __future__ import annotations

import json

from mmra_api.types import Params

SHOWN = 40
"""Characters of a text that are shown in a line of several facts."""


def describe_params(params: Params, *, shown: int = SHOWN) -> list[str]:
    """Return what was asked for, one parameter each; what was left to the service is not in it."""
    named = {
        "max tokens": params.max_tokens,
        "temperature": params.temperature,
        "top-p": params.top_p,
        "effort": params.effort,
        "thinking budget": params.thinking_budget,
        # As a text, because a seed is a name: commas at its thousands would change what one copies.
        "seed": None if params.seed is None else str(params.seed),
        "detail": params.image_detail,
        "logprobs": params.logprobs,
    }
    return [
        *(f"{name} {_write(value)}" for name, value in named.items() if value is not None),
        *(f"stop {_shorten(text, shown)!r}" for text in params.stop),
        *([f"system {_shorten(params.system, shown)!r}"] if params.system else []),
        *(f"{name}={_shorten(json.dumps(value, ensure_ascii=False), shown)}" for name, value in params.extra.items()),
    ]


def _write(value: float | str) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else value


def _shorten(text: str, shown: int) -> str:
    return text if len(text) <= shown else f"{text[: shown - 1]}…"
