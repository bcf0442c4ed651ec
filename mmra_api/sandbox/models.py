"""An Ask and the answer key in, what a simulated model Said out, as a pure function of seed, model and content.

The skills and the mixes of styles are invented. Only their shape follows the published MMRA table: subtasks about
environment and sub-events are easy for models, relative position, layout and observation angle are hard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from mmra_api.sandbox.answer_key import AnswerKey, Problem
from mmra_api.sandbox.chance import Chance
from mmra_api.sandbox.check_replies import answer_check
from mmra_api.sandbox.judge_replies import judge
from mmra_api.sandbox.logprobs import weigh_tokens
from mmra_api.sandbox.read_prompt import read_marker
from mmra_api.sandbox.styles import SILENT, Utterance, Verdict, comment, speak
from mmra_api.sandbox.tokens import count_tokens
from mmra_api.sandbox.truncate import fit, halt
from mmra_api.sandbox.wire import Ask, Rejection, Said
from mmra_api.sandbox.wordings import WRONG_TEXTS
from mmra_api.types import Usage

# In the order of the columns of `_skills`.
SUBTASKS = ("RP", "US", "MS", "SM", "AS", "NSE", "Env", "LO", "SimE", "SubE", "OA")
SHARED = 0.6
"""Share of the draws in which a sample is as hard for one model and prompt as for all others, as real samples are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A simulated model."""

    skill: Mapping[str, float]
    """Subtask to the probability that a verdict is right."""
    mix: Mapping[str, float]
    """Style to weight."""
    obeys: float
    """Probability that it reasons first and ends with the line asked for, when the prompt asks for one."""
    prior: tuple[float, ...]
    """What it answers blindly: weights of the first, second, ... option; the last weight holds for all that follow."""
    yes: float
    """What it answers blindly to a yes/no question: the probability of Yes."""
    comments: float = 0.0
    """Probability of a commentary before the answer, where the wire format has messages for it."""

    def skill_in(self, subtask: str) -> float:
        """The skill in a subtask; the mean of all for one that is not MMRA's."""
        return self.skill.get(subtask, sum(self.skill.values()) / len(self.skill))


def _skills(*percent: int) -> dict[str, float]:
    return {subtask: value / 100 for subtask, value in zip(SUBTASKS, percent, strict=True)}


TIDY = {"letter": 80, "sentence": 6, "restated": 8, "markdown": 3, "reasoning": 2, "refusal": 1}
PLAIN = {
    "letter": 45,
    "sentence": 20,
    "restated": 15,
    "text_only": 5,
    "markdown": 8,
    "steps": 4,
    "refusal": 2,
    "empty": 1,
}
WORDY = {"sentence": 22, "markdown": 24, "steps": 34, "restated": 10, "reasoning": 7, "refusal": 1, "truncated": 2}
WILD = {
    "letter": 14, "sentence": 12, "markdown": 12, "steps": 14, "restated": 8, "text_only": 10, "reasoning": 5,
    "undecided": 5, "refusal": 7, "empty": 4, "truncated": 6, "content_filter": 3,
}  # fmt: skip

MODELS: Mapping[str, Model] = {
    # skills in percent: RP, US, MS, SM, AS, NSE, Env, LO, SimE, SubE, OA
    # Strong, weak, wordy and unruly: each puts another part of reading and scoring to work.
    "simulated-strong": Model(
        skill=_skills(55, 80, 78, 70, 79, 72, 95, 58, 86, 97, 62), mix=TIDY, obeys=0.98, prior=(3, 3, 3, 2), yes=0.55
    ),
    "simulated-weak": Model(
        skill=_skills(36, 55, 54, 42, 52, 44, 72, 34, 58, 70, 30), mix=PLAIN, obeys=0.8, prior=(5, 2, 2, 1), yes=0.75
    ),
    "simulated-chatty": Model(
        skill=_skills(46, 70, 66, 58, 68, 60, 90, 48, 76, 92, 50),
        mix=WORDY,
        obeys=0.9,
        prior=(2, 3, 3, 3),
        yes=0.6,
        comments=0.15,
    ),
    "simulated-unruly": Model(
        skill=_skills(44, 66, 64, 50, 62, 56, 86, 44, 70, 88, 46), mix=WILD, obeys=0.5, prior=(2, 2, 4, 2), yes=0.4
    ),
}
MIDDLING = Model(
    skill=_skills(46, 68, 65, 55, 66, 58, 85, 46, 72, 86, 48), mix=PLAIN, obeys=0.9, prior=(3, 3, 2, 2), yes=0.6
)
"""How a model behaves whose id is not in the table, so that a real command can be rehearsed as it is."""
MISSING, BLIND = "missing", "blind"
"""How the ids start of models that do not exist, and of models without eyes, whose service turns images down."""


def is_blind(model: str) -> bool:
    return model.startswith(BLIND)


def reply(ask: Ask, key: AnswerKey, seed: int) -> Said:
    """What the model that is asked says. Raises Rejection for a MISSING model."""
    if ask.model.startswith(MISSING):
        message = f"the model {ask.model!r} does not exist; the sandbox knows all that do not start with {MISSING!r}"
        raise Rejection("not_found", message, code="model_not_found", param="model")
    chance = Chance.about(seed, ask.model, ask.content)
    style, whole = respond(ask, key, seed, chance)
    # Stop texts first: what they end needs no cut by length.
    utterance = fit(halt(whole, ask.stops), ask.max_tokens)
    # A refusal in a field of its own has odds as well.
    shown = utterance.text or utterance.refusal
    return Said(
        # From the content: the same question gets the same reply again, id and all.
        id=sha256(chance.subject.encode(errors="surrogatepass")).hexdigest()[:29],
        model=ask.model,
        text=utterance.text,
        reasoning=utterance.reasoning,
        commentary=utterance.commentary,
        refusal=utterance.refusal,
        stop=utterance.stop,
        finish=utterance.finish,
        style=style,
        usage=count_usage(ask, utterance, chance),
        images=len(ask.digests),
        image_tokens=ask.image_tokens,
        steps=None if ask.tops is None else weigh_tokens(shown, ask.tops, chance),
    )


def respond(ask: Ask, key: AnswerKey, seed: int, chance: Chance) -> tuple[str, Utterance]:
    """The style (``check`` and ``judge`` for what is no question) and the words, before they are cut."""
    # The program's own check and its judge come first: they are no questions, so no model may miss them.
    if checked := answer_check(ask):
        return "check", Utterance(text=checked)
    if judged := judge(ask, chance):
        return "judge", Utterance(text=judged)
    model = MODELS.get(ask.model, MIDDLING)
    verdict = decide(model, key.pose(ask), ask, chance, seed)
    style = choose_style(model, verdict, chance)
    said = speak(style, verdict, chance)
    comments = ask.phases and style not in SILENT and chance.roll("comments") < model.comments
    return style, comment(said, verdict, chance) if comments else said


def decide(model: Model, problem: Problem, ask: Ask, chance: Chance, seed: int) -> Verdict:
    """The answer that the model settles on: right with the probability of its skill, by its prior when it is blind."""
    if problem.gold is None:
        value = _guess(model, problem, chance)
    else:
        # By the topic alone, all models and prompts roll the same number: hard for one is hard for all.
        hard = Chance.about(seed, problem.topic) if chance.roll("shared") < SHARED else chance
        right = hard.roll("hard") < model.skill_in(problem.subtask)
        value = problem.gold if right else _miss(problem, chance)
    others = tuple((letter, text) for letter, text in problem.options.items() if letter != value)
    return Verdict(
        kind="choice" if problem.options else problem.kind,
        value=value,
        text=problem.options.get(value, ""),
        others=others,
        marker=read_marker(f"{ask.system}\n{ask.prompt}"),
        blind=problem.blind,
    )


def _guess(model: Model, problem: Problem, chance: Chance) -> str:
    # Without images the prior shows; with images but no known answer the guess is even.
    if not problem.options:
        return "Yes" if chance.roll("guess") < (model.yes if problem.blind else 0.5) else "No"
    if not problem.blind:
        return chance.pick("guess", tuple(problem.options))
    last = len(model.prior) - 1
    return chance.weigh("guess", {letter: model.prior[min(i, last)] for i, letter in enumerate(problem.options)})


def _miss(problem: Problem, chance: Chance) -> str:
    if problem.kind == "yesno":
        return "No" if problem.gold == "Yes" else "Yes"
    # An open question has no options to miss with.
    return chance.pick("miss", tuple(letter for letter in problem.options if letter != problem.gold) or WRONG_TEXTS)


def choose_style(model: Model, verdict: Verdict, chance: Chance) -> str:
    """The style of a reply: reasoning first if the prompt wants it and the model obeys, else by the model's mix."""
    style = chance.weigh("style", model.mix)
    # A style without a verdict has nothing to put in the line that the prompt asks for.
    obeys = verdict.marker and style not in SILENT and chance.roll("obeys") < model.obeys
    # "reasoning" gives the line as well, after its thoughts.
    return "steps" if obeys and style != "reasoning" else style


def count_usage(ask: Ask, utterance: Utterance, chance: Chance) -> Usage:
    """Tokens of a call. A fifth of the long prompts count as found in the service's own prompt cache, in steps of 128.

    Source of the smallest cached prompt (1,024 tokens) and the step: OpenAI's guide to prompt caching.
    """
    reasoning = count_tokens(utterance.reasoning)
    others = (utterance.commentary, utterance.text or "", utterance.refusal)
    output = reasoning + sum(map(count_tokens, others))
    cached = ask.input_tokens >= 1024 and chance.roll("cached") < 0.2
    return Usage(
        input_tokens=ask.input_tokens,
        output_tokens=output,
        cached_tokens=ask.input_tokens // 128 * 128 if cached else 0,
        reasoning_tokens=reasoning,
    )
