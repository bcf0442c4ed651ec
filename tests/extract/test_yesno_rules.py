"""Yes and no: stated, first, last, and the many texts that only seem to say one of them."""

import pytest

from mmra_api.extract import read_answer

READ = [
    ("first_word", "Yes", "Yes"),
    ("first_word", "No", "No"),
    ("first_word", "yes.", "Yes"),
    ("first_word", "NO", "No"),
    ("first_word", "  yes  ", "Yes"),
    ("first_word", "**Yes**", "Yes"),
    ("first_word", "**No.** They differ.", "No"),
    ("first_word", '"Yes"', "Yes"),
    ("first_word", "(Yes)", "Yes"),
    ("first_word", "Yes, both show a lawn.", "Yes"),
    ("first_word", "No, only one shows a lawn.", "No"),
    ("first_word", "no, the left one is not red. it is", "No"),
    ("first_word", "Yes they do", "Yes"),
    ("first_word", "No they do not", "No"),
    ("first_word", "No the lawn differs", "No"),
    ("first_word", "Yes - both.", "Yes"),
    ("first_word", "No\n\nThe lawns differ.", "No"),
    ("first_word", "Yes; both.", "Yes"),
    ("first_word", "Yes! Both.", "Yes"),
    ("first_word", "(A) Yes", "Yes"),
    ("first_word", "B. No", "No"),
    ("first_word", "C) No, it is a barn.", "No"),
    ("first_word", "Yep", "Yes"),
    ("first_word", "Nope.", "No"),
    ("first_word", "Definitely yes", "Yes"),
    ("first_word", "Certainly, yes.", "Yes"),
    ("first_word", "Okay. No.", "No"),
    ("first_word", "So, no.", "No"),
    ("first_word", "True", "Yes"),
    ("first_word", "False.", "No"),
    ("first_word", "Correct.", "Yes"),
    ("first_word", "Incorrect.", "No"),
    ("first_word", "是", "Yes"),
    ("first_word", "是的，两张图都有狗。", "Yes"),
    ("first_word", "不是。", "No"),
    ("first_word", "不是的，它们不同", "No"),
    ("first_word", "否", "No"),
    ("first_word", "没有", "No"),
    ("first_word", "はい", "Yes"),
    ("first_word", "いいえ。", "No"),
    ("first_word", "예", "Yes"),
    ("first_word", "아니요", "No"),
    ("first_word", "Sí, los dos.", "Yes"),
    ("first_word", "Oui, bien sûr", "Yes"),
    ("first_word", "Non.", "No"),
    ("first_word", "Ja", "Yes"),
    ("first_word", "Nein", "No"),
    ("first_word", "Sim.", "Yes"),
    ("first_word", "Não", "No"),
    ("first_word", "Да", "Yes"),
    ("first_word", "Нет", "No"),
    ("first_word", "نعم", "Yes"),
    ("first_word", "لا", "No"),
    ("first_word", "<think>yes, maybe</think> No", "No"),
    ("first_word", "Yes\n\nQuestion: and the sky?\nAnswer: No", "Yes"),
    ("first_word", "yes<|endoftext|>no", "Yes"),
    ("last_word", "Is it the same lawn? No.", "No"),
    ("last_word", "Both hold a cat. So, yes.", "Yes"),
    ("last_word", "The left one is red.\nNo", "No"),
    ("last_word", "They look alike in shape. Therefore, yes, they match.", "Yes"),
    ("stated", "The answer is yes.", "Yes"),
    ("stated", "The answer is no", "No"),
    ("stated", "The answer is a clear no.", "No"),
    ("stated", "Answer: Yes", "Yes"),
    ("stated", "**Answer:** No", "No"),
    ("stated", "Final answer: No", "No"),
    ("stated", 'The correct answer is "Yes".', "Yes"),
    ("stated", "They differ. So the answer would be: No.", "No"),
    ("stated", '{"answer": "no"}', "No"),
    ("stated", "Yes, the answer is no.", "No"),
    ("stated", "Answer: (B) No", "No"),
    ("stated", "The answer is true.", "Yes"),
    ("boxed", r"\boxed{Yes}", "Yes"),
    ("boxed", r"$\boxed{\text{No}}$", "No"),
    ("tagged", "<answer>no</answer>", "No"),
    ("tagged", "Hm. <answer>Yes</answer>", "Yes"),
    ("hashed", "They match.\n#### Yes", "Yes"),
    ("turned", "Yes. Actually, no.", "No"),
    ("turned", "No, wait, yes.", "Yes"),
    ("foreign", "答案是：是", "Yes"),
    ("foreign", "答案：否", "No"),
    ("foreign", "正解は、いいえ", "No"),
    ("foreign", "La respuesta es no.", "No"),
    ("foreign", "La réponse est oui", "Yes"),
    ("foreign", "Die Antwort ist nein.", "No"),
    ("foreign", "Ответ: да", "Yes"),
    ("chosen", "I would say yes", "Yes"),
    ("chosen", "I'd say no.", "No"),
    ("chosen", "My guess is no.", "No"),
]

UNREAD = [
    ("empty", ""),
    ("no_answer", "No doubt about it"),
    ("no_answer", "No dogs are visible"),
    ("no_answer", "Not yes"),
    ("no_answer", "Nothing"),
    ("no_answer", "Yesterday it rained."),
    ("no_answer", "Both cats are black."),
    ("no_answer", "The left one is larger."),
    ("no_answer", "The answer is not yes."),
    ("no_answer", "True love is rare"),
    ("no_answer", "Correct colours are hard to name"),
    ("no_answer", "notable"),
    ("several", "Yes and no."),
    ("several", "Yes or no"),
    ("several", "yes/no"),
    ("several", "The answer is yes and no."),
    ("conflict", "Yes; No"),
    ("conflict", "Yes, they match in shape. The colours differ. No."),
    ("cannot_tell", "No idea"),
    ("cannot_tell", "It is not possible to tell."),
    ("cannot_tell", "The images do not provide enough information."),
    ("refusal", "I'm sorry, I can't help with that."),
    ("refusal", "Sorry, but I am not able to judge such pictures."),
    ("unfinished_thinking", "<think>Yes, it seems"),
]


@pytest.mark.parametrize(("rule", "text", "value"), READ)
def test_reads(rule: str, text: str, value: str) -> None:
    answer = read_answer(text, kind="yesno", options={})
    assert (answer.value, answer.rule) == (value, rule)
    assert answer.span is not None


@pytest.mark.parametrize(("rule", "text"), UNREAD)
def test_leaves_alone(rule: str, text: str) -> None:
    answer = read_answer(text, kind="yesno", options={})
    assert (answer.value, answer.rule, answer.span) == (None, rule, None)


def test_implied_polarity_is_not_read() -> None:
    assert read_answer("The two lawns have the same colour.", kind="yesno", options={}).value is None
