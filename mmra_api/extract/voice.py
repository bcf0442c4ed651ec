"""Claim → whether the writer makes it: not where it is supposed, asked, denied, quoted, another's, or no longer held.

A label after "the answer is" commits to nothing in "if it barked, the answer would be B", "the sign says the answer is
B", "why the answer is B" or "I first thought the answer was B". The check looks at the sentence around the claim, and
is the same for every rule that reads sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import takewhile
from operator import itemgetter

from mmra_api.extract.echo import listed
from mmra_api.extract.labels import Claim
from mmra_api.extract.languages import LANGUAGES, Words
from mmra_api.extract.objections import OBJECTIONS, VERDICT, WOULD, WRITTEN
from mmra_api.extract.page import Page
from mmra_api.extract.patterns import UNSPACED, alternatives, grammar, words
from mmra_api.extract.sentences import sentence_start

_FAR = 200
"""Characters before a claim in which its sentence is looked at; as many behind it."""
_LABEL = 3
"""Characters of a label at most. What is longer may be what a sign says, and still be the answer."""
_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)|\n|$")
_CONDITION_WORDS = alternatives("if unless had were")
_ANY = _CONDITION_WORDS.union(*(objection.words for objection in OBJECTIONS))
"""Most short replies hold none of these, and so nothing but quotation marks to look at."""
_BUTS = (
    "但|ましたが|たが,|不过|不過|然而|でも|しかし|하지만|그러나|지만"
    "|が,|लेकिन|परंतु|แต่"
    "|[, ](?:sin embargo|cependant|jedoch|porém|однако|jednak|echter|namun|ancak|але|men|mutta|pero|mas|mais|aber|но|"
    "لكن|ma|maar|ale|tetapi|tapi|nhưng|ama|fakat) "
)
"""Words for "but": what a sentence says behind them it means."""
_BUT = re.compile(_BUTS)


def _doubting(languages: Iterable[Words]) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<![^\W\d_])|(?<=[{UNSPACED}]))(?:{grammar('doubts', languages)})")


_DOUBTS = {alternatives(language.marks): _doubting([language]) for language in LANGUAGES.values() if language.marks}
"""By the marks of a language that is written in Latin letters: "se" is "if" in some, and none in others."""
_DOUBTS_ELSEWHERE = _doubting([language for language in LANGUAGES.values() if not language.marks])
_DENIES = re.compile(rf"[)\]\"']{{0,2}}\s?(?:{'|'.join(words('denies'))})")
_ASKED = re.compile(r"[)\]\"']{0,2}\s?\?")
_LETTER = re.compile(r"[^\W\d_]")
_QUOTE_LEADS = re.compile(
    r"(?:answer|choice|option|conclusion|verdict|response|label|letter|statement|description|sentence)\b[^\"]{0,25}$"
    r"|(?<![a-z])(?:i|we|me)(?:'d|'ll|\swould|\swill|\smust|\scan)?(?:\sonly)?\s(?:say|answer|choose|pick|select|"
    r"conclude|respond|go with|guess|think|believe)\b[^\"]{0,15}$|\"\s?:\s?$|\{[^\n]*[,\[]\s?$"
)
_WRITTEN_BEHIND = re.compile(
    r"[^\"\n]{0,60}\"[.,]?\s(?:is|was|are)?\s?(?:written|printed|painted|displayed|shown|on the|carved)\b"
    r"|[^\"\n]{0,60}\"[.,]?\s(?:is what|would be|might be|sounds|seems|is the (?:usual|common|typical))\b"
)
_QUESTION = re.compile(r"\W*(?:who|why|what|which|how|where|when|would|could|should|does|do|did|is|isn't|are|was)\b")
_SINGLE_QUOTE = re.compile(r"(?<![\w'])'(?=\w)")


def meant(page: Page, claim: Claim) -> bool:
    """Whether the writer makes the claim as his own, as a fact, and still."""
    low, (start, end) = page.low, claim.span
    left = sentence_start(low, start)
    if not page.english() and _doubted(page, left, start, end):
        return False
    if not _ANY.isdisjoint(page.words) and _objected(page, left, start, end):
        return False
    first, last = listed(page)
    if first <= start and end <= last:
        return False
    return not (_quoted(low, start, end) or ("?" in low and _questioned(low, left, end)))


def copied(page: Page, claim: Claim) -> bool:
    """Whether the claim is what a sign in the picture says; that holds for a box or a tag too."""
    if WRITTEN.words.isdisjoint(page.words) or claim.span[0] == 0:
        return False
    start = claim.span[0]
    return WRITTEN.pattern.search(page.low, sentence_start(page.low, start), start) is not None


def _objected(page: Page, left: int, start: int, end: int) -> bool:
    low, here = page.low, page.words
    before = low[left:start]
    for objection in OBJECTIONS:
        if objection.words.isdisjoint(here):
            continue
        against = objection.pattern.match(low, end) if objection.behind else objection.pattern.search(before)
        if against and (not objection.labels_only or end - start <= _LABEL or VERDICT.search(against[0])):
            return True
    return not _CONDITION_WORDS.isdisjoint(here) and _supposed(low, left, end)


def _doubted(page: Page, left: int, start: int, end: int) -> bool:
    """The same in other languages: "wenn … ist die Antwort B", "Bではない", "¿es B?"."""
    low = page.low
    doubts = _doubts(page)
    within = takewhile(lambda place: place[0] < start, doubts[bisect_left(doubts, (left, 0)) :])
    if _DENIES.match(low, end) or any(last <= start and not _BUT.search(low, last, start) for _, last in within):
        return True
    asks = _ASKED.match(low, end) is not None and _LETTER.search(low, left, start) is not None
    return asks and not low[left:start].rstrip(" ([\"'").endswith(":")


def _doubts(page: Page) -> list[tuple[int, int]]:
    """Where words of doubt stand, of the language that the page shows most marks of, and of other scripts; in order."""
    if "doubts" not in page.memo:
        shown = [(len(marks & page.words), doubts) for marks, doubts in _DOUBTS.items()]
        most = max(shown, key=itemgetter(0))[0]
        forms = [doubts for count, doubts in shown if count == most]
        forms += [] if page.low.isascii() else [_DOUBTS_ELSEWHERE]
        page.memo["doubts"] = sorted(match.span() for form in forms for match in form.finditer(page.low))
    doubts: list[tuple[int, int]] = page.memo["doubts"]
    return doubts


def _questioned(low: str, left: int, end: int) -> bool:
    """Whether the sentence is a question: "Who would choose D here?"."""
    stop = _SENTENCE_END.search(low, end, end + _FAR)
    return stop is not None and stop[0] == "?" and _QUESTION.match(low, left) is not None


def _supposed(low: str, left: int, end: int) -> bool:
    """Whether a condition makes the sentence a supposition: "it would be B if it barked"."""
    stop = _SENTENCE_END.search(low, end, end + _FAR)
    return WOULD.search(low, left, stop.start() if stop else end + _FAR) is not None


def _quoted(low: str, start: int, end: int) -> bool:
    """Whether the claim is part of a longer quotation that is not introduced as the writer's own."""
    line = max(low.rfind("\n", 0, start) + 1, start - 2 * _FAR)
    opened = -1
    if low.count('"', line, start) % 2:
        opened = low.rfind('"', line, start)
    elif "'" in low[line:start]:
        opened = _single_quote(low, line, start)
    if opened < 0 or not any(char.isalnum() for char in low[opened + 1 : start]):
        return False
    before = low[line:opened].strip()
    if not before:
        return _WRITTEN_BEHIND.match(low, end) is not None
    return _QUOTE_LEADS.search(before) is None


def _single_quote(low: str, line: int, start: int) -> int:
    for match in _SINGLE_QUOTE.finditer(low, line, start):
        if not re.search(r"\w[.,;:!?]?'(?!\w)", low[match.end() : start]):
            return match.start()
    return -1
