"""The simulated judge, asked with the program's own prompts, and read by the program's own reader."""

from __future__ import annotations

import pytest

from mmra_api.extract.judge import BrokenForm, Verdict, read_verdict
from mmra_api.prompt import write_reader
from mmra_api.sandbox.chance import Chance
from mmra_api.sandbox.judge_replies import judge
from mmra_api.sandbox.wire import Ask, Piece


def ask(reply: str, options: dict[str, str], number: int = 0) -> str:
    (text,) = write_reader(number, question="Which one?", options=options, reply=reply).parts
    assert isinstance(text, str)
    return judge(Ask(model="m", pieces=(Piece(part=text, tokens=1, place="p"),)), Chance.about(0, reply, str(number)))


OPTIONS = {"A": "a cat", "B": "a dog"}


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize(
    ("reply", "options", "value"),
    [
        ("Neither A nor its neighbour convinces me, so B it is.", OPTIONS, "B"),
        ("There is nothing to be said.", OPTIONS, None),
        ("At first I thought yes, but no", {}, "No"),
    ],
)
def test_both_questions_are_understood(reply, options, value, number):
    said = ask(reply, options, number)
    verdict = read_verdict(said, reply=reply, kind="choice" if options else "yesno", options=options)
    assert verdict.value == value
    assert (verdict.span is None) is (value is None)


def test_now_and_then_the_form_is_broken():
    broken = 0
    for number in range(400):
        reply = f"Reply {number}: B"
        try:
            assert read_verdict(ask(reply, OPTIONS), reply=reply, kind="choice", options=OPTIONS) != Verdict(value=None)
        except BrokenForm:
            broken += 1
    assert 20 < broken < 70


def test_another_prompt_is_no_case_for_it():
    ask = Ask(model="m", pieces=(Piece(part="Which one? A or B", tokens=1, place="p"),))
    assert judge(ask, Chance.about(0, "x")) == ""
