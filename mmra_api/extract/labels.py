"""Position on a page → the option label that stands there, or several, or one that no option has, or none."""

from __future__ import annotations

import re
from collections import deque
from functools import lru_cache
from typing import NamedTuple

from mmra_api.extract.folding import fold
from mmra_api.extract.languages import LANGUAGES
from mmra_api.extract.page import MANY, Page
from mmra_api.extract.patterns import END

_PLAIN = r"[A-Za-z]{1,4}(?![A-Za-z0-9\u00c0-\u024f\u1e00-\u1eff\u0300-\u036f])|\d{1,3}(?![\dA-Za-z])|[^\W\d_a-zA-Z]"
_TOKEN = re.compile(_PLAIN)
_ALIKE = dict(zip("АВСЕНІКМОРТХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABCEHIKMOPTXABEZHIKMNOPTYX", strict=True))
"""Cyrillic and Greek capitals that are drawn like Latin ones: a Russian keyboard's A, B and C."""
_GLUED = re.compile(
    r"'(?!d[iıuü]r)\w|'\s(?:la|il|l')|-\w|/\w\w|\+\w|[.,]\d|\.[A-Z](?![a-z])|\s?[=^+≤≥∠]|\s?[<>]\s?[\d=]|°|_|"
    r"\\(?![)\].,\s])|\s?[*×·]\s?\d|#|\{"
)
"""What follows a letter that is part of something else: a name, a variable, a range, a unit."""
_LETTERS = re.compile("[\u0370-\u052f]{2}|[\u0600-\u06ff]{2}|[\u0900-\u097f]{2}")
"""Two letters of a script that writes words apart; Chinese, Japanese and Korean do not."""
_ENDS = re.compile(
    r"\s{0,3}(?:[)\]}<>.,;:!?\"'$|/\\-]|[^\x00-\x7f]|\n|$|\s\(|\s(?:because|since|as|based|with|for|due|given|is|fits|"
    r"matches|remains|wins|and|or|but|which|nor|not|rather|instead|over|qui|mais|et|ou|est|sondern|und|oder|ist|sino|"
    r"y|o|es|mas|e|ma|ale|lecz|maar|en|tetapi|dan|tapi|melainkan)\b)"
)
"""What follows a lower-case letter, a digit, A or I when it is a label and not a word."""
_ENDS_FIRMLY = re.compile(r"\s{0,3}(?:[)\]}<>.,;:!?\"'$|/\\-]|\n|$)")
"""The same for a Cyrillic look-alike, which is a word in its own language: but, with, in."""
_OPTION = re.compile(r"(?:option|choice|letter|alternative|opción|opção|lettre|буква|вариант)\s[(\"']?$")
_EQUATED = re.compile(r"[)\]}]\s?(?:[=^+]|\s?[<>]\s?\d)")
_WRAP_OPEN, _WRAP_CLOSE = "([{\"'$<", ")]}\"'$<"
_FILLERS = (
    "the|an?(?=\\s(?:clear|definite|resounding|firm|yes|no)\\b)|option|options|choice|choices|letter|answer|correct|"
    "alternative|image|picture|figure|photo|point|box|part|statement|number|either|both|of|most|likely|probably|"
    "definitely|clearly|therefore|thus|then|indeed|simply|opción|opcion|respuesta|letra|la|el|lettre|réponse|die|der|"
    "antwort|buchstabe|opção|alternativa|resposta|вариант|ответ|буква|под|選択肢|选项|選項|应该|應該|应选|选择|选|為|"
    "为|是|보기|선택지|الخيار|الحرف|هو|هي"
)
FILLER_WORDS = tuple(word for word in _FILLERS.split("|") if word.isalpha())
FILLERS = re.compile(
    rf"(?:[\s:=\"'$\[({{}}<>|,.\->→⟶]|\\(?:boxed|text\w{{0,2}}|math\w{{2}}|bf|rm|[(\[,;!])|(?:{_FILLERS})(?![a-z]))*"
)
_CLOSE = re.compile(r"[)\]}\"'$.\\]{0,4}\s{0,2}")
_JOIN = re.compile(
    r"\s{0,2}(?P<join>\|(?=[^\W_]{1,2}(?![^\W_]))|\\text\w{0,2}\s?\{\s?(?:or|and)\s?\}|(?<=\))\s?(?=\(?[^\W_]{1,3}\))|"
    r",|;|>|\s(?=\(?[^\W_][).]?\s*$)|/|&|and/or|or\b|and\b|plus\b|then\b|as well as\b|followed by\b|或是?|或者|还是|"
    r"還是|和|及|与|與|または|と|또는|혹은|이나|나|과|와|oder\b|und\b|ou\b|et\b|o\b|y\b|e\b|или\b|أو|या|và\b|hoặc\b|"
    r"ve\b|veya\b|lub\b|dan\b|atau\b|en\b|и\b)\s{0,2}(?:(?:and|or|also|either|maybe|perhaps|"
    r"possibly)\b\s?){0,2}(?:(?:option|choice|letter|image|point|figure|picture|photo|panel|statement|"
    r"diagram)s?\s)?[(\[\"'$]{0,2}"
)
_BEFORE = re.compile(r"(?:^|(?<![A-Za-z0-9]))([A-Za-z0-9]{1,4}|[^\W\d_])[)\]\"'$]{0,2}\s{0,2}$")
_DRESS = re.compile(r"^(?:option|choice|answer|letter|image|picture|figure|panel|statement)\s|[^\w]", re.IGNORECASE)
_SHORT = 60
"""Up to so many characters a lower-case letter by itself is looked at as a label of capital letters."""
_VERB = re.compile(
    r"[)\]\"']{0,2}\s+(?:is|isn't|was|does|doesn't|has|cannot|can|can't|would|shows|looks|seems|appears)\b"
)
_ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
}
_ORDINALS |= {"sixth": 5, "6th": 5, "seventh": 6, "eighth": 7, "ninth": 8, "tenth": 9, "last": -1, "final": -1}
ORDINAL_WORDS = frozenset(word for word in _ORDINALS if word.isalpha())
ORDINAL_WORDS |= {"st", "nd", "rd", "th", "number", "no", "option", "choice", "answer", "former", "latter"}
_ORDINAL = re.compile(
    r"(?:the\s)?(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|1st|2nd|3rd|4th|5th|6th|last|"
    r"final(?=\s(?:option|choice)))\s(?:option|choice|answer|alternative)\b"
)
_ORDINAL_ONE = re.compile(
    _ORDINAL.pattern.replace(r"alternative)\b", r"alternative|one(?!\s(?:shows|has|is|was|are|does)\b))\b")
)
"""With "the first one" besides: only where the writer has just said that he chooses."""
_CARDINAL = re.compile(
    r"(?:option|choice|answer)\s?(?:number|no\.?|#)\s?(one|two|three|four|five|six|seven|eight|nine|ten|[1-9]\d?)(?!\w)"
)
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PLACES_ELSEWHERE = {
    word: place
    for language in LANGUAGES.values()
    for place, word in enumerate(filter(None, language.places.split("|")))
}
_ORDINAL_ELSEWHERE = re.compile(
    r"(?:(?:la|le|die|der|a|o|il|de)\s)?(?:"
    + "|".join(
        rf"(?P<{code}>{language.places})" + (rf"\s?(?:{language.counted}){END}" if language.counted else "")
        for code, language in LANGUAGES.items()
        if language.places
    )
    + ")"
)
_PAIR = re.compile(r"(?:the\s)?(former|latter)\b")


_UNSEEN: tuple[str | None, int] = ("", -1)
"""Stands for a place that was not looked at yet."""


class Claim(NamedTuple):
    """What a place in the text says: the option ``value`` at ``span``, or no single option, and ``why`` not."""

    value: str | None
    span: tuple[int, int]
    why: str = ""


def label_at(page: Page, at: int) -> tuple[str | None, int] | None:
    """The label that starts exactly at ``at``, as (key, end); key None for a label that no option has; or None.

    A letter counts only as a label of its own: not as an article, a pronoun, a variable, an initial or part of a word.
    """
    found = page.labels.get(at, _UNSEEN)
    if found is _UNSEEN:
        found = page.labels[at] = _label_at(page, at)
    return found


def _label_at(page: Page, at: int) -> tuple[str | None, int] | None:
    match = _token(page).match(page.plain, at)
    if match is None:
        return None
    word, end = match[0], match.end()
    if at and in_word(page.plain, at):
        return None
    wrapped = at > 0 and page.plain[at - 1] in _WRAP_OPEN and page.plain[end : end + 1] in _WRAP_CLOSE
    if _GLUED.match(page.plain, end) if not wrapped else _EQUATED.match(page.plain, end):
        return None
    key = _key(page, word)
    firm = _ENDS_FIRMLY if word in _ALIKE else _ENDS
    ends = wrapped or firm.match(page.low, end) is not None or _OPTION.search(page.low, max(0, at - 14), at) is not None
    if key is not None:
        weak = word in {"A", "I"} or word in _ALIKE or not word.isupper()
        return (key, end) if ends or not weak else None
    foreign = len(word) == 1 and word.isascii() and word.isupper() and word not in {"A", "I"}
    return (None, end) if foreign and ends else None


def in_word(text: str, at: int) -> bool:
    """Whether the character at ``at`` goes on a word: its neighbour is of the same script, which need not blanks."""
    before = text[at - 1]
    if not before.isalnum():
        return False
    return (
        before < "\u0250" if text[at].isascii() else before.isalpha() and _LETTERS.match(before + text[at]) is not None
    )


def _token(page: Page) -> re.Pattern[str]:
    """What a label looks like: a letter, a small number, and, where the options' own are longer, exactly those."""
    token: re.Pattern[str] | None = page.memo.get("token")
    if token is None:
        token = page.memo["token"] = _token_for(tuple(page.options))
    return token


@lru_cache(maxsize=256)
def _token_for(keys: tuple[str, ...]) -> re.Pattern[str]:
    odd = sorted((key for key in keys if key and not _TOKEN.fullmatch(key)), key=len, reverse=True)
    if not odd:
        return _TOKEN
    return re.compile(rf"(?i:{'|'.join(map(re.escape, odd))})(?![A-Za-z0-9])|{_PLAIN}")


def _key(page: Page, word: str) -> str | None:
    """The option that a word names: its label as given, in the other case, or drawn alike in another script."""
    if word in page.options:
        return word
    for form in (word.upper(), word.lower()) if len(word) == 1 or not word.isalpha() else ():
        if form in page.options:
            return form
    if len(word) > 1 and word.islower() and word.upper() in page.options and not set(word) - set("ivxl"):
        return word.upper()
    twin = _ALIKE.get(word)
    return twin if twin in page.options else None


def claim_at(page: Page, at: int) -> Claim | None:
    """What is claimed at ``at``, past fillers such as "option" or an opening bracket: a label, several, or None."""
    skipped = FILLERS.match(page.low, at, min(len(page.low), at + 80))
    start = skipped.end() if skipped else at
    if not (ORDINAL_WORDS.isdisjoint(page.words) and page.english()):
        after = at + len(page.low[at : at + 4]) - len(page.low[at : at + 4].lstrip())
        ordinal = ordinal_at(page, start, _ORDINAL_ONE) or ordinal_at(page, after, _ORDINAL_ONE)
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
    text = page.text_of(key)
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
    if text and page.low.startswith(text, at):
        close = _CLOSE.match(page.low, at + len(text))
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


def ordinal_at(page: Page, at: int, form: re.Pattern[str] = _ORDINAL) -> Claim | None:
    """ "(the) second option", "option number two", of two "the latter", at ``at``: the option in that place."""
    keys = list(page.options)
    if ordinal := form.match(page.low, at):
        place = _ORDINALS[ordinal[1]]
    elif ordinal := _CARDINAL.match(page.low, at):
        place = _CARDINALS.index(ordinal[1]) if ordinal[1] in _CARDINALS else int(ordinal[1]) - 1
    elif len(keys) == 2 and (ordinal := _PAIR.match(page.low, at)):
        place = ("former", "latter").index(ordinal[1])
    elif not page.english() and (ordinal := _ORDINAL_ELSEWHERE.match(page.low, at)):
        place = _PLACES_ELSEWHERE[ordinal[ordinal.lastgroup or 0]]
    else:
        return None
    return Claim(keys[place], ordinal.span()) if -len(keys) <= place < len(keys) else None


def labels_of(page: Page) -> list[tuple[str, int, int]]:
    """Every option's label on the page that stands as a word of its own, as (key, start, end), in order."""
    if "labels" not in page.memo:
        exact = len(page.plain) > _SHORT
        near = deque(letters(tuple(page.options), exact=exact).finditer(page.plain), maxlen=4 * MANY)
        places = [(label_at(page, match.start()), match.start()) for match in near]
        page.memo["labels"] = [(place[0], at, place[1]) for place, at in places if place and place[0] is not None]
    places_found: list[tuple[str, int, int]] = page.memo["labels"]
    return places_found


@lru_cache(maxsize=256)
def letters(keys: tuple[str, ...], *, exact: bool = False) -> re.Pattern[str]:
    """The option letters as words, in either case unless ``exact``; what stands before them the caller checks."""
    forms = {form for key in keys if key for form in ((key,) if exact else (key, key.upper(), key.lower()))}
    forms |= {twin for twin, key in _ALIKE.items() if key in keys}
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(rf"(?:{'|'.join(map(re.escape, ordered))})(?![a-zA-Z0-9\u00c0-\u024f])" if ordered else r"(?!)")


def label_before(page: Page, end: int) -> Claim | None:
    """The label that ends at ``end``, closing marks and a blank apart: of a verb or predicate that follows it."""
    word = _BEFORE.search(page.plain, max(0, end - 10), end)
    found = label_at(page, word.start(1)) if word else None
    if word is None or found is None or found[0] is None or found[1] != word.end(1):
        return None
    return Claim(found[0], (word.start(1), found[1]))


def may_name(page: Page) -> bool:
    """Whether any label, known or not, may stand on the page: a quick look that spares prose all the rules."""
    return not _are_capitals(tuple(page.options)) or _ANY_LABEL.search(page.plain) is not None or bool(labels_of(page))


@lru_cache(maxsize=256)
def said_names(keys: tuple[str, ...]) -> dict[str, str]:
    """Names as replies say them → labels as given, where those are dressed up: A for "(A)", "A." or "Option A"."""
    names = {_DRESS.sub("", fold(key).strip()): key for key in keys}
    dressed = set(names) != set(keys) and len(names) == len(keys) and all(name.isalnum() for name in names)
    return names if dressed else {}


@lru_cache(maxsize=256)
def _are_capitals(keys: tuple[str, ...]) -> bool:
    """Whether every label is a capital letter, and none the pronoun."""
    return "I" not in keys and all(len(key) == 1 and key.isascii() and key.isupper() for key in keys)


_ANY_LABEL = re.compile(
    rf"(?<![\w'])(?:[B-HJ-Zb-hj-z]|[A-Z]{{2,4}}|[Aa](?={_ENDS.pattern}))(?![\w'])|[^\x00-\x7f]"
    r"|(?:option|choice|letter|alternative)\s[(\"']?[Aa]\b"
)
