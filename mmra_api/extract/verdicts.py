"""Page → claims made in so many words or signs: a box, a tag, JSON, "the answer is B", "Answer: B", "I choose B"."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeAlias

from mmra_api.extract.labels import Claim, claim_at
from mmra_api.extract.page import MANY, Page
from mmra_api.extract.patterns import alternatives
from mmra_api.extract.places import goes_on
from mmra_api.extract.sentences import sentence_start

ReadAt: TypeAlias = Callable[[Page, int], Claim | None]
"""Reads one kind of object (a label, an option's text, yes or no) at a position."""

_BOX = re.compile(r"(?<![a-z])f?boxed\s?\{|\\fbox\s?\{")
_TAG = re.compile(
    r"<\s?(?:final\s?|my\s?|correct\s?)?(?:answer|ans|choice|option|result|solution|conclusion|response|output|final|"
    r"verdict|selection)s?\s?>|<\|begin of box\|>|\[answer\]\s?(?=\S)"
)
_KEY = re.compile(
    r"[\"'](?:(?:final|correct|your|my|the|selected|chosen|best) ?)?(?:answer|choice|option|letter|selection|result|"
    r"label|prediction|final)[\"']\s{0,3}:"
)
_HASHES = re.compile(r"####\s?")

_STEMS = ("answer", "response", "verdict", "conclusion")
_PRAISED = ("option", "choice", "letter", "alternative", "one", "selection", "statement", "view", "match")
"""Nouns that mean the answer when they are praised ("the best choice is") or open a clause ("the option that … is")."""
STEM_WORDS = frozenset((*_STEMS, *_PRAISED, *(f"{stem}s" for stem in _STEMS)))
_PRAISE = re.compile(
    r"(?:correct|best|right|final|appropriate|proper|suitable|matching|likely|closest|accurate|only)\s{1,5}$"
)
_CLAUSE = re.compile(r"\s(?:that|which)\b")
_LINK = re.compile(
    r":|=|->|→|⟶|(?<![a-z'])(?:is|are|was|would be|should be|must be|will be|could be|might be|may be|has to be|seems "
    r"to be|appears to be|ought to be|becomes|remains)(?![a-z'])(?!\s?(?:not|n't|never|neither|none)\b)"
)
_LINKS = 6
"""Verbs and colons that are tried after one "answer"."""
_FAR = 140
"""Characters between "answer" and its verb: "the answer to the question "…" is"."""
_STOP = re.compile(r"[.!?;](?=\s)(?<!\bno\.)|\n\s*\n")
_UNSURE = re.compile(
    r"(?:\b(?:if|whether|unless|suppose|supposing|assuming|assume|imagine|why|believing|not sure|don't think|n't the "
    r"case|n't true|n't clear|n't mean|do not think|doesn't mean|does not mean|not the case|not true|not clear|"
    r"unclear|(?<!any )(?<!no )(?<!little )doubt|doubtful|false|n't say|not say|can't be sure|cannot "
    r"say)\s(?:that\s)?(?:(?:the|my|your|its|this|an?)\s)?(?:(?:correct|right|final|best|only)\s){0,2}|"
    r"\bnot\sthe\s(?:correct\s|right\s|final\s|best\s)?|n't\sthe\s(?:correct\s|right\s)?|n't\s(?:the\scase|true|clear|"
    r"certain|obvious|mean)\sthat\s(?:the\s|my\s)?(?:correct\s|right\s)?|\bno\s(?:correct\s|right\s|clear\s)?|"
    r"\bplease\s(?:choose|select|pick|give)\s(?:the\s)?(?:correct\s|best\s|right\s)?|\b(?:wrong|incorrect|other|"
    r"possible|example|sample|previous|reference|suggested|supposed|alleged|claimed)\s)$"
)

_CHOICES = (
    *(
        "choos",
        "chose",
        "choice of",
        "select",
        "pick",
        "prefer",
        "bet on",
        "betting on",
        "take",
        "change",
        "leav",
        "go for",
        "going for",
        "go with",
        "going with",
        "opt",
        "vote for",
        "settle",
        "stick with",
    ),
    *("give you", "lead", "point", "lean", "answer", "respond with", "say", "guess"),
)
CHOICE_WORDS = alternatives(
    "choose chooses choosing chose choice select selects selected selecting pick picks picked picking go going opt "
    "opted opting vote settle stick give lean leaning answer answering respond say guess prefer bet betting take "
    "change leaves leaving lead leads point points"
)
_CHOOSE = re.compile(
    r"(?:choos(?:e|es|ing)|chose|choice of|select(?:s|ed|ing)?|pick(?:s|ed|ing)?|go(?:ing)?\s(?:with|for)|prefer|"
    r"bet(?:ting)?\son|take|change\s(?:it|that|my\sanswer)\sto|leav(?:es|ing)(?:\sus\swith|\sonly)?|opt(?:ed|"
    r"ing)?\sfor|vote\sfor|settle\s(?:on|for)|stick\swith|give\syou|lean(?:ing)?\s(?:towards?|to)|answering|"
    r"answer\swith|leads?\sme\sto|points?\sto|answer(?!\s(?:is|would))|respond\swith|say|guess)(?:\s(?:is|would "
    r"be))?(?![a-z])"
)
_REFUSES = re.compile(
    r"(?:\bwas\s(?:going|about|tempted)\sto|\bno\s(?:reason|need)\sto|\bwould\shave|\bnot|n't|\bnever|\b(?:unable|"
    r"wrong|a\smistake|a\sstretch)\sto|\bneither|\bcannot|\bif\s(?:you|one|we)|\bwithout|\binstead\sof|\brather\sthan|"
    r"\bto\savoid|\bplease|\byou\s(?:can|may|could|might)|\bpossible\sto|\b(?:asked|told|instructed|supposed|urged|"
    r"wants?)\s(?:[a-z]+\s)?to|\bsome\s(?:may|might|would)|\bwhether\sto|(?<!that is\s)(?<!that's\s)(?<!which "
    r"is\s)\bwhy|\binstructions?\sto|\brequests?\sto|\bcommands?\sto)(?:\s[a-z']+){0,3}\s?$"
)

_CORRECTS = re.compile(
    r"(?<![a-z])(?:it's|it is|it should be|it must be|it would be|that's|make that|make it|i mean|i meant|back to|"
    r"should be)(?![a-z])"
    r"|(?<![a-z])(?:edit(?:ed)?:?|chang(?:e|ed) (?:(?:it|that|my (?:mind|answer)) )?to|(?:correction|corrected|"
    r"revised|updated)(?: answer)?\s?:)"
)
_KEEPS = re.compile(r"(?:\bnot|n't|\bnever|\bno (?:reason|need) to|\bwithout|\bcannot)\s(?:[a-z]+\s)?$")
_CORRECTIONS = (
    *(
        "it's",
        "it is",
        "it should be",
        "it must be",
        "it would be",
        "that's",
        "make that",
        "make it",
        "i mean",
        "should be",
    ),
    *("edit", "chang", "correct", "revised", "updated", "back to"),
)
"""How each of these begins."""
_TURNS = (
    *("wait", "actually", "correction", "no,", "rather", "scratch that", "sorry", "second thought", "instead"),
    *("edit", "edited", "changed?", "corrected", "revised", "updated", "make it"),
)
TURN_WORDS = alternatives(
    "wait actually correction no rather scratch sorry thought instead not edit edited changed change make corrected "
    "revised updated"
)
_TURN = re.compile(rf"(?<![a-z])(?:{'|'.join(_TURNS)})(?![a-z])|not\s\(?[a-z]\)?,")
_REPORT_HINTS = ("say", "said", "read", "stat", "claim", "tell", "ask", "instruct", "writ", "show")
_REPORTS = re.compile(
    r"\b(?:sign|sticker|image|images|picture|pictures|photo|text|words?|watermark|poster|label|note|caption|screen|"
    r"instruction|prompt|user|message|it)s?\b[^.\n]{0,40}?\b(?:says?|said|saying|reads?|reading|states?|stating|"
    r"claims?|claiming|tells?|telling|asks?|instructs?|written|shows?)\b[^.\n]{0,12}(?:[\"']|:\s?\"?|that\s|(?:me|us|"
    r"you)\sto\s)[^.\n\"']{0,30}$"
)
_MAY_ALSO = re.compile(
    r"[)\]\"'.,;]{0,3}\s(?:(?:but|or|and|though|yet|while|however),?\s)?(?:(?:equally|also|just as well)\s)?(?:it|the "
    r"answer|this)?\s?(?:might|could|may)\b"
)
_WOULD_FAIL = re.compile(
    r"[)\]\"']{0,2}\s(?:would|is|could|might|may)\s(?:be\s)?(?:wrong|incorrect|a mistake|misleading|too|not|need|"
    r"require)\b|[)\]\"']{0,2}\s(?:last|as the (?:wrong|incorrect|worst|least))\b"
)
_MARK = re.compile(r"[)\]}\"'$]{0,3}\s?\?")
_ASKS = re.compile(
    r"\W*(?:is|are|was|were|could|can|would|should|might|does|do|did|has|why|what|which|how|or|选|選|est|ist|es|é)\b"
)


_SIDE_BY_SIDE = re.compile(
    r"[)\]}\"'$.,]{0,6}\s?(?:</[a-z ]{2,20}>)?[\s,;$]{0,3}(?:\\text\s?\{\s?(?:or|and)\s?\}|or|and|,|/)?[\s$\\]{0,3}"
)
"""What stands between two boxes or tags that are given as one answer: "\\boxed{A} or \\boxed{B}"."""


def boxed(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    r"""What stands in a LaTeX box: ``\boxed{B}``, ``\boxed{\text{(B)}}``."""
    yield from _after(page, _BOX, read)


def tagged(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    """What an answer tag holds: ``<answer>B</answer>``, ``[ANSWER] B``."""
    if "<" in page.low or "[answer]" in page.low:
        yield from _after(page, _TAG, read)


def keyed(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    """What a JSON or Python object holds under a key for the answer: ``{"answer": "B"}``."""
    yield from _after(page, _KEY, read)


def hashed(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    """What follows four hashes, the form that GSM8K taught: ``#### B``."""
    yield from _after(page, _HASHES, read)


def stated(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    """What is said to be the answer: "the answer is B", "Answer: B", "the best choice would be (B)"."""
    low = page.low
    if "stems" not in page.memo:
        page.memo["stems"] = list(_stems(page))
    for start, end in page.memo["stems"]:
        claim = _linked(page, end, read)
        if claim is not None and not _UNSURE.search(low, max(0, start - 60), start) and not asked(page, claim):
            if reported(low, start):
                continue
            yield claim


def chosen(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    """What the writer takes: "I would choose option B", "I'll go with (B)", "if I had to pick, B"."""
    low = page.low
    if "choices" not in page.memo:
        page.memo["choices"] = [
            (start, verb.end())
            for start, _ in found(low, _CHOICES)
            if not low[start - 1 : start].isalpha() and (verb := _CHOOSE.match(low, start))
        ]
    for start, end in page.memo["choices"]:
        claim = read(page, end)
        if claim is not None and _WOULD_FAIL.match(low, claim.span[1]):
            continue
        if claim is not None and not _REFUSES.search(low, max(0, start - 40), start) and not asked(page, claim):
            if reported(low, start):
                continue
            yield claim


def corrected(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    """What replaces an earlier word: "wait, actually it's B", "not A, it's B", "sorry, I meant B"."""
    low = page.low
    for start, _ in found(low, _CORRECTIONS):
        match = _CORRECTS.match(low, start)
        if (
            match
            and not _KEEPS.search(low, max(0, start - 24), start)
            and _TURN.search(low, max(0, start - 60), match.end() + 12)
        ):
            claim = read(page, match.end())
            if claim is not None:
                yield claim


def reported(low: str, start: int) -> bool:
    """Whether the words at ``start`` are not the writer's own: what a sign in the picture says, or the prompt."""
    before = low[max(0, start - 80) : start]
    if not any(hint in before for hint in _REPORT_HINTS):
        return False
    return _REPORTS.search(low, sentence_start(low, start), start) is not None


def asked(page: Page, claim: Claim) -> bool:
    """Whether the claim stands in a question: "is the answer B?", "is it B? No"; a lone hedge, "B?", is none."""
    mark = _MARK.match(page.low, claim.span[1])
    if mark is None:
        return False
    return _ASKS.match(page.low, sentence_start(page.low, claim.span[0])) is not None or bool(
        page.low[mark.end() :].strip()
    )


def found(low: str, words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where each of the words stands, at most the last ``MANY`` of each; plain finds, since most replies hold few."""
    for word in words:
        if word not in low:
            continue
        end = len(low)
        for _ in range(MANY):
            at = low.rfind(word, 0, end)
            if at < 0:
                break
            yield at, at + len(word)
            end = at


def _stems(page: Page) -> Iterator[tuple[int, int]]:
    """The whole words that name the answer: "answer", "answers", "the best choice", "the option that"."""
    low = page.low
    here = STEM_WORDS & page.words
    for start, end in found(low, tuple(word for word in _STEMS if word in here or word + "s" in here)):
        end += low.startswith("s", end)
        if not (low[start - 1 : start].isalpha() or low[end : end + 1].isalpha()):
            yield start, end
    for start, end in found(low, tuple(here.intersection(_PRAISED))):
        if low[end : end + 1].isalpha() or low[start - 1 : start].isalpha():
            continue
        if _PRAISE.search(low, max(0, start - 14), start) or _CLAUSE.match(low, end):
            yield start, end


def _after(page: Page, sign: re.Pattern[str], read: ReadAt) -> Iterator[Claim]:
    last: Claim | None = None
    for match in deque(sign.finditer(page.low), maxlen=MANY):
        claim = read(page, match.end())
        if claim is None:
            continue
        if (
            last is not None
            and claim.value != last.value
            and _SIDE_BY_SIDE.fullmatch(page.low, last.span[1], match.start())
        ):
            claim = Claim(None, (last.span[0], claim.span[1]), "several")
        last = claim
        yield claim


def _linked(page: Page, start: int, read: ReadAt) -> Claim | None:
    """The first object after a verb or colon, in the same sentence and not far from ``start``."""
    low = page.low
    end = min(len(low), start + _FAR)
    stop = _STOP.search(low, start, end)
    end = stop.start() + 1 if stop else end
    for link in islice(_LINK.finditer(low, start), _LINKS):
        if link.start() >= end:
            break
        if low[link.start() - 4 : link.start()].rstrip().endswith(("not", "n't")):
            continue
        claim = read(page, link.end())
        if claim is not None:
            if _MAY_ALSO.match(low, claim.span[1]):
                return Claim(None, claim.span, "several")
            new_line = "\n" in page.plain[link.end() : claim.span[0]]
            return Claim(None, claim.span, "several") if new_line and goes_on(page, claim) else claim
    return None
