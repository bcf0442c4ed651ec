"""A verdict and a style in, an utterance out: the many ways in which a model says, or fails to say, the same thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from mmra_api.sandbox import wordings
from mmra_api.sandbox.chance import Chance
from mmra_api.sandbox.tokens import count_tokens, cut_tokens
from mmra_api.types import FinishReason, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the model has decided to answer."""

    kind: Kind
    value: str
    """The letter, ``Yes`` or ``No``, or a text."""
    text: str = ""
    """The option's text."""
    others: tuple[tuple[str, str], ...] = ()
    """Letter and text of the options that it decided against."""
    marker: str = ""
    """What the prompt wants before the colon of the last line; empty when it wants no reasoning."""
    blind: bool = False
    """True when the prompt has no images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What the model says before any token limit."""

    text: str | None
    finish: FinishReason = "stop"
    reasoning: str = ""
    commentary: str = ""
    """What it says on its way to the answer, in a message of its own; only some wire formats have such."""
    refusal: str = ""
    stop: str = ""
    """The text before which it was ended, if it was."""


# Parts of words: "compar" finds compare and comparison.
SIGHT = re.compile(r"pictures?\b|image|\bpair\b|\bscene|\bseen\b|\blooking\b|second|compar", re.IGNORECASE)
"""Words that a model without images has no reason to use."""


def speak(style: str, verdict: Verdict, chance: Chance) -> Utterance:
    """Put a verdict in words, in one of the STYLES."""
    return STYLES[style](verdict, chance)


def comment(said: Utterance, verdict: Verdict, chance: Chance) -> Utterance:
    """The same with a commentary before it."""
    return replace(said, commentary=chance.pick("commentary", _pick_openings(verdict)))


def _pick_openings(verdict: Verdict) -> Sequence[str]:
    return wordings.BLIND_OPENINGS if verdict.blind else wordings.OPENINGS


def _fill(template: str, verdict: Verdict, other: tuple[str, str] = ("", "")) -> str:
    """A phrase with its places filled; the option's own full stop gives way to the phrase's."""
    # Without its full stop, or "{t}." would end in two.
    names = {"v": verdict.value, "t": verdict.text.rstrip("."), "o": other[0], "ot": other[1].rstrip(".")}
    return template.format(**names, m=verdict.marker)


def _phrase(table: Mapping[Kind, tuple[str, ...]], verdict: Verdict, chance: Chance) -> str:
    return _fill(chance.pick("wording", _fitting(table[verdict.kind], verdict)), verdict)


def _fitting(phrases: Sequence[str], verdict: Verdict) -> Sequence[str]:
    """The phrases that do not claim to have seen what was not there."""
    return [phrase for phrase in phrases if not SIGHT.search(phrase)] if verdict.blind else phrases


def _some(items: Sequence[str], count: int, chance: Chance) -> list[str]:
    """Different items in a drawn order."""
    return sorted(items, key=lambda item: chance.roll(f"order {item}"))[:count]


def _reason(verdict: Verdict, chance: Chance) -> list[str]:
    """The way to a verdict, without the verdict: at least two options stay open."""
    looks = wordings.BLIND_LOOKS if verdict.blind else wordings.LOOKS
    # Two to four: a reasoning of another length each time.
    seen = _some(looks, 2 + int(chance.roll("looks") * 3), chance)
    ways = _some(_fitting(wordings.ELIMINATIONS, verdict), len(verdict.others), chance)
    # Not strict: there may be fewer phrases than options.
    turned_down = [_fill(way, verdict, other) for way, other in zip(ways, verdict.others, strict=False)]
    open_ones = max(0, len(turned_down) - 1)
    return [
        chance.pick("opening", _pick_openings(verdict)),
        *seen,
        *turned_down[: int(chance.roll("ways") * (open_ones + 1))],
    ]


def _lay_out(steps: list[str], chance: Chance) -> str:
    # Numbers and paragraphs may be taken for options or answers: a reader has to be robust.
    form = chance.pick("form", ("prose", "numbers", "paragraphs"))
    if form == "prose":
        return " ".join(steps)
    if form == "paragraphs":
        return "\n\n".join(steps)
    return "\n".join([steps[0], *(f"{number}. {step}" for number, step in enumerate(steps[1:], 1))])


def _letter(verdict: Verdict, chance: Chance) -> Utterance:
    return Utterance(text=_phrase(wordings.TERSE, verdict, chance))


def _sentence(verdict: Verdict, chance: Chance) -> Utterance:
    return Utterance(text=_phrase(wordings.SENTENCES, verdict, chance))


def _markdown(verdict: Verdict, chance: Chance) -> Utterance:
    return Utterance(text=_phrase(wordings.MARKDOWN, verdict, chance))


def _restated(verdict: Verdict, chance: Chance) -> Utterance:
    return Utterance(text=_phrase(wordings.RESTATED, verdict, chance))


def _text_only(verdict: Verdict, chance: Chance) -> Utterance:
    return Utterance(text=_phrase(wordings.TEXT_ONLY, verdict, chance))


def _steps(verdict: Verdict, chance: Chance) -> Utterance:
    way = _lay_out(_reason(verdict, chance), chance)
    # The line asked for stands by itself at the end, as the prompt wants it.
    if verdict.marker:
        return Utterance(text=f"{way}\n\n{_fill(chance.pick('wording', wordings.MARKED), verdict)}")
    return Utterance(text=way + chance.pick("gap", ("\n\n", "\n", " ")) + _phrase(wordings.VERDICTS, verdict, chance))


def _reasoning(verdict: Verdict, chance: Chance) -> Utterance:
    # Without the opening: it speaks to the user, and thoughts do not.
    thoughts = " ".join([*_some(_fitting(wordings.MUSINGS, verdict), 3, chance), *_reason(verdict, chance)[1:]])
    spoken = _steps if verdict.marker else _letter
    return Utterance(text=spoken(verdict, chance).text, reasoning=thoughts)


def _undecided(verdict: Verdict, chance: Chance) -> Utterance:
    other = chance.pick("other", verdict.others) if verdict.others else ("", "")
    words = chance.pick("wording", _fitting(wordings.UNDECIDED[verdict.kind], verdict))
    return Utterance(text=_fill(words, verdict, other))


def _refusal(verdict: Verdict, chance: Chance) -> Utterance:
    words = chance.pick("wording", wordings.BLIND_REFUSALS if verdict.blind else wordings.REFUSALS)
    # Some services have a field for refusals, others say it in the text: a client meets both.
    if chance.roll("field") < 0.4:
        return Utterance(text=None, refusal=words, finish="refusal")
    return Utterance(text=words)


def _empty(verdict: Verdict, chance: Chance) -> Utterance:  # noqa: ARG001 - a style like the others; nothing is said
    # All the ways of saying nothing: no text, blanks, and no field at all.
    return Utterance(text=chance.pick("wording", ("", "", " ", "\n", None)))


def _truncated(verdict: Verdict, chance: Chance) -> Utterance:
    """Cut before a verdict: amid the reasoning, or amid reasoning that is sent apart."""
    steps = _lay_out(_reason(verdict, chance), chance)
    # Between 40 and 90 percent: never to the end, where the verdict would be.
    part = cut_tokens(steps, int(count_tokens(steps) * (0.4 + 0.5 * chance.roll("cut"))))
    # Services that send reasoning apart have an empty answer then.
    if chance.roll("apart") < 0.25:
        return Utterance(text="", reasoning=part, finish="length")
    return Utterance(text=part, finish="length")


def _content_filter(verdict: Verdict, chance: Chance) -> Utterance:
    # A filter may stop a reply before its first word or after some.
    start = chance.pick("wording", ("", "", None, _reason(verdict, chance)[0]))
    return Utterance(text=start, finish="content_filter")


STYLES: Mapping[str, Callable[[Verdict, Chance], Utterance]] = {
    "letter": _letter,
    "sentence": _sentence,
    "markdown": _markdown,
    "steps": _steps,
    "restated": _restated,
    "text_only": _text_only,
    "reasoning": _reasoning,
    "undecided": _undecided,
    "refusal": _refusal,
    "empty": _empty,
    "truncated": _truncated,
    "content_filter": _content_filter,
}
SILENT = frozenset({"undecided", "refusal", "empty", "truncated", "content_filter"})
"""The styles that give no verdict."""
