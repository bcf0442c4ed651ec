"""The rules in order: what is asked of a reply, tier by tier, for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from mmra_api.extract import (
    asserted,
    contrasted,
    foreign,
    free,
    judged,
    mentions,
    places,
    stance,
    texts,
    verdicts,
    yesno,
)
from mmra_api.extract.labels import ORDINAL_WORDS, Claim, claim_at
from mmra_api.extract.page import Page
from mmra_api.extract.sentences import CONCLUDING_WORDS
from mmra_api.types import Confidence, Kind

NEVER: frozenset[str] = frozenset()
"""No word of English: such a rule is for other languages alone."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named way to read. ``find`` yields claims in any order; none means that the form does not occur.

    ``words``, ``sign`` and ``english`` spare the asking: some of the words must occur, or the sign; of ``english`` some
    must occur in a text that is all English. What a ``bare`` rule finds stands outside sentences, in a box or alone:
    only whether it is copied from a picture is checked, not whether its sentence means it.
    """

    name: str
    find: Callable[[Page], Iterable[Claim]]
    words: frozenset[str] | None = None
    sign: str = ""
    english: frozenset[str] | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """Rules of equal weight. With ``last`` the last of their claims holds, else they must all agree.

    A ``weak`` tier is not asked when the reply declines to answer: what it names then, it does not choose. One of
    ``texts`` is asked only where an option's text occurs.
    """

    rules: tuple[Rule, ...]
    last: bool = False
    weak: bool = False
    texts: bool = False
    confidence: Confidence = "certain"


def _declared(prefix: str, read: verdicts.ReadAt) -> tuple[Rule, ...]:
    """The rules for outright statements, reading one kind of object."""
    return (
        Rule(prefix + "boxed", partial(verdicts.boxed, read=read), sign="box", bare=True),
        Rule(prefix + "tagged", partial(verdicts.tagged, read=read), bare=True),
        Rule(prefix + "keyed", partial(verdicts.keyed, read=read), sign="{", bare=True),
        Rule(prefix + "hashed", partial(verdicts.hashed, read=read), sign="####", bare=True),
        Rule(prefix + "stated", partial(verdicts.stated, read=read), words=verdicts.STEM_WORDS),
        Rule(prefix + "corrected", partial(verdicts.corrected, read=read), words=verdicts.TURN_WORDS),
        Rule(prefix + "foreign", partial(foreign.foreign, read=read), english=NEVER),
    )


def _revised(name: str, read: verdicts.ReadAt) -> Rule:
    return Rule(name, partial(asserted.revised, read=read), english=asserted.TURN_WORDS)


def _chosen(name: str, read: verdicts.ReadAt) -> Rule:
    return Rule(name, partial(verdicts.chosen, read=read), words=verdicts.CHOICE_WORDS)


_ALONE = Tier((Rule("alone", places.alone, bare=True),))

CHOICE: tuple[Tier, ...] = (
    _ALONE,
    Tier(
        (
            _revised("revised", claim_at),
            Rule("contrasted", contrasted.contrasted, english=contrasted.CONTRAST_WORDS),
            *_declared("", claim_at),
        ),
        last=True,
    ),
    Tier(
        (Rule("judged", judged.judged, bare=True), Rule("eliminated", judged.eliminated, bare=True)),
        confidence="likely",
    ),
    Tier(
        (
            Rule("opening", places.opening),
            Rule("closing", places.closing, sign="\n"),
            Rule("pointed", places.pointed),
            Rule("counted", places.counted, english=ORDINAL_WORDS),
            Rule("asserted", asserted.asserted),
        )
    ),
    Tier((_chosen("chosen", claim_at),), last=True),
    Tier((Rule("whole_text", texts.whole),), texts=True),
    Tier(
        (Rule("introduced", places.introduced, sign="\n"), Rule("own_line", places.own_line, sign="\n")),
        confidence="likely",
    ),
    Tier(
        (_revised("text_revised", texts.text_at), *_declared("text_", texts.text_at)),
        texts=True,
        last=True,
        confidence="likely",
    ),
    Tier((Rule("text_opening", texts.text_opening),), texts=True, confidence="likely"),
    Tier((Rule("text_declined", mentions.text_declined),), confidence="likely"),
    Tier((_chosen("text_chosen", texts.text_at),), texts=True, last=True, weak=True, confidence="likely"),
    Tier((Rule("concluded", mentions.concluded, english=CONCLUDING_WORDS),), confidence="likely"),
    Tier(
        (
            Rule("approved", mentions.approved, english=mentions.APPROVING_WORDS),
            Rule("fits", judged.fits, english=judged.FITTING_WORDS),
        ),
        weak=True,
        confidence="likely",
    ),
    Tier((Rule("text_concluded", mentions.text_concluded, english=CONCLUDING_WORDS),), texts=True, confidence="likely"),
    Tier((Rule("mentioned", mentions.mentioned),), weak=True, confidence="likely"),
    Tier((Rule("text_mentioned", mentions.text_mentioned),), texts=True, weak=True, confidence="likely"),
    Tier((Rule("named", mentions.named),), weak=True, confidence="likely"),
)

_YES_OR_NO_ALONE = Tier((Rule("alone", yesno.alone, bare=True),))

YESNO: tuple[Tier, ...] = (
    _YES_OR_NO_ALONE,
    Tier(
        (_revised("revised", yesno.word_at), *_declared("", yesno.word_at), Rule("turned", yesno.turned)),
        last=True,
    ),
    Tier(
        (
            Rule("asserted", partial(asserted.asserted, read=yesno.word_at)),
            Rule("first_word", yesno.first_word),
            Rule("last_word", yesno.last_word),
            Rule("pointed", partial(places.pointed, read=yesno.word_at)),
        )
    ),
    Tier((Rule("stance", stance.stance),), weak=True, confidence="likely"),
    Tier((_chosen("chosen", yesno.word_at),), last=True, confidence="likely"),
    Tier((Rule("clause", yesno.clause),), weak=True, confidence="likely"),
)

OPEN: tuple[Tier, ...] = (
    Tier(_declared("", free.phrase_at), last=True, confidence="likely"),
    Tier((Rule("short_reply", free.short_reply),), weak=True, confidence="likely"),
)

TIERS: Mapping[Kind, tuple[Tier, ...]] = {"choice": CHOICE, "yesno": YESNO, "open": OPEN}

STRICT: Mapping[Kind, tuple[Tier, ...]] = {
    "choice": (_ALONE, Tier(_declared("", claim_at), last=True), Tier((_chosen("chosen", claim_at),), last=True)),
    "yesno": (
        _YES_OR_NO_ALONE,
        Tier(_declared("", yesno.word_at), last=True),
        Tier((_chosen("chosen", yesno.word_at),), last=True),
    ),
    "open": (Tier(_declared("", free.phrase_at), last=True),),
}
"""Explicit forms alone: a reply that is nothing but the answer, and verdicts in so many words or signs."""
