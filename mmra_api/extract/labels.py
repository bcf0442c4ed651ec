"""Position on a page → the option label that stands there, or several, or one that no option has, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mmra_api.extract.page import Page

_TOKEN = re.compile(r"[A-Za-z]{1,4}(?![A-Za-z])|\d{1,3}(?!\d)|[^\W\d_a-zA-Z]")
_GLUED = re.compile(r"'\w|-\w|/\w\w|\+\w|[.,]\d|\.[A-Z](?![a-z])|\s?[=^+≤≥∠]|\s?[<>]\s?[\d=]|°|_|\\|\s?[*×·]\s?\d|#|\{")
"""What follows a letter that is part of something else: a name, a variable, a range, a unit."""
_ENDS = re.compile(
    r"\s{0,3}(?:[)\]}<>.,;:!?\"'$|/\\-]|[^\x00-\x7f]|\n|$|\s(?:because|since|as|based|with|for|due|given|is|"
    r"and|or|but|which)\b)"
)
"""What follows a lower-case letter, a digit, A or I when it is a label and not a word."""
_EQUATED = re.compile(r"[)\]}]\s?(?:[=^+]|\s?[<>]\s?\d)")
_WRAP_OPEN, _WRAP_CLOSE = "([{\"'$<", ")]}\"'$<"
_FILLERS = (
    "the|an?(?=\\s(?:clear|definite|resounding))|option|options|choice|choices|letter|answer|correct|"
    "alternative|image|"
    "picture|figure|photo|point|box|part|statement|number|either|both|of|most|likely|probably|definitely|clearly|"
    "therefore|thus|then|indeed|simply|opción|opcion|respuesta|letra|la|el|option|lettre|réponse|die|der|antwort|"
    "buchstabe|opção|alternativa|resposta|вариант|ответ|буква|под|選択肢|选项|選項|应该|應該|应选|选择|选|為|为|是|"
    "보기|선택지|الخيار|الحرف|هو|هي|是选项"
)
_SKIP = re.compile(
    rf"(?:[\s:=\"'$\[({{<>|,.\->→⟶]|\\(?:boxed|text\w{{0,2}}|math\w{{2}}|bf|rm|[(\[,;!])|(?:{_FILLERS})(?![a-z]))*"
)
_CLOSE = re.compile(r"[)\]}\"'$.\\]{0,4}\s{0,2}")
_JOIN = re.compile(
    r"\s{0,2}(?P<join>(?<=\))\s?(?=\([^\W_]{1,3}\))|,|/|&|and/or|or\b|and\b|或者?|和|及|与|または|oder\b|und\b|ou\b|et\b|o\b|y\b|e\b|или|"
    r"и\b)\s{0,2}"
    r"(?:(?:and|or|also|either|maybe|perhaps|possibly)\b\s?){0,2}(?:(?:option|choice|letter|image|point)s?\s)?[(\[\"'$]{0,2}"
)
_VERB = re.compile(
    r"[)\]\"']{0,2}\s+(?:is|isn't|was|does|doesn't|has|cannot|can|can't|would|shows|looks|seems|appears)\b"
)
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4}
_ORDINAL = re.compile(
    r"(?:the\s)?(first|second|third|fourth|fifth|1st|2nd|3rd|4th|last)\s(?:option|choice|answer|alternative)\b"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a place in the text says: the option ``value`` at ``span``, or no single option, and ``why`` not."""

    value: str | None
    span: tuple[int, int]
    why: str = ""


def label_at(page: Page, at: int) -> tuple[str | None, int] | None:
    """The label that starts exactly at ``at``, as (key, end); key None for a label that no option has; or None.

    A letter counts only as a label of its own: not as an article, a pronoun, a variable, an initial or part of a word.
    """
    match = _TOKEN.match(page.plain, at)
    if match is None:
        return None
    word, end = match[0], match.end()
    if at and (page.plain[at - 1].isalnum() and page.plain[at - 1].isascii() and word.isascii()):
        return None
    wrapped = at > 0 and page.plain[at - 1] in _WRAP_OPEN and page.plain[end : end + 1] in _WRAP_CLOSE
    if _GLUED.match(page.plain, end) if not wrapped else _EQUATED.match(page.plain, end):
        return None
    key = _key(page, word)
    ends = wrapped or _ENDS.match(page.low, end) is not None
    if key is not None:
        weak = word in {"A", "I"} or not word.isupper()
        return (key, end) if ends or not weak else None
    foreign = len(word) == 1 and word.isascii() and word.isupper() and word not in {"A", "I"}
    return (None, end) if foreign and ends else None


def _key(page: Page, word: str) -> str | None:
    """The option that a word names: its letter as given, or in the other case when only that one exists."""
    for form in (word, word.upper(), word.lower()) if len(word) == 1 else (word,):
        if form in page.options:
            return form
    return None


def claim_at(page: Page, at: int, limit: int | None = None) -> Claim | None:
    """What is claimed at ``at``, past fillers such as "option" or an opening bracket: a label, several, or None."""
    skipped = _SKIP.match(page.low, at, min(len(page.low), at + 80))
    start = skipped.end() if skipped else at
    if limit is not None and start > limit:
        return None
    ordinal = ordinal_at(page, start)
    if ordinal is not None:
        return ordinal
    found = label_at(page, start)
    if found is None:
        return _run_together(page, start)
    key, end = found
    other = joined(page, key, end)
    if other is not None:
        return Claim(None, (start, other), "several")
    return Claim(key, (start, end), "" if key is not None else "out_of_range")


def joined(page: Page, key: str | None, end: int) -> int | None:
    """The end of a second, different label joined to the one that ends at ``end``: "B or C", "A, B and D", "A/C"."""
    text = page.options.get(key, "").lower() if key is not None else ""
    at = own_text_end(page, text, end)
    joint = _JOIN.match(page.low, at) or _JOIN.match(page.low, end) or _JOIN.match(page.low, end + 1)
    if joint is None:
        return None
    second = label_at(page, joint.end())
    if second is None or second[0] == key:
        return None
    if joint["join"] != "or" and _VERB.match(page.low, second[1]):
        return None
    return second[1]


def own_text_end(page: Page, text: str, end: int) -> int:
    """Where an option's own text ends that follows its letter, closing marks included; else the end of those marks."""
    close = _CLOSE.match(page.low, end)
    at = close.end() if close else end
    at += page.low.startswith("(", at)
    if text and page.low.startswith(text.rstrip(" ."), at):
        close = _CLOSE.match(page.low, at + len(text.rstrip(" .")))
        return close.end() if close else at
    return at


def _run_together(page: Page, at: int) -> Claim | None:
    """ "AB" or "ACD": labels without a gap, each of them an option."""
    match = _TOKEN.match(page.plain, at)
    token = match[0] if match else ""
    if (
        match
        and len(token) > 1
        and token.isupper()
        and len(set(token)) == len(token)
        and all(c in page.options for c in token)
    ):
        return Claim(None, match.span(), "several") if _ENDS.match(page.plain, match.end()) else None
    return None


def ordinal_at(page: Page, at: int) -> Claim | None:
    """ "(the) second option" at ``at``: the option in that place of the order shown."""
    ordinal = _ORDINAL.match(page.low, at)
    if ordinal is None:
        return None
    keys = list(page.options)
    place = len(keys) - 1 if ordinal[1] == "last" else _ORDINALS[ordinal[1]]
    return Claim(keys[place], ordinal.span()) if 0 <= place < len(keys) else None
