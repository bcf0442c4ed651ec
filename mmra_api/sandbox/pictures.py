"""A media type and base64 in, a Picture out: what a service checks before its model sees a picture.

Sizes are read from the files' headers (PNG, ISO/IEC 15948; GIF89a; JPEG, ITU-T T.81; WebP, RFC 9649), so that the
sandbox starts without an imaging library. Pixels are not decoded here: a file that is broken behind its header passes.
"""

from __future__ import annotations

import binascii
from hashlib import sha256

from mmra_api.sandbox.wire import Picture, Rejection

# Start-of-frame markers of T.81, table B.1: C0 to CF without C4 (Huffman table), C8 (reserved), CC (arithmetic table).
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Markers that stand alone, without a length: TEM and RST0 to RST7.
JPEG_LONE = frozenset({0x01, *range(0xD0, 0xD8)})


def read_image(media_type: str, text: str, *, param: str) -> Picture:
    """The image behind a base64 text; ``param`` is its place in the body, for the error. Raises Rejection."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        raise _reject("invalid_base64", "the image is not valid base64", param) from None
    seen = sniff(data)
    if not seen:
        raise _reject("invalid_image_format", "the image is not a JPEG, PNG, WebP or GIF file", param)
    if seen != media_type:
        message = f"the image is declared as {media_type!r}, but its bytes are {seen!r}"
        raise _reject("invalid_image_format", message, param)
    width, height = measure(data, seen)
    if not (width and height):
        raise _reject("image_parse_error", f"the {seen!r} image is damaged: its header gives no size", param)
    digest = sha256(data).hexdigest()
    return Picture(digest=digest, media_type=seen, width=width, height=height, size=len(data), data=data)


def _reject(code: str, message: str, param: str) -> Rejection:
    return Rejection("bad_request", f"{message} (at {param})", code=code, param=param)


def sniff(data: bytes) -> str:
    """The media type by the first bytes; empty when it is none of the four that services take."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return ""


def is_animated(data: bytes) -> bool:
    """Whether a GIF has a second picture: counted by its blocks (GIF89a, sections 18 to 26), without decoding any."""
    at = 13 + _measure_table(data[10:11])
    frames = 0
    while data[at : at + 1] in {b"!", b","}:  # an extension or a picture; anything else ends the file, or breaks it
        frames += data[at] == ord(",")
        at += 11 + _measure_table(data[at + 9 : at + 10]) if data[at] == ord(",") else 2
        while size := int.from_bytes(data[at : at + 1]):
            at += size + 1
        at += 1
    return frames > 1


def _measure_table(flags: bytes) -> int:
    """Bytes of a GIF's colour table, by the byte that says whether there is one."""
    packed = int.from_bytes(flags)
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def measure(data: bytes, media_type: str) -> tuple[int, int]:
    """Width and height in pixels; (0, 0) when the header is damaged."""
    if media_type == "image/png":
        size = (data[16:20], data[20:24]) if data[12:16] == b"IHDR" and len(data) >= 24 else (b"", b"")
        return int.from_bytes(size[0]), int.from_bytes(size[1])
    if media_type == "image/gif" and len(data) < 13:  # signature and logical screen descriptor
        return 0, 0
    if media_type == "image/gif":
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    return _measure_jpeg(data) if media_type == "image/jpeg" else _measure_webp(data)


def _measure_jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in JPEG_FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if marker == 0xFF:
            at += 1
        elif marker in JPEG_LONE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return 0, 0


def _measure_webp(data: bytes) -> tuple[int, int]:
    chunk = data[12:16]
    if len(data) < 30 and not (chunk == b"VP8L" and len(data) >= 25):
        return 0, 0
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    return 0, 0
