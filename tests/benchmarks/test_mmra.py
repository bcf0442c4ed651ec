from __future__ import annotations

import pytest

from mmra_api.benchmarks.mmra import SUBTASKS, parse_row
from mmra_api.benchmarks.source import RawRow
from mmra_api.errors import DataError


def parse(values):
    return parse_row(RawRow(where="data.parquet, row 7", index=7, values=values)).sample


@pytest.mark.parametrize(
    ("task", "abbrev"),
    [
        *((subtask.name, subtask.abbrev) for subtask in SUBTASKS),
        ("MentalitySImilarity", "MS"),
        ("Environments", "Env"),
        ("relative position", "RP"),
        ("OBSERVATION_ANGLE", "OA"),
    ],
)
def test_task_names_are_matched_without_regard_to_case_and_known_variants(row, task, abbrev):
    assert parse(row(0, Task=task)).subtask == abbrev


def test_the_subtasks_are_the_published_ones():
    assert " ".join(each.abbrev for each in SUBTASKS) == "RP US MS SM AS NSE Env LO SimE SubE OA"
    assert [each.level for each in SUBTASKS] == ["entity"] * 6 + ["image"] * 5


@pytest.mark.parametrize("qa_type", ["Choice QA", "Chooice QA", "choice  qa "])
def test_the_misspelt_type_is_a_choice_question(row, qa_type):
    sample = parse(row(0, QA_type=qa_type))
    assert (sample.kind, sample.gold, list(sample.options)) == ("choice", "A", ["A", "B", "C"])


@pytest.mark.parametrize(("answer", "gold"), [("Yes", "Yes"), ("no", "No"), ("True", "Yes"), ("false.", "No")])
def test_a_yes_no_question_has_no_options(row, answer, gold):
    sample = parse(row(2, answer=answer))
    assert (sample.kind, sample.gold, sample.options) == ("yesno", gold, {})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("{'A': 'x', 'B': 'y'}", {"A": "x", "B": "y"}),
        ('{"A": "it\'s", "B": "a \\"b\\"", "C": "c", "D": "d"}', {"A": "it's", "B": 'a "b"', "C": "c", "D": "d"}),
        ({"A": "x", "B": 3}, {"A": "x", "B": "3"}),
        ("{'A': ' padded ', 'B': 'y'}", {"A": "padded", "B": "y"}),
    ],
)
def test_options_are_a_literal_or_an_object(row, options, expected):
    assert parse(row(0, options=options)).options == expected


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("Task", "Telepathy", "unknown task 'Telepathy'"),
        ("Task", None, "expected a text"),
        ("QA_type", "Essay", "'Essay' is none of"),
        ("question", "  ", "expected a text"),
        ("options", None, "needs options"),
        ("options", "{'A': 'x'", "not a Python literal"),
        ("options", "__import__('os').getcwd()", "not a Python literal"),
        ("options", "['x', 'y']", "expected a dict"),
        ("options", "{'A': 'x'}", "two or more"),
        ("options", "{'AB': 'x', 'B': 'y'}", "capital letter"),
        ("options", "{'A': '', 'B': 'y'}", "needs a text"),
        ("options", float("nan"), "needs options"),
        ("answer", "D", "'D' is not among the options A, B, C"),
        ("answer", None, "not among the options"),
        ("image1", None, "expected the bytes of an image"),
        ("image2", {"bytes": None, "path": None}, "expected the bytes of an image"),
    ],
)
def test_a_bad_field_is_named_with_its_row(row, field, value, message):
    with pytest.raises(DataError) as caught:
        parse(row(0, **{field: value}))
    assert "row 7" in str(caught.value)
    assert f"field {field!r}" in str(caught.value)
    assert message in str(caught.value)


def test_a_bad_verdict_is_named(row):
    with pytest.raises(DataError, match="expected Yes or No, found 'Maybe'"):
        parse(row(2, answer="Maybe"))
