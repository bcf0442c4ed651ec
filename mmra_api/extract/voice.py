"""Claim → why the writer does not make it: it is supposed, asked, denied, quoted, another's, or no longer held.

A label after "the answer is" commits to nothing in "if it barked, the answer would be B", "the sign says the answer is
B", "why the answer is B" or "I first thought the answer was B". The check looks at the sentence around the claim, and
is the same for every rule that reads sentences.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mmra_api.extract.labels import Claim
from mmra_api.extract.page import Page
from mmra_api.extract.patterns import UNSPACED, alternatives, grammar, words

_FAR = 200
"""Characters before a claim in which its sentence is looked at; as many behind it."""
_LABEL = 3
"""Characters of a label at most. What is longer may be what a sign says, and still be the answer."""
_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)|\n|$")

_NOUNS = r"(?:answers?|options?|choices?|responses?|letters?|candidates?|one|selection|alternatives?)"
_NAMES = r"(?:the\s|an?\s|my\s|our\s|its\s)?(?:(?:correct|right|best|true|final|only|obvious)\s)*"
"""An article and what praises the noun after it."""
_IS = r"(?:\s(?:is|are|was|were|be|being|to be|would be|could be|might be|must be|will be|seems to be))?"
_OPENS = r"\s?[:=\-]?\s?(?:option\s|choice\s|letter\s|answer\s)?[(\"'$]{0,2}$"

_PERSONAL = r"(?:i|we|you)\b(?!\s(?:saw|knew|were to see|could see|can see|want|wanted|only))"
_RESETS = r"(?:but|(?<!if )so|therefore|thus|hence|however|yet|as it is|in fact|since|because)"
_SUPPOSED = re.compile(
    rf"(?:(?<!question )\b(?:only\s)?if\b(?!\s(?:{_PERSONAL}|not\b|any\b|anything\b|forced\b|necessary\b|ever\b|possible\b|pressed\b|asked\b"
    rf"|one (?:had|has|must|looks|compares|counts)\b))"
    r"|\bunless\b(?!\s(?:i|we)\b)|\bprovided (?:that|the|it)\b|\bin case\b|(?:^|[,:]\s)\W{0,3}(?:were|had|should) "
    r"(?:the|it|there|this|that|she|he|they|these|an?)\b|^\W{0,3}when it\b|\bdepend(?:s|ing) on\b"
    r"|\b(?:suppos(?:e|ing)|assum(?:e|ing)|imagine|pretend)(?:\sthat)?\s(?=[^,;:]*$)(?!so\b)(?!i\b))"
    rf"(?![^\n]*\b{_RESETS}\b)"
)
_SUPPOSED_OF_OTHERS = re.compile(
    r"[)\]\"']{0,3}(?:,?\s(?:only\s)?if(?!\s(?:i|we|you|my|not|anything|any|asked|forced)\b)|\s(?:unless|provided|assuming))\b"
)
_WOULD = re.compile(
    r"\b(?:would|could|might|may|i'd)\b[^.;\n]*\b(?:if(?!\s(?:i|we|you|anything|forced|asked|not)\b(?!\s(?:saw|knew)))"
    r"|unless|(?:had|were) (?:the|it|there|this|she|he|they)\b)"
)
_PEOPLE = (
    r"(?:(?:some|many|most|several|other|few)(?:\s(?:people|users|students|viewers|readers|models|others|may|might))?"
    r"|people|others|someone(?:\s[a-z]+){0,4}?|somebody|anyone|anybody|everyone|everybody|nobody|no one|one|he|she|they"
    r"|(?:the|an?|my|your|his|her|another|this)\s(?:[a-z]+\s)?(?:users?|students?|teachers?|friends?|colleagues?|"
    r"authors?|man|woman|boy|girl|person|pupil|dataset|key|model|expert|interviewer|speaker|crowd))"
)
_SAYS = (
    r"(?:say|says|said|think|thinks|thought|believe[sd]?|claim(?:s|ed)?|suggest(?:s|ed)?|argue[sd]?|answer(?:s|ed)?|"
    r"choose|chooses|chose|pick(?:s|ed)?|select(?:s|ed)?|guess(?:es|ed)?|prefers?|vote[sd]?|told|tells?|insists?|"
    r"assumes?|states?|writes?|wrote|calls?|called|take)"
)
_OF_OTHERS = re.compile(
    rf"\b(?:{_PEOPLE}\s(?:(?:also|often|usually|would|might|may|could|will|can|tends?|to|is|are|was|be|tempted|"
    rf"inclined|has|have|had|first|still|really|simply|by mistake|in a hurry)\s){{0,4}}{_SAYS}\b"
    r"|you\s(?:said|say|think|thought|told|claim|claimed|suggest|suggested|wrote|answered)\b"
    r"|it(?:'s|\sis|\swas|\shas been)\s(?:often|sometimes|commonly|widely|usually|generally)?\s?(?:said|claimed|believed|"
    r"thought|argued|suggested|tempting|wrong|easy|incorrect|a mistake)\b|\bcommon mistake\b|\bmistakenly\b"
    r"|\b(?:nods?|meant|means) (?:as if )?to say\b)"
    rf"(?![^\n]*(?:[,;]\s|\b{_RESETS}\b))"
)
_SHEETS = (
    r"(?:sign|sticker|screen|display|caption|note|(?:black|white|bill)?board|banner|shirt|title|page|bubble|wall|book|"
    r"gate|worksheet|sheet|label|poster|watermark|paper|door|card|placard|graffiti|headline|subtitle|footer|header|"
    r"screenshot|comic|prompt|instructions?|message|text|words?|letters|handwriting|someone|student|teacher|he|she|they)"
)
_READS = (
    r"(?:says?|said|saying|reads?|reading|states?|stating|claims?|claiming|tells?|telling|asks?|instructs?|written)"
)
_WRITTEN = re.compile(
    rf"\b(?:{_SHEETS}\b[^.\n\"]{{0,40}}?\b(?:{_READS}|displays?|contains?|shows?|writes?|wrote)\b[^.\n]{{0,12}}[\":]"
    rf"[^\"',;\n]{{0,40}}|{_SHEETS}\b[^.\n\"]{{0,24}}?\b{_READS}\b[^.,\n\"]{{0,30}}"
    r"|(?:ocr(?:\soutput)?|transcri\w+[^:\n]{0,30}|hidden text|quote[ds]?|injected text|text (?:in|on) the \w+)\s?:[^\n]{0,80}"
    r"|written on\b[^:\n]{0,30}:[^\n]{0,40})$"
)
_VERDICT = re.compile(r"\b(?:answer|choose|choice|pick|option|select|correct)")
_WRONG = re.compile(
    rf"\b(?:wrong|incorrect|false|worst|bad|(?:most\s)?unlikely|unlikeliest|least\s\w+|less\s\w+|rejected|excluded|"
    rf"eliminated)\s{_NOUNS}\b[^,.;:]{{0,20}}?{_IS}{_OPENS}"
    rf"|\b(?:rejected|excluded|eliminated|ruled out|distractor)(?:\sis|\sare|:){_OPENS}"
    r"|\b(?:unlikely|improbable|impossible|doubtful|far from \w+|not\s(?:at all\s|very\s)?(?:likely|certain|clear|true|sure|"
    r"convinced|obvious)|(?:might|may|could) be that|less likely|least likely|no evidence|no reason to \w+|nothing suggests|nobody \w+ (?:say|claim|"
    r"think)|ruled out|hardly(?:\s\w+){0,3}|doubt|don't think|do not think|don't believe|do not believe|can't say|"
    r"cannot say|could say|refuse|hesitate|tempted)\s(?:that\s|to\sbe\s|to\s|if\s|whether\s|why\s)?"
    rf"(?:(?:say|choose|pick|select|answer|saying)\s)?(?:that\s)?{_NAMES}(?:{_NOUNS})?{_IS}{_OPENS}"
)
_NO_LONGER = re.compile(
    r"\b(?:initially|originally|at first\b|(?:my|the) (?:first|initial) (?:thought|impression|guess|instinct|attempt|answer)"
    r"|used to|formerly|was (?:about|going|supposed|tempted|inclined) to|were (?:about|going) to|be inclined to)\b"
    rf"(?![^\n]*(?:[;]\s|\b{_RESETS}\b|\bnow\b))"
)
_AT_FIRST = re.compile(r"[^,.;\n]{0,30}?\b(?:at first|in my first|was my first|initially|originally)\b")
_WHY = re.compile(rf"\b(?:why|whether|how)\s(?:or not\s)?{_NAMES}(?:{_NOUNS})?{_IS}{_OPENS}")
_TALKS = re.compile(
    r"\b(?:look(?:ing|ed)? (?:more closely )?at|consider(?:ing|ed)?|regarding|concerning|start(?:ing)? with|now for|"
    r"turn(?:ing)? to|examin(?:e|ing)|check(?:ing)?|(?:before|after|without|instead of) (?:choosing|selecting|picking|"
    r"taking|saying)|next,?|begin(?:ning)? with|typical (?:for|of)|through|according to|distractor is)\s(?:the\s)?"
    r"(?:(?:options?|choices?|letter|image|answer|panel)\s)?[(\"]?$"
)
_EITHER = re.compile(r"\b(?:either|between|stands? for|symbol is)\s(?:the\s)?(?:options?\s)?[(\"]?$")
_DANGLES = re.compile(
    r"[)\]\"']{0,2},?\s(?:or|and|nor)\W{0,3}$|[)\]\"']{0,2},\s(?:right|correct|no|isn't it)\?\s*(?:wrong|no|nope|not)\b"
)
"""What takes a label back at once: a reply that was cut before the second of two, "…, right? Wrong!"."""
_PAINTED = re.compile(
    r"[)\]\"']{0,2}\s(?:(?:is|was|are|stands)\s(?:visible|drawn|for\b)|(?:(?:is|was|are)\s)?(?:painted|printed|written|"
    r"engraved|carved))"
)


class _Check(NamedTuple):
    """One of ``words`` must occur on an English page before ``pattern`` is looked for before the claim."""

    words: frozenset[str]
    pattern: re.Pattern[str]


_BEFORE = (
    _Check(
        alternatives(
            "if unless provided case were had should when depends depending suppose supposing assume assuming imagine "
            "pretend"
        ),
        _SUPPOSED,
    ),
    _Check(
        alternatives(
            "say says said think thinks thought believe believes believed claim claims claimed suggest suggests suggested "
            "argue argues argued answer answers answered choose chooses chose pick picks picked select selects selected "
            "guess guesses prefer prefers vote votes told tells insists assume assumes state states writes wrote calls "
            "called take tempting wrong easy mistake mistakenly incorrect"
        ),
        _OF_OTHERS,
    ),
    _Check(
        alternatives(
            "says said say saying reads read reading states stating claims claiming tells telling asks display displays "
            "contains shows show instructs written writes wrote has called is ocr transcription hidden quote quoted text"
        ),
        _WRITTEN,
    ),
    _Check(
        alternatives(
            "wrong incorrect false worst bad unlikely unlikeliest least less rejected excluded eliminated ruled "
            "distractor improbable impossible doubtful far not no nothing nobody hardly doubt t say refuse hesitate "
            "tempted"
        ),
        _WRONG,
    ),
    _Check(
        alternatives("initially originally first initial formerly used supposed tempted inclined about going"),
        _NO_LONGER,
    ),
    _Check(alternatives("why whether how"), _WHY),
    _Check(alternatives("either between stand stands symbol"), _EITHER),
    _Check(
        alternatives(
            "look looking looked consider considering considered regarding concerning start starting now turn turning "
            "examine examining check checking before after without instead next begin beginning typical through "
            "according distractor"
        ),
        _TALKS,
    ),
)
_TURNS = "但|不过|不過|然而|でも|しかし|하지만|그러나|지만|[, ](?:pero|mas|mais|aber|но|لكن|ma|maar|ale|tetapi|tapi|nhưng|ama|fakat) "
"""Words for "but": what a sentence says behind them it means."""
_DOUBTS = re.compile(rf"(?:(?<![^\W\d_])|(?<=[{UNSPACED}]))(?:{grammar('doubts')})(?![^\n]*(?:{_TURNS}))")
_DENIES = re.compile(rf"[)\]\"']{{0,2}}\s?(?:{'|'.join(words('denies'))})")
_ASKED = re.compile(r"[)\]\"']{0,2}\s?\?")
_LETTER = re.compile(r"[^\W\d_]")
_BEHIND_WORDS = alternatives("if unless provided assuming had were")
_DANGLING_WORDS = alternatives("or and nor right correct no isn")
_PAINTED_WORDS = alternatives("visible drawn for painted printed written engraved carved")
_ANY = _BEHIND_WORDS.union(_DANGLING_WORDS, _PAINTED_WORDS, *(check.words for check in _BEFORE))
"""Most short replies hold none of these, and so nothing but quotation marks to look at."""
_QUOTE_LEADS = re.compile(
    r"(?:answer|choice|option|conclusion|verdict|response|label|letter|statement|description|sentence)\b[^\"]{0,25}$"
    r"|(?<![a-z])(?:i|we|me)(?:'d|'ll|\swould|\swill|\smust|\scan)?(?:\sonly)?\s(?:say|answer|choose|pick|select|conclude|respond|"
    r"go with|guess|think|believe)\b[^\"]{0,15}$|\"\s?:\s?$|\{[^\n]*[,\[]\s?$"
)
_WRITTEN_BEHIND = re.compile(
    r"[^\"\n]{0,60}\"[.,]?\s(?:is|was|are)?\s?(?:written|printed|painted|displayed|shown|on the|carved)\b"
)
_SINGLE_QUOTE = re.compile(r"(?<![\w'])'(?=\w)")


def meant(page: Page, claim: Claim) -> bool:
    """Whether the writer makes the claim as his own, as a fact, and still."""
    low, (start, end) = page.low, claim.span
    left = _sentence_start(low, start)
    if not page.english() and _doubted(low, left, start, end):
        return False
    here = page.words
    if _ANY.isdisjoint(here):
        return not _quoted(low, start, end)
    for check in _BEFORE:
        if check.words.isdisjoint(here):
            continue
        against = check.pattern.search(low, left, start)
        if against and (check.pattern is not _WRITTEN or end - start <= _LABEL or _VERDICT.search(against[0])):
            return False
    if not _DANGLING_WORDS.isdisjoint(here) and _DANGLES.match(low, end):
        return False
    if not _PAINTED_WORDS.isdisjoint(here) and end - start <= _LABEL and _PAINTED.match(low, end):
        return False
    if not _BEHIND_WORDS.isdisjoint(here) and _supposed_behind(low, left, end):
        return False
    if ("first" in here or "initially" in here or "originally" in here) and _AT_FIRST.match(low, end):
        return False
    return not _quoted(low, start, end)


def _sentence_start(low: str, at: int) -> int:
    far = max(0, at - _FAR)
    find = low.rfind
    return max(
        find(". ", far, at) + 1,
        find("? ", far, at) + 1,
        find("! ", far, at) + 1,
        find("\n", far, at) + 1,
        find("; ", far, at) + 1,
        far,
    )


def _doubted(low: str, left: int, start: int, end: int) -> bool:
    """The same in other languages: "wenn … ist die Antwort B", "Bではない", "¿es B?"."""
    if _DENIES.match(low, end) or _DOUBTS.search(low, left, start):
        return True
    asks = _ASKED.match(low, end) is not None and _LETTER.search(low, left, start) is not None
    return asks and not low[left:start].rstrip(" ([\"'").endswith(":")


def _supposed_behind(low: str, left: int, end: int) -> bool:
    """Whether a condition follows: "B if the light comes from the left", "it would be B if it barked"."""
    if _SUPPOSED_OF_OTHERS.match(low, end):
        return True
    stop = _SENTENCE_END.search(low, end, end + _FAR)
    return _WOULD.search(low, left, stop.start() if stop else end + _FAR) is not None


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
