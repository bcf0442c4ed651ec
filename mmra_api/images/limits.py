"""What a service takes of images, and what a policy makes of that."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from mmra_api.errors import InputError

UNIFORM_REQUEST = 4_000_000
"""Bytes of a request that every service of the table takes; a test compares, and a user's own is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLimits:
    """What a service takes. None: no limit is documented."""

    formats: tuple[str, ...] = ("jpeg", "png", "webp", "gif")
    """Taken as they are; a picture with a feature (``Image.feature``: animated, CMYK …) never counts as taken."""
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
    many_images: tuple[int, int] | None = None
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
    side = int(match[1])
    uniform = ImageLimits(formats=("jpeg", "png"), max_side=side, max_request_bytes=UNIFORM_REQUEST)
    _check_uniform(policy, uniform, limits)
    # A request whose many images would have to be smaller than at other services is not sent at all: the policy
    # promises the same pictures everywhere.
    many_images = limits.many_images if limits.many_images and side > limits.many_images[1] else None
    return replace(uniform, max_images=many_images[0] if many_images else limits.max_images)


def _check_uniform(policy: str, uniform: ImageLimits, limits: ImageLimits) -> None:
    side = uniform.max_side or 0
    sides = [limits.max_side, limits.max_pixels and math.isqrt(limits.max_pixels)]
    least = min((each for each in sides if each), default=side)
    if side > least:
        raise InputError(f"--image-policy {policy!r}: the service takes {least:,} pixels a side; choose a smaller N")
    for what, own, most in (
        ("an image", limits.max_bytes, UNIFORM_REQUEST * 3 // 4),
        ("a request", limits.max_request_bytes, UNIFORM_REQUEST),
    ):
        if own and own < most:
            raise InputError(
                f"--image-policy {policy!r}: the service takes {own:,} bytes {what}, and this policy up to {most:,}; "
                "choose fit"
            )
    if lacking := set(uniform.formats) - set(limits.formats):
        raise InputError(
            f"--image-policy {policy!r}: the service does not take {', '.join(sorted(lacking))}; choose fit"
        )
