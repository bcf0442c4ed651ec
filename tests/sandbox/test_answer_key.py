"""What the sandbox understands of a prompt, and whether it finds the sample that a prompt is about."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from mmra_api.prompt import Prompter
from mmra_api.sandbox.answer_key import AnswerKey
from mmra_api.sandbox.read_prompt import read_marker, read_options
from mmra_api.sandbox.wire import Ask, Picture, Piece
from mmra_api.types import Image


def ask(prompt, images=(), *, before=True):
    return put((*images, prompt) if before else (prompt, *images))


def put(parts, system=""):
    shown = [Picture(**asdict(part), data=b"") if isinstance(part, Image) else part for part in parts]
    pieces = [Piece(part=part, tokens=1, place="") for part in shown]
    return Ask(model="m", pieces=(Piece(part=system, tokens=1, place="", system=True), *pieces))


@pytest.mark.parametrize(
    ("prompt", "options"),
    [
        ("Which?\nA. cat\nB. dog", {"A": "cat", "B": "dog"}),
        ("Which?\n(A) cat\n(B) dog\n(C) a B. movie", {"A": "cat", "B": "dog", "C": "a B. movie"}),
        ("Which?\n  A: cat  \n\n  B: dog\n", {"A": "cat", "B": "dog"}),
        ("- A) cat\n- B) dog", {"A": "cat", "B": "dog"}),
        ("**A.** cat\n**B. dog**", {"A": "cat", "B": "dog"}),
        ("Which? (A) cat (B) dog, (C) red fish", {"A": "cat", "B": "dog", "C": "red fish"}),
        ("A. old\nB. older\nA. cat\nB. dog", {"A": "cat", "B": "dog"}),
        ("B. dog\nA. cat", {"B": "dog", "A": "cat"}),
        ("Is it so? Answer Yes or No.", {}),
        ("A. the only one", {}),
        ("A cat.\nB is a dog.", {}),
        ("Reply with the letter alone: A, B or C.", {}),
    ],
)
def test_options_are_read_as_the_prompt_shows_them(prompt, options):
    assert read_options(prompt) == options
    assert list(read_options(prompt)) == list(options)


@pytest.mark.parametrize(
    ("prompt", "marker"),
    [
        ("Think step by step. End with a last line of the form\nAnswer: <letter>", "Answer"),
        ("Explain your reasoning, then write 'Final answer: X'.", "Final answer"),
        ("Reason first.\nANSWER: ...", "ANSWER"),
        ("Close with one last line in this form:\nAnswer: <Yes or No>", "Answer"),
        ("Reply with the letter alone.\nAnswer:", ""),
        ("Do not explain your choice.\nAnswer:", ""),
        ("Reply without your reasoning. Answer:", ""),
        ("Think step by step.", ""),
    ],
)
def test_the_wanted_last_line_is_read(prompt, marker):
    assert read_marker(prompt) == marker


def test_the_letter_moves_with_the_options_text(question):
    each = question(0)  # gold A, "red cups 0"
    key = AnswerKey([question(1).sample, each.sample])
    texts = list(each.sample.options.values())
    for form in ("{letter}. {text}", "({letter}) {text}", "{letter}: {text}"):
        for turn in range(3):
            options = dict(zip("ABC", texts[turn:] + texts[:turn], strict=True))
            problem = key.pose(ask(each.prompt(options, form), each.sample.images))
            assert problem.gold is not None
            assert options[problem.gold] == "red cups 0"
            assert (problem.subtask, problem.blind) == ("Env", False)


def test_images_count_in_order_and_with_the_question(question):
    each = question(0)
    key = AnswerKey([each.sample])
    images = each.sample.images
    assert key.pose(ask(each.prompt(), images)).gold == "A"
    assert key.pose(ask(each.prompt(), images, before=False)).gold == "A"
    assert key.pose(ask(each.prompt().replace("\n", " ").upper(), images)).topic
    for stranger in (ask(each.prompt(), images[::-1]), ask(each.prompt(), images[:1]), ask("Other?", images)):
        problem = key.pose(stranger)
        assert (problem.gold, problem.blind) == (None, False)
    assert key.pose(ask(each.prompt())).blind


def test_questions_about_the_same_images_are_told_apart(question):
    base = question(0).sample
    short = replace(base, id="short", question="What is there?", gold="B")
    long = replace(base, id="long", question="Look. What is there? Say it.", gold="C")
    other = replace(base, id="other", question="What is there?", gold="A", options={"A": "sun", "B": "moon"})
    key = AnswerKey([short, long, other])
    lines = "\nA. red cups 0\nB. green chairs 0\nC. blue lamps 0"
    assert key.pose(ask("Look. What is there? Say it." + lines, base.images)).gold == "C"
    assert key.pose(ask("What is there?" + lines, base.images)).gold == "B"
    assert key.pose(ask("What is there?\nA. moon\nB. sun", base.images)).gold == "B"


def test_image_marks_in_a_question_are_where_the_images_stand(question):
    sample = replace(question(0).sample, question="Is <image> like <image>?")
    first, second = sample.images
    parts = ("Is ", first, " like ", second, "?\nA. red cups 0\nB. no")
    assert AnswerKey([sample]).pose(put(parts)).gold == "A"


def test_yes_no_and_open_questions_keep_their_gold(question):
    for kind, gold in {"yesno": "Yes", "open": "kite 0"}.items():
        each = question(0, kind=kind)
        problem = AnswerKey([each.sample]).pose(ask(each.prompt(), each.sample.images))
        assert (problem.kind, problem.gold, problem.options) == (kind, gold, {})
    each = question(0, kind="yesno")
    lettered = each.prompt({"A": "No", "B": "Yes"})
    assert AnswerKey([each.sample]).pose(ask(lettered, each.sample.images)).gold == "B"


def test_a_prompt_that_hides_its_options_falls_back_to_the_samples_letters(question):
    each = question(2)
    problem = AnswerKey([each.sample]).pose(ask(each.sample.question, each.sample.images))
    assert (problem.gold, problem.options) == ("C", each.sample.options)


@pytest.mark.parametrize("kind", ["choice", "yesno"])
@pytest.mark.parametrize(("style", "marker"), [("direct", ""), ("cot", "Answer")])
@pytest.mark.parametrize("setting", ["IQ", "QO"])
def test_our_own_prompts_are_understood(question, kind, style, marker, setting):
    sample = question(1, kind=kind).sample
    parts = Prompter(style=style).write(sample, setting).parts
    asked = put(parts)
    problem = AnswerKey([sample]).pose(asked)
    assert read_marker(asked.prompt) == marker
    assert problem.options == sample.options
    assert (problem.gold, problem.blind) == ((sample.gold, False) if setting == "IQ" else (None, True))
