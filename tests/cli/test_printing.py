"""Lines for a terminal: broken at words, never in an address; whole where there is no terminal."""

from __future__ import annotations

import io

import pytest

from mmra_api.cli import printing
from mmra_api.cli.printing import wrap

ADDRESS = "https://a-host.example/with/a/path/that/is/long/v1"


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(printing, "is_terminal", lambda _: True)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ["short"]),
        ("error: one two three four five six seven eight", ["error: one two three four five six seven", "  eight"]),
        (f"error: the address {ADDRESS}: no", ["error: the address", f"  {ADDRESS}:", "  no"]),
        ("error: wrong:\n  [limits.openai]: rpm = 'x'; give a number", None),
        ("a\n\n    mmra run probes --model openai/m", ["a", "", "    mmra run probes --model openai/m"]),
    ],
)
def test_lines_are_broken_at_words(terminal, text, lines):
    shown = wrap(text, io.StringIO()).split("\n")
    expected = ["error: wrong:", "  [limits.openai]: rpm = 'x'; give a", "    number"]
    assert shown == (lines or expected)


def test_elsewhere_lines_stay_whole():
    text = f"error: {'word ' * 40}{ADDRESS}"
    assert wrap(text, io.StringIO()) == text


def test_what_goes_on_begins_where_it_should(terminal):
    assert wrap("  key    one two three four five six seven eight", io.StringIO(), indent=" " * 9).split("\n") == [
        "  key    one two three four five six",
        "         seven eight",
    ]
