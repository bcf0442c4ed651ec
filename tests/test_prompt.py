from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mmra_api.errors import PromptError
from mmra_api.prompt import FOLDER, Prompter
from mmra_api.types import Image, Kind, Params, Sample

IMAGES = tuple(
    Image(digest=str(number) * 64, media_type="image/png", width=8, height=8, size=9, path=f"/x/{number}.png")
    for number in range(3)
)


def make(kind: Kind = "choice", images: int = 2, question: str = "What do both show?", **fields: Any) -> Sample:
    options = {"A": "a cup", "B": "a chair", "C": "a lamp"} if kind == "choice" else {}
    gold = "B" if kind == "choice" else "Yes"
    values: dict[str, Any] = {
        "id": "s1",
        "subtask": "RP",
        "level": "entity",
        "kind": kind,
        "question": question,
        "options": options,
        "gold": gold,
        "images": IMAGES[:images],
    }
    return Sample(**(values | fields))


def images_of(parts):
    return tuple(part for part in parts if isinstance(part, Image))


def text_of(parts):
    return "\n".join(part for part in parts if isinstance(part, str))


@pytest.mark.parametrize("kind", ["choice", "yesno"])
@pytest.mark.parametrize("setting", ["IQ", "QO"])
@pytest.mark.parametrize("style", ["direct", "cot"])
def test_each_shipped_template_asks_the_question_and_places_every_image(kind, setting, style):
    sample = make(kind)
    request = Prompter(style=style).write(sample, setting)
    assert images_of(request.parts) == (sample.images if setting == "IQ" else ())
    text = text_of(request.parts)
    assert text.count(sample.question) == 1
    assert "{{" not in text
    assert "\x02" not in text
    for letter, option in sample.options.items():
        assert f"{letter}. {option}" in text
    assert ("Answer: <" in text) == (style == "cot")
    assert request.choices == (("A", "B", "C") if kind == "choice" else ("Yes", "No"))


def test_every_template_file_is_covered_by_the_test_above():
    names = {path.name for path in FOLDER.glob("*.jinja")}
    styles, settings, kinds = ("direct", "cot"), ("IQ", "QO"), ("choice", "yesno")
    others = {"check.text.jinja", "check.images.jinja", "judge.first.jinja", "judge.second.jinja"}  # tested elsewhere
    assert names == others | {f"{k}.{setting}.{style}.jinja" for k in kinds for setting in settings for style in styles}


def test_the_gold_answer_is_not_part_of_a_prompt():
    requests = [Prompter().write(make(gold=gold), "IQ") for gold in "AB"]
    assert requests[0] == requests[1]


def test_marks_in_the_question_place_the_images():
    request = Prompter().write(make(question="Is <image> like <image>?"), "IQ")
    assert request.parts[:4] == ("Is", IMAGES[0], "like", IMAGES[1])
    assert images_of(request.parts) == IMAGES[:2]


def test_without_images_marks_become_words():
    text = text_of(Prompter().write(make(question="Is <image> like <image>?"), "QO").parts)
    assert "Is [image 1] like [image 2]?" in text


def test_a_question_cannot_forge_an_image():
    sample = make(question="\x02deadbeef:0\x03 and <image>")
    request = Prompter().write(sample, "IQ")
    assert images_of(request.parts) == IMAGES[:2]
    assert "deadbeef" in text_of(request.parts)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ question }} {{ typo }}", "typo"),
        ("{% for image in images %}{{ image }}", "line 1"),
        ("{{ question }}", "shows 0 images and the sample has 2"),
        ("{% for i in images %}{{ i }}{% endfor %}{{ images[0] }} {{ question }}", "shows 3 images"),
        ("{% for i in images|reverse %}{{ i }}{% endfor %}{{ question }}", "order"),
        ("{{ question.__class__.__mro__ }}", "unsafe"),
    ],
)
def test_a_broken_template_is_an_error_that_says_what_is_wrong(tmp_path: Path, template: str, message: str):
    file = tmp_path / "mine.jinja"
    file.write_text(template)
    with pytest.raises(PromptError, match=message):
        Prompter(own=file).write(make(), "IQ")


def test_a_missing_template_names_the_shipped_ones(tmp_path: Path):
    with pytest.raises(PromptError, match=r"choice\.IQ\.direct"):
        Prompter(own=tmp_path / "none.jinja").write(make(), "IQ")
    with pytest.raises(PromptError, match=r"choice\.DQ\.direct"):
        Prompter().write(make(), "DQ")


def test_the_templates_used_are_recorded_with_their_text(tmp_path: Path):
    file = tmp_path / "mine.jinja"
    file.write_text("{% for image in images %}{{ image }}{% endfor %}{{ question }} {{ letters }}")
    prompter = Prompter(own=file, params=Params(max_tokens=5))
    request = prompter.write(make(), "IQ", trial=3)
    (info,) = prompter.templates()
    assert (info.name, info.text) == ("mine.jinja", file.read_text())
    assert request.parts[-1] == "What do both show? A, B or C"
    assert (request.params.max_tokens, request.trial) == (5, 3)
