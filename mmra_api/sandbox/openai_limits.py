"""What OpenAI documents that it turns down although it fits the shape: large bodies, many images, odd images and words.

The numbers stand here once more, apart from the program's own table, so that a slip there is refused here. Sources:
developers.openai.com/api/docs/guides/images-vision (1,500 images, non-animated GIF; it names 512 MB a request, third
parties measured 50 MiB) and, at Azure, learn.microsoft.com/azure/ai-foundry/openai/quotas-limits (50 images).
The words are the service's, as users report them: the-open-agent/openagent#874 (number), STranslate/STranslate#277
(format).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mmra_api.sandbox.pictures import is_animated
from mmra_api.sandbox.wire import Call, Picture, Piece, Rejection

AZURE = "/openai/"
"""How the paths of Azure's form of the service begin."""
# Azure documents its own limit, far below OpenAI's.
MOST_IMAGES, MOST_IMAGES_AT_AZURE = 1500, 50
MOST_BYTES = 50 * 1024 * 1024
"""Of a body."""
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""ReasoningEffort in the published OpenAPI description."""
UNSUPPORTED = (
    "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
    "['png', 'jpeg', 'gif', 'webp']."
)


def check_size(call: Call) -> None:
    """Raise Rejection for a body that is too large."""
    if len(call.body) > MOST_BYTES:
        raise Rejection("too_large", f"the body has {len(call.body)} bytes; at most {MOST_BYTES} are taken")


def check_images(pieces: Iterable[Piece], call: Call) -> None:
    """Raise Rejection for too many images, or a moving one."""
    shown = [(piece.place, piece.part) for piece in pieces if isinstance(piece.part, Picture)]
    most = MOST_IMAGES_AT_AZURE if call.path.startswith(AZURE) else MOST_IMAGES
    if len(shown) > most:
        raise Rejection("bad_request", f"Too many images in request. Max is {most}.", code="invalid_value")
    for place, image in shown:
        # Only GIF is named in the guide as a format whose moving pictures are turned down.
        if image.media_type == "image/gif" and is_animated(image.data):
            raise Rejection("bad_request", UNSUPPORTED, code="invalid_image_format", param=place)


def check_word(word: str | None, known: Sequence[str], param: str) -> None:
    """Raise Rejection for a word that is none of those known; None is no word."""
    if word is not None and word not in known:
        # With the comma before "and", as the service writes it.
        listed = f"{', '.join(map(repr, known[:-1]))}, and {known[-1]!r}"
        message = f"Invalid value: {word!r}. Supported values are: {listed}."
        raise Rejection("bad_request", message, code="invalid_value", param=param)
