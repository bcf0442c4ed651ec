"""An Image → the text that stands for it in a body: base64 of what is sent, or its fingerprint for the cache key."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from mmra_api.errors import CallError, DataError
from mmra_api.images.convert import convert
from mmra_api.types import Image


def read_bytes(image: Image) -> bytes:
    """Return the original bytes; raises DataError when the file is gone or is no longer the one that was prepared."""
    try:
        data = Path(image.path).read_bytes()
    except OSError as error:
        raise DataError(f"cannot read the image {image.path!r}: {error.strerror}; has the data set moved?") from error
    # At every read: the digest stands in the cache key, and a reply must not be stored under another image's.
    if hashlib.sha256(data).hexdigest() != image.digest:
        raise DataError(
            f"the image {image.path!r} has changed since the data set was prepared; the next run prepares it again"
        )
    return data


def embed_bytes(image: Image) -> str:
    """Return what is sent of the image as base64, for the wire.

    Raises DataError where it is not what it was, CallError of kind ``data`` where it cannot be converted.
    """
    data = read_bytes(image)
    if image.fit is not None:
        try:
            data = convert(data, image.fit)
        except Exception as error:  # decoders raise whatever they stumble over; it is one bad image
            raise CallError("data", f"the image {image.path!r} cannot be converted: {error}") from error
    # msgspec makes the standard's base64, as a text at once: half the time of ``b64encode`` and ``decode``, which were
    # the largest part of what a call computes.
    return str(msgspec.to_builtins(data))


def embed_fingerprint(image: Image) -> str:
    """Return the image's fingerprint, for the cache key. Never touches the bytes."""
    if image.fit is None:
        return f"sha256:{image.digest}"
    fit = image.fit
    # ``fit2`` names the rule of ``convert``: where that gives other bytes for the same plan, the number goes up.
    return f"sha256:{image.digest};fit2;{fit.media_type};{fit.width}x{fit.height};{fit.max_bytes or ''}"
