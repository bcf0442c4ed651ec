"""Image bytes → facts about them (digest, media type, pixels), and an Image → the text that goes on the wire.

Images go out byte for byte as they lie in the data set, unless ``fitting`` has planned otherwise. Pillow looks at them
once, when a data set is prepared, and again only for those that are changed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import math
import warnings
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from mmra_api.errors import DataError
from mmra_api.types import Fit, Image

if TYPE_CHECKING:
    import PIL.Image

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
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "DIB", "PPM", "WEBP", "TIFF", "AVIF", "JPEG2000")
"""Pillow's names for them. No others: Pillow decodes some formats by starting other programs."""
SAME = {"image/mpo": "image/jpeg", "image/heic": "image/heif", "image/jpx": "image/jp2"}
"""MPO is a JPEG that holds a second picture after the first, and services read the first."""
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
QUALITIES = (95, 85, 75, 60, 40, 20)
"""Of JPEG, tried in turn."""
MAX_PROFILE = 65_536
"""Bytes of a colour profile that is carried over; those of cameras and screens take a few thousand."""
ORIENTATION = 0x0112
"""The EXIF tag that says how a viewer turns a picture."""
SIXTEEN = {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}
"""Pillow's modes of more than 8 bits."""


_CONVERTING = Lock()
"""One conversion at a time: the warnings that Pillow gives are switched off for the whole process."""


def inspect_image(data: bytes, *, path: str = "") -> Image:
    """Return the facts about an encoded image, after decoding it once to be sure that it is whole.

    Raises ValueError with the reason when the bytes are not a whole image in a known format.
    """
    import PIL.Image  # Pillow takes 60 ms to import; a warm run never inspects an image

    broken = (OSError, ValueError, SyntaxError, EOFError, PIL.Image.DecompressionBombError)
    with warnings.catch_warnings(action="ignore"):  # a large image is no reason for a warning, only a bomb is refused
        try:
            picture = _open(data)
        except broken as error:
            reason = error if isinstance(error, PIL.Image.DecompressionBombError) else _guess_reason(data)
            raise ValueError(f"not a readable image: {reason}") from error
        with picture:
            named = PIL.Image.MIME.get(picture.format or "", f"image/{(picture.format or 'unknown').lower()}")
            media_type = SAME.get(named, named)
            width, height = picture.size
            oddity = _find_oddity(picture, data)
            try:
                picture.draft("L", (64, 64))  # a scaled JPEG decode reads every byte, at a fraction of the cost
                picture.load()
            except broken as error:
                raise ValueError(f"not a readable image: {error}") from error
    digest = hashlib.sha256(data).hexdigest()
    return Image(
        digest=digest, media_type=media_type, width=width, height=height, size=len(data), oddity=oddity, path=path
    )


def _open(data: bytes) -> PIL.Image.Image:
    import PIL.Image

    if _is_heif(data):
        with suppress(ImportError):
            import pillow_heif

            pillow_heif.register_heif_opener()
            return PIL.Image.open(io.BytesIO(data), formats=["HEIF"])
    return PIL.Image.open(io.BytesIO(data), formats=FORMATS)


def _is_heif(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS


def _guess_reason(data: bytes) -> str:
    if _is_heif(data):
        return "HEIC needs a package: pip install pillow-heif"
    return "its format is unknown; convert it to PNG or JPEG" if data else "it has no bytes"


def _find_oddity(picture: PIL.Image.Image, data: bytes) -> str:
    if picture.format not in {"MPO", "TIFF"} and getattr(picture, "is_animated", False):
        return "animated"
    if picture.mode == "CMYK":
        return "CMYK"
    deep_png = picture.format == "PNG" and data[24:25] == b"\x10"  # the bit depth in its header; Pillow hides it
    return "16-bit" if deep_png or picture.mode in SIXTEEN else ""


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


def convert(data: bytes, fit: Fit) -> bytes:
    """Return an image as a JPEG or PNG of the planned size. The same bytes and Pillow version give the same result.

    The rule: the first frame; transparent parts on white; 8 bits a channel, grey or sRGB; scaled by Lanczos' filter;
    JPEG at quality 95, or at the first lower one that keeps ``max_bytes``. The orientation tag and an RGB profile are
    carried over, all other metadata is left out.
    """
    with _CONVERTING, warnings.catch_warnings(action="ignore"), _open(data) as picture:
        picture.load()
        kept = _keep_metadata(picture)
        plain = _to_8_bit(picture)
        if plain.size != (fit.width, fit.height):
            plain = plain.resize((fit.width, fit.height), resample=1)  # PIL.Image.Resampling.LANCZOS
        if fit.media_type == "image/png":
            return _save(plain, "PNG", optimize=False, **kept)
        for metadata in (kept, {}):  # a profile alone can be too large
            for quality in QUALITIES:
                coded = _save(plain, "JPEG", quality=quality, **metadata)
                if fit.max_bytes is None or len(coded) <= fit.max_bytes:
                    return coded
        raise ValueError(f"it cannot be kept under {fit.max_bytes:,} bytes")


def _keep_metadata(picture: PIL.Image.Image) -> dict[str, bytes]:
    import PIL.Image

    kept = {}
    try:
        turned = picture.getexif().get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - unreadable metadata raise whatever their parser stumbles over
        turned = 1
    if turned in range(2, 9):
        exif = PIL.Image.Exif()
        exif[ORIENTATION] = turned
        kept["exif"] = exif.tobytes()
    profile = picture.info.get("icc_profile") or b""
    if 0 < len(profile) <= MAX_PROFILE and picture.mode in {"RGB", "RGBA", "P"}:
        kept["icc_profile"] = profile
    return kept


def _to_8_bit(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Return the picture in mode L or RGB."""
    import PIL.Image

    if picture.mode in SIXTEEN:
        return _scale_to_8_bit(picture)
    if picture.mode == "CMYK":
        return _mix_inks(picture)
    if picture.mode in {"L", "RGB"} and "transparency" not in picture.info:
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    painted = picture.convert("RGBA")
    ground = PIL.Image.new("RGBA", painted.size, "white")
    return PIL.Image.alpha_composite(ground, painted).convert("RGB")


def _scale_to_8_bit(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Scale 16 bits by 1/256, and other numbers from their range: Pillow itself would cut them off at 255."""
    deep = picture.convert("F")
    low, high = (float(str(number)) for number in deep.getextrema())
    if picture.mode.startswith("I;16") or (picture.mode == "I" and low >= 0 and 255 < high < 65536):
        low, high = 0.0, 255.0 * 256
    if not math.isfinite(high - low):
        raise ValueError("it has values that are no numbers")
    factor = 255 / (high - low) if high > low else 0.0
    return deep.point(lambda value: value * factor - low * factor).convert("L")


def _mix_inks(picture: PIL.Image.Image) -> PIL.Image.Image:
    import PIL.ImageCms

    profile = picture.info.get("icc_profile")
    with suppress(PIL.ImageCms.PyCMSError, OSError, ValueError):
        if profile:
            inks = PIL.ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mixed = PIL.ImageCms.profileToProfile(picture, inks, PIL.ImageCms.createProfile("sRGB"), outputMode="RGB")
            if mixed is not None:
                return mixed
    return picture.convert("RGB")


def _save(picture: PIL.Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def embed_bytes(image: Image) -> str:
    """Return what is sent of the image as base64, for the wire."""
    data = read_bytes(image)
    if image.fit is not None:
        try:
            data = convert(data, image.fit)
        except Exception as error:  # decoders raise whatever they stumble over; it is one bad image
            raise DataError(f"the image {image.path!r} cannot be converted: {error}") from error
    return base64.b64encode(data).decode("ascii")


def embed_fingerprint(image: Image) -> str:
    """Return the image's fingerprint, for the cache key. Never touches the bytes."""
    if image.fit is None:
        return f"sha256:{image.digest}"
    fit = image.fit
    return f"sha256:{image.digest};fit1;{fit.media_type};{fit.width}x{fit.height};{fit.max_bytes or ''}"
