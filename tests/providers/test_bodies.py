"""Bodies to the letter: every shape of content in every wire format, and whatever is asked goes out once, in order."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmra_api.images.embed import embed_fingerprint
from mmra_api.providers.lookup import resolve
from mmra_api.providers.wires.body import build_body
from mmra_api.types import Fit, Image, Request

WIRES = ("openai_chat", "openai_responses", "anthropic", "gemini")
SERVICES = {"openai_chat": "vllm", "openai_responses": "openai", "anthropic": "anthropic", "gemini": "google"}


def draw(number: int, media_type: str = "image/png", fit: Fit | None = None) -> Image:
    return Image(digest=f"{number:064x}", media_type=media_type, width=800, height=600, size=9, fit=fit)


TWO: dict[str, dict[str, Any]] = {
    "openai_chat": {
        "model": "m-1",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Image 1:"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,pic0"}},
                    {"type": "text", "text": "Image 2:"},
                    {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,pic1"}},
                    {"type": "text", "text": "Which?"},
                ],
            }
        ],
    },
    "openai_responses": {
        "model": "m-1",
        "input": [
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "Image 1:"},
                    {"type": "input_image", "image_url": "data:image/png;base64,pic0", "detail": "auto"},
                    {"type": "input_text", "text": "Image 2:"},
                    {"type": "input_image", "image_url": "data:image/jpeg;base64,pic1", "detail": "auto"},
                    {"type": "input_text", "text": "Which?"},
                ],
            }
        ],
        "store": False,
    },
    "anthropic": {
        "model": "m-1",
        "max_tokens": 16384,
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Image 1:"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "pic0"}},
                    {"type": "text", "text": "Image 2:"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "pic1"}},
                    {"type": "text", "text": "Which?"},
                ],
            }
        ],
    },
    "gemini": {
        "contents": [
            {
                "role": "user",
                "parts": [
                    {"text": "Image 1:"},
                    {"inlineData": {"mimeType": "image/png", "data": "pic0"}},
                    {"text": "Image 2:"},
                    {"inlineData": {"mimeType": "image/jpeg", "data": "pic1"}},
                    {"text": "Which?"},
                ],
            }
        ]
    },
}


@pytest.mark.parametrize("wire", WIRES)
def test_the_body_of_two_images_between_texts(encode, check_body, wire):
    body = encode(wire, "Image 1:", draw(0), "Image 2:", draw(1, "image/jpeg"), "Which?")
    assert body == TWO[wire]
    check_body(wire, body)


def show(wire: str, kind: str, value: str) -> dict[str, Any]:
    """Return a part as it must go out; ``kind`` is ``text`` or a media type."""
    if kind == "text":
        return {
            "openai_chat": {"type": "text", "text": value},
            "openai_responses": {"type": "input_text", "text": value},
            "anthropic": {"type": "text", "text": value},
            "gemini": {"text": value},
        }[wire]
    url = f"data:{kind};base64,{value}"
    parts: dict[str, dict[str, Any]] = {
        "openai_chat": {"type": "image_url", "image_url": {"url": url}},
        "openai_responses": {"type": "input_image", "image_url": url, "detail": "auto"},
        "anthropic": {"type": "image", "source": {"type": "base64", "media_type": kind, "data": value}},
        "gemini": {"inlineData": {"mimeType": kind, "data": value}},
    }
    return parts[wire]


def frame(wire: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the body of two images with other parts."""
    if wire == "gemini":
        return {"contents": [{"role": "user", "parts": parts}]}
    place = "input" if wire == "openai_responses" else "messages"
    return TWO[wire] | {place: [{"role": "user", "content": parts}]}


FITTED = Fit(media_type="image/jpeg", width=400, height=300, max_bytes=5, reason="pixels")
SHAPES: dict[str, tuple[tuple[str | Image, ...], list[tuple[str, str]]]] = {
    "text alone": (("Hi",), [("text", "Hi")]),
    "several texts": (("a", "b", "a"), [("text", "a"), ("text", "b"), ("text", "a")]),
    "text beyond ASCII": (("Ü 日本\n\u2028 🙂 \x00",), [("text", "Ü 日本\n\u2028 🙂 \x00")]),
    "one image": ((draw(0),), [("image/png", "pic0")]),
    "an image first": ((draw(0), "Hi"), [("image/png", "pic0"), ("text", "Hi")]),
    "an image last": (("Hi", draw(0)), [("text", "Hi"), ("image/png", "pic0")]),
    "images side by side": (("Hi", draw(1), draw(0)), [("text", "Hi"), ("image/png", "pic1"), ("image/png", "pic0")]),
    "the same image twice": ((draw(3), "or", draw(3)), [("image/png", "pic3"), ("text", "or"), ("image/png", "pic3")]),
    "ten images": (
        (*(draw(number) for number in range(10)), "Hi"),
        [*(("image/png", f"pic{number}") for number in range(10)), ("text", "Hi")],
    ),
    "JPEG": ((draw(0, "image/jpeg"),), [("image/jpeg", "pic0")]),
    "PNG": ((draw(0, "image/png"),), [("image/png", "pic0")]),
    "WebP": ((draw(0, "image/webp"),), [("image/webp", "pic0")]),
    "GIF": ((draw(0, "image/gif"),), [("image/gif", "pic0")]),
    "BMP fitted into JPEG": ((draw(0, "image/bmp", FITTED),), [("image/jpeg", "pic0")]),
    "one of two fitted": (
        (draw(0, "image/png", FITTED), draw(1, "image/png")),
        [("image/jpeg", "pic0"), ("image/png", "pic1")],
    ),
}


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_content(encode, check_body, wire, shape):
    parts, expected = SHAPES[shape]
    body = encode(wire, *parts)
    assert body == frame(wire, [show(wire, kind, value) for kind, value in expected])
    check_body(wire, body)


@pytest.mark.parametrize("wire", WIRES)
def test_a_fitted_image_has_another_fingerprint_and_so_another_key(wire):
    provider = resolve(f"{SERVICES[wire]}/m-1")
    plain, fitted, smaller = (draw(0), draw(0, fit=FITTED), draw(0, fit=replace(FITTED, width=200, height=150)))
    bodies = [str(provider.encode(Request(parts=(each,)), embed_fingerprint)) for each in (plain, fitted, smaller)]
    assert len(set(bodies)) == 3
    assert all(f"sha256:{plain.digest}" in body for body in bodies)


def read_parts(wire: str, body: dict[str, Any]) -> list[str]:
    """Return the texts, and the texts of the images, as a server would read them."""
    message = body[{"openai_responses": "input", "gemini": "contents"}.get(wire, "messages")][0]
    found = []
    for part in message["parts" if wire == "gemini" else "content"]:
        if "text" in part:
            found.append(part["text"])
        elif wire == "gemini":
            found.append(part["inlineData"]["data"])
        elif wire == "anthropic":
            found.append(part["source"]["data"])
        else:
            url = part["image_url"]["url"] if wire == "openai_chat" else part["image_url"]
            found.append(url.partition(";base64,")[2])
    return found


texts = st.text(string.ascii_letters + " é日🙂\n", min_size=1).map(lambda text: f"t:{text}")


@pytest.mark.parametrize("wire", WIRES)
@given(asked=st.lists(texts | st.integers(0, 12), min_size=1, max_size=14))
def test_whatever_is_asked_goes_out_once_and_in_order(wire, asked):
    provider = resolve(f"{SERVICES[wire]}/m-1")
    parts = tuple(each if isinstance(each, str) else draw(each) for each in asked)
    body = provider.encode(Request(parts=parts), lambda image: f"i:{image.digest}")
    assert read_parts(wire, body) == [each if isinstance(each, str) else f"i:{each:064x}" for each in asked]


BROKEN = {
    "drops an image": lambda images, embed: [embed(image) for image in images[:-1]],
    "drops them all": lambda images, embed: [],
    "doubles an image": lambda images, embed: [embed(image) for image in (*images, images[0])],
    "swaps two images": lambda images, embed: [embed(image) for image in reversed(images)],
    "embeds an image and does not send it": lambda images, embed: [embed(image) for image in images][:-1],
    "embeds them in order and sends them in disorder": lambda images, embed: [embed(image) for image in images][::-1],
    "embeds each once and sends one twice": lambda images, embed: [
        *(embed(image) for image in images),
        f"data:image/png;base64,sha256:{images[0].digest}",
    ],
    "sends one in the place of another": lambda images, embed: [embed(image) for image in images][:1] * len(images),
    "cuts an image": lambda images, embed: [embed(image)[:-1] for image in images],
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_format_that_loses_or_moves_an_image_sends_nothing(how):
    def encode(request, embed):
        images = [part for part in request.parts if isinstance(part, Image)]
        return {"model": "m", "messages": [{"content": BROKEN[how](images, embed)}]}

    request = Request(parts=(draw(0), "and", draw(1), draw(2)))
    with pytest.raises(AssertionError, match=r"the body has \d images of 3, or in disorder"):
        build_body(encode, request, embed_fingerprint)


def test_a_sound_format_passes_the_same_check():
    def encode(request, embed):
        return {"content": [embed(part) if isinstance(part, Image) else part for part in request.parts]}

    request = Request(parts=(draw(0), "and", draw(1), draw(2)))
    body = build_body(encode, request, embed_fingerprint)
    assert len(body["content"]) == 4


@pytest.mark.parametrize("wire", WIRES)
def test_an_unknown_kind_of_part_raises(wire):
    parts: Any = ("Hi", 5)
    with pytest.raises(AssertionError, match="unknown part 5"):
        resolve(f"{SERVICES[wire]}/m").encode(Request(parts=parts), embed_fingerprint)
