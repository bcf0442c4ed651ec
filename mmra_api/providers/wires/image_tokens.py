"""A request → how many input tokens it takes, at least and at most, by a vendor's documented formula for images.

Replies correct these; they serve quotes, budgets and rate limits until the first ones are there.
"""

from __future__ import annotations

import math

from mmra_api.types import Image, Request

LOW_DETAIL = 85
"""Tokens of an image at OpenAI's low detail."""
FRAME_TOKENS = 8
"""What the frame of a message takes at OpenAI, about."""
TILE = 768
"""Pixels a side of a tile, by Google's guide to token counting."""
TILE_TOKENS = 258
RANGE = 2
"""How many times more or fewer tokens a text may take at vendors that document no rule for texts."""


def count_text(text: str) -> int:
    """Return about how many tokens a text takes: four characters of ASCII each, as OpenAI's help states, else one."""
    plain = len(text.encode("ascii", "ignore"))
    return math.ceil(plain / 4) + len(text) - plain


def count_openai(request: Request) -> tuple[int, int]:
    """Count by OpenAI's guide to images, which stands in for the services that are compatible.

    85 tokens at low detail; at high detail 85 and 170 for each tile of 512 pixels, after fitting the image into 2,048
    and its short side into 768; models that count patches of 32 pixels take up to 1,536 of these, times a factor of up
    to 2.46, or up to 10,000 at the detail ``original``.
    """
    text = _count_texts(request) + FRAME_TOKENS
    images = _list_images(request)
    most = 10_000 if request.params.image_detail == "original" else 1536
    return text + LOW_DETAIL * len(images), text + sum(_count_tiles_and_patches(image, most) for image in images)


def _count_tiles_and_patches(image: Image, most: int) -> int:
    width, height = float(image.sent.width), float(image.sent.height)
    patches = min(most, math.ceil(width / 32) * math.ceil(height / 32))
    for longest in (2048 / max(width, height), 768 / min(width, height)):
        if longest < 1:
            width, height = width * longest, height * longest
    tiles = math.ceil(width / 512) * math.ceil(height / 512)
    return max(LOW_DETAIL + 170 * tiles, math.ceil(2.46 * patches))


def count_anthropic(request: Request) -> tuple[int, int]:
    """Count by Anthropic's guide to vision: width x height / 750 tokens an image.

    Larger ones are fitted into 1,568 pixels a side first, and newer models take more of them.
    """
    text = _count_texts(request)
    images = sum(map(_count_area, _list_images(request)))
    return math.ceil((text + images) / RANGE), text * RANGE + 3 * images


def _count_area(image: Image) -> int:
    width, height = image.sent.width, image.sent.height
    scale = min(1.0, 1568 / max(width, height))
    return math.ceil(width * scale * height * scale / 750)


def count_google(request: Request) -> tuple[int, int]:
    """Count by Google's guide to tokens: 258 for an image of up to 384 pixels a side, or for each tile of 768 pixels.

    Newer models take up to 1,120 for an image, whatever its size, and twice as many at their finest resolution.
    """
    text = _count_texts(request)
    images = _list_images(request)
    most = 2240 if request.params.image_detail == "ultra_high" else 1120
    high = text * RANGE + sum(max(most, _count_tiles(image)) for image in images)
    return math.ceil(text / RANGE) + TILE_TOKENS * len(images), high


def _count_tiles(image: Image) -> int:
    return TILE_TOKENS * math.ceil(image.sent.width / TILE) * math.ceil(image.sent.height / TILE)


def _count_texts(request: Request) -> int:
    return sum(count_text(part) for part in (request.params.system, *request.parts) if isinstance(part, str))


def _list_images(request: Request) -> list[Image]:
    return [part for part in request.parts if isinstance(part, Image)]
