"""Words that spare the asking are complete: whatever a pattern fits, one of its words occurs, so that it is asked."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mmra_api.extract import asserted, decline, judged, mentions, sentences, settling, verdicts
from mmra_api.extract.languages import LANGUAGES
from mmra_api.extract.objections import OBJECTIONS
from mmra_api.extract.page import Page

GATES = [
    *((f"{objection.name} {place}", objection.pattern, objection.words) for place, objection in enumerate(OBJECTIONS)),
    ("withdrawal", settling._WITHDRAWS, settling._WITHDRAWAL_WORDS),
    ("also", settling._ALSO, settling._ALSO_WORDS),
    ("choice", verdicts._CHOOSE, verdicts.CHOICE_WORDS),
    ("turn", verdicts._TURN, verdicts.TURN_WORDS),
    ("approval", mentions._APPROVES, mentions.APPROVING_WORDS),
    ("conclusion", sentences._CONCLUDES, sentences.CONCLUDING_WORDS),
    ("judgement", judged._JUDGED, judged._JUDGING_WORDS),
    ("rejection before", judged._REJECTS_BEFORE, judged._REJECTING_WORDS),
    ("rejection after", judged._REJECTS_AFTER, judged._REJECTING_WORDS),
    ("all but", judged._ALL_BUT_BEFORE, judged._REJECTING_WORDS),
    ("fit", re.compile(rf"(?:{LANGUAGES['en'].right})"), judged.FITTING_WORDS),
]
TYPED = st.sampled_from([*string.ascii_lowercase, *string.digits, *" \n.,:;!?'\"()-"])
QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize(("pattern", "words"), [gate[1:] for gate in GATES], ids=[gate[0] for gate in GATES])
@given(data=st.data())
@QUICK
def test_a_pattern_is_asked_wherever_it_fits(
    pattern: re.Pattern[str], words: frozenset[str], data: st.DataObject
) -> None:
    page = Page(data.draw(st.from_regex(pattern, alphabet=TYPED, fullmatch=True)), {})
    found = pattern.search(page.low)
    assume(found is not None)
    assert not words.isdisjoint(page.words)


@pytest.mark.parametrize(
    ("pattern", "hints"),
    [(decline._UNTOLD, decline._UNTOLD_HINTS), (decline._NO_OPTION, decline._NO_OPTION_HINTS)],
    ids=["cannot tell", "no option fits"],
)
@given(data=st.data())
@QUICK
def test_a_pattern_holds_one_of_its_hints(
    pattern: re.Pattern[str], hints: tuple[str, ...], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(pattern, alphabet=TYPED, fullmatch=True)).replace("\n", " ")
    assume(pattern.search(text) is not None)
    assert any(hint in text for hint in hints)


@pytest.mark.parametrize(
    "words", ["because", "since", "as", "due", "given", "based", "not", "probably", "without", "for sure", "no doubt"]
)
def test_what_a_clause_may_go_on_with_does_not_rule_it_out(words: str) -> None:
    text = f"b {words} it is"
    assert not (asserted.SHUTS.match(text, 1) and asserted._GOES_ON.match(text, 1))
