"""Page → its sentences, which of them conclude, and whether a clause denies what it names."""

from __future__ import annotations

import re

from mmra_api.extract.page import Page
from mmra_api.extract.patterns import alternatives

_BREAK = re.compile(r"[.!?;]\s+|\n\s*")
_STOPS = (". ", "? ", "! ", "\n", "; ")
_CONCLUDES = re.compile(
    r"[\s\-\"$]*(?:(?:and|but)\s)?(?:therefore|thus|so|hence|overall|ultimately|consequently|accordingly|in "
    r"conclusion|in summary|to conclude|to sum up|conclusion|as a result|in the end|my assessment|因此|所以|故|综上|"
    r"总之|よって|したがって|따라서|por lo tanto|por tanto|donc|daher|portanto|следовательно|итак)(?![a-z])"
)
CONCLUDING_WORDS = alternatives(
    "therefore thus so hence overall ultimately consequently accordingly conclusion summary conclude sum result end "
    "assessment donc daher portanto tanto"
)
_TURNS_AWAY = re.compile(
    r"\b(?:while|whereas|rather than|instead of|unlike|differs? from|different from|compared (?:to|with)|as opposed "
    r"to|although|though|even though|however|than|except|other than|in contrast|on the other hand|excluding|"
    r"eliminat\w+|rul\w+ out)\b"
)
_DENIES_BEFORE = re.compile(
    r"(?:\bnot\b|n't\b|\bneither\b|\bnor\b|\bnever\b|\bcannot\b|\bno\b|\bwithout\b|\bif\b[^,]*$|\bwhether\b|"
    r"\bunlikely\b|\bunable\b|(?:不是|不选|并非)(?:选项)?\s?$|\bn'est pas\b|\bno es\b|\bnão é\b|\bnon è\b|\bnicht\b|"
    r"\bне\b|\bnie jest\b|\bniet\b|\bbukan\b|\bkhông phải\b|\b(?:told|asked|instructed)\s(?:me\s|us\s)?to\b|(?<!no "
    r")(?<!a )(?<!any )\bdoubt (?:that|if)\b)"
)
_DENIES_AFTER = re.compile(
    r"\bnot\b|n't\b|\bcannot\b|\bincorrect|\bwrong\b|\bfalse\b|\bless\b|\bno (?:more|better)\b|\bunlikely|\btoo\b|"
    r"\bfails?\b|\beliminated|\bexcluded|\bruled out|\bneither\b|\bimpossible|\bnicht\b|\bniet\b|\bdeğil|ではな|"
    r"じゃな|아니|नहीं|不正确|不对|错误|不符"
)
_SUPPOSES = re.compile(r"\W*(?:if|suppose|supposing|had|were)\b[^\n]{0,200}\b(?:were|would|had)\b")
_ENDS_WELL = re.compile(r"[.!?)\]}\"'$:>]\s*$|[^\x00-\x7f]\s*$")
_CLAUSE_END = re.compile(
    r"[.;\n]\s|,\s(?:so|therefore|and|but|while|as|which|because)\b|\bwhile\b|\bwhereas\b|\brather than\b|"
    r"\bnot\s[a-z(]+[.,]|,\s(?:and\s)?not\b"
)
_CLAUSE_START = re.compile(
    r"\b(?:unlike|compared (?:to|with)|in contrast to|as opposed to|instead of)\b[^,.]{0,40},\s|[.;]\s|\n|(?:,\s(?:so|"
    r"it's|it is|rather|this is|that is)\s)|\sbut\s|\btherefore\b"
)


def whole_sentences(page: Page) -> list[tuple[int, int]]:
    """The sentences, without a last one that breaks off."""
    if "sentences" not in page.memo:
        every = _sentences(page)
        page.memo["sentences"] = every[:-1] if breaks_off(page) else every
    sentences: list[tuple[int, int]] = page.memo["sentences"]
    return sentences


def breaks_off(page: Page) -> bool:
    """Whether a long reply ends in the middle of a sentence."""
    end = page.plain.rstrip()
    return len(end) >= 200 and _ENDS_WELL.search(end[-4:]) is None


def _sentences(page: Page) -> list[tuple[int, int]]:
    """The sentences with any text; "B." at the start of one is a label and does not end it."""
    text = page.plain
    places: list[tuple[int, int]] = []
    start = 0
    for match in _BREAK.finditer(text):
        end = match.start() + (match[0][0] != "\n")
        if end - start <= 3 and match[0][0] == "." and end > start:
            continue
        if end > start:
            places.append((start, end))
        start = match.end()
    if text[start:].strip():
        places.append((start, len(text)))
    return places


def sentence_start(low: str, at: int, far: int = 200) -> int:
    """Where the sentence that holds ``at`` starts, at most ``far`` characters before."""
    left = max(0, at - far)
    return max(left, *(low.rfind(stop, left, at) + 1 for stop in _STOPS))


def concludes(page: Page, start: int, end: int) -> bool:
    """Whether a sentence opens by drawing a conclusion: "Therefore", "So", "In summary"."""
    return _CONCLUDES.match(page.low, start, end) is not None


def denied(page: Page, left: int, right: int, start: int, end: int) -> bool:
    """Whether the clause around a mention denies it, or turns to it only for contrast."""
    low = page.low
    if _SUPPOSES.match(low, start, left):
        return True
    before = low[max(start, left - 60) : left]
    after = low[right : min(end, right + 60)].lstrip(")]}.:\"'$ ")
    stop = _CLAUSE_END.search(after)
    after = after[: stop.start()] if stop else after
    for clause in _CLAUSE_START.finditer(before):
        before = " " * clause.end() + before[clause.end() :]
    return bool(_DENIES_BEFORE.search(before) or _TURNS_AWAY.search(before) or _DENIES_AFTER.search(after))
