"""Text → how it declines to answer: it refuses, it says that nobody can tell, or it says that no option fits."""

from __future__ import annotations

import re
from functools import lru_cache

from mmra_api.extract.page import Page

_NEGATION = re.compile(
    r"can(?:no|')t|can not|could(?:n't| not)|won't|will not|unable to|not able to|do(?:n't| not)|decline|refuse|not "
    r"(?:be )?comfortable|not allowed|not permitted|not appropriate|not provided|not supported"
)
_SPEAKER = re.compile(r"\b(?:i|we)(?:'m|'re|\sam|\sare|\smust|\shave\sto)?(?:\s[a-z]+ly|\ssimply|\sjust|\salso)?\s$")
_ACT = re.compile(
    r"(?:,?\s(?:[a-z]+ly|to|in good conscience))?\s?(?:provide|answer|assist|help|identif|comply|determine|"
    r"see(?!\sany\s(?:other\s)?(?:differ|chang|reason|problem)|\sa\s(?:differ|reason))|view|analy[sz]e|do\b|tell|"
    r"fulfil|select|choose|pick|give|make|access|discuss|engage|support|recommend|participate|speculat|interpret|"
    r"respond|confirm|process|complete|offer|perform|open\b|display|feel comfortable|have the ability)"
)
_REGRET = re.compile(
    r"\bi(?:'m| am)\s(?:very |truly |really )?sorry|\bsorry,|\bapologi[sz]e|\bmy apologies|\bunfortunately,? i|\bas "
    r"an? (?:ai|artificial intelligence|(?:large )?language model|text-based|multimodal)\b"
)
"""Words that make any negation near them a refusal."""
_PLAIN_REFUSALS = (
    "just an ai",
    "against my guidelines",
    "violates my",
    "against my polic",
    "violates our",
    "i must decline",
)
_FOREIGN_REFUSAL = re.compile(
    r"无法(?:回答|提供|协助|识别|查看)|不能(?:回答|提供|协助)|抱歉|对不起|申し訳|お答えでき|죄송|no puedo "
    r"(?:responder|ayudar|proporcionar)|je ne peux pas|ich kann (?:diese|die|ihnen|dir)?[^\n.]{0,30}nicht|não posso|"
    r"не могу|لا (?:أستطيع|يمكنني)"
)
_FOREIGN_WORDS = ("puedo", "peux", "kann", "posso")

_VERBS = r"(?:tell|determine|say|know|identify|answer|decide|conclude|select|choose|judge|establish|ascertain|predict)"
_UNTOLD = re.compile(
    rf"(?:not\s|im)possible\sto\s(?:[a-z]+\s){{0,2}}{_VERBS}|difficult\sto\s(?:[a-z]+\s)?{_VERBS}"
    rf"|hard\sto\s(?:[a-z]+\s)?{_VERBS}|insufficient\s(?:information|data|context|detail)"
    r"|n(?:o|')t\s(?:provide|contain|have|give|offer|include|enough)d?\s?(?:[a-z]+\s){0,2}(?:information|enough|"
    r"sufficient|specific|details|data|context)"
    r"|can(?:no|')t\s(?:be\s)?(?:[a-z]+ly\s)?(?:inferred|known|answered|diagnose|confirm|conclude|establish"
    r"|tell|determined?|say|decided?|know|answer)\b"
    r"|(?:could not|unable to|not able to)\s(?:be\s)?(?:[a-z]+ly\s)?(?:tell|determined?|say|decide|know|answer)"
    r"|can(?:no|')t\s(?:settle\b|be\smore\s(?:exact|specific|precise)|verify|make\sout)|\bis\sbeyond\sme\b|\bi\schoose\snothing\b"
    r"|\bnothing\s(?:[a-z]+\s){0,6}(?:verify|confirm)|\bremains?\s(?:unclear|uncertain|open)\b"
    r"|\b(?:as|have|give)\sno\sanswer\b|no\slonger\sknow\b"
    r"|i\sdo(?:\sno|n')t\sknow\b|no\sidea\b|not\ssure\b|please\s(?:provide|share|upload|clarify)"
    r"|too\s(?:dark|blurry|small|unclear|bright|low)\sto\s(?:answer|tell|see|say|read|judge|determine)|\bno\simages?[.!]"
    r"|failed\sto\sload|(?:could\snot|couldn't)\sbe\sloaded|did(?:n't|\snot)\sload|no\simages?\s(?:was|were|is|"
    r"are)\s(?:provided|attached|received|visible)|no\sanswer\sis\spossible|only\simage\s\d\swas\sreceived"
    r"|if\syou\s(?:can\s|could\s)?(?:provide|have\sthe)|无法(?:判断|确定|得知|推断)|不能确定|看不出"
)
_NO_OPTION = re.compile(
    r"none of (?:the|these|those)\b|no (?:correct|valid|suitable|right) (?:answer|option|choice)|(?:options|choices|"
    r"answers)[^\n.]{0,30}\b(?:not|none)\b|(?:options|choices|answers)[^\n.]{0,30}n't\b|没有(?:正确|一个)"
)
_UNTOLD_HINTS = (
    "possible to",
    "difficult to",
    "hard to",
    "nsufficient",
    "n't ",
    "not ",
    "cannot ",
    "unable",
    "no idea",
    "if you",
    "please ",
    "failed to",
    "too ",
    "no image",
    "no answer",
    "no longer",
    "nothing",
    "remain",
    "beyond me",
    "choose nothing",
    "can't ",
    "was received",
)
_NO_OPTION_HINTS = ("none", "no correct", "no valid", "no suitable", "no right", "options", "choices", "answers")
"""One of these occurs where the longer patterns fit; most replies hold none."""
_READ = 3_000
"""Characters read at either end of a longer text."""


@lru_cache(maxsize=4096)
def declines(option: str) -> str:
    """How an option's own text declines, "None of the above", "Cannot be determined"; most do not."""
    how = decline(option.lower())
    return how if how != "refusal" else ""


def declined(page: Page) -> str:
    """How a reply declines, worked out once a page."""
    if "declined" not in page.memo:
        page.memo["declined"] = decline(page.low)
    return str(page.memo["declined"])


def decline(low: str) -> str:
    """How a lower-case text declines: ``refusal``, ``cannot_tell``, ``no_option_fits``, or an empty string.

    A refusal is the writer's own "I cannot" or "I will not"; that the images or the question do not say enough is
    ``cannot_tell``.
    """
    if len(low) > 2 * _READ:
        low = f"{low[:_READ]}\n{low[-_READ:]}"
    if _refuses(low):
        return "refusal"
    foreign = not low.isascii()
    if (foreign or any(hint in low for hint in _UNTOLD_HINTS)) and _UNTOLD.search(low):
        return "cannot_tell"
    if (foreign or any(hint in low for hint in _NO_OPTION_HINTS)) and _NO_OPTION.search(low):
        return "no_option_fits"
    return ""


def _refuses(low: str) -> bool:
    for negation in _NEGATION.finditer(low):
        line = low.rfind("\n", 0, negation.start()) + 1
        before = low[max(line, negation.start() - 90) : negation.start()]
        if _REGRET.search(before) or (_SPEAKER.search(before) and _ACT.match(low, negation.end())):
            return True
        if negation[0] in {"decline", "refuse"} and _SPEAKER.search(before):
            return True
    if any(words in low for words in _PLAIN_REFUSALS):
        return True
    foreign = not low.isascii() or any(word in low for word in _FOREIGN_WORDS)
    return foreign and _FOREIGN_REFUSAL.search(low) is not None
