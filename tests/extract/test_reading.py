"""What holds for any reply: spans, letters of any name, texts and numbers as options, thinking, long texts."""

import subprocess
import sys

import pytest

from mmra_api.extract.decline import decline
from mmra_api.extract.folding import fold
from mmra_api.extract.page import HEAD, TAIL, Page
from mmra_api.extract.rules import read_answer

CAT = {"A": "a cat", "B": "a dog", "C": "a cow"}


@pytest.mark.parametrize(
    ("options", "text", "value"),
    [
        ({"1": "cat", "2": "dog"}, "2", "2"),
        ({"1": "cat", "2": "dog"}, "The answer is 2.", "2"),
        ({"1": "cat", "2": "dog"}, "The answer is 2.5", None),
        ({"1": "cat", "2": "dog"}, "(1) cat", "1"),
        ({"P": "cat", "Q": "dog"}, "Q", "Q"),
        ({"P": "cat", "Q": "dog"}, "The answer is A.", None),
        ({"a": "cat", "b": "dog"}, "B", "b"),
        ({"a": "cat", "b": "dog"}, "(b)", "b"),
        ({"A": "1", "I": "2", "J": "3"}, "Answer: I", "I"),
        ({"A": "1", "I": "2", "J": "3"}, "I think that it is J.", "J"),
        ({"А": "кот", "Б": "пёс"}, "Ответ: Б", "Б"),
        ({"甲": "猫", "乙": "狗"}, "答案是乙", "乙"),
        ({"A": "猫", "B": "狗"}, "狗", "B"),
        ({"A": "5 cm", "B": "6 cm"}, "6 cm", "B"),
        ({"A": "5 cm", "B": "6 cm"}, "6.0 cm", "B"),
        ({"A": "5 cm", "B": "6 cm"}, "The length is 6cm.", "B"),
        ({"A": "1,800", "B": "180"}, "1800", "A"),
        ({"A": "30°", "B": "60°"}, "60 degrees", "B"),
        ({"A": "30°", "B": "60°"}, r"$60^\circ$", "B"),
        ({"A": "$24$ cm", "B": "$26$ cm"}, r"We find \boxed{26}.", "B"),
        ({"A": "10 %", "B": "20 %"}, "20 percent", "B"),
        ({"A": "-16", "B": "16"}, "-16", "A"),
        ({"A": "-16", "B": "16"}, "16", "B"),
        ({"A": "2", "B": "3"}, "2 + 1 = 3", "B"),
        ({"A": "2", "B": "3"}, "f(2) + 1", None),
        ({"A": "increase", "B": "slightly increase"}, "slightly increase", "B"),
        ({"A": "increase", "B": "slightly increase"}, "It would slightly increase.", "B"),
        ({"A": "yes", "B": "no"}, "No, it is not.", "B"),
        ({"A": "yes", "B": "no"}, "There is no dog.", None),
        ({"A": "Point A", "B": "Point B"}, "It corresponds to point B.", "B"),
        ({"A": "the first image", "B": "the second image"}, "The second image fits best.", "B"),
        ({"A": "a cat", "B": "a cat"}, "a cat", None),
        ({"A": "a cat", "B": "a cat"}, "The answer is a cat.", None),
        ({"A": "A", "B": "B"}, "The view is (B).", "B"),
        ({"A": "C", "B": "A", "C": "B"}, "The answer is (C).", "C"),
        ({"A": "Refused", "B": "Often"}, "I cannot answer this question.", None),
        ({"A": "Refused", "B": "Often"}, "A. Refused", "A"),
        ({}, "A", None),
    ],
)
def test_options_of_any_kind(options: dict[str, str], text: str, value: str | None) -> None:
    answer = read_answer(text, kind="choice", options=options)
    assert answer.value == value
    assert answer.value is None or answer.value in options


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The answer is **B**.", "B"),
        ("\u200bAnswer：（Ｂ）", "Ｂ"),
        ("<think>A?</think>\r\nThe answer is B", "B"),
        ("A dog.", "dog"),
        ("İİİ the answer is B", "B"),
    ],
)
def test_the_span_is_a_place_in_the_original_text(text: str, quote: str) -> None:
    answer = read_answer(text, kind="choice", options=CAT)
    assert answer.value == "B"
    assert answer.span is not None
    assert text[slice(*answer.span)] == quote


def test_competing_readings_are_all_named() -> None:
    answer = read_answer("The pair shows (A). The pair shows (C).", kind="choice", options=CAT)
    assert (answer.value, answer.ambiguous) == (None, True)
    assert [(reading.value, reading.span) for reading in answer.alternatives] == [("A", (16, 17)), ("C", (36, 37))]


def test_a_revised_letter_is_read_as_likely_and_a_plain_one_as_certain() -> None:
    assert read_answer("Answer: A. No: the final answer is B.", kind="choice", options=CAT).confidence == "likely"
    assert read_answer("The final answer is B.", kind="choice", options=CAT).confidence == "certain"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The answer is a red barn.", "a red barn"),
        ("Final answer: 42", "42"),
        (r"So \boxed{3.5}", "3.5"),
        ("<answer>two dogs</answer>", "two dogs"),
        ("two dogs", "two dogs"),
        ("Two dogs.", "Two dogs"),
        ("答案：“两只狗”", "两只狗"),
        (r"\boxed{\frac{1}{2}}", r"\frac{1}{2}"),
        ("The answer is f(x).", "f(x)"),
        ("The answer is 'a kite'.", "a kite"),
        ("The answer is Dr. Smith. He", "Dr. Smith"),
        ("The answer is J. K. Rowling. She", "J. K. Rowling"),
        ("The answer is B. It is", "B"),
        ("I cannot answer this.", None),
        ("There are many things here.\nSome are red.", None),
        ("", None),
    ],
)
def test_open_questions(text: str, value: str | None) -> None:
    answer = read_answer(text, kind="open", options={})
    assert answer.value == value
    assert answer.span is None or text[slice(*answer.span)] == value


def test_folding_keeps_the_length() -> None:
    text = "（Ａ）：“x”　—　①\r\n*B*"
    assert len(fold(text)) == len(text)
    assert fold("（Ｂ）：") == "(B):"


def test_the_middle_of_a_very_long_reply_is_not_read() -> None:
    padding = "word " * (HEAD + TAIL)
    assert read_answer(f"{padding} The answer is B. {padding}", kind="choice", options=CAT).value is None
    answer = read_answer(f"{padding} The answer is B.", kind="choice", options=CAT)
    assert answer.value == "B"
    assert answer.span == (len(padding) + 15, len(padding) + 16)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<think>x</think>B", "B"),
        ("x</think>B", "B"),
        ("B<think>x", "B"),
        ("<think>x</think>A<think>y</think>B", "AB"),
        ("<think>x</think>A</think>B", "B"),
        ("◁think▷x◁/think▷B", "B"),
        ("<s> B</s> more", "B"),
        ("B<|im_end|>\nuser", "B"),
    ],
)
def test_what_a_page_leaves_out(text: str, plain: str) -> None:
    assert "".join(Page(text, {}).plain.split()) == plain


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("I can't help with that.", "refusal"),
        ("We are unable to determine this.", "refusal"),
        ("I will not answer.", "refusal"),
        ("As a language model, I cannot see.", "refusal"),
        ("One cannot see the barn.", ""),
        ("The dog can't be large.", ""),
        ("It is hard to say.", "cannot_tell"),
        ("I don't know.", "cannot_tell"),
        ("No correct option is given.", "no_option_fits"),
        ("A dog.", ""),
        ("", ""),
    ],
)
def test_how_a_text_declines(text: str, how: str) -> None:
    assert decline(text.lower()) == how


def test_importing_extraction_loads_nothing_heavy() -> None:
    heavy = "{'PIL', 'rich', 'click', 'numpy', 'datasets', 'openai', 'msgspec', 'asyncio'}"
    code = f"import sys, mmra_api.extract, mmra_api.score; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_choice_whose_options_are_not_known_is_read_by_its_letters() -> None:
    assert read_answer("The answer is **C**.", kind="choice").value == "C"
    assert read_answer("A dog is running.", kind="choice").value is None
    assert read_answer("Yes.", kind="yesno").value == "Yes"
    assert read_answer("The answer is a dog.", kind="open").value == "a dog"


@pytest.mark.parametrize(
    ("labels", "reply"),
    [
        (("(A)", "(B)"), "The answer is B."),
        (("(A)", "(B)"), "(B)"),
        (("A.", "B."), "B. a boat"),
        (("Option A", "Option B"), "I choose option B."),
        (("①", "②"), "正解は②です"),
        (("1", "2"), "答案：②"),
        (("1", "2"), "2️⃣"),
    ],
)
def test_labels_may_be_dressed_up_and_come_back_as_given(labels: tuple[str, str], reply: str) -> None:
    answer = read_answer(reply, kind="choice", options=dict(zip(labels, ("a kite", "a boat"), strict=True)))
    assert answer.value == labels[1]
    torn = read_answer("It's A. It's B.", kind="choice", options={"(A)": "a kite", "(B)": "a boat"})
    assert [reading.value for reading in torn.alternatives] == ["(A)", "(B)"]
