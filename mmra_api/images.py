"""Image bytes → facts about them (digest, media type, pixels), and an Image → the text that goes on the wire.

Images go out byte for byte as they lie in the data set. Pillow only looks at them, once, when a data set is prepared.
"""

from __future__ import annotations

import base64
import hashlib
import io
import warnings
from pathlib import Path

from mmra_api.errors import DataError
from mmra_api.types import Image

EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif"}
"""The media types that the vendors' interfaces take as they are, and the file name extension of each."""


TAKEN = {**{name: name for name in EXTENSIONS}, "image/mpo": "image/jpeg"}
"""What is taken, as what: MPO is a JPEG that holds a second picture after the first, and services read the first."""


def inspect_image(data: bytes, *, path: str = "") -> Image:
    """Return the facts about an encoded image, after decoding it once to be sure that it is whole.

    Raises ValueError with the reason when the bytes are not a whole JPEG, PNG, WebP or GIF image.
    """
    import PIL.Image  # Pillow takes 60 ms to import; a warm run never inspects an image

    broken = (OSError, ValueError, SyntaxError, EOFError, PIL.Image.DecompressionBombError)
    with warnings.catch_warnings(action="ignore"):  # a large image is no reason for a warning, only a bomb is refused
        try:
            picture = PIL.Image.open(io.BytesIO(data))
        except broken as error:
            reason = "its format is unknown" if data else "it has no bytes"
            raise ValueError(f"not a readable image: {reason}") from error
        with picture:
            media_type = PIL.Image.MIME.get(picture.format or "", f"image/{(picture.format or 'unknown').lower()}")
            width, height = picture.size
            if media_type not in TAKEN:  # before it is decoded: Pillow decodes some formats by starting other programs
                raise ValueError(f"{media_type} is not taken by the services; convert it to PNG, JPEG, WebP or GIF")
            try:
                picture.draft("L", (64, 64))  # a scaled JPEG decode reads every byte, at a fraction of the cost
                picture.load()
            except broken as error:
                raise ValueError(f"not a readable image: {error}") from error
    digest = hashlib.sha256(data).hexdigest()
    return Image(digest=digest, media_type=TAKEN[media_type], width=width, height=height, size=len(data), path=path)


def read_bytes(image: Image) -> bytes:
    """Return the original bytes; raises DataError when the file is gone or is no longer the one that was prepared."""
    try:
        data = Path(image.path).read_bytes()
    except OSError as error:
        raise DataError(f"cannot read the image {image.path!r}: {error.strerror}; has the data set moved?") from error
    if hashlib.sha256(data).hexdigest() != image.digest:
        raise DataError(
            f"the image {image.path!r} has changed since the data set was prepared; the next run prepares it again"
        )
    return data


def embed_bytes(image: Image) -> str:
    """Return the image as base64, for the wire."""
    return base64.b64encode(read_bytes(image)).decode("ascii")


def embed_fingerprint(image: Image) -> str:
    """Return the image's fingerprint, for the cache key. Never touches the bytes."""
    return f"sha256:{image.digest}"
