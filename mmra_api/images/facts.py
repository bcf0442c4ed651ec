"""Image bytes → the facts about them that plans and cache keys are made of: digest, media type, pixels, feature.

Pillow looks at an image once, when its data set is prepared, and again only where it has to be changed (``convert``).
"""

from __future__ import annotations

import hashlib
import warnings

from mmra_api.images.decode import explain, find_feature, open_picture, read_orientation
from mmra_api.types import Image

EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "image/avif": ".avif",
    "image/heif": ".heic",
    "image/jp2": ".jp2",
    "image/x-portable-anymap": ".ppm",
}
"""The media types that can be read, and the file name extension of each."""
# Names of Pillow for kinds of a format that services know by one name.
SAME = {"image/mpo": "image/jpeg", "image/heic": "image/heif", "image/jpx": "image/jp2"}
"""MPO is a JPEG that holds a second picture after the first, and services read the first."""


def inspect_image(data: bytes, *, path: str = "") -> Image:
    """Return the facts about an encoded image, after decoding it once to be sure that it is whole.

    Width and height are those that a viewer shows, turned as EXIF says. Raises ValueError with the reason when the
    bytes are not a whole image in a known format; a PNG must have its end and right checksums, as strict decoders ask.
    """
    with warnings.catch_warnings(action="ignore"):  # a large image is no reason for a warning, only a bomb is refused
        try:
            media_type, (width, height), feature = _decode(data)
        except MemoryError:  # this machine's fault, not the image's
            raise
        except Exception as error:  # decoders raise whatever they stumble over; it is one bad image
            raise ValueError(f"not a readable image: {explain(error, data)}") from error
    digest = hashlib.sha256(data).hexdigest()
    return Image(
        digest=digest, media_type=media_type, width=width, height=height, size=len(data), feature=feature, path=path
    )


def _decode(data: bytes) -> tuple[str, tuple[int, int], str]:
    """Return the media type, the sides in pixels as a viewer shows them, and the feature."""
    import PIL.Image

    with open_picture(data) as picture:
        named = PIL.Image.MIME.get(picture.format or "", f"image/{(picture.format or 'unknown').lower()}")
        width, height = picture.size
        if min(width, height) < 1:
            raise ValueError("it has no pixels")
        if picture.format == "PNG":
            with open_picture(data) as whole:
                whole.verify()  # compares checksums, which decoding does not; it uses the picture up, so on another
        feature = find_feature(picture, data)  # before decoding, which changes the mode
        picture.draft("L", (64, 64))  # a scaled JPEG decode reads every byte, at a fraction of the cost
        picture.load()
        sides = (height, width) if read_orientation(picture) > 4 else (width, height)
    return SAME.get(named, named), sides, feature
