"""Encoded bytes → an open Pillow picture and what services differ in, or the reason why they are no image."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import PIL.Image

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "DIB", "PPM", "WEBP", "TIFF", "AVIF", "JPEG2000")
"""Pillow's names for them. No others: Pillow decodes some formats by starting other programs."""
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
AVIF_BRANDS = {b"avif", b"avis"}
"""A file of the brand mif1 is either; its compatible brands tell (ISO/IEC 23000-22, 7)."""
BEGINNINGS = (
    ("PNG", rb"\x89PNG"),
    ("JPEG", rb"\xff\xd8\xff"),
    ("GIF", rb"GIF8[79]a"),
    ("WebP", rb"RIFF.{4}WEBP"),
    ("TIFF", rb"II[*+]\0|MM\0[*+]"),
    ("BMP", rb"BM.{4}\0\0\0\0"),
    ("AVIF", rb".{4}ftypavi[fs]"),
    ("JPEG 2000", rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"),
    ("PPM", rb"P[1-6fF]\s"),
)
MAX_TEXT = 64 * 2**20
"""Bytes of one compressed text or profile in a PNG. Pillow's own limit of 1 MB refuses what drawing programs save."""
ORIENTATION = 0x0112
"""The EXIF tag that says how a viewer turns a picture."""
SIXTEEN = {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}
"""Pillow's modes of more than 8 bits."""
BITS_PER_SAMPLE = 258
"""Of TIFF."""


def open_picture(data: bytes) -> PIL.Image.Image:
    """Return the picture, not decoded yet. Raises whatever Pillow's readers raise; ``explain`` puts it in words."""
    import PIL.Image  # Pillow takes 60 ms to import; a warm run never opens an image
    import PIL.PngImagePlugin

    PIL.PngImagePlugin.MAX_TEXT_CHUNK = max(PIL.PngImagePlugin.MAX_TEXT_CHUNK, MAX_TEXT)
    if is_heif(data):
        try:
            import pillow_heif
        except ImportError as error:
            raise ValueError("HEIC needs a package: pip install pillow-heif") from error
        pillow_heif.register_heif_opener()
        return PIL.Image.open(io.BytesIO(data), formats=["HEIF"])
    return PIL.Image.open(io.BytesIO(data), formats=FORMATS)


def is_heif(data: bytes) -> bool:
    """Tell HEIF from AVIF, which is kept in the same container."""
    if data[4:8] != b"ftyp" or data[8:12] not in HEIF_BRANDS:
        return False
    end = min(int.from_bytes(data[:4], "big"), 4096)
    return AVIF_BRANDS.isdisjoint(data[place : place + 4] for place in range(16, end, 4))


def explain(error: Exception, data: bytes) -> str:
    """Return why the bytes are not a readable image, given what opening or decoding them raised."""
    import PIL.Image

    if not isinstance(error, PIL.UnidentifiedImageError):
        return str(error) or type(error).__name__
    if not data:
        return "it has no bytes"
    name = next((name for name, beginning in BEGINNINGS if re.match(beginning, data, re.DOTALL)), "")
    if name or is_heif(data):
        return f"it begins as {name or 'HEIF'}, but is damaged, or of a kind that Pillow does not read"
    return "its format is unknown; convert it to PNG or JPEG"


def read_orientation(picture: PIL.Image.Image) -> int:
    """Return EXIF's orientation, 1 to 8; 1 where the pixels are upright, or it cannot be read.

    Pillow turns TIFF and HEIF itself, and puts the turn in an AVIF's container into EXIF. XMP is not asked: viewers
    follow EXIF, and Pillow's own look at both would invent a turn.
    """
    import PIL.Image

    if picture.format in {"TIFF", "HEIF"}:
        return 1
    try:
        exif = PIL.Image.Exif()
        exif.load(picture.info.get("exif") or b"")
        turn = exif.get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - unreadable metadata raise whatever their parser stumbles over
        return 1
    return turn if isinstance(turn, int) and turn in range(1, 9) else 1


def find_feature(picture: PIL.Image.Image, data: bytes) -> str:
    """Return what services differ in beside the format; the picture is open and not decoded yet."""
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        return "pages" if picture.format == "TIFF" else "animated"
    if picture.mode in {"CMYK", "LAB"}:
        return picture.mode
    if picture.mode in SIXTEEN or _find_bits(picture, data) > 8:
        return "16-bit"
    return "headerless" if picture.format == "DIB" or data.startswith(b"\xff\x4f\xff\x51") else ""


def _find_bits(picture: PIL.Image.Image, data: bytes) -> int:
    """Return the bits of a channel as they are stored; Pillow hides them where it decodes to 8."""
    if picture.format == "PNG":
        return data[24]
    if picture.format == "TIFF":
        return int(max(getattr(picture, "tag_v2", {}).get(BITS_PER_SAMPLE, (1,))))
    if picture.format == "PPM":
        tiles = getattr(picture, "tile", [])
        arguments = tiles[0][3] if tiles else ""  # of Pillow's decoder; the last is the highest value
        return 16 if isinstance(arguments, tuple) and arguments[-1] > 255 else 8
    if picture.format == "JPEG2000":
        sizes = data.find(b"\xff\x4f\xff\x51")  # the codestream's beginning and its marker SIZ
        channels = data[sizes + 42 : sizes + 42 + 3 * int.from_bytes(data[sizes + 40 : sizes + 42], "big")]
        return max(((depth & 127) + 1 for depth in channels[::3]), default=8)
    return 8
