"""The demo's rule, bug for bug: the table of the facts and what it leaves open."""

import pytest

from mmra_api.extract import EXTRACTORS
from mmra_api.extract.official import read_official
from mmra_api.extract.rules import read_answer, read_strict
from mmra_api.types import Kind

OPTIONS = {"A": "one", "B": "two", "C": "three"}


@pytest.mark.parametrize(
    ("kind", "text", "value", "span"),
    [
        ("choice", "I think A is correct", "A", (8, 9)),
        ("choice", "A dog is in both, the answer is B", "B", (32, 33)),
        ("choice", "The answer is B. A is wrong", "A", (17, 18)),
        ("choice", "(C) not A, A, A", "C", (1, 2)),
        ("choice", "option C: A and B", "B", (16, 17)),
        ("choice", "(A) or (B), I say (A)", "A", (1, 2)),
        ("choice", "D", "D", (0, 1)),
        ("choice", "a", None, None),
        ("choice", "(a)", None, None),
        ("choice", "ABCD", None, None),
        ("choice", "E", None, None),
        ("choice", "two", None, None),
        ("yesno", "Yes, yes, no", "No", (10, 12)),
        ("yesno", "yes yes no", "Yes", (0, 3)),
        ("yesno", "Yes. No", "No", (5, 7)),
        ("yesno", "YES", "Yes", (0, 3)),
        ("yesno", "not", None, None),
        ("yesno", "yesterday", None, None),
    ],
)
def test_reads_as_the_demo_does(kind: Kind, text: str, value: str | None, span: tuple[int, int] | None) -> None:
    answer = read_official(text, kind=kind, options=OPTIONS)
    assert (answer.value, answer.span) == (value, span)
    assert answer.span is None or text[slice(*answer.span)].lower() == str(value).lower()


@pytest.mark.parametrize(
    ("text", "rule"),
    [("", "empty"), (" \n", "empty"), ("two", "no_answer"), ("I'm sorry, I can't help with that.", "refusal")],
)
def test_names_why_nothing_was_read_and_refusals_as_the_rules_do(text: str, rule: str) -> None:
    assert read_official(text, kind="choice", options=OPTIONS).rule == rule
    assert read_answer(text, kind="yesno", options={}).rule == {"two": "no_answer"}.get(text, rule)


def test_open_questions_are_not_read() -> None:
    assert read_official("A", kind="open", options={}).value is None


def test_the_table_of_extractors() -> None:
    reply, options = "The answer is not A. It is B.", {"A": "a cup", "B": "a chair"}
    readers = {"rules": read_answer, "strict": read_strict, "official": read_official}
    assert EXTRACTORS.keys() == readers.keys()
    for name, read in readers.items():
        assert EXTRACTORS[name](reply, kind="choice", options=options) == read(reply, kind="choice", options=options)
