"""The simulated models: as good as stated, blind without images, always the same, and cut where they must be."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.models import MIDDLING, MODELS, SUBTASKS
from mmra_api.sandbox.styles import SIGHT, STYLES
from mmra_api.sandbox.wordings import BLIND_REFUSALS

COT = "Think step by step. Close with one last line in this form:\nAnswer: <letter>"


def read_verdict(text):
    """The last letter or polarity in a text, else the option's first word: enough for truthful styles."""
    found = re.findall(r"\b[ABC]\b(?!\w)|\b(?:Yes|No)\b", text or "")
    return (
        found[-1] if found else {"red": "A", "green": "B", "blue": "C"}.get((text or "").strip("*. ").partition(" ")[0])
    )


def score(client, questions, model, **how):
    """Share of right answers among the replies with a verdict."""
    verdicts = [(read_verdict(client.ask(each.body(model, **how)).text), each.sample.gold) for each in questions]
    said = [(verdict, gold) for verdict, gold in verdicts if verdict]
    assert len(said) > 0.9 * len(questions)
    return sum(verdict == gold for verdict, gold in said) / len(said)


@pytest.mark.parametrize("kind", ["choice", "yesno"])
@pytest.mark.parametrize("model", ["simulated-strong", "simulated-weak", "simulated-chatty", "gpt-of-your-dreams"])
def test_a_model_is_as_good_as_its_skill(question, connect, model, kind):
    skill = MODELS.get(model, MIDDLING).skill
    with Sandbox(make_all(question, ("Env", "LO"), kind)) as sandbox:
        for subtask, first in {"Env": 0, "LO": 1000}.items():
            asked = [question(first + number, subtask=subtask, kind=kind) for number in range(300)]
            assert abs(score(connect(sandbox), asked, model) - skill[subtask]) < 0.08


def make_all(question, subtasks, kind):
    return [
        question(1000 * place + number, subtask=subtask, kind=kind).sample
        for place, subtask in enumerate(subtasks)
        for number in range(300)
    ]


def test_skills_have_the_shape_of_real_ones():
    for model in [*MODELS.values(), MIDDLING]:
        assert set(model.skill) == set(SUBTASKS)
        easy, hard = (min(model.skill[s] for s in ("Env", "SubE")), max(model.skill[s] for s in ("RP", "LO", "OA")))
        assert hard < easy
        assert hard < model.skill_in("somebody's own subtask") < easy
        assert set(model.mix) <= set(STYLES)


def test_without_images_a_model_is_blind(question, connect):
    asked = [question(number) for number in range(300)]
    with Sandbox([each.sample for each in asked]) as sandbox:
        sighted, blind = connect(sandbox), connect(sandbox)
        assert score(sighted, asked, "simulated-strong") > 0.9
        assert abs(score(blind, asked, "simulated-strong", blind=True) - 1 / 3) < 0.08
        texts = [blind.ask(each.body("simulated-chatty", blind=True)).text or "" for each in asked[:60]]
    claims = [text for text in texts if SIGHT.search(text) and text not in BLIND_REFUSALS]
    assert claims == []


def test_unknown_images_get_a_guess_among_the_options_shown(question, connect):
    with Sandbox() as sandbox:
        client = connect(sandbox)
        drawn = Counter(read_verdict(client.ask(question(n).body()).text) for n in range(150))
        assert set(drawn) - {None} == {"A", "B", "C"}
        assert min(drawn[letter] for letter in "ABC") > 25
        drawn = Counter(read_verdict(client.ask(question(n, kind="yesno").body()).text) for n in range(100))
        assert set(drawn) - {None} == {"Yes", "No"}


def test_the_same_body_gets_the_same_reply_whatever_else_happens(question, connect):
    asked = [question(number) for number in range(40)]
    samples = [each.sample for each in asked]
    bodies = [each.body("simulated-unruly") for each in asked]
    with Sandbox(samples, seed=1) as first, Sandbox(samples, seed=1) as again, Sandbox(samples, seed=2) as other:
        client = connect(first)
        replies = [client.ask(body).body for body in bodies]
        assert [client.ask(body).body for body in bodies] == replies
        client = connect(again)
        assert [client.ask(body).body for body in reversed(bodies)] == replies[::-1]
        client = connect(other)
        assert [client.ask(body).body for body in bodies] != replies
        assert len({connect(first).ask(each.body("simulated-weak")).body for each in asked}) == 40


def test_models_find_the_same_samples_hard(question, connect):
    asked = [question(number, subtask="SM") for number in range(300)]
    with Sandbox([each.sample for each in asked]) as sandbox:
        client = connect(sandbox)

        def judge(model):
            return [read_verdict(client.ask(each.body(model)).text) == each.sample.gold for each in asked]

        strong, weak = judge("simulated-strong"), judge("simulated-weak")
    both = sum(map(min, strong, weak)) / 300
    assert both > sum(strong) / 300 * sum(weak) / 300 + 0.03


def test_all_styles_occur_and_show_on_the_wire(question, connect):
    asked = [question(number, kind=("choice", "yesno", "open")[number % 3]) for number in range(300)]
    with Sandbox([each.sample for each in asked]) as sandbox:
        client = connect(sandbox)
        choices = [client.ask(each.body("simulated-unruly")).json["choices"][0] for each in asked]
        counted = sandbox.counters.replies
    assert set(counted) == set(STYLES)
    messages = [choice["message"] for choice in choices]
    finishes = Counter(choice["finish_reason"] for choice in choices)
    assert finishes["length"] == counted["truncated"]
    assert finishes["content_filter"] == counted["content_filter"]
    assert any(message["refusal"] and message["content"] is None for message in messages)
    assert sum("reasoning_content" in message for message in messages) >= counted["reasoning"]
    assert any(not (message["content"] or "").strip() and not message["refusal"] for message in messages)
    assert any("**" in (message["content"] or "") for message in messages)
    assert len({message["content"] for message in messages}) > 100


@pytest.mark.parametrize("kind", ["choice", "yesno"])
def test_a_prompt_that_asks_for_reasons_gets_them_and_its_last_line(question, connect, kind):
    asked = [question(number, kind=kind) for number in range(80)]
    with Sandbox([each.sample for each in asked]) as sandbox:
        client = connect(sandbox)
        texts = [client.ask(each.body("simulated-strong", prompt=each.prompt(end=COT))).text or "" for each in asked]
        last = [text.splitlines()[-1].replace("*", "") for text in texts if len(text.splitlines()) > 1]
    marked = [line for line in last if re.fullmatch(r"Answer: \(?(A|B|C|Yes|No)\)?\.?", line)]
    assert len(marked) == len(last) > 70


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_a_token_limit_cuts_the_same_text(question, connect, name):
    asked = [question(number) for number in range(60)]
    with Sandbox([each.sample for each in asked]) as sandbox:
        client = connect(sandbox)
        for each in asked:
            whole, cut = (client.ask(each.body("simulated-chatty", **limit)).json for limit in ({}, {name: 8}))
            text, part = (reply["choices"][0]["message"]["content"] or "" for reply in (whole, cut))
            assert text.startswith(part)
            assert cut["usage"]["completion_tokens"] <= 8
            long = whole["usage"]["completion_tokens"] > 8
            assert (cut["choices"][0]["finish_reason"] == "length") >= long
            assert (text == part) or long
            reasoning = whole["usage"]["completion_tokens_details"]["reasoning_tokens"]
            assert (part == "") or reasoning < 8
