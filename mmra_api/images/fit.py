"""A Request and what a service takes → the Request with a plan for every image that cannot go as it is.

A plan is a pure function of facts about the images, so that a cache key is known without decoding any.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace

from mmra_api.errors import CallError
from mmra_api.images.limits import ImageLimits
from mmra_api.types import Fit, Image, Request

FRAME = 4096
"""Bytes of a request that belong to no part of the message, generously: the model's name, parameters, braces."""
PART = 128
"""Bytes around one part: the longest, an image's in the Responses format, takes 90 with what fills up its base64."""
STEP = 65_536
"""Bytes, or a 32nd of a small limit: what is no image counts in whole steps, so that prompts of usual lengths leave the
images the same room."""
JPEG_SHARE = 0.5
"""Bytes that a pixel takes at most in a JPEG of quality 60: 0.47 for noise of full strength, measured."""
JPEG_MOST = 2.0
"""Bytes that a pixel takes at most at quality 95: 1.43 for black and white noise in each channel, measured."""
PNG_SHARE = 1.03
"""Bytes that a byte takes at most in a PNG: it may come out slightly larger than raw."""
METADATA = 5000
"""Bytes of an image that are no pixels, at most: headers of a format, and a colour profile."""
SMALLEST = 1000
"""Bytes below which no picture is worth sending."""
MAX_JPEG_SIDE = 65_500
"""Pixels; libjpeg writes no more."""


def fit_request(request: Request, limits: ImageLimits | None) -> Request:
    """Return the request with a Fit for each image over the limits; the others stay as they are.

    Raises CallError of kind ``too_large`` when it has more images than the service takes.
    """
    images = [part for part in request.parts if isinstance(part, Image)]
    if limits is None or not images:
        return request
    if limits.max_images is not None and len(images) > limits.max_images:
        raise CallError(
            "too_large",
            f"{len(images)} images, but the service takes {limits.max_images} in a request (nothing was sent)",
        )
    if limits.many_images is not None and len(images) > limits.many_images[0]:
        limits = replace(limits, max_side=min(limits.many_images[1], limits.max_side or limits.many_images[1]))
    planned = iter(_plan(images, limits, _measure_room(request, len(images), limits)))
    return replace(request, parts=tuple(next(planned) if isinstance(part, Image) else part for part in request.parts))


def _measure_room(request: Request, images: int, limits: ImageLimits) -> float:
    """Return the bytes that all images may take together before base64, which makes 4 bytes of 3.

    Raises CallError of kind ``too_large`` where the text leaves them no room.
    """
    if limits.max_request_bytes is None:
        return math.inf
    params = request.params
    texts = [part for part in request.parts if isinstance(part, str)]
    written = json.dumps([*texts, params.system, params.stop, params.extra], default=str)  # no writer escapes more
    frame = FRAME + PART * len(request.parts) + len(params.image_detail or "") * images
    step = max(1, min(STEP, limits.max_request_bytes // 32))
    room = (limits.max_request_bytes - step * math.ceil((frame + len(written)) / step)) * 3 // 4
    if room < images * SMALLEST:
        raise CallError("too_large", "the text leaves no room for images in what the service takes (nothing was sent)")
    return room


def _plan(images: list[Image], limits: ImageLimits, room: float) -> list[Image]:
    """Return the images with their plans. They are filled like basins with a common level of bytes.

    Those that take less than the level keep what they take, and an original stays as it is; what they leave is divided
    equally among the larger ones.
    """
    most = limits.max_bytes or math.inf
    reasons = [_find_reason(image, limits) for image in images]
    wishes = [_wish(*each, limits, most, most) for each in zip(images, reasons, strict=True)]
    level = _find_level([size for _, size in wishes], room)
    if level < math.inf:  # what is no PNG below the level is a JPEG, and leaves more to the others
        wishes = [_wish(*each, limits, most, min(most, level)) for each in zip(images, reasons, strict=True)]
        level = _find_level([size for _, size in wishes], room)
    planned = []
    for image, reason, (form, size) in zip(images, reasons, wishes, strict=True):
        if not reason and size > level:
            form, size = _wish(image, "bytes", limits, most, min(most, level))
            reason = "bytes"
        bound = min(size, _round_down(level)) if room < math.inf else most
        planned.append(_fit(image, reason, form, limits, bound) if reason else image)
    return planned


def _wish(image: Image, reason: str, limits: ImageLimits, most: float, ample: float) -> tuple[str, float]:
    """Return the format to send and the bytes that it takes at most; ``ample``: a PNG may take no more."""
    if not reason:
        return "", image.size
    width, height = _shrink(image, _scale_to_pixels(image, limits))
    lossless = height * (3 * width + 1) * PNG_SHARE + METADATA
    if image.media_type != "image/jpeg" and "png" in limits.formats and lossless <= ample:
        return "image/png", lossless  # it fits in any case, so that the limit does not change what is sent
    blocks = math.ceil(width / 16) * math.ceil(height / 16)
    return "image/jpeg", min(most, blocks * 256 * JPEG_MOST + METADATA)


def _find_level(sizes: list[float], room: float) -> float:
    """Return the level at which the room is full; infinity where all sizes have room."""
    left = room
    for index, size in enumerate(sorted(sizes)):
        level = left // (len(sizes) - index)
        if size > level:
            return level
        left -= size
    return math.inf


def _round_down(size: float) -> float:
    """Keep the upper 5 binary digits, so that a little more text gives the same plan."""
    if math.isinf(size):
        return size
    return int(size) >> (lower := max(0, int(size).bit_length() - 5)) << lower


def _fit(image: Image, reason: str, form: str, limits: ImageLimits, bound: float) -> Image:
    scale = _scale_to_pixels(image, limits)
    cap = None
    if form == "image/jpeg":
        scale = min(scale, _scale_to_bytes(image, bound), MAX_JPEG_SIDE / max(image.width, image.height))
        cap = max(1, math.floor(bound)) if bound < math.inf else None
    width, height = _shrink(image, scale)
    return replace(image, fit=Fit(media_type=form, width=width, height=height, max_bytes=cap, reason=reason))


def _shrink(image: Image, scale: float) -> tuple[int, int]:
    width, height = (max(1, math.floor(side * min(1.0, scale) + 1e-6)) for side in (image.width, image.height))
    return width, height


def _find_reason(image: Image, limits: ImageLimits) -> str:
    if image.media_type.removeprefix("image/") not in limits.formats:
        return "format"
    if image.feature:
        return image.feature
    if _scale_to_pixels(image, limits) < 1:
        return "pixels"
    return "bytes" if limits.max_bytes is not None and image.size > limits.max_bytes else ""


def _scale_to_bytes(image: Image, bound: float) -> float:
    """Return the factor for the sides; a JPEG of so many pixels keeps the bytes at a fair quality.

    What is a JPEG already takes about as much for a pixel when it is smaller; a third more is allowed for.
    """
    most = JPEG_SHARE * image.width * image.height
    if image.media_type == "image/jpeg":
        most = min(most, image.size * 4 / 3)
    return math.sqrt(bound / most)


def _scale_to_pixels(image: Image, limits: ImageLimits) -> float:
    by_side = (limits.max_side or math.inf) / max(image.width, image.height)
    return min(by_side, math.sqrt((limits.max_pixels or math.inf) / (image.width * image.height)))
