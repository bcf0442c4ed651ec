"""Image bytes and a Fit → the bytes that are sent in their place.

The rule: the first frame; transparent parts on white; 8 bits a channel, grey or RGB; turned upright as EXIF says;
scaled by Lanczos' filter; PNG, or JPEG at quality 95, or at the first lower one that keeps ``max_bytes``. An RGB
profile of usual size is carried over, other colours become sRGB, all other metadata is left out.
"""

from __future__ import annotations

import io
import math
import warnings
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from mmra_api.images.decode import BITS_PER_SAMPLE, SIXTEEN, open_picture, read_orientation
from mmra_api.types import Fit

if TYPE_CHECKING:
    import PIL.Image

QUALITIES = (95, 85, 75, 60, 40, 20)
"""Of JPEG, tried in turn."""
MAX_PROFILE = 4096
"""Bytes of a colour profile that is carried over: those of usual screens and cameras take 500 to 3,200."""
PROFILE_SHARE = 8
"""A profile may take one part in so many of what the image may take."""
PHOTOMETRIC = 262
"""The TIFF tag that says what a sample means; 0: white is zero."""
TURNS = (
    "FLIP_LEFT_RIGHT",
    "ROTATE_180",
    "FLIP_TOP_BOTTOM",
    "TRANSPOSE",
    "ROTATE_270",
    "TRANSVERSE",
    "ROTATE_90",
)
"""What EXIF's orientations 2 to 8 ask for, in Pillow's words."""

_CONVERTING = Lock()
"""One conversion at a time: the warnings that Pillow gives are switched off for the whole process."""


def convert(data: bytes, fit: Fit) -> bytes:
    """Return an image as a JPEG or PNG of the planned size. The same bytes and Pillow version give the same result.

    A JPEG that not even the lowest quality keeps under ``max_bytes`` is sent smaller than planned. Raises ValueError
    where no pixel would be left of it, or for values that are no numbers.
    """
    with _CONVERTING, warnings.catch_warnings(action="ignore"), open_picture(data) as picture:
        width, height = _find_sides(fit, read_orientation(picture))
        picture.draft(None, (2 * width, 2 * height))  # a JPEG may be decoded at a fraction; twice the size is as sharp
        picture.load()
        turn = read_orientation(picture)  # again: in a PNG it may stand after the pixels
        plain = _flatten(_paint(picture, data), _find_sides(fit, turn))
        plain, kept = _settle_colours(plain, picture, fit)
        if turn > 1:
            plain = plain.transpose(_find_turn(turn))
        plain.info = {}  # Pillow's writers would look there for a comment, a profile and transparency
        return _encode(plain, fit, kept)


def _find_sides(fit: Fit, turn: int) -> tuple[int, int]:
    """Return the planned width and height as they are before the turn."""
    return (fit.height, fit.width) if turn > 4 else (fit.width, fit.height)


def _find_turn(turn: int) -> PIL.Image.Transpose:
    import PIL.Image

    return PIL.Image.Transpose[TURNS[turn - 2]]


def _paint(picture: PIL.Image.Image, data: bytes) -> PIL.Image.Image:
    """Return the picture in mode L, LA, RGB or RGBA."""
    key = picture.info.get("transparency")
    if picture.mode in SIXTEEN:
        grey = _scale_to_8_bit(picture)
        return _clear(grey, picture.convert("I"), key, 65536) if isinstance(key, int) else grey
    if picture.mode in {"1", "L"}:
        grey = picture.convert("L")
        step = 255 // (2 ** data[24] - 1) if picture.format == "PNG" else 1  # a PNG's key counts in its own bits
        return _clear(grey, grey, key * step, 256) if isinstance(key, int) else grey
    if picture.mode in {"CMYK", "LAB"}:
        return _mix(picture, picture.info.get("icc_profile")) or picture.convert("RGB")
    deep_png = picture.format == "PNG" and data[24] == 16
    if picture.mode in {"LA", "RGBA"} or (picture.mode == "RGB" and (key is None or deep_png)):
        return picture  # Pillow has but the upper 8 bits of such a PNG's colours; a key of 16 bits would hit others
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _clear(grey: PIL.Image.Image, values: PIL.Image.Image, key: int, count: int) -> PIL.Image.Image:
    """Return a grey picture in mode LA, transparent where the value is the key."""
    import PIL.Image

    return PIL.Image.merge("LA", (grey, values.point([255 * (value != key) for value in range(count)], "L")))


def _flatten(painted: PIL.Image.Image, sides: tuple[int, int]) -> PIL.Image.Image:
    """Return the picture in mode L or RGB, scaled and then laid on white: a large ground would take much memory."""
    import PIL.Image

    if painted.size != sides:
        painted = painted.resize(sides, resample=PIL.Image.Resampling.LANCZOS)  # it weighs colours by their opacity
    opaque = painted.mode.removesuffix("A")
    if opaque == painted.mode:
        return painted
    ground = PIL.Image.new(opaque, sides, "white")
    ground.paste(painted.convert(opaque), mask=painted.getchannel("A"))
    return ground


def _scale_to_8_bit(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Drop the lower ones of 9 to 16 bits, and scale other numbers from their range: Pillow would cut them at 255."""
    import PIL.ImageOps

    tags = getattr(picture, "tag_v2", {})
    whole = picture.mode != "F"
    deep = picture.convert("I") if whole else picture
    low, high = (float(str(number)) for number in deep.getextrema())
    unsigned = picture.mode.startswith("I;16") or picture.format == "PPM"
    if whole and (unsigned or (low >= 0 and 255 < high < 65536)):
        spare = max(0, tags.get(BITS_PER_SAMPLE, (16,))[0] - 8) if picture.mode != "I" else 8
        grey = deep.point([min(255, value >> spare) for value in range(65536)], "L")
    else:
        grey = _scale_from_range(deep.convert("F"), low, high, usual=255 if whole else 1)
    return PIL.ImageOps.invert(grey) if tags.get(PHOTOMETRIC) == 0 else grey


def _scale_from_range(deep: PIL.Image.Image, low: float, high: float, *, usual: int) -> PIL.Image.Image:
    """Scale mode F from the range of its values; a picture of one value has none, and is scaled from 0 to ``usual``."""
    import PIL.ImageMath

    numbers = PIL.ImageMath.lambda_eval(lambda each: each["deep"] == each["deep"], deep=deep)
    if not math.isfinite(high - low) or numbers.getextrema()[0] == 0:  # NaN alone differs from itself
        raise ValueError("it has values that are no numbers")
    if high == low:
        low, high = 0.0, float(usual)
    factor = 255 / (high - low)
    return deep.point(lambda value: value * factor - low * factor).convert("L")


def _settle_colours(
    plain: PIL.Image.Image, picture: PIL.Image.Image, fit: Fit
) -> tuple[PIL.Image.Image, dict[str, bytes]]:
    """Return the picture and the profile to send with it; where that would be too large the colours become sRGB."""
    profile = picture.info.get("icc_profile")
    if not isinstance(profile, bytes) or plain.mode != "RGB" or picture.mode in {"CMYK", "LAB"}:
        return plain, {}
    if profile[16:20] != b"RGB ":  # its header's colour space (ICC.1, 7.2.6)
        return plain, {}
    if len(profile) <= min(MAX_PROFILE, (fit.max_bytes or math.inf) / PROFILE_SHARE):
        return plain, {"icc_profile": profile}
    return _mix(plain, profile) or plain, {}


def _mix(picture: PIL.Image.Image, profile: bytes | None) -> PIL.Image.Image | None:
    """Return CMYK, LAB or RGB as sRGB by its profile; None where it has none, or one that cannot be used."""
    import PIL.ImageCms

    with suppress(PIL.ImageCms.PyCMSError, OSError, ValueError, TypeError):
        if picture.mode == "LAB":
            source = PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile("LAB"))
        elif profile:
            source = PIL.ImageCms.ImageCmsProfile(io.BytesIO(profile))
        else:
            return None
        return PIL.ImageCms.profileToProfile(picture, source, PIL.ImageCms.createProfile("sRGB"), outputMode="RGB")
    return None


def _encode(plain: PIL.Image.Image, fit: Fit, kept: dict[str, bytes]) -> bytes:
    import PIL.Image

    if fit.media_type == "image/png":
        return _save(plain, "PNG", optimize=False, **kept)
    while True:
        for quality in QUALITIES:
            coded = _save(plain, "JPEG", quality=quality, **kept)
            if fit.max_bytes is None or len(coded) <= fit.max_bytes:
                return coded
        if plain.size == (1, 1):
            raise ValueError(f"it cannot be kept under {fit.max_bytes:,} bytes")
        smaller = max(1, plain.width * 3 // 4), max(1, plain.height * 3 // 4)
        plain = plain.resize(smaller, resample=PIL.Image.Resampling.LANCZOS)


def _save(picture: PIL.Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()
