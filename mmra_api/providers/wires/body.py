"""A Request → a JSON body in a wire format: what all formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
    if embedded == asked and not any(texts):  # looking at parameters alone, an image is an empty text: not to be found
        return body
    sent = [text for text in _strings(body) if text.endswith(tuple(texts))]
    whole = len(sent) == len(texts) and all(map(str.endswith, sent, texts))
    if embedded != asked or not whole:
        raise AssertionError(f"the body has {len(sent)} images of {len(asked)}, or in disorder")
    return body


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


def pick(asked: Mapping[str, Any]) -> Body:
    """Return the fields that something is asked for: what is None or empty is not sent."""
    return {name: value for name, value in asked.items() if value not in (None, "", [], {})}
