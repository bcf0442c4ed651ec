from __future__ import annotations

import json
from pathlib import Path

import pytest

from mmra_api.benchmarks.samples import load
from mmra_api.errors import DataError, InputError

GOOD = {"id": "q", "images": ["0-0.png"], "question": "Which?", "options": ["x", "y"], "answer": "B"}


@pytest.fixture
def read(tmp_path: Path, jsonl):
    jsonl(tmp_path, 1)

    def read_lines(*lines: dict | str, **arguments):
        file = tmp_path / "mine.jsonl"
        file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
        return list(load(str(file), root=tmp_path / "prepared", **arguments))

    return read_lines


def test_a_line_is_a_sample(read):
    (sample,) = read(GOOD | {"subtask": "pets", "level": "entity"})
    assert (sample.id, sample.kind, sample.options, sample.gold) == ("q", "choice", {"A": "x", "B": "y"}, "B")
    assert (sample.subtask, sample.level, len(sample.images)) == ("pets", "entity", 1)


@pytest.mark.parametrize("images", [[], ["0-0.png"], ["0-0.png"] * 5])
def test_any_number_of_images(read, images):
    (sample,) = read(GOOD | {"images": images})
    assert len(sample.images) == len(images)


@pytest.mark.parametrize(("answer", "gold"), [("yes", "Yes"), ("No", "No")])
def test_without_options_the_answer_is_yes_or_no(read, answer, gold):
    (sample,) = read({key: GOOD[key] for key in ("id", "images", "question")} | {"answer": answer})
    assert (sample.kind, sample.gold) == ("yesno", gold)


def test_empty_lines_are_passed_over_and_ids_may_be_numbers(read):
    assert [sample.id for sample in read(GOOD | {"id": 1}, "", GOOD | {"id": 2})] == ["1", "2"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: not a JSON object"),
        ("\\ud800", "line 2: not a JSON object"),
        ("[1]", "line 2: not a JSON object"),
        ({"id": "r"}, r"line 2: .*`images`"),
        (GOOD | {"id": "r", "images": "a.png"}, r"\$\.images"),
        (GOOD | {"id": "r", "level": 5}, r"\$\.level"),
        (GOOD | {"id": "r", "answer": "C"}, "'C' is not among the options A, B"),
        (GOOD | {"id": "r", "options": None, "answer": "blue"}, "free-text answers cannot be scored yet"),
        (GOOD | {"id": "r", "options": {"a": "x", "b": "y"}}, "capital letters"),
        (GOOD | {"id": "r", "options": ["x"]}, "2 to 26 texts"),
        (GOOD | {"id": "r", "question": " "}, "'question': it is empty"),
        (GOOD | {"id": "r", "question": "<image> and <image>?"}, "2 <image> marks for 1 images"),
        (GOOD | {"id": "r", "images": ["none.png"]}, r"images\[0\].*No such file"),
        (GOOD, "'q' occurs twice"),
    ],
)
def test_a_bad_line_is_named(read, line, message):
    with pytest.raises(DataError, match=message):
        read(GOOD, line)


def test_a_changed_image_is_noticed(read, tmp_path, picture):
    (before,) = read(GOOD)
    (tmp_path / "0-0.png").write_bytes(picture(999))
    (after,) = read(GOOD)
    assert before.images[0].digest != after.images[0].digest


def test_a_missing_file_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        load(str(tmp_path / "none.jsonl"), root=tmp_path)
    with pytest.raises(InputError, match=r"--data FILE\.jsonl"):
        load("jsonl", root=tmp_path)


def test_a_broken_line_can_be_left_out(read):
    assert [sample.id for sample in read(GOOD, "{broken", GOOD | {"id": "r"}, skip_bad_rows=True)] == ["q", "r"]


def test_a_byte_order_mark_and_windows_line_ends_are_read(read):
    samples = read("\ufeff" + json.dumps(GOOD) + "\r", GOOD | {"id": "r"})
    assert [sample.id for sample in samples] == ["q", "r"]


def test_a_moved_folder_is_prepared_again(tmp_path, jsonl, monkeypatch):
    jsonl(tmp_path / "before", 2)
    monkeypatch.chdir(tmp_path / "before")
    list(load("own.jsonl", root=tmp_path / "prepared"))
    (tmp_path / "before").rename(tmp_path / "after")
    monkeypatch.chdir(tmp_path / "after")
    assert all(
        Path(image.path).exists() for each in load("own.jsonl", root=tmp_path / "prepared") for image in each.images
    )
