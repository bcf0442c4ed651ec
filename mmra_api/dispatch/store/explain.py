"""Two calls as they were keyed → in words, what differs between them: why the second was not found in the cache."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from mmra_api.dispatch.store.key import Keyed
from mmra_api.dispatch.store.protocol import Store

PLACE = {"service": "service", "base_url": "base URL", "path": "path", "trial": "trial"}
MESSAGES = ("contents", "input", "messages")
"""Where the wire formats keep the message."""
LABELS = frozenset({"type", "role", "media_type", "mimeType", "detail", "level", "format"})
"""Fields of a message whose values are no texts of its author."""
SHOWN = 100
"""Characters of a value that are printed: the rest of a long prompt says nothing more."""


def describe_differences(before: Keyed, after: Keyed) -> list[str]:
    """Return the differences between two calls, one line each; empty when they are equal."""
    return [
        *(
            f"{label} {before.get(name)!r} → {after.get(name)!r}"
            for name, label in PLACE.items()
            if before.get(name) != after.get(name)
        ),
        *_compare_bodies(before["body"], after["body"]),
    ]


async def find_nearest(store: Store, keyed: Keyed, *, skip: str = "") -> tuple[str, Keyed] | None:
    """Return the stored call that differs least from ``keyed``, with its key; reads the whole store.

    Only calls with the same images or the same text are near; None when there is none but ``skip``.
    """
    best: tuple[int, str, Keyed] | None = None
    images, lines = _read_message(keyed["body"])
    async for row in store.rows():
        if row.entry is None or row.key == skip:
            continue
        other = row.entry.keyed
        other_images, other_lines = _read_message(other["body"])
        # Images alone make calls near, but no images at all are no likeness: most text-only calls share that.
        if lines != other_lines and (images != other_images or not images):
            continue
        # Counted in lines that a reader would have to read.
        distance = len(describe_differences(other, keyed))
        if best is None or distance < best[0]:
            best = (distance, row.key, other)
    return None if best is None else (best[1], best[2])


def _read_message(body: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the images and the lines of text that a body holds."""
    texts = list(_texts([body.get(name) for name in MESSAGES]))
    images = [text for text in texts if _is_image(text)]
    return images, [line for text in texts if not _is_image(text) for line in text.splitlines()]


def _compare_bodies(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for name in sorted((before.keys() | after.keys()) - set(MESSAGES)):
        if before.get(name) != after.get(name):
            yield f"{name} {_show(before.get(name))} → {_show(after.get(name))}"
    (images, lines), (other_images, other_lines) = _read_message(before), _read_message(after)
    yield from _compare_images(images, other_images)
    yield from _compare_lines(lines, other_lines)
    if (images, lines) == (other_images, other_lines) and _places(before) != _places(after):
        yield "the images stand at other places in the text"


def _places(body: dict[str, Any]) -> list[bool]:
    return [_is_image(text) for text in _texts([body.get(name) for name in MESSAGES])]


def _compare_images(before: list[str], after: list[str]) -> Iterator[str]:
    if len(before) != len(after):
        yield f"{len(before)} images → {len(after)} images"
        return
    # Said as one difference: a swap would else read as two other images.
    if before != after and sorted(before) == sorted(after):
        yield "the images have another order"
        return
    for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
        if old != new:
            yield f"image {number} differs: {_digest(old)} → {_digest(new)}"


def _compare_lines(before: list[str], after: list[str]) -> Iterator[str]:
    # autojunk would pass over lines that are frequent in long prompts, as if they were alike everywhere.
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            old, new = " / ".join(before[start:end]), " / ".join(after[new_start:new_end])
            yield f"prompt line {start + 1} differs: {_show(old)} → {_show(new)}"


def _texts(value: Any) -> Iterator[str]:
    """Yield every text of a message, in order; the names of types and roles are no texts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in LABELS:
                yield from _texts(item)


def _is_image(text: str) -> bool:
    return text.startswith("sha256:") or (text.startswith("data:") and "sha256:" in text)


def _digest(text: str) -> str:
    return text.rpartition("sha256:")[2][:12]


def _show(value: object) -> str:
    if value is None:
        return "(not sent)"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
