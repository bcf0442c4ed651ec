"""What the vendors document that they turn down is turned down, in their words, and what is just within is taken."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.pictures import is_animated

MIB = 1024 * 1024
NAMES = {"OpenAI": ("openai_chat", "openai_responses"), "Anthropic": ("anthropic",), "Google": ("gemini",)}


def draw_gif(frames: int, mode: str = "L") -> bytes:
    """Grey pictures share one table of colours, others bring their own."""
    from PIL import Image

    colours = [(60 * number, 255 - 60 * number, 9) if mode == "RGB" else 60 * number for number in range(frames)]
    pictures = [Image.new(mode, (4, 3), colour) for colour in colours]
    out = io.BytesIO()
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:], comment=b"two, three! , ; !")
    return out.getvalue()


def pad(png: bytes, size: int) -> bytes:
    """A picture of so many bytes: a service reads the header, and no more before it counts."""
    return png + bytes(size - len(png))


MANY = r"Too much media: 0 document pages \+ 101 images > 100"
LARGE = r"messages.0.content.0.image.source.base64: image exceeds 5 MB maximum: 524288\d bytes > 5242880 bytes"
WIDE = "messages.0.content.0.image.source.base64.data: .* exceed max allowed size: 8000 pixels"
CROWDED = "messages.0.content.20.image.source.base64.data: .* allowed size for many-image requests: 2000 pixels"
MOVING = "You uploaded an unsupported image.*'png', 'jpeg', 'gif', 'webp'"
Draw = Callable[..., bytes]
CASES: dict[str, tuple[str, Callable[[Draw], Sequence[bytes]], str]] = {
    "a hundred": ("Anthropic", lambda png: [png(1)] * 100, ""),
    "one more": ("Anthropic", lambda png: [png(1)] * 101, MANY),
    "5 MiB as base64": ("Anthropic", lambda png: [pad(png(1), 5 * MIB // 4 * 3)], ""),
    "a byte more": ("Anthropic", lambda png: [pad(png(1), 5 * MIB // 4 * 3 + 1)], LARGE),
    "8,000 pixels": ("Anthropic", lambda png: [png(1, 8000, 1), png(1, 1, 8000)], ""),
    "a pixel more": ("Anthropic", lambda png: [png(1, 8001, 1)], WIDE),
    "a pixel more in height": ("Anthropic", lambda png: [png(1, 1, 8001)], WIDE),
    "wide, but few": ("Anthropic", lambda png: [png(1, 2001, 1)] * 20, ""),
    "many, but small": ("Anthropic", lambda png: [png(1, 2000, 1)] * 21, ""),
    "many, one wide": ("Anthropic", lambda png: [png(1)] * 20 + [png(1, 2001, 1)], CROWDED),
    "1,500": ("OpenAI", lambda png: [png(1)] * 1500, ""),
    "1,501": ("OpenAI", lambda png: [png(1)] * 1501, "Too many images in request. Max is 1500."),
    "a still GIF": ("OpenAI", lambda _: [draw_gif(1)], ""),
    "a moving GIF": ("OpenAI", lambda _: [draw_gif(2)], MOVING),
    "3,600": ("Google", lambda png: [png(1)] * 3600, ""),
    "3,601": ("Google", lambda png: [png(1)] * 3601, "3601 images; at most 3600"),
    "a GIF at Google": ("Google", lambda _: [draw_gif(1)], "Unsupported MIME type: image/gif"),
}


def put(wire, pictures: Sequence[bytes]) -> bytes:
    """A body with pictures of any of the formats: the tests' bodies say PNG of all."""
    data = json.dumps(wire.put("m", pictures, "Is it so?", 64))
    gif = pictures[0].startswith(b"GIF") if pictures else False
    return (data.replace("image/png", "image/gif") if gif else data).encode()


@pytest.mark.parametrize("case", CASES)
def test_images_beyond_the_documented_limits_are_turned_down(connect, formats, png, case):
    vendor, draw, refused = CASES[case]
    for name in NAMES[vendor]:
        with Sandbox() as sandbox:
            got = formats[name].send(connect(sandbox), put(formats[name], draw(png)))
            if refused:
                assert got.status == 400, case
                assert re.search(refused, got.json["error"]["message"])
                assert sandbox.counters.rejections == {"bad_request": 1}
            else:
                assert (got.status, sandbox.counters.paid) == (200, 1), got.body


SIZES = {
    "openai_chat": (50 * MIB, 413),
    "openai_responses": (50 * MIB, 413),
    "anthropic": (32_000_000, 413),
    "gemini": (20 * MIB, 400),
}


@pytest.mark.parametrize("beyond", [False, True])
def test_a_body_may_be_so_large_and_no_larger(connect, spoken, beyond):
    size, status = SIZES[spoken.name]
    data = put(spoken, ())
    data += b" " * (size + beyond - len(data))
    with Sandbox() as sandbox:
        got = spoken.send(connect(sandbox), data)
        assert got.status == (status if beyond else 200)
        assert sandbox.counters.rejections == ({"too_large": 1} if beyond else {})


@pytest.mark.parametrize(
    ("count", "path", "status"),
    [(50, "/openai/v1/responses", 200), (51, "/openai/v1/responses", 400), (51, "/v1/responses", 200)],
)
def test_azure_takes_fewer_images(connect, formats, png, count, path, status):
    with Sandbox() as sandbox:
        data = put(formats["openai_responses"], [png(1)] * count)
        got = connect(sandbox).call("POST", path, data, {"api-key": "k", "Authorization": "Bearer k"})
    assert got.status == status
    assert status == 200 or got.json["error"]["message"] == "Too many images in request. Max is 50."


@pytest.mark.parametrize("path", ["/openai/v1/chat/completions", "/openai/v1/responses"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"api-key": "k"}, 200),
        ({"Authorization": "Bearer k"}, 200),
        ({"api-key": "bad-key"}, 401),
        ({"Authorization": "Bearer bad-key"}, 401),
        ({}, 401),
    ],
)
def test_azures_addresses_take_the_key_in_either_header(connect, formats, path, headers, status):
    name = {"completions": "openai_chat"}.get(path.rpartition("/")[2], "openai_responses")
    with Sandbox() as sandbox:
        client = connect(sandbox)
        assert client.call("POST", path, put(formats[name], ()), headers).status == status
        elsewhere = client.call("POST", formats[name].path, put(formats[name], ()), {"api-key": "k"})
    assert elsewhere.status == 401, "only Azure reads this header"


def wish(name: str, word: str) -> dict[str, Any]:
    fields: dict[str, dict[str, Any]] = {
        "openai_chat": {"reasoning_effort": word},
        "openai_responses": {"reasoning": {"effort": word}},
        "anthropic": {"output_config": {"effort": word}},
        "gemini": {"generationConfig": {"thinkingConfig": {"thinkingLevel": word}}},
    }
    return fields[name]


OPENAI = {"none", "minimal", "low", "medium", "high", "xhigh", "max"}
EFFORTS = {
    "openai_chat": OPENAI,
    "openai_responses": OPENAI,
    "anthropic": {"low", "medium", "high", "xhigh", "max"},
    "gemini": {"minimal", "low", "medium", "high", "xhigh", "HIGH"},
}
NAMED = {
    "openai_chat": "Invalid value: 'some'. Supported values are: 'none', .*, and 'max'.",
    "openai_responses": "Invalid value: 'some'. Supported values are: 'none', .*, and 'max'.",
    "anthropic": "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
    "gemini": "Invalid value at 'generation_config.thinking_config.thinking_level' .*, \"some\"",
}


@pytest.mark.parametrize("word", sorted(OPENAI | {"HIGH", "some", ""}))
def test_only_the_vendors_words_for_effort_are_taken(connect, spoken, word):
    data = json.dumps(json.loads(put(spoken, ())) | wish(spoken.name, word)).encode()
    with Sandbox() as sandbox:
        got = spoken.send(connect(sandbox), data)
    assert got.status == (200 if word in EFFORTS[spoken.name] else 400)
    if word == "some":
        assert re.fullmatch(NAMED[spoken.name], got.json["error"]["message"])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (draw_gif(1), False),
        (draw_gif(2), True),
        (draw_gif(1, "RGB"), False),
        (draw_gif(4, "RGB"), True),
        (draw_gif(2)[:-40], False),
        (b"GIF89a", False),
        (b"GIF89a" + bytes(7) + b"!", False),
    ],
)
def test_moving_pictures_are_told_from_still_ones(data, expected):
    assert is_animated(data) is expected
