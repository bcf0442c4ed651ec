"""Page → claims read from the sentence that concludes, or from the only option that the reply speaks for."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache

from mmra_api.extract.decline import decline
from mmra_api.extract.labels import Claim, joined, label_at
from mmra_api.extract.page import MANY, Page
from mmra_api.extract.places import opens_line
from mmra_api.extract.sentences import concludes, denied, whole_sentences
from mmra_api.extract.texts import in_formula, texts_in

_NAMING = re.compile(
    r"(?:(?<![a-z])(?:option|choice|letter|answer|alternative|statement|image|picture|figure|photo|"
    r"photograph|diagram|"
    r"graph|panel)\s[(\"']?|选项\s?)$"
)
"""What stands before a letter that is named as an option."""
_THING = re.compile(
    r"(?<![a-z])(?:point|box|part|region|sample|item|number|labell?ed(?:\sas)?|marked(?:\sas)?|called|circle|"
    r"object|area|"
    r"line|shape|view)\s[(\"']?$"
)
_SAYING = re.compile(r"(?:(?<![a-z])(?:is|be|are|as|so|thus|hence|therefore|leaves|leaving)[,:]?|:)\s{1,3}[(\"$]{0,2}$")
"""What stands before a letter that ends a clause: "so it is B.", "hence C"."""
_ENDS_CLAUSE = re.compile(r"[)\"$]{0,2}\s?[.:!]?(?:\s|$)")
_ITEM = re.compile(r"\s?选?项")
_APPROVES = re.compile(
    r"\b(?:is|are|would be|must be|should be|seems|appears)\s{1,5}(?:to be\s{1,5})?(?:indeed\s|clearly\s|likely\s|"
    r"therefore\s|thus\s)?(?:the\s{1,5})?"
    r"(?:(?:most|more|best|only|single|closest)\s{1,5})?(?:correct|right|best|true|answer|appropriate|suitable|"
    r"accurate|strongest|valid|"
    r"likely|fitting|closest|proper|ideal)\b|正确|最合适|最合理"
)
_SUBJECT = re.compile(r"(?:^|[\s(\"$])([^\W_]{1,3})[)\"$]{0,2}\s{1,5}$")


Find = Callable[[Page, int, int], list[Claim]]


def concluded(page: Page) -> Iterator[Claim]:
    """The label in the last sentence that draws a conclusion: "Therefore, it shows (B)", "so the match is point C"."""
    yield from _in_conclusion(page, labels_in)


def mentioned(page: Page) -> Iterator[Claim]:
    """The label in the first or last sentence, when they do not differ: "The match is point C. Both …"."""
    yield from _at_the_ends(page, labels_in)


def approved(page: Page) -> Iterator[Claim]:
    """The labels that are called right: "Option D is the most accurate", "(A) appears to be the appropriate one"."""
    for predicate in deque(_APPROVES.finditer(page.low), maxlen=MANY):
        start = max(page.low.rfind(". ", 0, predicate.start()) + 1, page.low.rfind("\n", 0, predicate.start()) + 1)
        start = max(start, predicate.start() - 160)
        subject = _SUBJECT.search(page.low, start, predicate.start())
        found = label_at(page, subject.start(1)) if subject else None
        if subject and found and found[0] is not None:
            yield Claim(found[0], (subject.start(1), found[1]))
            continue
        named = labels_in(page, start, predicate.start())
        if named:
            yield named[-1]


def named(page: Page) -> Iterator[Claim]:
    """The labels named anywhere as an option, when the reply speaks for no other: "… joint dip angle (B)."."""
    yield from labels_in(page, 0, len(page.plain))


def text_concluded(page: Page) -> Iterator[Claim]:
    """The option text in the sentence that concludes: "So the interval is minor"."""
    yield from _in_conclusion(page, standing_texts)


def text_mentioned(page: Page) -> Iterator[Claim]:
    """The option text in the first or last sentence, when they do not differ: "The type of the interval is minor."."""
    yield from _at_the_ends(page, standing_texts)


def labels_in(page: Page, start: int, end: int) -> list[Claim]:
    """The labels named as options between two positions and not denied there, in order."""
    claims: list[Claim] = []
    letters = _letters(tuple(page.options)).finditer(page.plain, start, end)
    for match in deque(letters, maxlen=4 * MANY):
        at = match.start()
        if not _is_named(page, at, match.end(), max(start, at - 24)):
            continue
        found = label_at(page, at)
        if found is None or found[0] is None or denied(page, at, found[1], start, end):
            continue
        other = joined(page, found[0], found[1])
        claims.append(Claim(None, (at, other), "several") if other else Claim(found[0], (at, found[1])))
    return claims


@lru_cache(maxsize=256)
def _letters(keys: tuple[str, ...]) -> re.Pattern[str]:
    """The option letters as words, in either case; what stands before them is checked by the caller."""
    forms = sorted({form for key in keys for form in (key, key.upper(), key.lower())}, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, forms))})(?![a-zA-Z0-9])" if forms else r"(?!)")


def _is_named(page: Page, at: int, end: int, start: int) -> bool:
    """Whether the letter between ``at`` and ``end`` is named as an option by what stands around it."""
    low = page.low
    last = low[at - 1 : at]
    if last.isascii() and last.isalnum():
        return False
    return (
        (last in {"(", "["} and low[end : end + 1] in {")", "]"})
        or _NAMING.search(low, start, at) is not None
        or (_THING.search(low, start, at) is not None and _is_name(page, at))
        or _ITEM.match(low, end) is not None
        or (_SAYING.search(low, start, at) is not None and _ENDS_CLAUSE.match(low, end) is not None)
    )


def _is_name(page: Page, at: int) -> bool:
    """Whether an option's text holds its own letter as a name: "Point A", "A is closer"."""
    found = label_at(page, at)
    key = found[0] if found else None
    return key is not None and key.lower() in page.options[key].lower().split()


def standing_texts(page: Page, start: int, end: int) -> list[Claim]:
    """The option texts between two positions that are not denied there and are not part of a formula."""
    return [
        claim
        for claim in texts_in(page, start, end)[-MANY:]
        if not denied(page, *claim.span, start, end) and not in_formula(page, *claim.span)
    ]


def _in_conclusion(page: Page, find: Find) -> Iterator[Claim]:
    """What ``find`` sees in the last whole sentence that opens with "therefore" or the like and does not decline."""
    for start, end in reversed(whole_sentences(page)):
        if not concludes(page, start, end):
            continue
        claims = find(page, start, end)
        if claims and not decline(page.low[start:end]):
            one = len({claim.value for claim in claims}) == 1
            yield claims[-1] if one else Claim(None, claims[-1].span, "several")
        return


def _at_the_ends(page: Page, find: Find) -> Iterator[Claim]:
    """What ``find`` sees in the first and in the last whole sentence, where it is one value each."""
    sentences = whole_sentences(page)
    for place in dict.fromkeys((*sentences[:1], *sentences[-1:])):
        claims = [] if opens_line(page, place[0]) else find(page, *place)
        if len({claim.value for claim in claims}) == 1:
            yield claims[-1]
