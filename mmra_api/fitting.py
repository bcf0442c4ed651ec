"""A Request and what a service takes → the Request with a plan for every image that cannot go as it is.

A plan is a pure function of facts about the images, so that a cache key is known without decoding any.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from mmra_api.errors import CallError, InputError
from mmra_api.types import Fit, Image, Request

FRAME = 4096
"""Bytes of a request that are neither text nor images, generously."""
JPEG_SHARE = 0.5
"""Bytes that a pixel takes at most in a JPEG of quality 60: 0.47 for noise of full strength, measured."""
PNG_SHARE = 3.1
"""Bytes that a pixel takes at most in a PNG of three channels: it may come out slightly larger than raw."""
METADATA = 70_000
"""Bytes of an image that are no pixels, at most: a colour profile and an orientation."""
UNIFORM_REQUEST = 4_000_000
"""Bytes of a request that every service of the table takes; a test compares, and a user's own is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLimits:
    """What a service takes. None: no limit is documented."""

    formats: tuple[str, ...] = ("jpeg", "png", "webp", "gif")
    """Taken as they are; an animated picture, CMYK and 16 bits never count as taken."""
    max_bytes: int | None = None
    """Of one image, before base64, which adds a third."""
    max_side: int | None = None
    """Pixels."""
    max_pixels: int | None = None
    """Width times height."""
    max_images: int | None = None
    """In one request."""
    max_request_bytes: int | None = None
    """Of the whole body, images as base64."""
    crowd: tuple[int, int] | None = None
    """Another longest side, in pixels, for requests of more than so many images: (images, side)."""


def find_limits(policy: str, limits: ImageLimits) -> ImageLimits | None:
    """Return the limits to keep under a policy; None: images go as they are.

    ``fit`` keeps the service's own. ``uniform:N`` keeps limits that hold for every service: JPEG or PNG, N pixels a
    side, 4 MB a request. Raises InputError for an unknown policy, or a service that takes less than N.
    """
    if policy == "as-is":
        return None
    if policy == "fit":
        return limits
    match = re.fullmatch(r"uniform:([1-9]\d{1,4})", policy)
    if match is None:
        raise InputError(f"--image-policy {policy!r}: choose as-is, fit or uniform:N, N the pixels of the longer side")
    uniform = ImageLimits(formats=("jpeg", "png"), max_side=int(match[1]), max_request_bytes=UNIFORM_REQUEST)
    _check_uniform(policy, uniform, limits)
    return replace(uniform, max_images=limits.max_images)


def _check_uniform(policy: str, uniform: ImageLimits, limits: ImageLimits) -> None:
    side = uniform.max_side or 0
    sides = [limits.max_side, limits.crowd and limits.crowd[1], limits.max_pixels and math.isqrt(limits.max_pixels)]
    least = min((each for each in sides if each), default=side)
    if side > least:
        raise InputError(f"--image-policy {policy!r}: the service takes {least:,} pixels a side; choose a smaller N")
    for name in ("max_bytes", "max_request_bytes"):
        own = getattr(limits, name)
        if own and own < UNIFORM_REQUEST * (3 / 4 if name == "max_bytes" else 1):
            raise InputError(f"--image-policy {policy!r}: the service takes {name} {own:,}, less than the policy sends")
    if lacking := set(uniform.formats) - set(limits.formats):
        raise InputError(f"--image-policy {policy!r}: the service does not take {', '.join(sorted(lacking))}")


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
    if limits.crowd is not None and len(images) > limits.crowd[0]:
        limits = replace(limits, max_side=min(limits.crowd[1], limits.max_side or limits.crowd[1]))
    limits, cap = _share_out(request, images, limits)
    parts = tuple(_fit(part, limits, cap) if isinstance(part, Image) else part for part in request.parts)
    return replace(request, parts=parts)


def _share_out(request: Request, images: list[Image], limits: ImageLimits) -> tuple[ImageLimits, int | None]:
    """Return the limits for this request, and the bytes that a changed image may take.

    Where all images together are too many bytes each gets an equal share; else those that are changed anyway share
    what the others leave.
    """
    if limits.max_request_bytes is None:
        return limits, limits.max_bytes
    texts = (part for part in (*request.parts, request.params.system) if isinstance(part, str))
    text = sum(len(part.encode(errors="replace")) for part in texts)
    room = max(0, limits.max_request_bytes - FRAME - 2 * text) * 3 // 4
    changed = [image for image in images if _find_reason(image, limits)]
    left = room - sum(image.size for image in images if image not in changed)
    share = max(1, room // len(images))
    cap = left // len(changed) if changed else limits.max_bytes
    if left < 0 or (changed and left // len(changed) < share):
        cap = share
        limits = replace(limits, max_bytes=min(limits.max_bytes or cap, cap))
    return limits, min((each for each in (cap, limits.max_bytes) if each), default=None)


def _fit(image: Image, limits: ImageLimits, cap: int | None) -> Image:
    reason = _find_reason(image, limits)
    if not reason:
        return image
    scale = min(1.0, _scale(image, limits, cap))
    width, height = (max(1, math.floor(side * scale + 1e-6)) for side in (image.width, image.height))
    lossless = image.media_type != "image/jpeg" and width * height * PNG_SHARE + METADATA <= (cap or math.inf)
    if lossless and "png" in limits.formats:  # it fits in any case, so that the limit does not change what is sent
        return replace(image, fit=Fit(media_type="image/png", width=width, height=height, reason=reason))
    return replace(image, fit=Fit(media_type="image/jpeg", width=width, height=height, max_bytes=cap, reason=reason))


def _find_reason(image: Image, limits: ImageLimits) -> str:
    if image.media_type.removeprefix("image/") not in limits.formats:
        return "format"
    if image.oddity:
        return image.oddity
    if _scale_to_pixels(image, limits) < 1:
        return "pixels"
    return "bytes" if limits.max_bytes is not None and image.size > limits.max_bytes else ""


def _scale(image: Image, limits: ImageLimits, cap: int | None) -> float:
    """Return the factor for the sides; a JPEG of so many pixels keeps the limit of bytes at a fair quality."""
    by_bytes = math.sqrt((cap or math.inf) / JPEG_SHARE / (image.width * image.height))
    return min(_scale_to_pixels(image, limits), by_bytes)


def _scale_to_pixels(image: Image, limits: ImageLimits) -> float:
    by_side = (limits.max_side or math.inf) / max(image.width, image.height)
    return min(by_side, math.sqrt((limits.max_pixels or math.inf) / (image.width * image.height)))
