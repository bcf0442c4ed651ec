"""Page → claims read from the sentence that concludes, or from the only option that the reply speaks for."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator

from mmra_api.extract.decline import decline, declined, declines
from mmra_api.extract.judged import SUBJECT
from mmra_api.extract.labels import Claim, joined, label_at, labels_of, letters
from mmra_api.extract.page import MANY, Page
from mmra_api.extract.patterns import RESERVE, UNSPACED, alternatives
from mmra_api.extract.places import opens_line
from mmra_api.extract.sentences import breaks_off, concludes, denied, sentence_start, whole_sentences
from mmra_api.extract.texts import in_formula, texts_in
from mmra_api.extract.tokens import words_of
from mmra_api.extract.verdicts import asked, reported

_NAMING = re.compile(
    r"(?:(?<![a-z])(?:option|choice|answer|alternative|statement|image|picture|figure|photo|photograph|diagram|graph|"
    r"panel)\s[(\"']?|选项\s?)$"
)
"""What stands before a letter that is named as an option."""
_LOCATES = re.compile(
    r"\b(?:in|from|on|than|unlike|of|and)\s(?:the\s)?(?:image|picture|figure|photo|photograph|diagram|graph|"
    r"panel)\s[(\"']?$"
)
"""The same where the picture is only a place: "in picture B there is …"."""
_PICTURED = re.compile(r"(?:image|picture|figure|photo|photograph|panel)\s[(\"']?$")
_DESCRIBES = re.compile(
    r"[)\"']?\s(?:shows?|has|have|depicts?|contains?|features?|displays?|(?:is|was|appears|looks|seems)(?!\s(?:to "
    r"be\s)?(?:indeed\s|clearly\s)?(?:the|most|more|best|better|correct|right|closer|closest|similar|"
    r"different)\b))(?![a-z])"
)
_THAN = re.compile(
    r"\bas (?:likely|good|plausible|possible|probable|fitting|valid|correct|right) as\b"
    r"|\b(?:(?!rather|other)\w{2,}er|more \w+|less \w+|better|worse)\s(?:[a-z]+\s)?than\b"
)
_ANY_WORD = re.compile(rf"[^\W\d_{UNSPACED}]{{2,}}")
_BEFORE_TEXT = re.compile(rf"[^{UNSPACED}是为為はがのは는은]$|[是为為はが는은个只条匹头辆张位名种座棵朵件把]$|^$")
_PLAIN_WORDS = alternatives(
    "the a an is it this that they are was so i say see in to of one color colour both image picture option answer "
    "would be i'd s d its m we she he there looks feels seems takes costs has at on for shows like option number "
    "choice letter obviously clearly definitely probably think 的 是 色 на изображении картинке фото это c est la le "
    "el es ist der die das é o um uma un une les los las una ein eine il ce"
)
_OPTION_NOUNS = ("option", "choice", "answer", "选项")
_COPULA = re.compile(
    r"(?<![^\W_])(?:is|are|è|é|est|es|ist|jest|sont|son|são|sono|sind|är|je)\s(?:(?:the|an?|une?|la|el|una|eine?|der|"
    r"die|das|uma?|il|lo|o)\s)?$"
)
_SHORT = 60
_NONE = re.compile(r"\W*none of (?:the|these|those|them)\b")
_OUTDOES = re.compile(
    r"[^.;\n]{0,40}\b(?:than|as (?:likely|good|plausible|possible|probable) "
    r"as)\s(?:the\s)?(?:[a-z]+\s)?[(\"]?[a-z][)\"]?(?![a-z])"
)
_MAY = re.compile(r"[)\"']?\s(?:may|might|could)\b")
_PLACE = re.compile(r"\b(?:images?|pictures?|photos?|figures?|left|right|top|bottom)\b")
_COMPARED = re.compile(
    r"\b(?:(?<!looks )(?<!look )(?<!looks most )(?<!looks more )like|(?:size|shape|colou?r|height|(?:north|south|east|"
    r"west|left|right)) of|next to|near|behind|beside|between|similar to|calls? it|there(?:'d| would| should| could) "
    r"be)\s(?:an?\s|the\s)?$"
    r"|\bbetween\b[^.;\n]{1,40}\band\s(?:an?\s|the\s)?$"
)
"""What stands before a text that another thing is only compared with: "the size of a rabbit", "like a cat"."""
_BESIDES = re.compile(
    r"\s(?:may|might|could)\b|[^.;\n]{0,80}\b(?:while|whereas)\b|\s(?:is|are)\s(?:also|equally|just as)\s(?:possible|"
    r"likely|plausible)\b"
)
"""What follows a text that describes only one of two things, "Person 1 is happy while …", or only may be so."""
_LABELLED = re.compile(r"(?<![^\W_])([^\W_]{1,3})[)\"]?\s(?:is|says|means|reads)\s(?:an?\s|the\s)?$")
_NUMBERED = re.compile(
    r"\b(?:image|picture|photo|figure|person|step|panel|number|no\.|question|part|view|frame|page|option)\s$"
)
_CLOCK = re.compile(r"\s?(?:[ap]\.?m\b|o'clock|(?:pictures|images|photos|photographs|sides)\b)")
_WHERE = re.compile(r"\b(?:in|from|than|unlike)\s(?:the\s)?$")
_THING = re.compile(
    r"(?<![a-z])(?:point|box|part|region|sample|item|number|labell?ed(?:\sas)?|marked(?:\sas)?|called|circle|object|"
    r"area|line|shape|view)\s[(\"']?$"
)
_SAYING = re.compile(
    r"(?:(?<![a-z])(?:(?<!so )(?<!nor )is|be|are|(?<!well )(?<!ly )(?<!ble )(?<!good )as|so|thus|hence|therefore|"
    r"leaves|leaving|corresponds? to|makes it|making it|amounts to)[,:]?|:) {1,3}[(\"$]{0,2}$"
)
"""What stands before a letter that ends a clause: "so it is B.", "hence C"."""
_ENDS_CLAUSE = re.compile(r"[)\"$]{0,2}\s?(?:[.:!,;\n]|$|(?:because|since|as|and|but|due)\b)")
_NUMBERED_ITEM = re.compile(r"\b(?:image|picture|photo|figure|step|panel)\s\d{1,2}:\s?$")
"""What stands before a sentence that was cut after its article: "Image 2: A"."""
_ITEM = re.compile(r"\s?选?项")
_APPROVES = re.compile(
    r"\b(?:is|are|would be|must be|should be|seems|appears)\s{1,5}(?:to be\s{1,5})?(?:indeed\s|clearly\s|likely\s|"
    r"also\s|therefore\s|thus\s)?(?:the\s{1,5})?(?:(?:most|more|best|only|single|closest|better)\s{1,5})?(?:my "
    r"(?:answer|choice|pick)|better(?! than| match than)|the one\b|one\b|what i'd|preferable|correct|right|best|true|"
    r"answer|appropriate|suitable|accurate|strongest|valid|likely|fitting|closest|proper|ideal)\b|(?<!不)正确|最合适|"
    r"最合理"
)
APPROVING_WORDS = alternatives(
    "answer choice pick better one what preferable correct right best true appropriate suitable accurate strongest "
    "valid likely fitting closest proper ideal"
)
_LABEL_SUBJECT = re.compile(r"(?:^|[\s(\"$])([^\W_]{1,3})[)\"$]{0,2}\s{1,5}$")
_WITH_ANOTHER = re.compile(
    r"(?<![^\W_])[^\W_]{1,2}[)\"]{0,2},?\s(?:and|or|nor|as well as|but also|plus)\s(?:also\s)?(?:the\s)?(?:(?:option|"
    r"choice|image)\s)?[(\"]?$"
)
"""Another label before the subject: "A and B are right", "not just A but also C"."""
_AND_SO = re.compile(r"[^.;\n]{0,30}?\band so (?:is|are|does|would)\b")
_DROPPED = re.compile(
    r"\s(?:that\s)?(?:i|we)(?:'d|\swould|\scan|\scould)\s(?:exclude|rule out|eliminate|reject|discard|drop|doubt)\b"
)


Find = Callable[[Page, int, int], list[Claim]]


def concluded(page: Page) -> Iterator[Claim]:
    """The label in the last sentence that draws a conclusion: "Therefore, it shows (B)", "so the match is point C"."""
    yield from _in_conclusion(page, labels_in)


def mentioned(page: Page) -> Iterator[Claim]:
    """The label in the first or last sentence, when they do not differ: "The match is point C. Both …"."""
    yield from _at_the_ends(page, labels_in)


def approved(page: Page) -> Iterator[Claim]:
    """The labels that are called right: "Option D is the most accurate", "(A) appears to be the appropriate one"."""
    for predicate in deque(_APPROVES.finditer(page.low), maxlen=MANY):
        start = sentence_start(page.low, predicate.start())
        subject = _LABEL_SUBJECT.search(page.low, start, predicate.start())
        found = label_at(page, subject.start(1)) if subject else None
        if subject and found and found[0] is not None:
            at = subject.start(1)
            if _WITH_ANOTHER.search(page.low, max(0, at - 24), at) or _AND_SO.match(page.low, predicate.end()):
                yield Claim(None, (at, found[1]), "several")
            elif not _DROPPED.match(page.low, predicate.end()) and (
                SUBJECT.search(page.low, max(0, at - 24), at) or _is_name(page, at)
            ):
                yield Claim(found[0], (at, found[1]))
            continue
        named = labels_in(page, start, predicate.start())
        if named:
            yield named[-1]


def named(page: Page) -> Iterator[Claim]:
    """The labels named anywhere as an option, when the reply speaks for no other: "… joint dip angle (B)."."""
    claims = labels_in(page, 0, len(page.plain))
    sentences = whole_sentences(page) if claims else []
    for claim in claims:
        around = [place for place in sentences if place[0] <= claim.span[0] < place[1]]
        if not (around and _others_named(page, around[0], claim)):
            yield claim


def text_concluded(page: Page) -> Iterator[Claim]:
    """The option text in the sentence that concludes: "So the interval is minor"."""
    yield from _in_conclusion(page, standing_texts)


def text_mentioned(page: Page) -> Iterator[Claim]:
    """The option text in the first or last sentence, when they do not differ: "The type of the interval is minor."."""
    yield from _at_the_ends(page, standing_texts)


def _others_named(page: Page, place: tuple[int, int], claim: Claim) -> bool:
    """Whether the sentence holds another label besides: "from the left it would be A, from the right B"."""
    if page.low[: claim.span[0]].rstrip(" (\"'").endswith(_OPTION_NOUNS):
        return False
    start = max(place[0], page.low.rfind(" but ", 0, claim.span[0]))
    return any(key != claim.value and start <= at < place[1] for key, at, _ in labels_of(page))


def _compares(page: Page, start: int, end: int, claim: Claim) -> bool:
    """Whether a sentence weighs things against one another: "Dave is taller than Bob" chooses neither."""
    than = _THAN.search(page.low, start, end)
    return than is not None and not claim.span[0] <= than.end() <= claim.span[1]


def text_declined(page: Page) -> Iterator[Claim]:
    """The option that itself says that nothing fits or can be told, in a reply that says so: "None of these."."""
    ways = {key: way for key, text in page.options.items() if (way := declines(text))}
    how = declined(page) if ways else ""
    if how:
        keys = [key for key, way in ways.items() if way == how]
        if len(keys) == 1 and len(page.low) < _SHORT and _NONE.match(page.low) and _NONE.match(page.text_of(keys[0])):
            yield Claim(keys[0], (0, len(page.plain)))
        elif len(keys) == 1:
            yield from [claim for claim in texts_in(page, 0, len(page.plain)) if claim.value == keys[0]][:1]


def labels_in(page: Page, start: int, end: int) -> list[Claim]:
    """The labels named as options between two positions and not denied there, in order."""
    claims: list[Claim] = []
    near = deque(letters(tuple(page.options)).finditer(page.plain, start, end), maxlen=2 * MANY)
    named_at = [
        match.start()
        for match in near
        if _is_named(page, match.start(), match.end(), max(start, match.start() - 24))
        and not _described(page, match.start(), match.end(), end)
    ]
    for at in named_at[-MANY:]:
        found = label_at(page, at)
        if found is None or found[0] is None or denied(page, at, found[1], start, end) or _cut_off(page, found[1]):
            continue
        other = joined(page, found[0], found[1])
        claim = Claim(None, (at, other), "several") if other else Claim(found[0], (at, found[1]))
        outdone = (_OUTDOES.match(page.low, claim.span[1], end) or _MAY.match(page.low, claim.span[1], end)) is not None
        reserve = RESERVE.search(page.low, max(start, at - 70), at) is not None
        if not outdone and not reserve and not asked(page, claim) and not reported(page.low, at):
            claims.append(claim)
    return claims


def _cut_off(page: Page, end: int) -> bool:
    """Whether a long reply ends with the label, so that the rest of its sentence may be missing."""
    return end == len(page.plain) >= 200


def _is_named(page: Page, at: int, end: int, start: int) -> bool:
    """Whether the letter between ``at`` and ``end`` is named as an option by what stands around it."""
    low = page.low
    last = low[at - 1 : at]
    if (last.isascii() and last.isalnum()) or _NUMBERED_ITEM.search(low, start, at):
        return False
    return (
        (last in {"(", "["} and low[end : end + 1] in {")", "]"})
        or (_NAMING.search(low, start, at) is not None and _LOCATES.search(low, start, at) is None)
        or (_THING.search(low, start, at) is not None and _is_name(page, at))
        or _ITEM.match(low, end) is not None
        or (_SAYING.search(low, start, at) is not None and _ENDS_CLAUSE.match(low, end) is not None)
    )


def _described(page: Page, at: int, end: int, stop: int) -> bool:
    """Whether a picture is only described, "Image B shows a dog", where the options are not pictures."""
    return (
        _PICTURED.search(page.low, max(0, at - 16), at) is not None
        and _DESCRIBES.match(page.low, end, stop) is not None
        and any(page.options.values())
        and not any(
            _PLACE.search(text.lower()) or words_of(text) == (key.lower(),) for key, text in page.options.items()
        )
    )


def _is_name(page: Page, at: int) -> bool:
    """Whether an option's text holds its own letter as a name: "Point A", "A is closer"."""
    found = label_at(page, at)
    key = found[0] if found else None
    return key is not None and key.lower() in page.text_of(key).split()


def standing_texts(page: Page, start: int, end: int) -> list[Claim]:
    """The option texts between two positions that are not denied there and are not part of a formula."""
    claims = [claim for claim in texts_in(page, start, end)[-MANY:] if _stands(page, claim, start, end)]
    one = len({claim.value for claim in claims}) == 1
    return [claim for claim in claims if not _modified(page, claim)] if one else claims


def _stands(page: Page, claim: Claim, start: int, end: int) -> bool:
    before = page.low[max(start, claim.span[0] - 60) : claim.span[0]]
    return not (
        _restated(page, claim)
        or denied(page, *claim.span, start, end)
        or in_formula(page, *claim.span)
        or _located(page, claim)
        or _counts_something(page, claim)
        or _COMPARED.search(before)
        or _BESIDES.match(page.low, claim.span[1], end)
    )


def _restated(page: Page, claim: Claim) -> bool:
    """Whether an option's text is only given with its own label, and more follows: "A is red, and the ball …"."""
    label = _LABELLED.search(page.low, max(0, claim.span[0] - 16), claim.span[0])
    found = label_at(page, label.start(1)) if label else None
    return found is not None and found[0] == claim.value and claim.span[1] < len(page.low.rstrip(" ."))


def _modified(page: Page, claim: Claim) -> bool:
    """Whether a reply of two or three words names another thing: "dark blue" is not "blue"."""
    if not _BEFORE_TEXT.search(page.low, 0, claim.span[0]):
        return True
    introduced = page.low[: claim.span[0]].rstrip().endswith((":", "→"))
    short = claim.span[1] >= len(page.low) - 2 and not introduced
    others = _ANY_WORD.findall(page.low, 0, claim.span[0]) if short else []
    if others and _COPULA.search(page.low, 0, claim.span[0]):
        return False
    return 0 < len(others) < 3 and not _PLAIN_WORDS.issuperset(others)


def _counts_something(page: Page, claim: Claim) -> bool:
    """Whether a number names or counts pictures, steps or hours: "image 2", "2 pm", "the two pictures"."""
    if not (page.low[claim.span[0]].isdigit() or words_of(page.low[slice(*claim.span)])[0].isdigit()):
        return False
    before = page.low[max(0, claim.span[0] - 12) : claim.span[0]]
    return _NUMBERED.search(before) is not None or _CLOCK.match(page.low, claim.span[1]) is not None


def _located(page: Page, claim: Claim) -> bool:
    """Whether an option's text only says where something is: "in the first image there is …"."""
    before = page.low[max(0, claim.span[0] - 12) : claim.span[0]]
    return _PLACE.search(page.low, *claim.span) is not None and _WHERE.search(before) is not None


def _in_conclusion(page: Page, find: Find) -> Iterator[Claim]:
    """What ``find`` sees in the last whole sentence that opens with "therefore" or the like and does not decline."""
    for start, end in reversed(whole_sentences(page)):
        if not concludes(page, start, end) or page.plain[end - 1] == "?":
            continue
        claims = find(page, start, end)
        if claims and not decline(page.low[start:end]):
            one = len({claim.value for claim in claims}) == 1
            yield claims[-1] if one else Claim(None, claims[-1].span, "several")
        return


def _at_the_ends(page: Page, find: Find) -> Iterator[Claim]:
    """What ``find`` sees in the first and in the last whole sentence, where it is one value each."""
    sentences = whole_sentences(page)
    for place in dict.fromkeys(sentences[:1] if breaks_off(page) else [*sentences[:1], *sentences[-1:]]):
        skip = opens_line(page, place[0]) or page.plain[place[1] - 1] == "?"
        claims = [] if skip else find(page, *place)
        if len({claim.value for claim in claims}) != 1 or _compares(page, *place, claims[-1]):
            continue
        if find is labels_in and _others_named(page, place, claims[-1]):
            continue
        others = find(page, place[1], sentences[-1][0]) if place == sentences[0] != sentences[-1] else []
        alone = {claim.value for claim in others} <= {claims[-1].value}
        yield claims[-1] if alone else Claim(None, claims[-1].span, "several")
