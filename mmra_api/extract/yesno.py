"""Page → claims of yes or no: in so many words, as the first word, as the last. What is only implied is not read."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import chain

from mmra_api.extract.labels import Claim
from mmra_api.extract.languages import NO, YES
from mmra_api.extract.page import MANY, Page
from mmra_api.extract.patterns import alternatives, literal, words

_PLAIN_YES, _PLAIN_NO = {"yes", "yeah", "yep", "yup", "yea"}, {"no", "nope", "nah"}
_YES_WORDS, _NO_WORDS = frozenset(YES.split("|")), frozenset(NO.split("|"))

_LEAD = re.compile(
    r"(?:yes\s?(?:or|/|\|)\s?no\s?[:?]\s?)?[\s#>\-\"'$.,:\[({\\❌✅✔✗✓]{0,40}(?:an?\s(?:firm|quick|clear|definite|"
    r"simple|resounding|hard|short|plain)\s(?=yes|no))?(?:(?:sure|certainly|of course|okay|ok|well|hmm|so|therefore|"
    r"thus|answer|final answer|definitely|absolutely|"
    r"clearly)[\s,.!:]{1,4}){0,2}(?:[(\[]?[a-z][).:\]]\s{0,2}){0,1}[\s\"'$(\[{]{0,4}"
)
_LETTER = re.compile(r"([yn])[)\]}\"'.!]{0,3}\s*$")
_BARE_LEAD = re.compile(r"(?:[\s#>\-\"'$.,:\[({]|\\(?:text\w{0,2}|math\w{2}|boxed))*")
_NOTHING = re.compile(r"[)\]}>\"'$.:!,;|#/\s-]*")
_WORD = re.compile(literal((*_YES_WORDS, *_NO_WORDS)))
_SKIP = re.compile(
    r"(?:[\s:=\"'$\[({<>|,\-→*✅❌✔✗✓✘☑]|\\(?:boxed|text\w{0,2}|math\w{2}|bf|[(\[])|(?:an?|the|clear|definite|"
    r"definitely|simple|simply|probably|likely|most|certainly|resounding|clearly|therefore|thus|still|then|also|"
    r"indeed|obviously|firm|strong|answer|final|应该|是(?=是|否|不)|为|為|です)(?![a-z])|[(\[][a-z][)\]]|"
    r"[a-z][).](?=\s?(?:yes|no)\b))*"
)
_NOT_ALONE = re.compile(
    r"[\s\"'$)*.,]{0,4}or\s(?:maybe\s|perhaps\s)?(?:yes|no)\b|[\s\"'$)*]{0,4}(?:(?:and|or|/|\|)\s{0,2}\"?(?:yes|no)\b|-\w)"
    r"|(?:(?<=yes)\sno|(?<=no)\syes)(?=\s(?:yes|no)\b|\W*$)"
)
_AFTER_NO = re.compile(
    r"\s{0,4}(?:\.(?!\s?\d)|[,;:!)\]}\"'$\\/<-])|\s*\n|\s*$|\s(?:the|this|that|these|those|there|it|they|i|he|she|we|"
    r"you|both|because|since|as|in|on|based|according|not|none|neither|at|from|for)\b"
)
_SOFT_END = re.compile(rf"[\s\"'$)\]}}*\\]{{0,4}}(?:{literal(words('ends'))})?[\"')]{{0,2}}\s?(?:[.,;:!\n<-]|$)")
_TURN = re.compile(r"(?:wait|actually|scratch that|correction|on second thought)[,.:]?\s(?:(?:it's|i mean|it is)\s)?")
FULL_STOP = re.compile(r"[\"')]{0,3}\s?(?:[.!\n]|$)")
OFFERS = re.compile(
    r"[\"')]{0,2}[,.!-]\s{0,2}(?:but |well,? |however,? )?i(?:'d|'m|'ll|\swould|\sam|\scan|\swill)\s(?:be\s)?(?:happy|"
    r"glad|love to|help|need|assist|here to|try|(?:see|view) (?:(?:the|both|your|these|two|all) ){0,3}(?:images|"
    r"pictures|photos)[.!])"
)
_CANNOT = re.compile(
    r"[\"')]{0,2}[,.!-]{1,3}\s{0,2}(?:(?:but|well|actually|hmm|sorry),?\s){0,2}i(?:\sdo(?:n't| not) know|(?:'m|\sam) "
    r"(?:not (?:sure|certain)|unable to|not able to)|\s(?:can(?:no|')t|can not) (?:answer|tell|say|determine|help|"
    r"assist|be sure|(?:see|view|open) (?:the |any |these |your )?(?:images?|pictures?|photos?)))"
)
"""What turns a first word into a courtesy: "Yes, I can help with that", "No, I can't answer that"."""
_SHARES = re.compile(r"[\"'\])]{0,2}[\s:(=-]{0,3}\d{1,3}(?:\.\d+)?\s?%[^\n]{0,40}?\b(?:yes|no)\b")
_NAMED = re.compile(r"['\"]\s(?:is|was|means|stands)\b")
_IN_ONE = re.compile(r"[\"']?\s(?:in|for|on|to)\s(?:the\s)?[^.\n]{1,60}?\b(?:yes|no)\b")
"""What shares the word out: "Yes in the first image, no in the second"."""
_OF_ONE = re.compile(
    r"\b(?:image|picture|photo|figure|first|second)(?:\s\w+){0,2}:[\s\"'(]{0,3}$|(?:^|[\s,;])\d{1,2}[.)]\s?$"
    r"|\b(?:otherwise|if not|else),?\s$"
)
"""What stands before a word that is said of one picture or case: "Image 2: no", "otherwise, no"."""
_CLAUSE = re.compile(
    r"(?:^|[.!?;:,\n→>(\[-]\s?)(?:(?:but|and|so|thus|therefore|then|hence|unfortunately|overall|aber|pero|mais|mas|но|"
    r"ma|also|donc|因此|但|that's|that is|it's|it is|a|clear|definite|firm|simple)\s?,?\s?){0,4}[\"'(\[]?(?="
    + literal((*_YES_WORDS, *_NO_WORDS))
    + ")"
)
_CLAUSE_END = re.compile(r"[\"')\]]{0,2}\s?(?:\.(?!\s?\d)|[,;:!\n)]|$|-\s|→|from me\b)")
_ASKED = re.compile(r"\s?\?\s{0,2}\S")
_LAST = re.compile(
    r"(?:^|(?<=[.!?;:\n]\s)|(?<=[.!?:\n]\"\s)|(?<=\n))[\s\-\"'$(]{0,6}(?:(?:so|thus|therefore|hence|overall|in short|"
    r"in conclusion|conclusion|to conclude|to sum up|in summary)[,:\s]{1,3})?(?=(?:yes|no)\b)"
)


_NO_ANSWER = re.compile("|".join(form.pattern for form in (_ASKED, OFFERS, _CANNOT, _SHARES, _IN_ONE, _NAMED)))
_TORN_WORDS = alternatives(
    "maybe perhaps possibly sometimes partly might may could vielleicht quizá quizás vez peut talvez forse misschien"
)
_EITHER = r"(?:yes|no|ja|nein|sí|sì|oui|non|sim|não|nee)\b"
_TORN = re.compile(
    r"\b(maybe|perhaps|possibly|sometimes|partly|vielleicht|quizás?|tal vez|peut-être|talvez|forse|misschien|"
    rf"(?:might|may|could) be)\s(?:an?\s)?{_EITHER}[^.\n]{{1,30}}\b\1\s(?:an?\s)?{_EITHER}"
)
_TITLES = ("dr. ", "mr. ", "mrs. ", "ms. ")
_EDGE = 120
"""Characters at either end of a reply in which a clause is looked for."""


def word_at(page: Page, at: int) -> Claim | None:
    """Yes or no as an object: after "the answer is", in a box, in a tag. "Yes or no" and "yes and no" are none."""
    skipped = _SKIP.match(page.low, at, min(len(page.low), at + 60))
    return _read(page, skipped.end() if skipped else at, strict=True)


def alone(page: Page) -> Iterator[Claim]:
    """The reply is nothing but yes or no, in any language, brackets and markup apart: "Yes.", "**No**", "はい"."""
    if len(page.low) > 30:
        return
    lead = _BARE_LEAD.match(page.low)
    letter = _LETTER.match(page.low, lead.end() if lead else 0)
    if letter is not None:
        yield Claim("Yes" if letter[1] == "y" else "No", letter.span(1))
    claim = _read(page, lead.end() if lead else 0, strict=True)
    if claim is not None and claim.value and _NOTHING.fullmatch(page.low, claim.span[1]):
        yield claim


def first_word(page: Page) -> Iterator[Claim]:
    """The reply opens with yes or no: "Yes, …", "No.", "(B) No, …", "はい". Not "No doubt …", not "No dogs …"."""
    lead = _LEAD.match(page.low)
    claim = _read(page, lead.end() if lead else 0, strict=False)
    if claim is not None and not _NO_ANSWER.match(page.low, claim.span[1]):
        yield claim
        if not (_YES_WORDS.isdisjoint(page.words) or _NO_WORDS.isdisjoint(page.words)) or not page.low.isascii():
            yield from (other for other in clause(page) if other.value != claim.value)


def clause(page: Page) -> Iterator[Claim]:
    """A clause at either end of the reply that is nothing but the word: "Unfortunately, no.", "… similar, but no."."""
    low = page.low
    end = len(low) - _EDGE
    for match in chain(_CLAUSE.finditer(low, 0, _EDGE), _CLAUSE.finditer(low, max(_EDGE, end))):
        claim = _read(page, match.end(), strict=True)
        if claim is None or _NO_ANSWER.match(low, claim.span[1]):
            continue
        if _CLAUSE_END.match(low, claim.span[1]) and not _OF_ONE.search(low, max(0, claim.span[0] - 40), claim.span[0]):
            yield claim


def last_word(page: Page) -> Iterator[Claim]:
    """The last sentence or line opens with yes or no: "… So, no.", "…⏎Yes". Not "maybe yes, maybe no"."""
    torn = None if _TORN_WORDS.isdisjoint(page.words) else _TORN.search(page.low)
    if torn:
        yield Claim(None, torn.span(), "several")
    end = len(page.low.rstrip())
    start = max(0, end - 300)
    for match in _LAST.finditer(page.low, start, end):
        claim = _read(page, match.end(), strict=False)
        if claim is None or _NO_ANSWER.match(page.low, claim.span[1]):
            continue
        if _OF_ONE.search(page.low, max(0, claim.span[0] - 40), claim.span[0]):
            continue
        if not re.search(r"[.!?]\s+\S", page.low[claim.span[1] : end]):
            yield claim


def turned(page: Page) -> Iterator[Claim]:
    """The word after a turn: "Yes. Actually, no.", "No, wait, yes"."""
    for match in deque(_TURN.finditer(page.low), maxlen=MANY):
        claim = _read(page, match.end(), strict=True)
        if claim is not None:
            yield claim


def _read(page: Page, at: int, *, strict: bool) -> Claim | None:
    match = _WORD.match(page.low, at)
    if match is None:
        return None
    word, end = match[0], match.end()
    if page.low.endswith(_TITLES, 0, at):
        return None
    if _NOT_ALONE.match(page.low, end):
        return Claim(None, match.span(), "several")
    if not _stands(page, word, end, strict=strict):
        return None
    return Claim("Yes" if word in _YES_WORDS else "No", (at, end))


def _stands(page: Page, word: str, end: int, *, strict: bool) -> bool:
    """Whether the word is an answer, not a determiner or an adjective ("no dogs", "the true size")."""
    if word in _PLAIN_YES:
        return True
    if word == "right":
        return FULL_STOP.match(page.low, end) is not None
    if word in _PLAIN_NO:
        return _AFTER_NO.match(page.low, end) is not None
    if (
        not strict
        and word in {"negative", "affirmative", "有", "si", "non", "是"}
        and not _SOFT_END.match(page.low, end)
    ):
        return False
    return _SOFT_END.match(page.low, end) is not None
