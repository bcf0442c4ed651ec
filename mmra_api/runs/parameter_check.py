"""Parameters → the body that goes out with them, empty of any question: to be checked, and recorded in run.json."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from mmra_api.errors import InputError
from mmra_api.prompt import SHOWS_IMAGES
from mmra_api.providers import Provider
from mmra_api.providers.wires import CHAT, name_wire
from mmra_api.types import Image, Params, Request, Setting

RESPONSES = "openai_responses"
EMPTY = Request(parts=("", Image(digest="", media_type="image/png", width=1, height=1, size=0)))
"""An empty text and an empty image: what goes out beside them is the same for every sample."""


def write_empty_body(provider: Provider, params: Params, settings: Collection[Setting]) -> dict[str, Any]:
    """Return the body as it goes out, with an empty text and, where images are shown, one empty image."""
    if not provider.path:
        return {}
    parts = EMPTY.parts if SHOWS_IMAGES.intersection(settings) else EMPTY.parts[:1]
    return provider.encode(replace(EMPTY, parts=parts, params=params), lambda _: "")


def check_params(provider: Provider, params: Params, connect: Callable[[str], Provider]) -> None:
    """Raise InputError for a parameter that the wire format has no place for.

    ``connect`` returns the same model in another format, which is named where it has one.
    """
    try:
        write_empty_body(provider, params, ())
    except InputError as error:
        # Only Responses, because it is what a service speaks unasked that offers chat completions as well.
        flags = replace(params, extra={})  # what is wrong with --extra is no matter of the format
        if name_wire(provider.path) == RESPONSES and not _takes(provider, flags) and _takes(connect(CHAT), flags):
            raise InputError(f"{error}, or give --wire {CHAT}, a format that takes it") from error
        raise


def _takes(provider: Provider, params: Params) -> bool:
    try:
        write_empty_body(provider, params, ())
    except InputError:
        return False
    return True
