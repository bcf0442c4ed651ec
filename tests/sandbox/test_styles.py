"""The styles: no template speaks for an option that is not the verdict, and silent styles give none."""

from __future__ import annotations

import re

import pytest

from mmra_api.sandbox.chance import Chance
from mmra_api.sandbox.styles import SIGHT, SILENT, STYLES, Verdict, speak

OPTIONS = {"A": "blue lamp.", "B": "{red} cup", "C": "green chair", "D": "old kite"}


def choice(value, **how):
    others = tuple((letter, text) for letter, text in OPTIONS.items() if letter != value)
    return Verdict(kind="choice", value=value, text=OPTIONS[value], others=others, **how)


def last_verdict(text):
    return re.findall(r"\b[A-D]\b|\b(?:Yes|No)\b", text)[-1:]


@pytest.mark.parametrize("style", sorted(set(STYLES) - SILENT))
@pytest.mark.parametrize("marker", ["", "Answer"])
@pytest.mark.parametrize("blind", [False, True])
def test_the_last_word_of_a_choice_is_the_verdict(style, marker, blind):
    for value in OPTIONS:
        for number in range(60):
            said = speak(style, choice(value, marker=marker, blind=blind), Chance.about(style, number))
            assert said.finish == "stop"
            assert said.text
            if style == "text_only":
                assert OPTIONS[value].rstrip(".") in said.text
            else:
                assert last_verdict(said.text) == [value], said.text
            assert ".." not in said.text


@pytest.mark.parametrize("style", sorted(set(STYLES) - SILENT))
@pytest.mark.parametrize("value", ["Yes", "No"])
def test_yes_and_no_are_never_mixed(style, value):
    for number in range(60):
        said = speak(style, Verdict(kind="yesno", value=value), Chance.about(style, number))
        assert said.text
        assert set(re.findall(r"\b(?:yes|no)\b", said.text, re.IGNORECASE)) == {value}


@pytest.mark.parametrize("style", sorted(STYLES))
@pytest.mark.parametrize("kind", ["choice", "yesno", "open"])
def test_a_blind_model_does_not_claim_to_have_seen_anything(style, kind):
    verdict = {
        "choice": choice("B", blind=True),
        "yesno": Verdict(kind="yesno", value="No", blind=True),
        "open": Verdict(kind="open", value="a kite", blind=True),
    }[kind]
    for number in range(60):
        said = speak(style, verdict, Chance.about(style, number))
        if style != "refusal":
            assert not SIGHT.search((said.text or "") + said.reasoning)


@pytest.mark.parametrize("style", sorted(SILENT - {"undecided"}))
def test_silent_styles_commit_to_nothing(style):
    for value in OPTIONS:
        for number in range(100):
            said = speak(style, choice(value), Chance.about(style, number))
            ruled_out = set(re.findall(r"(?:ption |\()?\b[B-D]\b", said.text or ""))
            assert len(ruled_out) < len(OPTIONS) - 1
            assert f" {value}." not in (said.text or "")
            assert f"({value})" not in (said.text or "")


def test_wordings_vary():
    for style in ("sentence", "markdown", "steps", "restated", "refusal"):
        assert len({speak(style, choice("B"), Chance.about(number)).text for number in range(100)}) > 4, style
