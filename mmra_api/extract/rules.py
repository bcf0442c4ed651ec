"""Reply text → Answer, by ordered rules that name themselves; where readings compete or none exists, no value.

Tiers go from what is said outright to what is only named. The first tier in which a rule finds something decides, so a
letter that is declared beats one that opens the text, and both beat a letter or a text that is merely mentioned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mmra_api.extract import texts
from mmra_api.extract.decline import declined, declines
from mmra_api.extract.echo import reply_start
from mmra_api.extract.labels import ORDINAL_WORDS, may_name, said_names
from mmra_api.extract.order import STRICT, TIERS
from mmra_api.extract.page import Page
from mmra_api.extract.settling import after_withdrawal, settle
from mmra_api.extract.sieve import Sieve
from mmra_api.extract.voice import copied, meant
from mmra_api.types import Answer, Kind

_ALL = {kind: Sieve(tiers) for kind, tiers in TIERS.items()}
_EXPLICIT = {kind: Sieve(tiers) for kind, tiers in STRICT.items()}
UNKNOWN = dict.fromkeys("ABCDEFGHJ", "")
"""What stands for the options of a choice whose own are not known: letters without texts, but for the pronoun."""


def read_answer(text: str, *, kind: Kind, options: Mapping[str, str] | None = None) -> Answer:
    """Read the option, yes or no, or the text that a reply commits to in the end.

    ``options`` maps labels to texts in the order shown; it is empty for yesno and open. None for a choice means that
    its options are not known: the letters A to J but for I count, and nothing is read from an option's text. The value
    is a label as given there, ``Yes`` or ``No``, or a text; it always rests on ``span``, a place in ``text``. Where
    readings compete the answer is ``ambiguous`` with the readings as ``alternatives``; where nothing is read ``rule``
    says why: ``empty``, ``unfinished_thinking``, ``refusal``, ``cannot_tell``, ``no_option_fits``, ``several``,
    ``out_of_range``, ``clash``, ``withdrawn``, ``conflict`` or ``no_answer``. Never raises, for any text.
    """
    return _answer(text, kind, options, _ALL[kind])


def read_strict(text: str, *, kind: Kind, options: Mapping[str, str] | None = None) -> Answer:
    """Read only what is explicit: a box, a tag, "the answer is B", "I choose B", a bare "B"."""
    return _answer(text, kind, options, _EXPLICIT[kind])


def _answer(text: str, kind: Kind, given: Mapping[str, str] | None, sieve: Sieve) -> Answer:
    options = given if given is not None else UNKNOWN if kind == "choice" else {}
    if not _is_plain("".join(options)) and (names := said_names(tuple(options))):
        bare = {name: options[label] for name, label in names.items()}
        return _renamed(_answer(text, kind, bare, sieve), names)
    if not text.strip():
        return Answer(value=None, rule="empty")
    page = Page(text, options)
    if kind == "choice" and not _speaks(page):
        return Answer(value=None, rule=_silence(page))
    answer = _read(page, sieve)
    if kind == "open" and answer.span is not None:
        return replace(answer, value=text[slice(*answer.span)])
    return answer


def _is_plain(labels: str) -> bool:
    return labels.isascii() and labels.isalnum()


def _renamed(answer: Answer, names: Mapping[str, str]) -> Answer:
    """The answer in the labels as they were given."""
    readings = tuple(replace(reading, value=names.get(reading.value, reading.value)) for reading in answer.alternatives)
    value = None if answer.value is None else names.get(answer.value, answer.value)
    return replace(answer, value=value, alternatives=readings)


def _read(page: Page, sieve: Sieve) -> Answer:
    """Read what follows an echo of the prompt or the writer's role, and all of the reply where that says nothing."""
    start = reply_start(page)
    if start:
        answer = _read_turns(page.between(start, len(page.plain)), sieve)
        if answer.value is not None or answer.rule != "no_answer":
            return answer
    return _read_turns(page, sieve)


def _read_turns(page: Page, sieve: Sieve) -> Answer:
    """Ask the rules about the reply up to each place where a new question seems to start, then about all of it."""
    for end in page.turns():
        answer = _ask(page.between(0, end), sieve)
        if answer.value is not None or answer.rule in {"refusal", "cannot_tell"}:
            return answer
    return _ask(page, sieve)


def _ask(page: Page, sieve: Sieve) -> Answer:
    for tier in sieve.tiers(page):
        if (tier.texts and not texts.present(page)) or (tier.weak and declined(page)):
            continue
        claims = [
            (claim, rule.name)
            for rule in tier.rules
            if not rule.sign or rule.sign in page.low
            for claim in rule.find(page)
            if claim.value is None or (not copied(page, claim) if rule.bare else meant(page, claim))
        ]
        if claims:
            answer = settle(page, tier, sorted(claims, key=lambda found: found[0].span) if claims[1:] else claims)
            return _again(page, answer, sieve) if answer.rule == "withdrawn" else answer
    return Answer(value=None, rule=_silence(page))


def _again(page: Page, withdrawn: Answer, sieve: Sieve) -> Answer:
    """What is said for certain behind the words that took an answer back: "Hold on, I missed one, so D."."""
    rest = after_withdrawal(page)
    answer = _ask(rest, sieve) if rest is not None and len(rest.low) < len(page.low) else withdrawn
    said = answer.value is not None and answer.confidence == "certain"
    return replace(answer, confidence="likely") if said else withdrawn


def _silence(page: Page) -> str:
    return declined(page) or ("unfinished_thinking" if page.cut else "no_answer")


def _speaks(page: Page) -> bool:
    """Whether a label, an option's text or a place among the options occurs at all, or an option is to decline."""
    return (
        may_name(page)
        or not ORDINAL_WORDS.isdisjoint(page.words)
        or texts.present(page)
        or any(declines(text) for text in page.options.values())
    )
