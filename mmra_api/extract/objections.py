"""What stands around a claim and speaks against it, in English: a table of named objections.

Each has the words of which one must occur on the page, and a pattern for the sentence before the claim or for what
follows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mmra_api.extract.patterns import alternatives

_NOUNS = r"(?:answers?|options?|choices?|responses?|letters?|candidates?|one|selection|alternatives?)"
_PRAISED = r"(?:the\s|an?\s|my\s|our\s|its\s)?(?:(?:correct|right|best|true|final|only|obvious)\s)*"
"""An article and what praises the noun after it."""
_IS = r"(?:\s(?:is|are|was|were|be|being|to be|would be|could be|might be|must be|will be|seems to be))?"
_OPENS = r"\s?[:=\-]?\s?(?:option\s|choice\s|letter\s|answer\s)?[(\"'$]{0,2}$"

_PERSONAL = r"(?:i|we|you)\b(?!\s(?:saw|knew|were to see|could see|can see|want|wanted|only|mean|meant|define))"
_RESETS = r"(?:but|(?<!if )so|therefore|thus|hence|however|yet|as it is|in fact|since|because)"
_SUPPOSED = re.compile(
    rf"(?:(?<!question )(?<!even )\b(?:only\s)?if\b(?!\s(?:{_PERSONAL}|not\b|any\b|anything\b|forced\b|necessary\b|"
    rf"ever\b|possible\b|pressed\b|asked\b"
    rf"|one (?:had|has|must|looks|compares|counts)\b))"
    r"|\bunless\b(?!\s(?:i|we)\b)|\bprovided (?:that|the|it)\b|\bin case\b|(?:^|[,:]\s)\W{0,3}(?:were|had|should) "
    r"(?:i|we|you|the|it|there|this|that|she|he|they|these|an?)\b|^\W{0,3}when it\b|\bdepend(?:s|ing) on\b"
    r"|\b(?:suppos(?:e|ing)|assum(?:e|ing)|imagine|pretend)(?:\sthat)?\s(?=[^,;:]*$)(?!so\b)(?!i\b))"
    rf"(?![^\n]*\b{_RESETS}\b)"
)
_SUPPOSED_BEHIND = re.compile(
    r"[)\]\"']{0,3}(?:,?\s(?:but\s)?(?:only\s)?if(?!\s(?:i|we|you|my|not|anything|any|asked|forced)\b)|\sonly (?:when|"
    r"where|in case|as long as)|\s(?:unless|provided|assuming))\b"
)
WOULD = re.compile(
    r"\b(?:would|could|might|may|i'd)\b[^.;\n]*\b(?:(?<!even )if(?!\s(?:i|we|you|anything|forced|asked|"
    r"not)\b(?!\s(?:saw|knew)))"
    r"|unless|(?:had|were) (?:the|it|there|this|she|he|they)\b)"
)
_PEOPLE = (
    r"(?:(?:some|many|most|several|other|few)(?:\s(?:people|users|students|viewers|readers|models|others|may|might))?"
    r"|people|others|someone(?:\s[a-z-]+){0,4}?|somebody|anyone|anybody|everyone|everybody|nobody|no one|one|he|she"
    r"|they"
    r"|(?:the|an?|my|your|his|her|another|this)\s(?:[a-z]+\s)?(?:users?|students?|teachers?|friends?|colleagues?|"
    r"authors?|man|woman|boy|girl|person|pupil|dataset|key|model|expert|interviewer|speaker|crowd|viewers?|observers?|"
    r"readers?))"
)
_SAYS = (
    r"(?:say|says|said|think|thinks|thought|believe[sd]?|claim(?:s|ed)?|suggest(?:s|ed)?|argue[sd]?|answer(?:s|ed)?|"
    r"choose|chooses|chose|pick(?:s|ed)?|select(?:s|ed)?|guess(?:es|ed)?|prefers?|vote[sd]?|told|tells?|insists?|"
    r"assumes?|states?|writes?|wrote|calls?|called|take|assert(?:s|ed)?|maintain(?:s|ed)?|swears?|reckons?|insisted|"
    r"contends?|declare[sd]?|report(?:s|ed)?)"
)
_OF_OTHERS = re.compile(
    rf"\b(?:{_PEOPLE}\s(?:(?:also|often|usually|seems|seem|seemed|appears|appear|would|might|may|could|will|can|"
    rf"tends?|to|is|are|was|be|tempted|inclined|has|have|had|first|still|really|simply|by mistake|in a "
    rf"hurry)\s){{0,4}}{_SAYS}\b"
    r"|\b(?:an?|the|any|every|some|my|your)\s(?:[a-z-]+\s){1,3}(?:would|might|could|may)\s(?:also\s|well\s|"
    r"easily\s)?(?:say|answer|choose|pick|select|guess|think|claim|argue|believe|prefer|vote)\b"
    rf"|\b(?!(?:it|that|what|here|there|let)'s)[a-z]+'s (?:answer|choice|guess|pick|opinion)\b"
    r"|you\s(?:said|say|think|thought|told|claim|claimed|suggest|suggested|wrote|answered)\b"
    r"|it(?:'s|\sis|\swas|\shas been)\s(?:(?:often|sometimes|commonly|widely|usually|generally)\s)?(?:said|claimed|"
    r"believed|thought|argued|suggested|tempting|wrong|easy|incorrect|a mistake)\b|\bcommon mistake\b|\baccording to "
    r"(?:another|some|others|other|my|the (?:user|dataset|key|prompt|instructions?))\b|\bmistakenly\b"
    r"|\b(?:nods?|meant|means) (?:as if )?to say\b)"
    rf"(?![^\n]*(?:[,;]\s|\b{_RESETS}\b))"
    r"|\baccording to (?:another|some|others|the (?:user|dataset|(?:answer )?key|hint|tip))\b[^,.;\n]{0,24},\s[^,;\n]*$"
)
_SHEETS = (
    r"(?:sign|sticker|screen|display|caption|note|(?:black|white|bill)?board|banner|shirt|title|page|bubble|wall|book|"
    r"gate|worksheet|sheet|label|poster|watermark|paper|door|card|placard|graffiti|headline|subtitle|footer|header|"
    r"screenshot|comic|prompt|instructions?|message|text|words?|letters|handwriting|someone|student|teacher|he|she|"
    r"they)"
)
_READS = (
    r"(?:says?|said|saying|reads?|reading|states?|stating|claims?|claiming|tells?|telling|asks?|instructs?|written)"
)
_WRITTEN = re.compile(
    rf"\b(?:{_SHEETS}\b[^.\n\"]{{0,40}}?\b(?:{_READS}|displays?|contains?|shows?|writes?|"
    rf"wrote)\b[^.\n]{{0,12}}[\":][^\"',;\n]{{0,40}}|{_SHEETS}\b[^.\n\"]{{0,24}}?\b{_READS}\b[^.,\n\"]{{0,30}}"
    r"|(?:bubble|sign|caption|banner|poster|sticker|headline|subtitles?|board|placard|shirt)\s?:\s?\"?|"
    r"(?:ocr(?:\soutput)?|transcri(?:ption|pt|bed)\b[^:\n]{0,30}|hidden text|quote[ds]?|injected text|text (?:in|on) "
    r"the \w+)\s?:[^\n]{0,80}"
    r"|written on\b[^:\n]{0,30}:[^\n]{0,40})$"
)
VERDICT = re.compile(r"\b(?:answer|choose|choice|pick|option|select|correct)")
_WRONG = re.compile(
    r"(?:n't|\b(?:not|may be|might be|could be|doubt|cannot|never|nobody|unlikely|den(?:y|"
    r"ies)))\b[^.;,\n]{0,30}\bthat (?:it's|(?:it|this) is)\s*$"
    rf"|\b(?:wrong|incorrect|false|worst|bad|(?:most\s)?unlikely|unlikeliest|least\s\w+|less\s\w+|rejected|excluded|"
    rf"eliminated)\s{_NOUNS}\b[^,.;:]{{0,20}}?{_IS}{_OPENS}"
    rf"|\b(?:rejected|excluded|eliminated|ruled out|distractor)(?:\sis|\sare|:){_OPENS}"
    rf"|^\W*(?:wrong|incorrect|false):{_OPENS}"
    r"|\b(?:error|mistake|trap|pitfall|decoy|lure|misconception)(?:\s(?!is\b)[a-z]+){0,2}\s(?:is|was|would be)(?:\sto "
    rf"\w+)?{_OPENS}"
    r"|\b(?:0|zero|no|little|small|slim|low)\s?%?\s(?:chance|probability|likelihood)\s(?:that|of)(?:\s(?:it's|it is|it "
    rf"being))?(?:\s{_PRAISED}{_NOUNS}{_IS})?{_OPENS}"
    r"|\b(?:unlikely|improbable|impossible|doubtful|far from \w+|not\s(?:at all\s|very\s)?(?:likely|certain|clear|"
    r"true|sure|convinced|obvious)|(?:might|may|could) be that|less likely|least likely|no evidence|no reason to \w+|"
    r"nothing suggests|nobody \w+ (?:say|claim|think)|ruled out|hardly(?:\s\w+){0,3}|never|forget|ignore|(?<!any "
    r")(?<!no )(?<!little )doubt|don't think|do not think|don't believe|do not believe|can't say|cannot say|could say|"
    r"refuse|hesitate|tempted)\s(?:that\s|to\sbe\s|to\s|if\s|whether\s|why\s)?"
    rf"(?:(?:say|choose|pick|select|answer|saying)\s)?(?:that\s)?{_PRAISED}(?:{_NOUNS})?{_IS}{_OPENS}"
)
_NO_LONGER = re.compile(
    r"\b(?:initially|originally|at first\b(?!\s(?:glance|sight|look)\b[^\n]*,\s)|(?:i|we) (?:had )?first (?:thought|"
    r"assumed|guessed|believed|chose|picked)|(?:my|the) (?:first|initial) (?:thought|impression|guess|instinct|"
    r"attempt|answer)"
    r"|used to|formerly|was (?:about|going|supposed|tempted|inclined) to|were (?:about|going) to|be inclined to)\b"
    rf"(?![^\n]*(?:[;]\s|\b{_RESETS}\b|\bnow\b))"
)
_AT_FIRST = re.compile(r"[^,.;\n]{0,30}?\b(?:at first|in my first|was my first|initially|originally)\b")
_WHY = re.compile(rf"\b(?:why|whether|how)\s(?:or not\s)?{_PRAISED}(?:{_NOUNS})?{_IS}{_OPENS}")
_TALKS = re.compile(
    r"\b(?:look(?:ing|ed)? (?:more closely )?at|consider(?:ing|ed)?|regarding|concerning|start(?:ing)? with|now for|"
    r"turn(?:ing)? to|examin(?:e|ing)|check(?:ing)?|(?:before|after|without|instead of) (?:choosing|selecting|picking|"
    r"taking|saying)|next,?|begin(?:ning)? with|typical (?:for|of)|through|according to|distractor "
    r"is)\s(?:the\s)?(?:(?:options?|choices?|letter|image|answer|panel)\s)?[(\"]?$"
)
_EITHER = re.compile(r"\b(?:either|between|stands? for|symbol is)\s(?:the\s)?(?:options?\s)?[(\"]?$")
_DANGLES = re.compile(
    r"[)\]\"']{0,2},?\s(?:or|and|nor)\W{0,3}$|[)\]\"']{0,2},\s(?:right|correct|no|isn't it)\?\s*(?:wrong|no|nope|not)\b"
)
"""What takes a label back at once: a reply that was cut before the second of two, "…, right? Wrong!"."""
_PAINTED = re.compile(
    r"[)\]\"']{0,2}\s(?:(?:is|was|are|stands)\s(?:visible|drawn|for\b)|(?:(?:is|was|are)\s)?(?:painted|printed|"
    r"written|engraved|carved))"
)

_CALLED_WRONG = re.compile(
    r"[)\]\"']{0,2}(?:,?\s(?:(?:which|that|this|option)\s)?(?:is|was|are|would be)\s|\s?\()(?:wrong|incorrect|false|"
    r"not correct)(?![a-z])|[)\]\"'.]{0,2}\s?(?:[✗❌✘]|(?:wrong|incorrect)!)"
)


@dataclass(frozen=True, slots=True)
class Objection:
    """A form that speaks against a claim; ``name`` says what the claim then is.

    Before the claim the pattern is searched for in its sentence; one that looks ``behind`` must fit at the claim's end.
    With ``labels_only`` an option's own text is spared: what a sign says can be the answer.
    """

    name: str
    words: frozenset[str]
    pattern: re.Pattern[str]
    behind: bool = False
    labels_only: bool = False


WRITTEN = Objection(
    "written in the picture",
    alternatives(
        "says said say saying reads read reading state states stating claim claims claiming tell tells telling ask "
        "asks display displays contain contains show shows instruct instructs write writes written wrote has called "
        "is ocr transcription transcript transcribed hidden quote quotes quoted text bubble sign caption banner "
        "poster sticker headline subtitle subtitles board placard shirt"
    ),
    _WRITTEN,
    labels_only=True,
)
OBJECTIONS: tuple[Objection, ...] = (
    Objection(
        "supposed",
        alternatives(
            "if unless provided case were had should when depends depending suppose supposing assume assuming imagine "
            "pretend"
        ),
        _SUPPOSED,
    ),
    Objection(
        "said by others",
        alternatives(
            "say says said think thinks thought believe believes believed claim claims claimed suggest suggests "
            "suggested argue argues argued answer answers answered choose chooses chose pick picks picked select "
            "selects selected guess guesses guessed prefer prefers vote votes voted told tell tells insist insists "
            "assume assumes state states write writes wrote call calls called take tempting wrong easy mistake "
            "mistakenly incorrect according assert asserts asserted maintain maintains maintained swear swears reckon "
            "reckons insisted contend contends declare declares declared report reports reported choice guess pick "
            "opinion"
        ),
        _OF_OTHERS,
    ),
    WRITTEN,
    Objection(
        "denied",
        alternatives(
            "wrong incorrect false worst bad unlikely unlikeliest least might may could less rejected excluded "
            "eliminated ruled distractor improbable impossible doubtful far not no nothing nobody hardly doubt t say "
            "refuse hesitate tempted never forget ignore cannot deny denies easy tempting error mistake trap pitfall "
            "decoy lure misconception chance probability likelihood"
        ),
        _WRONG,
    ),
    Objection(
        "no longer held",
        alternatives("initially originally first initial formerly used supposed tempted inclined about going"),
        _NO_LONGER,
    ),
    Objection(
        "asked",
        alternatives("why whether how"),
        _WHY,
    ),
    Objection(
        "one of two",
        alternatives("either between stand stands symbol"),
        _EITHER,
    ),
    Objection(
        "only talked about",
        alternatives(
            "look looking looked consider considering considered regarding concerning start starting now turn turning "
            "examine examining check checking before after without instead next begin beginning typical through "
            "according distractor"
        ),
        _TALKS,
    ),
    Objection("denied", alternatives("wrong incorrect false not ✗ ❌ ✘"), _CALLED_WRONG, behind=True),
    Objection("cut off", alternatives("or and nor right correct no isn"), _DANGLES, behind=True),
    Objection(
        "written in the picture",
        alternatives("visible drawn for painted printed written engraved carved"),
        _PAINTED,
        behind=True,
        labels_only=True,
    ),
    Objection("supposed", alternatives("if unless provided assuming only"), _SUPPOSED_BEHIND, behind=True),
    Objection("no longer held", alternatives("first initially originally"), _AT_FIRST, behind=True),
)
