"""The bytes of a body in, a checked Struct out; what does not fit is a Rejection that names the place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import msgspec

from mmra_api.sandbox.wire import Rejection

T = TypeVar("T")
RefuseUnknown: TypeAlias = Callable[[str, str], Rejection]
"""The name of a field that the service does not know and the place that holds it to the service's own words."""
RefuseMisfit: TypeAlias = Callable[[str, str], Rejection]
"""What msgspec says of a value and its place to the service's own words."""
UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`")


def decode(
    body: bytes,
    shape: type[T],
    refuse_unknown: RefuseUnknown | None = None,
    refuse_misfit: RefuseMisfit | None = None,
) -> T:
    """The body as a ``shape``. Raises Rejection."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise _misfit(error, refuse_unknown, refuse_misfit) from None
    # Behind ValidationError, which is a DecodeError too. Bytes that are no UTF-8 raise an error of Python's own.
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise reject(f"the body is not valid JSON: {error}", None) from None


def check(
    raw: Any,
    shape: type[T],
    refuse_unknown: RefuseUnknown | None = None,
    refuse_misfit: RefuseMisfit | None = None,
) -> T:
    """Plain lists, dicts and values as a ``shape``. Raises Rejection."""
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise _misfit(error, refuse_unknown, refuse_misfit) from None


def reject(message: str, param: str | None) -> Rejection:
    """A body that the service turns down; ``param`` is the place in it."""
    return Rejection("bad_request", message, param=param)


def _misfit(
    error: msgspec.ValidationError, refuse_unknown: RefuseUnknown | None, refuse_misfit: RefuseMisfit | None
) -> Rejection:
    # The message ends in its place, with `$` for the body: `$.a.b`, `$[0]`, or nothing for the body itself. So the dot
    # may be missing.
    place = re.search(r" - at `\$\.?(.*)`$", str(error))
    unknown = UNKNOWN.match(str(error))
    if unknown and refuse_unknown:
        return refuse_unknown(unknown[1], place[1] if place else "")
    # The place is cut off: each service writes it in its own way, and in another spot of the sentence.
    if refuse_misfit:
        return refuse_misfit(str(error).partition(" - at `$")[0], place[1] if place else "")
    return reject(str(error), place[1] if place else None)
