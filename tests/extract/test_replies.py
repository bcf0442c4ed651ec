"""Every rule on replies that it reads, replies that commit to nothing, and look-alikes that a rule must leave alone.

The tables are in ``replies/``, in our own words: ``choice`` and ``yesno`` by rule, ``unread`` by reason, ``left_alone``
by rule; ``options`` holds what was to choose from.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mmra_api.extract.folding import fold
from mmra_api.extract.order import TIERS, Rule
from mmra_api.extract.page import Page
from mmra_api.extract.rules import read_answer
from mmra_api.extract.voice import meant
from mmra_api.types import Kind

FOLDER = Path(__file__).parent / "replies"
RULES: dict[Kind, dict[str, Rule]] = {
    kind: {rule.name: rule for tier in tiers for rule in tier.rules} for kind, tiers in TIERS.items()
}


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


OPTIONS: dict[str, dict[str, str]] = _table("options") | {"none": {}}
CHOICE = [
    (rule, options, value, text)
    for rule, tables in _table("choice").items()
    for options, values in tables.items()
    for value, texts in values.items()
    for text in texts
]
YESNO = [
    (rule, value, text) for rule, values in _table("yesno").items() for value, texts in values.items() for text in texts
]
UNREAD = [
    (kind, reason, options, text)
    for kind, reasons in _table("unread").items()
    for reason, tables in reasons.items()
    for options, table in tables.items()
    for text in table["replies"]
]
LEFT_ALONE = [
    (kind, rule, text)
    for kind, rules in _table("left_alone").items()
    for rule, texts in rules.items()
    for text in texts
]


@pytest.mark.parametrize(("rule", "options", "value", "text"), CHOICE)
def test_reads_the_option(rule: str, options: str, value: str, text: str) -> None:
    answer = read_answer(text, kind="choice", options=OPTIONS[options])
    assert (answer.value, answer.rule) == (value, rule)
    assert answer.span is not None
    assert not answer.ambiguous


@pytest.mark.parametrize(("rule", "value", "text"), YESNO)
def test_reads_yes_or_no(rule: str, value: str, text: str) -> None:
    answer = read_answer(text, kind="yesno", options={})
    assert (answer.value, answer.rule) == (value, rule)
    assert answer.span is not None


@pytest.mark.parametrize(("kind", "reason", "options", "text"), UNREAD)
def test_reads_nothing(kind: Kind, reason: str, options: str, text: str) -> None:
    answer = read_answer(text, kind=kind, options=OPTIONS[options])
    assert (answer.value, answer.rule, answer.span) == (None, reason, None)


@pytest.mark.parametrize(("kind", "rule", "text"), LEFT_ALONE)
def test_a_rule_leaves_its_look_alikes_alone(kind: Kind, rule: str, text: str) -> None:
    page = Page(text, OPTIONS["barn"] if kind == "choice" else {})
    values = {claim.value for claim in RULES[kind][rule].find(page) if meant(page, claim)}
    assert values <= {None} or len(values) > 1


@pytest.mark.parametrize("kind", ["choice", "yesno"])
def test_every_rule_has_both_tables(kind: Kind) -> None:
    assert set(_table("left_alone")[kind]) == set(RULES[kind])
    assert set(_table(kind)) == set(RULES[kind])


def test_there_are_more_than_six_hundred_rows_and_no_two_alike() -> None:
    rows = [*CHOICE, *YESNO, *UNREAD, *LEFT_ALONE]
    assert len(rows) > 1_500
    assert len(rows) == len(set(rows))


def test_the_span_of_a_letter_holds_the_letter() -> None:
    by_text = {"whole_text", "eliminated", "counted"}
    for rule, options, value, text in CHOICE:
        answer = read_answer(text, kind="choice", options=OPTIONS[options])
        if answer.span and len(value) == 1 and not rule.startswith("text_") and rule not in by_text:
            quote = fold(text)[slice(*answer.span)]
            assert len(quote) == 1 or " " in quote, text


def test_options_of_every_table_are_used() -> None:
    assert {options for _, options, _, _ in CHOICE} | {"none"} >= set(OPTIONS)
