"""Claims of one tier → Answer: which holds, and whether something on the page takes it back or competes with it."""

from __future__ import annotations

import re
from itertools import pairwise

from mmra_api.extract import texts
from mmra_api.extract.labels import Claim, label_at, own_text_end
from mmra_api.extract.order import Tier
from mmra_api.extract.page import Page
from mmra_api.extract.patterns import alternatives
from mmra_api.types import Answer, Reading

_FLIPS = 3
"""A reply that changes its value so many times runs in circles: "Answer: A Answer: B Answer: A Answer: D"."""
_BESIDE = re.compile(r"[)\]}\"'$]{0,3}[.:,]?[)\]\"]?[ \-]{1,3}(?=\S)")
_TEXT_KEY = re.compile(r"\"\s?,\s?\"(?:text|content|option text|answer text|description|value)\"\s?:\s?\"(?=\S)")
"""What leads from a letter to its text in an object: ``{"letter": "A", "text": "…"}``."""
_LETTER_BESIDE = re.compile(r"\"?\s?[(\[]|\"?(?:\s-|:|,)\s[(\[]?")
_ALSO_WORDS = alternatives("also equally alternatively just")
_ALSO = re.compile(
    r"(?<![^\W_])([^\W_]{1,2})[)\"]? (?:is|are|could be|may be|might be|would be) (?:also|equally|just as) (?:right|"
    r"correct|possible|plausible|likely|true|valid|good|an? )"
    r"|\b(?:also|alternatively),? (?:option |choice )?[(\"]?([^\W_]{1,2})[).\"]{0,2}\s*(?:$|[.!\n])"
)
_BRACKETED = re.compile(r" ?[(\[]\s?(?:option |choice )?$")
_SHORTEST = 2
_LABEL_NOUNS = ("option", "choice", "answer", "number", "answer is", "answer:")
_SHARE = re.compile(r"(?<![^\W_])([^\W_]{1,2})[)\"]?:?(?: with)? ?\(?\d{1,3} ?%")
_LETTER_SHUTS = re.compile(r"[)\].]{0,2}\s*(?:$|\n|[)\].])")
_WITHDRAWAL_WORDS = alternatives(
    "wait no nope nevermind scratch thought wrong right incorrect mistake let edit edited reflection correction "
    "change changed back mind actually closer again more anymore contradicts zooming neither none make hold withdraw "
    "retract torn decide confirm forth settle oh oops whoops hmm disregard ignore forget recount"
)
"""One of these occurs where the pattern below fits."""
_WITHDRAWS = re.compile(
    r"[.!?]\s+no(?:pe)?[,.]\s(?!because|since|as\b)|\b(?:(?:wait|hold on|scratch that|on (?:second|further) thought|"
    r"on reflection|on (?:a )?closer (?:inspection|look)|(?:looking|look) again|zooming in|that(?:'s| is| was) "
    r"(?:wrong|not right|incorrect|a mistake)|i was wrong|i made a mistake|let me (?:re-?check|re-?consider|correct|"
    r"re-?count|re-?examine|re-?do|count again)|(?:oh|oops|whoops),|hmm\b|disregard (?:my|that|this|it)|(?:ignore|"
    r"forget) (?:my|that|this|it|what i said)(?=[.,!;]|\s(?:answer|choice|reply|response))|wrong (?:picture|image|"
    r"photo)|edit(?:ed)?:|correction[:,.]|chang(?:e|ed) (?:(?:it|that|my (?:mind|answer)) )?to|take (?:that|it) back|"
    r"never ?mind|changed my mind|sure any ?more|i (?:withdraw|retract)|(?:withdraw|retract) (?:it|that|my)|make up "
    r"my mind|i (?:really )?(?:can't|cannot) decide|but i (?:can't|cannot) confirm|torn between|back and forth|i "
    r"(?:can't|cannot) settle|that (?:may|might|could) be wrong|let me (?:think|look) again|make it [(\"]?[^\W_]|"
    r"(?:this|that|which) contradicts|actually,? (?:no|yes|i (?:am|can|do|don't|cannot)|i'm|it(?:'s| is)))(?![a-z])|"
    r"but (?:neither|none) (?:really |of them )?(?:fit|is|are|match|work))"
)
_DENIAL_WORDS = alternatives("wrong incorrect not isn cannot")
_CALLS_WRONG = ("is wrong", "is incorrect", "is not correct", "is not right", "was wrong", "cannot be right")
_DENIES = ("answer is not", "answer isn't", "it is not", "It is not", "It's not", "it isn't")


def after_withdrawal(page: Page) -> Page | None:
    """What follows the last words that take something back, as a page of its own; None without such words."""
    if _WITHDRAWAL_WORDS.isdisjoint(page.words):
        return None
    end = max((match.end() for match in _WITHDRAWS.finditer(page.low)), default=0)
    return page.between(end, len(page.low)) if end else None


def settle(page: Page, tier: Tier, claims: list[tuple[Claim, str]]) -> Answer:
    """What the claims of a tier come to, each with its rule's name, in the order of the text: one of them, or none."""
    if (
        len(claims) > _FLIPS
        and sum(before.value != after.value for (before, _), (after, _) in pairwise(claims)) >= _FLIPS
    ):
        return _open(page, claims, "conflict")
    claim, rule = claims[-1 if tier.last else 0]
    values = {found.value for found, _ in claims}
    revised = not tier.last and len(values) > 1 and _revised(page, claims)
    if revised:
        claim, rule = claims[-1]
    elif not tier.last and len(values) > 1:
        return _open(page, claims, "conflict")
    if claim.value is None:
        return _open(page, claims, claim.why)
    if _with_others(page, claim):
        return _open(page, claims, "several")
    other = _clash(page, claim) or _lettered(page, claim) or _named(page, claim)
    if other is not None:
        return _open(page, [*claims, (other, rule)], "clash")
    taken_back = not _WITHDRAWAL_WORDS.isdisjoint(page.words) and _WITHDRAWS.search(page.low, _end_of(page, claim))
    if taken_back or (not _DENIAL_WORDS.isdisjoint(page.words) and _called_wrong(page, claim)):
        return _open(page, claims, "withdrawn")
    confidence = tier.confidence if len(values) == 1 else "likely"
    return Answer(value=claim.value, rule=rule, span=page.place(claim.span), confidence=confidence)


def _revised(page: Page, claims: list[tuple[Claim, str]]) -> bool:
    """Whether the first of two readings is taken back before the last: "Yes. Wait, I misread. No."."""
    first, last = claims[0][0], claims[-1][0]
    settled = len({claim.value for claim, _ in claims[1:]}) == 1
    return settled and _WITHDRAWS.search(page.low, first.span[1], last.span[0]) is not None


def _end_of(page: Page, claim: Claim) -> int:
    """Where a label ends, or its option's text beside it: "No, …" may be that text."""
    end = claim.span[1]
    with_text = own_text_end(page, page.text_of(claim.value), end)
    return with_text if with_text > own_text_end(page, "", end) else end


def _called_wrong(page: Page, claim: Claim) -> bool:
    """Whether the label is called wrong further on: "Answer: A. But the ears are long, so A is wrong"."""
    rest = page.plain[claim.span[1] :]
    name = claim.value
    if any(f"{name} {verdict}" in rest for verdict in _CALLS_WRONG):
        return True
    return any(f" {denial} {name}." in f"{rest}." for denial in _DENIES) if name else False


def _clash(page: Page, claim: Claim) -> Claim | None:
    """The other option whose text follows a letter in place of its own: "(A) a dog" where a dog is B."""
    if claim.value is None or claim.value not in page.options or claim.span[1] - claim.span[0] > 3:
        return None
    beside = _TEXT_KEY.match(page.low, claim.span[1]) or _BESIDE.match(page.plain, claim.span[1])
    if beside is None or page.low.startswith(page.text_of(claim.value), beside.end()):
        return None
    found = texts.text_at(page, beside.end())
    return found if found is not None and found.value != claim.value else None


def _lettered(page: Page, claim: Claim) -> Claim | None:
    """The other option whose letter follows a text in brackets or the like: "red (B)" where red is A."""
    mark = _LETTER_BESIDE.match(page.plain, claim.span[1])
    bracket = mark is not None and mark[0].endswith(("(", "["))
    found = label_at(page, mark.end()) if mark and (bracket or claim.span[1] - claim.span[0] > 1) else None
    if found is None or found[0] in {None, claim.value} or not _LETTER_SHUTS.match(page.plain, found[1]):
        return None
    return Claim(found[0], (mark.end(), found[1])) if mark else None


def _with_others(page: Page, claim: Claim) -> bool:
    """Whether another label is right too, "B. Also C.", or shares with it: "B (60 %), C (40 %)"."""
    low = page.low
    if not _ALSO_WORDS.isdisjoint(page.words):
        for also in _ALSO.finditer(low, claim.span[1]):
            label = label_at(page, also.start(1) if also[1] else also.start(2))
            if label and label[0] not in {None, claim.value}:
                return True
    if "%" not in low:
        return False
    places = [share.start(1) for share in _SHARE.finditer(low)]
    shares = {found[0] for at in places if (found := label_at(page, at))} - {None}
    return claim.span[0] in places and len(shares) > 1


def _named(page: Page, claim: Claim) -> Claim | None:
    """The other option whose text holds the label as a name, "point D", is the label, or stands before it."""
    start, end = claim.span
    number = page.low[start:end].isdigit() and not page.low[:start].rstrip(" (\"'").endswith(_LABEL_NOUNS)
    if start == 0 and not number:
        return None
    shown = _BRACKETED.search(page.low, max(0, start - 12), start)
    for key in page.options:
        name = page.text_of(key)
        if shown and key != claim.value and len(name) > _SHORTEST and page.low.endswith(name, 0, shown.start()):
            return Claim(key, (shown.start() - len(name), shown.start()))
        if key != claim.value and end - start < len(name) + number and page.low.endswith(name, 0, end):
            return Claim(key, (end - len(name), end))
    return None


def _open(page: Page, claims: list[tuple[Claim, str]], why: str) -> Answer:
    """No value, with every reading that was seen (the last place of each value)."""
    seen = {claim.value: page.place(claim.span) for claim, _ in claims if claim.value is not None}
    readings = tuple(Reading(value=value, span=span) for value, span in seen.items())
    return Answer(value=None, rule=why, ambiguous=bool(readings) or why == "several", alternatives=readings)
