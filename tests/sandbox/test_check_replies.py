"""The program's own check of a model: every simulated model passes it, by looking; a model without eyes does not."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from PIL import Image, ImageDraw

from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.check_replies import COLOURS, name_colour
from mmra_api.sandbox.faults import Faults
from mmra_api.sandbox.models import MODELS

NUMBER = "Reply with this number and nothing else: {}"
ASKED = "Two pictures. Which colour has the shape in the first picture,\nand which in the second? Name both."
SHAPES = ("ellipse", "rectangle", "polygon")
ALL_MODELS = [*MODELS, "gpt-of-your-dreams"]


def draw(colour, shape="ellipse", side=64, form="PNG", background="white"):
    image = Image.new("RGB", (side, side), background)
    box = (side // 4, side // 4, 3 * side // 4, 3 * side // 4)
    points = [(side // 2, 2), (side - 2, side - 4), (2, side - 4)]
    getattr(ImageDraw.Draw(image), shape)(points if shape == "polygon" else box, fill=colour)
    file = io.BytesIO()
    image.save(file, form)
    return file.getvalue()


def say(spoken, client, pictures, prompt, model="simulated-strong", limit=64):
    got = spoken.send(client, json.dumps(spoken.put(model, pictures, prompt, limit)).encode(), model)
    return spoken.get(got.json)


@pytest.mark.parametrize("model", ALL_MODELS)
def test_a_model_repeats_the_number(connect, spoken, model):
    with Sandbox() as sandbox:
        client = connect(sandbox)
        for number in ("4817", "0", "90210"):
            text, thought, _ = say(spoken, client, (), NUMBER.format(number), model)
            assert (text, thought) == (number, "")
        assert sandbox.counters.replies == {"check": 3}


@pytest.mark.parametrize("model", ALL_MODELS)
def test_a_model_sees_the_colours_in_their_order(connect, spoken, model):
    names = [name for name in COLOURS if name != "white"]
    pairs = list(zip(names, [*names[3:], *names[:3]], strict=True))
    with Sandbox() as sandbox:
        client = connect(sandbox)
        for number, pair in enumerate(pairs):
            pictures = [draw(COLOURS[name], SHAPES[number % 3], 40 + 9 * number) for name in pair]
            assert say(spoken, client, pictures, ASKED, model)[0] == f"{pair[0]}, {pair[1]}"
        counters = sandbox.counters
    assert (counters.replies, counters.images) == ({"check": 7}, 14)


def test_there_are_as_many_names_as_pictures(connect, spoken):
    red, blue = draw(COLOURS["red"]), draw(COLOURS["blue"])
    with Sandbox() as sandbox:
        client = connect(sandbox)
        for pictures, text in {(red,): "red", (red, blue, red): "red, blue, red", (): "unclear"}.items():
            assert say(spoken, client, pictures, ASKED)[0] == text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (draw((205, 45, 50)), "red"),
        (draw((250, 120, 30), form="JPEG"), "orange"),
        (draw(COLOURS["purple"], form="WEBP"), "purple"),
        (draw(COLOURS["green"], background="black", side=65), "green"),
        (draw("white"), "white"),
        (draw(COLOURS["red"])[:60], "unclear"),
        (draw(COLOURS["red"]).replace(b"IDAT", b"IDOT"), "unclear"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\4\0\0\0\3", "unclear"),
        (b"", "unclear"),
    ],
)
def test_the_colour_is_that_of_the_pixel_in_the_middle(data, name):
    assert name_colour(data) == name


def test_a_picture_that_cannot_be_decoded_is_unclear(connect, spoken):
    broken = draw(COLOURS["red"])[:60]
    with Sandbox() as sandbox:
        assert say(spoken, connect(sandbox), (broken, draw(COLOURS["blue"])), ASKED)[0] == "unclear, blue"


def test_a_check_fares_as_any_call_does(connect, spoken):
    pictures = [draw(COLOURS["red"]), draw(COLOURS["blue"])]
    with Sandbox(faults=Faults(script=("500",))) as sandbox:
        client = connect(sandbox)
        body = json.dumps(spoken.put("simulated-strong", pictures, ASKED, 16)).encode()
        failed, got = (spoken.send(client, body, "simulated-strong") for _ in range(2))
        assert (failed.status, got.status) == (500, 200)
        assert spoken.count(got.json)[1] == 3
        missing = spoken.send(client, json.dumps(spoken.put("missing", (), NUMBER.format(1), 16)).encode(), "missing")
        assert missing.status == 404


@pytest.mark.parametrize("name", ["openai_chat", "anthropic", "gemini"])
def test_a_token_limit_cuts_the_number(connect, formats, name):
    with Sandbox() as sandbox:
        text, _, end = say(formats[name], connect(sandbox), (), NUMBER.format("1234567"), limit=1)
    assert text == "123456"
    assert end in {"length", "max_tokens", "MAX_TOKENS"}


def test_other_prompts_are_no_check(question, connect, spoken):
    each = question(1)
    with Sandbox([each.sample]) as sandbox:
        spoken.ask(connect(sandbox), each)
        say(spoken, connect(sandbox), (), "Reply with this number and nothing else:")
        say(spoken, connect(sandbox), each.pictures, "Which colour has the shape in the first picture?")
        assert "check" not in sandbox.counters.replies


BLIND = {
    "openai_chat": ("messages.[0].content.[1].type", None),
    "openai_responses": ("input[0].content[1].type", "invalid_value"),
    "anthropic": ("messages.0.content.1: ", None),
    "gemini": ("models/blind-one", None),
}


def test_a_model_without_eyes_turns_images_down_in_the_formats_own_words(connect, spoken):
    """The text comes first here, so that the image is not the first part of the body."""
    picture = draw(COLOURS["red"])
    body = spoken.put("blind-one", (picture, picture), ASKED, 64)
    holder = (body.get("messages") or body.get("input") or body.get("contents"))[0]
    holder["content" if "content" in holder else "parts"].reverse()
    place, code = BLIND[spoken.name]
    with Sandbox() as sandbox:
        client = connect(sandbox)
        got = spoken.send(client, json.dumps(body).encode(), "blind-one")
        assert say(spoken, client, (), NUMBER.format(4817), "blind-one")[0] == "4817"
        assert (sandbox.counters.paid, sandbox.counters.rejections) == (1, {"bad_request": 1})
    error = got.json["error"]
    assert got.status == 400
    assert "does not support image input" in error["message"]
    if spoken.name.startswith("openai"):
        assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", place, code)
    else:
        assert place in error["message"]
        assert (error.get("type"), error.get("status")) in {
            ("invalid_request_error", None),
            (None, "INVALID_ARGUMENT"),
        }


def test_the_sandbox_starts_without_an_imaging_library():
    code = "import sys, mmra_api.sandbox; print('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
