"""Reply text → Answer, by ordered rules that name themselves; where readings compete or none exists, no value.

Tiers go from what is said outright to what is only named. The first tier in which a rule finds something decides, so a
letter that is declared beats one that opens the text, and both beat a letter or a text that is merely mentioned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from mmra_api.extract import foreign, free, mentions, places, texts, verdicts, yesno
from mmra_api.extract.decline import decline
from mmra_api.extract.labels import Claim, claim_at
from mmra_api.extract.page import Page
from mmra_api.types import Answer, Confidence, Kind, Reading


@dataclass(frozen=True, slots=True)
class Rule:
    """A named way to read. ``find`` yields claims in any order; none means that the form does not occur."""

    name: str
    find: Callable[[Page], Iterable[Claim]]


@dataclass(frozen=True, slots=True)
class Tier:
    """Rules of equal weight. With ``last`` the last of their claims holds, else they must all agree.

    A ``weak`` tier is not asked when the reply declines to answer: what it names then, it does not choose.
    """

    rules: tuple[Rule, ...]
    last: bool = False
    weak: bool = False
    confidence: Confidence = "certain"


def _declared(prefix: str, read: verdicts.ReadAt) -> tuple[Rule, ...]:
    """The rules for outright statements, reading one kind of object."""
    forms = (
        verdicts.boxed,
        verdicts.tagged,
        verdicts.keyed,
        verdicts.hashed,
        verdicts.stated,
        verdicts.corrected,
        foreign.foreign,
    )
    return tuple(Rule(prefix + form.__name__, partial(form, read=read)) for form in forms)


CHOICE: tuple[Tier, ...] = (
    Tier(_declared("", claim_at), last=True),
    Tier((Rule("opening", places.opening), Rule("closing", places.closing), Rule("counted", places.counted))),
    Tier((Rule("chosen", verdicts.chosen),), last=True),
    Tier((Rule("whole_text", texts.whole),)),
    Tier((Rule("introduced", places.introduced), Rule("own_line", places.own_line)), confidence="likely"),
    Tier(_declared("text_", texts.text_at), last=True, confidence="likely"),
    Tier((Rule("text_opening", texts.text_opening),), confidence="likely"),
    Tier(
        (Rule("text_chosen", partial(verdicts.chosen, read=texts.text_at)),), last=True, weak=True, confidence="likely"
    ),
    Tier((Rule("concluded", mentions.concluded),), confidence="likely"),
    Tier((Rule("approved", mentions.approved),), weak=True, confidence="likely"),
    Tier((Rule("text_concluded", mentions.text_concluded),), confidence="likely"),
    Tier((Rule("mentioned", mentions.mentioned),), weak=True, confidence="likely"),
    Tier((Rule("text_mentioned", mentions.text_mentioned),), weak=True, confidence="likely"),
    Tier((Rule("named", mentions.named),), weak=True, confidence="likely"),
)

YESNO: tuple[Tier, ...] = (
    Tier((*_declared("", yesno.word_at), Rule("turned", yesno.turned)), last=True),
    Tier((Rule("first_word", yesno.first_word), Rule("last_word", yesno.last_word))),
    Tier((Rule("chosen", partial(verdicts.chosen, read=yesno.word_at)),), last=True, confidence="likely"),
)

OPEN: tuple[Tier, ...] = (
    Tier(_declared("", free.phrase_at), last=True, confidence="likely"),
    Tier((Rule("short_reply", free.short_reply),), weak=True, confidence="likely"),
)

TIERS: Mapping[Kind, tuple[Tier, ...]] = {"choice": CHOICE, "yesno": YESNO, "open": OPEN}

_BESIDE = re.compile(r"[)\]}\"'$]{0,3}[.:,]?[)\]\"]?[ \-]{1,3}(?=\S)")
_WITHDRAWAL_HINTS = ("wait", "no,", "scratch", "second thought", "wrong", "not right", "incorrect", "mistake", "let me")
_WITHDRAWS = re.compile(
    r"[.!?]\s+no,\s|\b(?:wait|scratch that|on second thought|that(?:'s| is) (?:wrong|not right|incorrect)|i was wrong|"
    r"i made a mistake|let me (?:re-?check|re-?consider|correct))\b"
)


def read_answer(text: str, *, kind: Kind, options: Mapping[str, str]) -> Answer:
    """Read the option, yes or no, or the text that a reply commits to in the end.

    ``options`` maps letters to texts in the order shown (empty for yesno and open). The value is a letter as given
    there, ``Yes`` or ``No``, or a text; it always rests on ``span``, a place in ``text``. Where readings compete the
    answer is ``ambiguous`` with the readings as ``alternatives``; where nothing is read ``rule`` says why:
    ``empty``, ``unfinished_thinking``, ``refusal``, ``cannot_tell``, ``no_option_fits``, ``several``,
    ``out_of_range``, ``clash``, ``withdrawn``, ``conflict`` or ``no_answer``. Never raises, for any text.
    """
    if not text.strip():
        return Answer(value=None, rule="empty")
    page = Page(text, options)
    answer = _read(page, TIERS[kind])
    if kind == "open" and answer.span is not None:
        return replace(answer, value=text[slice(*answer.span)])
    return answer


def _read(page: Page, tiers: tuple[Tier, ...]) -> Answer:
    """Ask the rules about the reply up to each place where a new question seems to start, then about all of it."""
    for end in page.turns():
        answer = _ask(page.until(end), tiers)
        if answer.value is not None or answer.rule == "refusal":
            return answer
    return _ask(page, tiers)


def _ask(page: Page, tiers: tuple[Tier, ...]) -> Answer:
    declined: str | None = None
    for tier in tiers:
        if tier.weak:
            declined = decline(page.low) if declined is None else declined
            if declined:
                continue
        claims = [(claim, rule.name) for rule in tier.rules for claim in rule.find(page)]
        if claims:
            return _settle(page, tier, sorted(claims, key=lambda found: found[0].span))
    return Answer(value=None, rule=_silence(page, declined))


def _silence(page: Page, declined: str | None) -> str:
    reason = decline(page.low) if declined is None else declined
    return reason or ("unfinished_thinking" if page.cut else "no_answer")


def _settle(page: Page, tier: Tier, claims: list[tuple[Claim, str]]) -> Answer:
    claim, rule = claims[-1 if tier.last else 0]
    values = {found.value for found, _ in claims}
    if not tier.last and len(values) > 1:
        return _open(page, claims, "conflict")
    if claim.value is None:
        return _open(page, claims, claim.why)
    other = _clash(page, claim)
    if other is not None:
        return _open(page, [*claims, (other, rule)], "clash")
    if tier.last and _withdrawn(page.low[claim.span[1] :]):
        return _open(page, claims, "withdrawn")
    confidence = tier.confidence if len(values) == 1 else "likely"
    return Answer(value=claim.value, rule=rule, span=page.place(claim.span), confidence=confidence)


def _withdrawn(rest: str) -> bool:
    """Whether what follows the last claim takes it back; the plain words first, they rule out most texts quickly."""
    return any(hint in rest for hint in _WITHDRAWAL_HINTS) and _WITHDRAWS.search(rest) is not None


def _clash(page: Page, claim: Claim) -> Claim | None:
    """The other option whose text follows a letter in place of its own: "(A) a dog" where a dog is B."""
    if claim.value is None or claim.value not in page.options or claim.span[1] - claim.span[0] > 3:
        return None
    beside = _BESIDE.match(page.plain, claim.span[1])
    if beside is None or page.low.startswith(page.options[claim.value].lower().rstrip(" ."), beside.end()):
        return None
    found = texts.text_at(page, beside.end())
    return found if found is not None and found.value != claim.value else None


def _open(page: Page, claims: list[tuple[Claim, str]], why: str) -> Answer:
    """No value, with every reading that was seen (the last place of each value)."""
    seen = {claim.value: page.place(claim.span) for claim, _ in claims if claim.value is not None}
    readings = tuple(Reading(value=value, span=span) for value, span in seen.items())
    return Answer(value=None, rule=why, ambiguous=bool(readings) or why == "several", alternatives=readings)
