"""What Anthropic documents that it turns down although it fits the shape: large bodies and images, blank texts.

The numbers stand here once more, apart from the program's own table, so that a slip there is refused here. Source:
platform.claude.com/docs/en/build-with-claude/vision (images) and .../api/errors (a body). The words are the service's,
as users report them: anthropics/claude-code#4778 and #14412 (pixels), #24541 (number), #10612 (bytes).
"""

from __future__ import annotations

from collections.abc import Iterable

from mmra_api.sandbox.decode_body import reject
from mmra_api.sandbox.wire import Call, Picture, Piece, Rejection

MOST_IMAGES = 100
MOST_IMAGE_BYTES = 5 * 1024 * 1024
"""Of one image, as base64: the smaller of two figures that its pages name."""
LONGEST_SIDE, CROWDED_SIDE = 8000, 2000
"""Pixels; the second in a request of more than CROWD images."""
CROWD = 20
# Millions, the smaller reading of the documented 32 MB: what passes here passes under the other one too.
MOST_BYTES = 32_000_000
"""Of a body."""


def check_size(call: Call) -> None:
    """Raise Rejection for a body that is too large."""
    if len(call.body) > MOST_BYTES:
        raise Rejection("too_large", "Request exceeds the maximum size")


def check_images(pieces: Iterable[Piece]) -> None:
    """Raise Rejection for too many images, or one that has too many bytes or pixels."""
    shown = [(piece.place, piece.part) for piece in pieces if isinstance(piece.part, Picture)]
    if len(shown) > MOST_IMAGES:
        raise reject(f"Too much media: 0 document pages + {len(shown)} images > {MOST_IMAGES}", None)
    crowded = len(shown) > CROWD
    side, when = (CROWDED_SIDE, " for many-image requests") if crowded else (LONGEST_SIDE, "")
    for place, image in shown:
        source = f"{place}.image.source.base64"
        # Base64 makes four characters of every three bytes that are begun, so 5 MB hold an image of 3.75 MB.
        size = -(-image.size // 3) * 4
        if size > MOST_IMAGE_BYTES:
            words = f"image exceeds 5 MB maximum: {size} bytes > {MOST_IMAGE_BYTES} bytes"
            raise reject(f"{source}: {words}", source)
        if max(image.width, image.height) > side:
            words = f"At least one of the image dimensions exceed max allowed size{when}: {side} pixels"
            raise reject(f"{source}.data: {words}", f"{source}.data")


def check_text(text: str, holder: str) -> None:
    """Raise Rejection for a block of text that says nothing; ``holder`` is ``messages`` or ``system``."""
    if not text.strip():
        lack = "must contain non-whitespace text" if text else "must be non-empty"
        raise reject(f"{holder}: text content blocks {lack}", holder)


def check_stops(stops: Iterable[str]) -> None:
    """Raise Rejection for a stop sequence of nothing but white space."""
    if not all(map(str.strip, stops)):
        raise reject("stop_sequences: each stop sequence must contain non-whitespace", "stop_sequences")
