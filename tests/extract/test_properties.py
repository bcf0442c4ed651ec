"""Properties: names and order of options do not matter, markup and line ends do not matter, no text does harm."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmra_api.extract import EXTRACTORS
from mmra_api.extract.rules import read_answer, read_strict
from mmra_api.types import Kind

TEXTS = ("red kite", "blue boat", "green tent", "white wall")
REPLIES = (
    *(
        "{letter}",
        "({letter})",
        "{letter}. {text}",
        "{letter}) {text}",
        "{letter}: {text}",
        "({letter}) {text}",
        "Option {letter}",
    ),
    *(
        "The answer is {letter}.",
        "The correct answer is ({letter}) {text}.",
        "Answer: {letter}",
        "Final answer: {letter}",
    ),
    *(
        "I would choose option {letter}.",
        "I'd go with {letter}",
        "My pick: {letter}",
        "Option {letter} is the best match.",
    ),
    *(
        "It's {letter}.",
        "Definitely {letter}.",
        "Probably {letter}.",
        "I think it is {letter}.",
        "So {letter}.",
        "It must be ({letter}).",
    ),
    *("{text}", "The {text}.", "It shows the {text}.", "The answer is the {text}.", "A {text}", "Answer: {text}"),
    *(
        "Not {other} but {letter}.",
        "It's not {other}, it's {letter}.",
        "The answer is {other}. Wait, actually it's {letter}.",
    ),
    *("{letter} rather than {other}", "Unlike {other}, option {letter} fits best.", "{letter}, not {other}."),
    *("Both hold it.\n\nAnswer: {letter}", "Look at the sails.\n\n{letter}", "There is wind in both. So {letter}."),
    *(
        "<answer>{letter}</answer>",
        "\\boxed{{{letter}}}",
        "$\\boxed{{\\text{{({letter})}}}}$",
        '{{"answer": "{letter}"}}',
    ),
    *(
        "答案是{letter}",
        "正解は{letter}です",
        "정답은 {letter}입니다",
        "La respuesta es {letter}.",
        "La réponse est {letter}.",
    ),
    *(
        "Die Antwort ist {letter}.",
        "A resposta é {letter}.",
        "Ответ: {letter}",
        "الإجابة هي {letter}",
        "C'est {letter}.",
        "Es ist {letter}.",
    ),
)
WRAPS = (
    *(
        "{}",
        "**{}**",
        "  {}  ",
        "\n\n{}\n",
        "> {}",
        "_{}_",
        "{}\r\n",
        "\u200b{}",
        "- {}",
        "* {}",
        "# {}",
        "### {}",
        "***{}***",
    ),
    *(
        "<think>\n\n</think>\n{}",
        "{}</s>",
        "```\n{}\n```",
        "{}   ",
        "{}\n\n\n",
        "<think>maybe</think>{}",
        "\ufeff{}",
        "<b>{}</b>",
    ),
)
BLANKS = (" ", "  ", "\u00a0", "\t", "\u2003", " \u200b", "\u202f")
LETTER_SETS = ("ABCD", "EFGH", "PQRS", "DCBA", "WXYZ", "HJKL", "MNOP", "QRST")
NASTY = st.text(
    st.one_of(st.characters(), st.sampled_from("ABCDabcd().:*\\{}[]<>\n\r\t $#=,/'\"-—：（）是否答案")), max_size=300
)


@settings(max_examples=1500)
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
    other = next(name for name in options if name != letter)
    text = wrap.replace("{}", reply.format(letter=letter, text=TEXTS[gold], other=other))
    answer = read_answer(text, kind="choice", options=options)
    assert answer.value == letter, (text, options, answer)


@settings(max_examples=600)
@given(
    letters=st.sampled_from(LETTER_SETS),
    gold=st.integers(0, 3),
    reply=st.sampled_from(REPLIES),
    form=st.sampled_from(("{letter}. {text}", "({letter}) {text}", "{letter}: {text}", "- {letter}) {text}.")),
    question=st.sampled_from(("", "Which thing do both pictures hold?\n", "Question: what is it?\nOptions:\n")),
    gap=st.sampled_from(("\n", "\n\n", "\nAnswer: ", "\n\nAssistant: ")),
)
def test_an_echo_of_the_prompt_does_not_matter(
    letters: str, gold: int, reply: str, form: str, question: str, gap: str
) -> None:
    options = dict(zip(letters, TEXTS, strict=True))
    echo = "\n".join(form.format(letter=letter, text=text) for letter, text in options.items())
    said = reply.format(letter=letters[gold], other=letters[gold - 1], text=TEXTS[gold])
    answer = read_answer(question + echo + gap + said, kind="choice", options=options)
    assert answer.value == letters[gold], answer


@settings(max_examples=1000)
@given(
    reply=st.sampled_from(REPLIES),
    newline=st.sampled_from(["\r\n", "\r", "\u2028", "\n"]),
    blank=st.sampled_from(BLANKS),
    end=st.sampled_from(["", " ", "\n", "\r\n\r\n", "\u00a0"]),
)
def test_line_ends_and_blanks_do_not_matter(reply: str, newline: str, blank: str, end: str) -> None:
    options = dict(zip("ABCD", TEXTS, strict=True))
    text = reply.format(letter="C", text=TEXTS[2], other="B").replace(" ", blank).replace("\n", newline) + end
    assert read_answer(text, kind="choice", options=options).value == "C", text


@given(
    word=st.sampled_from(
        [("Yes", "Yes"), ("No", "No"), ("The answer is no.", "No"), ("So yes.", "Yes"), ("Absolutely not.", "No")]
    ),
    wrap=st.sampled_from(WRAPS),
)
def test_markup_around_yes_and_no_does_not_matter(word: tuple[str, str], wrap: str) -> None:
    assert read_answer(wrap.replace("{}", word[0]), kind="yesno", options={}).value == word[1]


@given(reply=st.sampled_from(REPLIES), gold=st.integers(0, 3), wrap=st.sampled_from(WRAPS))
def test_what_strict_reads_the_rules_read_too(reply: str, gold: int, wrap: str) -> None:
    options = dict(zip("ABCD", TEXTS, strict=True))
    other = "ABCD"[gold - 1]
    text = wrap.replace("{}", reply.format(letter="ABCD"[gold], text=TEXTS[gold], other=other))
    strict = read_strict(text, kind="choice", options=options)
    assert strict.value in {None, "ABCD"[gold], other if "Wait" in reply else None}


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
