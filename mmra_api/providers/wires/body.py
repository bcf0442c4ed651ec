"""A Request → a JSON body in a wire format: what all formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from mmra_api.types import Embed, Image, Part, Request

Body = dict[str, Any]
"""A JSON body in a service's wire format."""


def build_body(build: Callable[[Request, Embed], Body], request: Request, embed: Embed) -> Body:
    """Build a body, and make sure that it holds every image of the request once, in order.

    Raises AssertionError where it does not: a body that lost an image would measure another question.
    """
    asked = [part for part in request.parts if isinstance(part, Image)]
    embedded: list[Image] = []
    texts: list[str] = []

    def note(image: Image) -> str:
        embedded.append(image)
        texts.append(embed(image))
        return texts[-1]

    body = build(request, note)
    if embedded != asked or not _holds_in_order(body, texts):
        found = sum(text.endswith(tuple(texts)) for text in _strings(body))
        raise AssertionError(f"the body has {found} images of {len(asked)}, or in disorder")
    return body


def _holds_in_order(body: Body, texts: Sequence[str]) -> bool:
    """Return whether each text ends one string of a body, in order, and no other string ends with one of them.

    Ends, because some formats write what it is before it: ``data:image/png;base64,``. On the usual way each image is
    compared once, as a whole; all strings of other lengths are told apart without a look at their letters.
    """
    if not any(texts):  # where parameters alone are looked at an image is an empty text, with which every string ends
        return True
    endings, waiting = tuple(texts), list(reversed(texts))
    for string in _strings(body):
        if waiting and string.endswith(waiting[-1]):
            waiting.pop()
        elif string.endswith(endings):
            return False
    return not waiting


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def encode_parts(
    parts: Iterable[Part], write_text: Callable[[str], Body], write_image: Callable[[Image], Body]
) -> list[Body]:
    """Return a format's parts, in order. Raises AssertionError for a part of an unknown kind: none is dropped."""

    def write(part: Part) -> Body:
        match part:
            case str():
                return write_text(part)
            case Image():
                return write_image(part)
        raise AssertionError(f"unknown part {part!r}")

    return [write(part) for part in parts]
