"""What Google documents that it turns down although it fits the shape: large bodies, many images, odd images and words.

The numbers stand here once more, apart from the program's own table, so that a slip there is refused here. Sources:
ai.google.dev/gemini-api/docs/image-understanding (formats, 3,600 images, 20 MB) and the types of the Python SDK
(levels). The words are the service's, as users report them: charmbracelet/crush#995 (format),
google-gemini/deprecated-generative-ai-android#26 (size).
"""

from __future__ import annotations

from collections.abc import Iterable

from mmra_api.sandbox.decode_body import reject
from mmra_api.sandbox.wire import Call, Picture, Piece, Rejection

MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif")
MOST_IMAGES = 3600
MOST_BYTES = 20 * 1024 * 1024
"""Of a body; a newer page names 100 MB."""
LEVELS = ("THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH", "XHIGH")
"""ThinkingLevel; small letters are taken too, as the guide to thinking writes them."""
API = "type.googleapis.com/google.ai.generativelanguage.v1beta"


def check_size(call: Call) -> None:
    """Raise Rejection for a body that is too large."""
    if len(call.body) > MOST_BYTES:
        raise Rejection("too_large", f"Request payload size exceeds the limit: {MOST_BYTES} bytes.")


def check_images(pieces: Iterable[Piece]) -> None:
    """Raise Rejection for too many images."""
    count = sum(isinstance(piece.part, Picture) for piece in pieces)
    if count > MOST_IMAGES:
        raise reject(f"the request has {count} images; at most {MOST_IMAGES} are taken", "contents")


def check_media_type(media_type: str, place: str) -> None:
    """Raise Rejection for an image in a format that is not taken."""
    if media_type not in MEDIA_TYPES:
        raise reject(f"Unsupported MIME type: {media_type}", f"{place}.inlineData.mimeType")


def check_level(level: str | None) -> None:
    """Raise Rejection for a word that is no level of thinking; None is no word."""
    if level is not None and level.upper() not in LEVELS:
        place = "generation_config.thinking_config.thinking_level"
        kind = f"{API}.GenerationConfig.ThinkingConfig.ThinkingLevel"
        raise reject(f'Invalid value at {place!r} ({kind}), "{level}"', "generationConfig.thinkingConfig.thinkingLevel")
