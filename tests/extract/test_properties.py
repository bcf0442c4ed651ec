"""Properties: names and order of options do not matter, markup and line ends do not matter, no text does harm."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmra_api.extract import EXTRACTORS, read_answer
from mmra_api.types import Kind

TEXTS = ("red kite", "blue boat", "green tent", "white wall")
REPLIES = (
    "{letter}",
    "({letter})",
    "{letter}. {text}",
    "{letter}) {text}",
    "The answer is {letter}.",
    "The correct answer is ({letter}) {text}.",
    "Answer: {letter}",
    "I would choose option {letter}.",
    "{text}",
    "It shows the {text}.",
    "Both hold it.\n\nAnswer: {letter}",
    "<answer>{letter}</answer>",
    "\\boxed{{{letter}}}",
    "答案是{letter}",
)
WRAPS = (
    "{}",
    "**{}**",
    "  {}  ",
    "\n\n{}\n",
    "> {}",
    "_{}_",
    "{}\r\n",
    "\u200b{}",
    "<think>\n\n</think>\n{}",
    "{}</s>",
)
LETTER_SETS = ("ABCD", "EFGH", "PQRS", "DCBA", "WXYZ", "HJKL")
NASTY = st.text(
    st.one_of(st.characters(), st.sampled_from("ABCDabcd().:*\\{}[]<>\n\r\t $#=,/'\"-—：（）是否答案")), max_size=300
)


@given(
    letters=st.sampled_from(LETTER_SETS),
    order=st.permutations(range(4)),
    gold=st.integers(0, 3),
    reply=st.sampled_from(REPLIES),
    wrap=st.sampled_from(WRAPS),
)
def test_names_order_and_markup_of_options_do_not_matter(
    letters: str, order: list[int], gold: int, reply: str, wrap: str
) -> None:
    options = {letters[place]: TEXTS[text] for place, text in enumerate(order)}
    letter = next(letter for letter, text in options.items() if text == TEXTS[gold])
    text = wrap.format(reply.format(letter=letter, text=TEXTS[gold]))
    answer = read_answer(text, kind="choice", options=options)
    assert answer.value == letter, (text, options, answer)


@given(
    reply=st.sampled_from(REPLIES), newline=st.sampled_from(["\r\n", "\r", "\u2028", "\n\n"]), gaps=st.integers(1, 3)
)
def test_line_ends_and_gaps_do_not_matter(reply: str, newline: str, gaps: int) -> None:
    options = dict(zip("ABCD", TEXTS, strict=True))
    text = reply.format(letter="C", text=TEXTS[2]).replace("\n", newline)
    text = re.sub(r"(?<=[:.]) ", " " * gaps, text)
    assert read_answer(text, kind="choice", options=options).value == "C"


@settings(max_examples=400)
@given(text=NASTY, kind=st.sampled_from(["choice", "yesno", "open"]), name=st.sampled_from(sorted(EXTRACTORS)))
def test_any_text_is_read_without_harm_and_a_value_rests_on_a_span(text: str, kind: Kind, name: str) -> None:
    options = {"A": "a cat", "B": "9 cm", "C": "\\frac{1}{2}", "D": ""} if kind == "choice" else {}
    answer = EXTRACTORS[name](text, kind=kind, options=options)
    if answer.value is None:
        assert answer.span is None
        assert answer.rule
        return
    assert answer.span is not None
    start, end = answer.span
    assert 0 <= start < end <= len(text)
    for reading in answer.alternatives:
        assert 0 <= reading.span[0] < reading.span[1] <= len(text)


@settings(max_examples=300)
@given(
    before=st.text(alphabet="xyz .,\n", max_size=40),
    letter=st.sampled_from("ABCD"),
    form=st.sampled_from(["The answer is {}.", "Answer: {}", "final answer: ({})", "<answer>{}</answer>"]),
)
def test_the_span_of_a_letter_holds_that_letter(before: str, letter: str, form: str) -> None:
    text = f"{before}\n{form.format(letter)}"
    answer = read_answer(text, kind="choice", options=dict(zip("ABCD", TEXTS, strict=True)))
    assert answer.value == letter
    assert answer.span is not None
    assert text[slice(*answer.span)] == letter


@given(text=st.text(max_size=60), options=st.dictionaries(st.text(max_size=3), st.text(max_size=12), max_size=5))
def test_any_options_are_taken(text: str, options: dict[str, str]) -> None:
    answer = read_answer(text, kind="choice", options=options)
    assert answer.value is None or answer.value in options


UNITS = (
    *("answer is ", "A or B ", "(A) ", "A\n", "\\boxed{", "<think>", "</think>", "<s>", "not ", "a cat ", "选项B"),
    *("答案", "is correct ", "\nquestion: x", "[", '"answer": "', "\ud800", "İ", " ", ".", "I can't ", "yes ", "no "),
)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("kind", ["choice", "yesno", "open"])
def test_a_hundred_thousand_characters_of_anything_end(unit: str, kind: Kind) -> None:
    text = unit * (100_000 // len(unit))
    answer = read_answer(text, kind=kind, options={"A": "a cat", "B": "a dog"} if kind == "choice" else {})
    assert answer.rule
