"""An Ask in, the answer to the program's own check of a model out: a number to repeat, or the colours of drawn shapes.

A check tells whether a model works, so every simulated model passes it by doing what is asked: it repeats the number
that stands in the prompt, and it looks at the pixels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import TypeAlias

from mmra_api.sandbox.wire import Ask

Colour: TypeAlias = tuple[int, int, int]

# The words of the program's two prompts for a check, once more: the sandbox imports none of the program's prompts, so
# that both cannot be wrong together.
NUMBER = re.compile(r"reply with this number and nothing else: (\d+)")
COLOURS_ASKED = "which colour has the shape in the first picture, and which in the second"
COLOURS: Mapping[str, Colour] = {
    "red": (220, 30, 30),
    "green": (30, 150, 50),
    "blue": (40, 70, 220),
    "yellow": (250, 210, 30),
    "black": (20, 20, 20),
    "orange": (245, 130, 20),
    "purple": (130, 50, 170),
    "white": (255, 255, 255),
}
"""The check's colours, and that of its background: what is seen where no shape is."""
UNCLEAR = "unclear"


def answer_check(ask: Ask) -> str:
    """What a working model replies; empty when the prompt is no check."""
    # In one line and in lower case: a template may wrap its lines anywhere.
    prompt = " ".join(ask.prompt.casefold().split())
    if number := NUMBER.search(prompt):
        return number[1]
    if COLOURS_ASKED in prompt:
        return ", ".join(name_colour(picture.data) for picture in ask.pictures) or UNCLEAR
    return ""


def name_colour(data: bytes) -> str:
    """The colour in the middle of a picture; ``unclear`` where none can be seen."""
    from PIL import Image  # here, as the sandbox starts without an imaging library and few calls need one

    try:
        with Image.open(BytesIO(data)) as image:
            # Every shape of a check covers the middle, whatever its form and size.
            seen = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    except Exception:  # noqa: BLE001 - decoders raise whatever they like at broken files, and all of it means: not seen
        return UNCLEAR
    if not isinstance(seen, tuple):
        return UNCLEAR
    # The nearest one: lossy formats and fitting shift a colour a little.
    return min(COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(COLOURS[name], seen, strict=True)))
