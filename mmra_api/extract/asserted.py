"""Page → claims of sentences that say nothing but the verdict: "It's B.", "No, wait, C"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from mmra_api.extract.labels import FILLER_WORDS, FILLERS, Claim, claim_at, joined, labels_of
from mmra_api.extract.languages import NO, YES
from mmra_api.extract.page import Page
from mmra_api.extract.patterns import RESERVE, UNSPACED, alternatives, by_first_letter, literal, words
from mmra_api.extract.places import in_list
from mmra_api.extract.texts import text_at, texts_in
from mmra_api.extract.verdicts import ReadAt

_LONG = 200
"""A reply of so many characters that ends without a full stop may have been cut off."""
_EDGE = 200
"""Characters at either end of a reply in which such a sentence is looked for."""
_NOES = alternatives(
    "no|non|nein|não|нет|لا|nie|nee|không|hayır|tidak|नहीं|不|いや|いえ|아니|아니요|rather|instead|doch|toch"
)
"""Words that take back a sentence only when a comma or the like follows; else they deny what they stand before."""
_LOOSE = alternatives(
    "the|and|but|still|then|well|ok|okay|alright|hmm|ah|oh|option|choice|letter|correct|la|le|die|de|и|the answer|"
    "result|final|opción|opcion|lettre|buchstabe|letra|optie|opsi|вариант|选项|選項|选|選|答|선택지|보기|옵션|الخيار"
)
"""Words that open such a sentence, but prove nothing unless they and the label are the whole reply."""
_YESES = frozenset(("yes", "yeah"))
"""Words that lead to a letter ("yes, B") and are themselves the answer to a question of yes or no."""
_SAYS = by_first_letter(words("says"), r"[\s,:;.!\-\"'(\[$]{0,6}")
_TURNS = by_first_letter(words("turn"), r"[\s,:;.!\-\"'(\[$]{0,6}")
_LEADS_LENGTH = 70
"""Characters that the leads of one sentence may take."""
_WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?")
TURN_WORDS = alternatives(
    "no wait actually hold correction scratch sorry mistake bad oops mean meant rather thought reflection make strike "
    "take apologies instead let"
)
"""One word of each English turn."""
_ANSWERS = frozenset((*YES.split("|"), *NO.split("|")))
_NON_WORD = re.compile(r"[^\w]+")
_LAST_WORDS = frozenset(
    last
    for word in (*words("turn"), *words("says"), *FILLER_WORDS)
    if (last := word.split()[-1].split("'")[-1]).isascii()
)
_MAY_FOLLOW = alternatives(
    "because since as due given for with without hands that based not probably definitely or and i"
)
_GOES_ON = re.compile(rf"\s[a-z]+{''.join(f'(?<!{word})' for word in sorted(_MAY_FOLLOW))}(?<!\sno)\s[a-z]")
"""A clause that goes on behind a label, so that the label is a word in it: "it is A dog on a mat"."""
_POINTS = frozenset((",", ".", ";", ":", "!", "-", "\n"))
_STARTS = re.compile(
    rf"(?P<comma>,)\s|(?P<that>\bthat)\s(?=it's|it is|this is)|[.!?;:]\s{{1,4}}|\s-\s|\n\s*"
    rf"|(?<=[{UNSPACED}])(?P<tight>,)"
)
_OPENS = re.compile(r"[\s#>\-\"'$.,:]*")
SHUTS = re.compile(
    rf"[)\]\"'}}$]{{0,3}}\s?(?:{literal(words('ends'))})?[)\]\"'}}$]{{0,3}}\s?(?:[.!;\n]|$|-\s"
    r"|,?\s?(?:because|since|as|due|given|based|not|(?:even )?though(?!\s(?:it|that|this)\s(?:could|may|might))|"
    r"although(?!\s(?:it|that|this)\s(?:could|may|might))|qui|i think|i believe|i'd say|i guess|probably|definitely|"
    r"without|for sure|hands down|obviously|clearly|no doubt|that (?:matches|fits|is (?:right|correct)))\b)"
)
"""What ends a clause behind its verdict."""
_NUMBERED = re.compile(r"\n\s*\d{1,2}[.)]$|\b1[.)]\s.*\s\d{1,2}[.)]$", re.DOTALL)
"""The number of an item that is not the first: one of several answers."""
_APART = re.compile(r"[)\]\"'.,:;$\s(-]{1,6}")


_ONLY_MARKS = re.compile(r"[)\]\"'}$.! ]*")


class _Said(NamedTuple):
    claim: Claim
    turned: bool


def asserted(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    """A first or last sentence of nothing but leads and the verdict: "It's B.", "Probably A", "… so B", "Es la B."."""
    for said in _said(page, read):
        if not said.turned:
            yield said.claim


def revised(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    """The same behind a word that takes something back: "B. Hmm, no, D.", "Wait, actually C", "Moment, es ist B"."""
    for said in _said(page, read):
        if said.turned:
            yield said.claim


def _said(page: Page, read: ReadAt) -> list[_Said]:
    name = f"said by {read.__name__}"
    if name not in page.memo:
        page.memo[name] = [said for claim in _near_edges(page, read) if (said := _verdict(page, claim, read))]
    every: list[_Said] = page.memo[name]
    return every


def _near_edges(page: Page, read: ReadAt) -> Iterator[Claim]:
    """What could be the verdict of such a sentence: the labels, or the claims at other words, near either end."""
    end = len(page.low) - _EDGE
    if read is claim_at:
        for key, left, right in labels_of(page):
            if (left < _EDGE or right > end) and _led(page.low, left) and _may_shut(page, right):
                other = joined(page, key, right)
                yield Claim(None, (left, other), "several") if other else Claim(key, (left, right))
        return
    if read is text_at:
        yield from texts_in(page, max(0, end), len(page.low))
        return
    for word in chain(_WORD.finditer(page.low, 0, _EDGE), _WORD.finditer(page.low, max(_EDGE, end))):
        if (word[0] in _ANSWERS or not word[0].isascii()) and (claim := read(page, word.start())) is not None:
            yield claim


def _led(low: str, at: int) -> bool:
    """Whether what stands before a label may be a lead: its last word is the last of one, or a sentence starts here."""
    before = low[max(0, at - 24) : at].rstrip(" ([\"'$,:-")
    if not before or not before[-1].isalpha():
        return True
    word = before[before.rfind(" ") + 1 :]
    word = word if word.isalpha() else _NON_WORD.split(word)[-1]
    return not word.isascii() or word in _LAST_WORDS


def _verdict(page: Page, claim: Claim, read: ReadAt) -> _Said | None:
    """The claim, if nothing but leads stands before it in its sentence and the clause ends with it."""
    if not _shuts(page, claim):
        return None
    low, at = page.low, claim.span[0]
    if RESERVE.search(low, max(0, at - _LEADS_LENGTH), at):
        return None
    left = max(0, at - _LEADS_LENGTH)
    opens = _OPENS.match(low, 0, at) if not left else None
    starts = [(opens.end(), False)] if opens else []
    starts += [(match.end(), match.lastgroup is not None) for match in _STARTS.finditer(low, left, at)]
    for start, inside in starts:
        steps = _steps(low, start, at, affirms=read is claim_at)
        if steps is None:
            continue
        count, turned, firm = steps
        if count == 0:
            bare = start > 0 and not inside and read is not text_at and _alone_at_end(page, claim)
            return _Said(claim, turned=False) if bare else None
        whole = start <= 3 and _ONLY_MARKS.fullmatch(low, claim.span[1]) is not None
        if firm or whole:
            return None if turned and in_list(page, claim.span[0]) else _Said(claim, turned)
    return None


def _steps(low: str, at: int, end: int, *, affirms: bool) -> tuple[int, bool, bool] | None:
    """How many leads fill the text up to ``end``, whether one takes back, whether one is firm; None where others do."""
    count, turned, firm = 0, False, False
    while at < end:
        first = low[at]
        says = _SAYS[first].match(low, at, end) if first in _SAYS else None
        turn = _TURNS[first].match(low, at, end) if first in _TURNS else None
        if says and says[1] in _YESES and not affirms:
            says = None
        lead = turn if turn and (says is None or turn.end(1) >= says.end(1)) else says
        if lead is None:
            break
        point = low[lead.end(1)]
        if lead[1] in _NOES and point not in _POINTS:
            break
        count, turned, firm = count + 1, turned or lead is turn, firm or point == ":" or lead[1] not in _LOOSE
        at = lead.end()
    return (count, turned, firm) if FILLERS.fullmatch(low, at, end) else None


def _may_shut(page: Page, end: int) -> bool:
    """Whether a clause may end after a label: no word of the sentence follows but such as give a reason."""
    return _GOES_ON.match(page.low, end) is None


def _shuts(page: Page, claim: Claim) -> bool:
    """Whether the clause ends with the label, or with the label and its option's text."""
    before = page.low[: claim.span[0]].rstrip(" (\"'")
    if claim.span[1] == len(page.low) >= _LONG and not before.endswith((".", "!", "?", ":", "\n")):
        return False
    end = claim.span[1]
    if page.low[end : end + 1] in {"", ".", "!", "\n"} or SHUTS.match(page.low, end):
        return True
    apart = _APART.match(page.low, claim.span[1])
    text = page.text_of(claim.value)
    if not apart or not text or not page.low.startswith(text, apart.end()):
        return False
    end = apart.end() + len(text)
    return not end == len(page.low) >= _LONG and SHUTS.match(page.low, end) is not None


def _alone_at_end(page: Page, claim: Claim) -> bool:
    """Whether a label without any lead is all that follows the last full stop: "… more sky. B"; "A" needs its own."""
    rest = page.plain[claim.span[1] :].strip(")]}\"'$ ")
    before = page.plain[: claim.span[0]].rstrip("([{\"'$ ")
    if _NUMBERED.search(before):
        return False
    return before.endswith((".", "!", "?", "\n")) and (
        rest in {".", "!"} or (not rest and claim.value not in {"A", "I", None})
    )
