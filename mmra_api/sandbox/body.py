"""The bytes of a body in, a checked Struct out; what does not fit is a Rejection that names the place."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from mmra_api.sandbox.wire import Rejection

T = TypeVar("T")


def decode(body: bytes, shape: type[T]) -> T:
    """The body as a ``shape``. Raises Rejection."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise _misfit(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise reject(f"the body is not valid JSON: {error}", None) from None


def check(raw: Any, shape: type[T]) -> T:
    """Plain lists, dicts and values as a ``shape``. Raises Rejection."""
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise _misfit(error) from None


def reject(message: str, param: str | None) -> Rejection:
    """A body that the service turns down; ``param`` is the place in it."""
    return Rejection("bad_request", message, param=param)


def _misfit(error: msgspec.ValidationError) -> Rejection:
    place = re.search(r" - at `\$\.?(.*)`$", str(error))
    return reject(str(error), place[1] if place else None)
