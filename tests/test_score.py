"""The order of decisions in `score`, as a table."""

import pytest

from mmra_api.score import FAILED, score, score_graded
from mmra_api.types import Answer, FinishReason, Response

READ_B = Answer(value="B", rule="opening", span=(0, 1))
LIKELY_B = Answer(value="B", rule="mentioned", span=(11, 12), confidence="likely")
NOTHING = Answer(value=None, rule="no_answer")
REFUSES = Answer(value=None, rule="refusal")


@pytest.mark.parametrize(
    ("answer", "gold", "text", "finish", "refusal", "outcome"),
    [
        (READ_B, "B", "B", "stop", "", "correct"),
        (READ_B, "b", "B", "stop", "", "correct"),
        (READ_B, " B ", "B", "stop", "", "correct"),
        (READ_B, "C", "B", "stop", "", "wrong"),
        (READ_B, "B", "B, as", "length", "", "correct"),
        (READ_B, "C", "B, as", "length", "", "wrong"),
        (LIKELY_B, "B", "Looking at B first", "length", "", "truncated"),
        (LIKELY_B, "B", "Looking at B first", "stop", "", "correct"),
        (READ_B, "B", "B", "refusal", "", "correct"),
        (READ_B, "B", "B", "stop", "policy", "correct"),
        (Answer(value="Yes", rule="first_word", span=(0, 3)), "yes", "YES", "stop", "", "correct"),
        (Answer(value="Straße", rule="short_reply", span=(0, 6)), "STRASSE", "Straße", "stop", "", "correct"),
        (NOTHING, "B", "", "refusal", "", "refused"),
        (NOTHING, "B", "", "content_filter", "", "refused"),
        (NOTHING, "B", "", "stop", "I can't", "refused"),
        (NOTHING, "B", "", "length", "I can't", "refused"),
        (REFUSES, "B", "I can't", "stop", "", "refused"),
        (REFUSES, "B", "I can't", "length", "", "refused"),
        (NOTHING, "B", "Let us look", "length", "", "truncated"),
        (NOTHING, "B", "", "length", "", "truncated"),
        (NOTHING, "B", "", "stop", "", "empty"),
        (NOTHING, "B", " \n", "stop", "", "empty"),
        (NOTHING, "B", "", "other", "", "empty"),
        (NOTHING, "B", "A cow", "stop", "", "unparsed"),
        (NOTHING, "B", "A cow", "other", "", "unparsed"),
        (Answer(value=None, rule="cannot_tell"), "B", "Nobody can tell", "stop", "", "unparsed"),
        (Answer(value=None, rule="conflict", ambiguous=True), "B", "(A) (B)", "stop", "", "unparsed"),
    ],
)
def test_outcome(answer: Answer, gold: str, text: str, finish: FinishReason, refusal: str, outcome: str) -> None:
    result = score(answer, Response(text=text, finish=finish, refusal=refusal), gold)
    assert result.outcome == outcome
    assert result.credit == (1.0 if outcome == "correct" else 0.0)


@pytest.mark.parametrize(
    ("finish", "word", "outcome"),
    [
        ("stop", "stop", "correct"),
        ("other", "", "correct"),  # some servers name no reason
        ("other", "tool_calls", "unparsed"),
        ("other", "abort", "unparsed"),
        ("content_filter", "SAFETY", "refused"),
        ("refusal", "refusal", "refused"),
        ("length", "max_tokens", "truncated"),
    ],
)
def test_a_mere_mention_counts_only_in_a_reply_that_came_to_its_end(
    finish: FinishReason, word: str, outcome: str
) -> None:
    text = "Let me compare. Option B says one thing. The first image shows a dog and"
    response = Response(text=text, finish=finish, finish_raw=word)
    assert score(LIKELY_B, response, "B").outcome == outcome
    assert score(READ_B, response, "B").outcome == "correct", "a verdict stands, whatever came after it"


def test_a_call_without_a_reply_has_no_credit() -> None:
    assert (FAILED.outcome, FAILED.credit) == ("failed", 0.0)


@pytest.mark.parametrize(("points", "scale", "credit"), [(0, 6, 0.0), (6, 6, 1.0), (4, 6, 2 / 3), (2.5, 10, 0.25)])
def test_points_bring_their_share_as_credit(points: float, scale: float, credit: float) -> None:
    result = score_graded(points, scale)
    assert (result.outcome, result.points, result.credit) == ("graded", points, credit)


@pytest.mark.parametrize(("points", "scale"), [(-1, 6), (7, 6), (float("nan"), 6), (0, 0), (1, -1), (1, float("nan"))])
def test_points_off_the_scale_are_refused(points: float, scale: float) -> None:
    with pytest.raises(ValueError, match="between 0 and scale"):
        score_graded(points, scale)
