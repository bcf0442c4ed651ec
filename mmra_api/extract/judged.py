"""Page → claims of judgements passed on the options: one is called right, all others are called wrong or ruled out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmra_api.extract.labels import Claim, joined, labels_of, own_text_end
from mmra_api.extract.page import MANY, Page
from mmra_api.extract.patterns import UNSPACED, alternatives, grammar, literal, words
from mmra_api.extract.sentences import denied

_HEADS = re.compile(r"(?:^\s?|[.;,!?\n✓✔✅☑✗✘❌☒✖)]\s?|[|>#-]\s|(?:option|choice|选项|選項)\s|\d[.)]\s)[(\[\"'$]{0,2}$")
"""What stands before a label that heads a judgement."""
_TICKED = re.compile(r"(?:\[(?P<good>[xX])\]|(?P<check>[☑✅✓✔])|(?P<bad>\[\s?\]|[☐❌✗✘☒]))\s?[(\"]?$")
_BAD = (
    r"incorrect|wrong|false|no|not (?:correct|right|true|a match|the answer|matching|possible|supported)|eliminated?|"
    r"excluded?|ruled out|does not (?:match|fit)|doesn't (?:match|fit)|[✗✘❌☒✖×]|不对|不對|错误?|錯誤?|不正确|不正確|"
    r"不符合?|falsch|incorrecta?|faux|неверно|неправильно"
)
_GOOD = r"correct|right|yes|true|fits|matches|[✓✔✅☑]|正确|正確|对|對|符合|richtig|correcta?|vrai|верно|правильно"
_WORD = re.compile(f"{_BAD}|{_GOOD}")
_VERDICT = rf"(?:(?P<bad>{_BAD})|(?P<good>{_GOOD}))(?![^\W\d_])"
_JUDGED = re.compile(rf"[)\]\"'$]{{0,2}}[\s:,.(|–-]{{0,4}}(?:(?:(?:this|it|that)(?:'s|\sis)|'s|is)\s)?{_VERDICT}")
_JUDGED_LAST = re.compile(rf"[\s:,.(–-]{_VERDICT}[\s).!]{{0,3}}$")
_BETWEEN_TWO = re.compile(r"\bbetween\s(?:options?\s)?[(\"]?[^\W_]{1,3}[)\"]?\sand\s(?:option\s)?[(\"]?$")
_FAR = 200
"""Characters after a label in which its judgement is looked for."""

_REJECTS_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:not|so is|so are|isn't|neither|none of|nor|rule out|ruling out|ruled out|eliminate|eliminated|"
    r"eliminating|exclude|excluding|discard|reject|can't be|cannot be|ni|weder|noch|nicht|pas|no es|não é|ни|"
    r"не)(?![a-z])|排除了?|不是|不选|不選|除去)\s?(?:either\s)?(?:options?\s|choices?\s|选项|the\s|la\s)?[(\"]?$"
)
_ALL_BUT_BEFORE = re.compile(
    r"(?<![a-z])(?:all|everything|every option|every choice|each|all (?:the )?(?:other )?(?:options|choices|answers)|"
    r"any(?:thing)?)\s(?:except|but|other than|besides|apart from|excluding)(?:\sfor)?\s(?:option\s|choice\s|"
    r"for\s)?[(\"]?$"
)
_AUXILIARY = (
    r"(?:can|could|should|may|must|is|are|was|were|have|has|do|does|did|all|also|both|be|been|each|clearly|obviously|"
    r"definitely|therefore|not|n't|don't|doesn't|aren't|isn't|didn't|can't be|cannot be|being|to)"
)
_REJECTS_AFTER = re.compile(
    rf"[)\]\"']{{0,2}}\s?(?:{_AUXILIARY}\s){{0,5}}(?:(?:ruled|crossed) out|out\b|eliminated|excluded|discarded|"
    r"rejected|dismissed|wrong|incorrect|false|impossible|implausible|inaccurate|(?<=n't )(?:fit|match|work|apply|"
    r"correct|right)|(?<=not )(?:fit|match|work|apply|correct|right|possible|the answer)|都?不对|都?不對|都?错误?|"
    r"都?不正确|都?不符合?|都不是|можно исключить|неверны|sind falsch|son incorrectas|sont fausses|estão erradas)"
)
_SPARES = re.compile(
    r"\b(?:cannot|can't|couldn't|could not|not|don't|won't)\s(?:yet\s)?(?:rule|eliminate|exclude|discard|reject)|"
    r"\b(?:if|whether|unless|doubt|unclear|not (?:clear|sure|certain)|n't (?:clear|sure|certain)|isn't clear)\b"
)
_BETWEEN = re.compile(
    r"[)\]\"']{0,2}(?:\s?(?:,|or|nor|and|&|/|oder|noch|ni|ou|y|e|и|ни|或|和|及|与|with|options?|choices?|"
    r"either)){0,4}\s?[(\[\"']{0,2}"
)

_RIGHT = re.compile(rf"[)\]\"'$]{{0,3}}\s?(?:{grammar('right')})")
SUBJECT = re.compile(
    rf"(?:^\s?|[.!?;:,\n(\[\"'$]\s?|[{UNSPACED}]\s?|(?<![a-z])(?:option|choice|answer|letter|alternative|makes|making|"
    rf"that|so|only|think|believe|thus|therefore|hence|but|and|image|picture|figure|photo|statement|view|opinion|mind|"
    rf"judg[a-z]+|because|since|or|nor|clearly|then|say|conclude|{literal((*words('says'),))})\s[(\[\"'$]{{0,2}})$"
)


FITTING_WORDS = alternatives(
    "fits fit match matches looks look sounds sound seems seem makes sense answer choice option one it wins gets "
    "winner remains left works ✓ ✔ ✅ ☑"
)
_JUDGING_WORDS = alternatives(
    "incorrect wrong false no not correct right yes true fits matches match eliminated eliminate excluded exclude "
    "ruled does doesn falsch incorrecto incorrecta faux richtig correcto correcta vrai x"
)
_REJECTING_WORDS = alternatives(
    "not so isn neither none nor rule ruling ruled eliminate eliminated eliminating exclude excluded excluding "
    "discard discarded reject rejected t cannot ni weder noch nicht pas no all everything every each any anything out "
    "crossed dismissed wrong incorrect false impossible implausible inaccurate incorrectas fausses falsch"
)


def judged(page: Page) -> Iterator[Claim]:
    """The only option called right where the options are judged one by one: "A: wrong. B: correct.", "- [x] B"."""
    if page.low.isascii() and _JUDGING_WORDS.isdisjoint(page.words):
        return
    if len({key for key, _, _ in labels_of(page)}) < 2:
        return
    if any(_WORD.fullmatch(text.lower().strip(" .")) for text in page.options.values()):
        return
    verdicts: dict[str, tuple[bool | None, tuple[int, int]]] = {}
    for key, start, end, stop in _segments(page):
        if key in verdicts:
            return
        verdicts[key] = (_judgement(page, key, start, end, stop), (start, end))
    good = [(key, span) for key, (verdict, span) in verdicts.items() if verdict]
    bad = [key for key, (verdict, _) in verdicts.items() if verdict is False]
    if (len(good) == 1 and len(good) + len(bad) == len(verdicts) and bad) or (
        len(good) == 1 and not bad and len(verdicts) > 1 and _marked(page, good[0][1])
    ):
        yield Claim(good[0][0], good[0][1])


def eliminated(page: Page) -> Iterator[Claim]:
    """The only option left when all others are rejected: "Not A, B or C", "A and B are out, C is wrong too"."""
    if len(page.options) < 3 or (page.low.isascii() and _REJECTING_WORDS.isdisjoint(page.words)) or not labels_of(page):
        return
    rejected: dict[str, int] = {}
    for run in _runs(page):
        start, end = run[0][1], run[-1][2]
        before = page.low[max(0, start - 40) : start]
        if _ALL_BUT_BEFORE.search(before):
            if len(run) == 1 and _REJECTS_AFTER.match(page.low, end):
                yield Claim(run[0][0], (start, run[0][2]))
        elif not _SPARES.search(before) and (_REJECTS_BEFORE.search(before) or _REJECTS_AFTER.match(page.low, end)):
            rejected |= dict.fromkeys((key for key, _, _ in run), start)
    left = [key for key in page.options if key not in rejected]
    if len(left) == 1 and not any(key == left[0] for key, _, _ in labels_of(page)):
        yield Claim(left[0], (min(rejected.values()), max(end for key, _, end in labels_of(page) if key in rejected)))


def fits(page: Page) -> Iterator[Claim]:
    """The label that a predicate calls right: "B fits best", "C looks correct", "la B es correcta", "B가 맞습니다"."""
    places = labels_of(page)[-2 * MANY :]
    for at, (key, start, end) in enumerate(places):
        right = _RIGHT.match(page.low, end)
        if right is None or not SUBJECT.search(page.low, max(0, start - 24), start):
            continue
        stop = min(
            (p for p in (page.low.find(mark, right.end()) for mark in (". ", "\n", ";")) if p >= 0),
            default=len(page.low),
        )
        follows = at + 1 < len(places) and places[at + 1][1] < stop
        follows |= at > 0 and joined(page, places[at - 1][0], places[at - 1][2]) == end
        follows |= _BETWEEN_TWO.search(page.low, max(0, start - 30), start) is not None
        if not follows and not denied(page, start, right.end(), max(0, start - 60), stop):
            yield Claim(key, (start, end))


def _segments(page: Page) -> list[tuple[str, int, int, int]]:
    """The labels that head a judgement, with where it ends: key, start, end, stop."""
    heads = [
        place
        for place in labels_of(page)
        if _HEADS.search(page.low, max(0, place[1] - 12), place[1])
        or _TICKED.search(page.low, max(0, place[1] - 8), place[1])
    ]
    stops = [*(start for _, start, _ in heads[1:]), len(page.low)][: len(heads)]
    return [(key, start, end, min(stop, end + _FAR)) for (key, start, end), stop in zip(heads, stops, strict=True)]


def _judgement(page: Page, key: str, start: int, end: int, stop: int) -> bool | None:
    tick = _TICKED.search(page.low, max(0, start - 8), start)
    if tick is not None and not _closes(page, tick.start()):
        return tick["bad"] is None
    line = page.low.find("\n", end, stop)
    at = own_text_end(page, page.text_of(key), end) if page.options[key] else end
    verdict = _JUDGED.match(page.low, min(end, at - 1), stop) or _JUDGED.match(page.low, at, stop)
    verdict = verdict or _JUDGED_LAST.search(page.low, at, line if line >= 0 else stop)
    return None if verdict is None else verdict["bad"] is None


def _closes(page: Page, at: int) -> bool:
    """Whether a tick before a label belongs to the option before it: "A ✗ B ✗", where each label has its own behind."""
    line = page.low.rfind("\n", 0, at) + 1
    return bool(page.low[line:at].strip(" -#>0123456789.)"))


def _marked(page: Page, span: tuple[int, int]) -> bool:
    """Whether a sign, not a word, judges the label: the others need no sign then."""
    line = page.low.find("\n", span[1])
    return any(mark in page.low[span[1] : line if line >= 0 else len(page.low)] for mark in "✓✔✅☑")


def _runs(page: Page) -> list[list[tuple[str, int, int]]]:
    """The labels in groups that are joined by commas and the like: "A, B and C"."""
    runs: list[list[tuple[str, int, int]]] = []
    for place in labels_of(page):
        if runs and _BETWEEN.fullmatch(page.low, runs[-1][-1][2], place[1]):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs
