"""Page → claims made by place: a reply that is a label, opens with one, or ends with one on a line of its own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator

from mmra_api.extract.labels import Claim, claim_at, joined, label_at, label_before, labels_of, ordinal_at, own_text_end
from mmra_api.extract.page import MANY, Page
from mmra_api.extract.patterns import literal, words

_LEAD = re.compile(
    r"(?:[\s#>\-\"'$.,:→∴=]|[\u2190-\u25ff\u2600-\u2716\u2719-\u274b\u274f-\u2bff\U0001f300-\U0001f6aa\U0001f6ac-\U0001faff]|\\(?:text\w{0,2}|math\w{2})(?![a-z])|\\[(\[]|[\[(]x?[\])]\s|\d{1,2}[.)]\s(?=[(\[]?[a-z][)\].:]?\s*$)|<|\|){0,40}"
)
_COURTESY = re.compile(
    r"\s*(?:(?:sure(?: thing)?|certainly|of course|okay|ok|great|absolutely|alright|thank you|"
    r"thanks)\b[^\n.!:,]{0,40}[.!:,]\s*)(?:i(?:'d be happy to|'m happy to|'d be glad to| can| will|'ll) "
    r"[^\n.!:]{0,80}[.!:]\s*)?"
)
_NOUN = re.compile(
    r"(?:option|choice|letter|answer|alternative|opción|opção|вариант|الخيار|विकल्प|optie|opsi|seçenek|opcja|phương "
    r"án|보기|選択肢|选项|選項|选|選)\s{0,2}[:\-]?\s{0,2}"
)
_MARKED = re.compile(
    r"\s{0,2}(?:[).:\]},;!\"$>]|'(?!\w)|-\s|\n|$)|\s(?:because|since|based on|given|due to|\(not)\b"
    r"|\s(?:for sure|i guess|i think|i believe|i'd say|probably|definitely|obviously|clearly|as (?:it|both|the|they|"
    r"we|there))\b"
    r"|\s\|(?:\s|$)|\s?\((?=[^\W\d_])|\s\([^\W_]{2}"
    rf"|\s?(?:{literal(words('ends'))})(?:[\s.,!]|$)"
)
"""What makes a leading letter a label: a bracket, a full stop, a colon, or nothing more on its line."""
_PRAISED = re.compile(
    r"\s(?:is|seems|looks|would be)\s(?:to be\s)?(?:the\s)?(?:most\s|clearly\s)?(?:right|correct|best|accurate|one|"
    r"answer|likely|my)|\s(?:fits|matches|wins|works)\b"
)
_LINE = re.compile(r"^[ #>\-\"'$.]{0,12}(?:(?:option|choice)\s)?[(\[{\"$]{0,2}(?=[^\W_]{1,3}(?![^\W_]))", re.MULTILINE)
_ALSO = re.compile(r"[^\n]{1,60}?\s(?:or|and)\s\(?(?=[a-z][.)]\s)")
_IS = re.compile(
    r"[)\]\"']{0,2}\s+(?:may|might|could|will|should|must|is|isn't|was|does|doesn't|has|cannot|can|can't|would|shows|"
    r"looks|seems|appears|mentions|says|describes|states|refers|claims|depicts|involves|suggests|contains)\b"
)
_REJECTED = re.compile(r"[).:\]\s-]{1,4}(?:is )?(?:wrong|incorrect|false)\s?(?:[.,;\n]|$)")
_SUBJECT = re.compile(
    r"[^.\n]{0,40}?\s(?:are|aren't|all|both|do|don't|can|can't|cannot|could|couldn't|were|weren't|have|describe|seem|fail)\b"
)
_NON_BLANK = re.compile(r"\S")
_REJECTS = re.compile(r"\b(?:incorrect|wrong|not|other|others|options|choices|false|eliminate|following)\b|n't\b")
_ASKED = re.compile(r"[^.!\n?]{0,30}\?\s{0,2}\S")
_BESIDE = re.compile(r"[)\].:,\"'$\s-]{1,6}")
_INNER = re.compile(r"[(\[{<]{0,2}[\"']?\s?")
_NOTHING = re.compile(r"[\\)\]}>\"'$.:!,;|#/\s-]*")
_FEW = 2
_LAST = 400
"""Characters of the last line in which the sign is looked for."""
_POINTS_TO = re.compile(r"(?:→|[=-]>|[a-z)]:)\s{0,2}(?=[(\[\"'$]{0,2}[^\W_]{1,4}[)\]\"'$.!]{0,4}\s*$)")
_OF_ONE = re.compile(r"\b(?:image|picture|photo|figure|first|second|other|one)(?:\s\w+)?$")
_ARROW = re.compile(r"→|[=-]>")
_GIVEN = re.compile(
    r"(?:^|[.!?;]\s|\n)(?:as|since|because|given|having|after|considering)\b[^.!?;\n]{3,160},\s(?=[(\"]?[^\W_]{1,3}[)\"]?\.?\s*$)"
)
_COLON = re.compile(r"[:.]\s{0,2}[(\"]?")
_WORD_CHARACTER = re.compile(r"\w")
_INITIAL = re.compile(r"[A-Z]\.\s?[A-Za-z]{2}")
_REASONS = re.compile(
    r"explanation|reason|because|here's why|rationale|justification|analysis|other options|解析|解释|理由"
)


def alone(page: Page) -> Iterator[Claim]:
    """The reply is nothing but the label, or the label with its option's text: "B", "(B)", "**B.**", "(B) two dogs"."""
    if len(page.low) > 30 + max(map(len, page.options.values()), default=0):
        return
    at = _start(page)
    noun = _NOUN.match(page.low, at)
    inner = _INNER.match(page.low, noun.end() if noun else at)
    found = label_at(page, inner.end()) if inner else None
    if inner is None or found is None or found[0] is None:
        return
    key, end = found[0], found[1]
    if _NOTHING.fullmatch(page.low, end) or _NOTHING.fullmatch(page.low, _beside(page, key, end)):
        yield Claim(key, (inner.end(), end))


def _beside(page: Page, key: str, end: int) -> int:
    """The end of the option's own text where it stands beside its letter, else the end of the letter."""
    apart = _BESIDE.match(page.low, end)
    text = page.text_of(key)
    return apart.end() + len(text) if apart and text and page.low.startswith(text, apart.end()) else end


def opening(page: Page) -> Iterator[Claim]:
    """The label that opens the reply: "B", "(B) a cat", "B. A cat because …", "Sure! B)". Not a list of all options."""
    at = _start(page)
    found = _opening_at(page, at)
    if found is not None and found.value is not None and _relisted(page, found):
        yield Claim(None, found.span, "several")
    elif found is not None:
        yield found


def closing(page: Page) -> Iterator[Claim]:
    """The label on the last line, alone or with its text: "… is therefore:⏎(B) a cat". Not the end of a list."""
    end = len(page.plain.rstrip())
    start = page.plain.rfind("\n", 0, end) + 1
    if start == 0 or end - start > 400:
        return
    claim = _line_label(page, start)
    above = len(page.plain[:start].rstrip())
    before = page.plain.rfind("\n", 0, above) + 1
    if claim is None or _line_label(page, before) is not None:
        return
    if _introduces(page, above) or _bare(page, claim, end):
        yield claim


def counted(page: Page) -> Iterator[Claim]:
    """A reply that opens with an option's place: "The second option", "second choice: …". Not "the second image"."""
    claim = ordinal_at(page, _start(page))
    if claim is not None and (_MARKED.match(page.low, claim.span[1]) or _PRAISED.match(page.low, claim.span[1])):
        yield claim


def introduced(page: Page) -> Iterator[Claim]:
    """The label on a line that the line above announces: "The best comment is:⏎B. …⏎⏎Explanation …". Not a list."""
    found = list(_line_labels(page))
    for claim in found:
        above = len(page.plain[: claim.span[0]].rstrip(" #>-\"'$.([{\n"))
        if _introduces(page, above) and not goes_on(page, claim):
            yield claim


def own_line(page: Page) -> Iterator[Claim]:
    """The one label that opens a line, alone on it or with its text: "… is:⏎B. a cat⏎…". Several are a list."""
    found = list(_line_labels(page))
    if len({claim.value for claim in found}) == 1:
        for claim in found:
            stop = page.plain.find("\n", claim.span[1])
            if _bare(page, claim, stop if stop >= 0 else len(page.plain)):
                yield claim


def pointed(page: Page, read: Callable[[Page, int], Claim | None] = claim_at) -> Iterator[Claim]:
    """What a reply points to with its last character: "… → B", "the tail settles it: B", "As it barks, B."."""
    low = page.low
    line = max(low.rfind("\n", 0, len(low.rstrip())) + 1, len(low) - _LAST)
    lead = _POINTS_TO.search(low, line) or _GIVEN.search(low, line)
    claim = read(page, lead.end()) if lead else None
    if lead is None or claim is None or not _NOTHING.fullmatch(low, claim.span[1]):
        return
    if _ARROW.match(lead[0]):
        if not (_ARROW.search(low, line, lead.start()) or label_before(page, lead.start())):
            yield claim
        return
    said = low[max(line, low.rfind(". ", line, lead.start()) + 1) : lead.start() + 1].strip()
    plain = " " in said and not (_OF_ONE.search(said) or _REJECTS.search(said))
    if plain and not any(line <= at < claim.span[0] for _, at, _ in labels_of(page)):
        yield claim


def goes_on(page: Page, claim: Claim) -> bool:
    """Whether the next line that holds text opens with another label: the claim is an item of a list."""
    end = page.plain.find("\n", claim.span[1])
    if end < 0:
        return False
    following = _NON_BLANK.search(page.plain, end)
    after = _line_label(page, page.plain.rfind("\n", 0, following.start()) + 1) if following else None
    return after is not None and after.value != claim.value


def opens_line(page: Page, start: int) -> bool:
    """Whether a label is the first thing on the line that starts at ``start``."""
    return _line_label(page, start) is not None


def in_list(page: Page, at: int) -> bool:
    """Whether the line of ``at`` is one of three or more that open with different labels."""
    start = page.plain.rfind("\n", 0, at) + 1
    return opens_line(page, start) and len({claim.value for claim in _line_labels(page)}) > _FEW


def _introduces(page: Page, above: int) -> bool:
    """Whether the line that ends at ``above`` announces what follows, and not what it rejects."""
    line = page.low[page.low.rfind("\n", 0, above) + 1 : above]
    return line.endswith(":") and not _REJECTS.search(line)


def _start(page: Page) -> int:
    """Where the reply begins, past courtesies and markup."""
    if "start" not in page.memo:
        page.memo["start"] = _find_start(page)
    return int(page.memo["start"])


def _find_start(page: Page) -> int:
    courtesy = _COURTESY.match(page.low)
    lead = _LEAD.match(page.low, courtesy.end() if courtesy else 0)
    return lead.end() if lead else 0


def _opening_at(page: Page, at: int) -> Claim | None:
    noun = _NOUN.match(page.low, at)
    if noun:
        at = noun.end()
    bracket = page.plain[at : at + 1] in {"(", "[", "{", "<"}
    blank = bracket and page.plain[at + 1 : at + 2] == " "
    at += blank
    found = label_at(page, at + bracket)
    if found is None:
        run = claim_at(page, at) if not noun else None
        return run if run is not None and run.why == "several" and run.span[0] <= at + 2 else None
    key, end = found
    name = (key == "I" and joined(page, key, end) is None) or _has_initials(page)
    if _ASKED.match(page.plain, end) or (name and not bracket and not _bare_or_own(page, key, end)):
        return None
    other = joined(page, key, end) or _prefixed(page, key, end)
    if _IS.match(page.low, end) or (other is not None and _SUBJECT.match(page.low, end)):
        return None
    if _REJECTED.match(page.low, end) and own_text_end(page, page.text_of(key), end) <= end + 3:
        return None
    marked = bracket or _MARKED.match(page.low, end) or _own_text(page, key, end)
    if not (marked or (noun and page.plain[end] == " ") or other is not None):
        return None
    also = _ALSO.match(page.low, end)
    second = label_at(page, also.end()) if also else None
    second = None if second and _IS.match(page.low, second[1]) else second
    if (second is not None and second[0] != key) or _lists_inline(page, key, end):
        other = second[1] if second else end
    if other is not None:
        return Claim(None, (at + bracket, other), "several")
    return Claim(key, (at + bracket, end), "" if key is not None else "out_of_range")


def _has_initials(page: Page) -> bool:
    """Whether the options are names with initials, "C. Darwin", so that "C. Darwin" is no label and a text."""
    return any(_INITIAL.match(text) for text in page.options.values())


def _bare_or_own(page: Page, key: str | None, end: int) -> bool:
    """Whether nothing or the option's own text follows the label."""
    own = own_text_end(page, page.text_of(key), end)
    return own > own_text_end(page, "", end) or not _WORD_CHARACTER.search(page.low, end)


def _prefixed(page: Page, key: str | None, end: int) -> int | None:
    """The end of another label that is all that follows "A:", which may mean "answer" or the option A."""
    colon = _COLON.match(page.plain, end)
    second = label_at(page, colon.end()) if colon else None
    return second[1] if second and second[0] != key and not _WORD_CHARACTER.search(page.low, second[1]) else None


def _lists_inline(page: Page, key: str | None, end: int) -> bool:
    """Whether the options follow one another on the line, from the first on: "A) cat B) dog C) bird"."""
    keys = list(page.options)
    if len(keys) < 2 or key != keys[0]:
        return False
    stop = page.plain.find("\n", end)
    line = page.plain[end : stop if stop >= 0 else end + 400]
    forms = (f"{keys[1]}) ", f" {keys[1]}. ", f" {keys[1]}:", f"| {keys[1]} |")
    at = (
        max(line.find(form) + len(form) - len(form.lstrip(" |")) for form in forms if form in line)
        if any(form in line for form in forms)
        else 0
    )
    return at > 0 and not _IS.match(line, at + len(keys[1]))


def _own_text(page: Page, key: str | None, end: int) -> bool:
    """Whether the option's own text follows its letter with nothing but space between: "B cat"."""
    text = page.text_of(key)
    return bool(text) and page.low.startswith(text, end + 1)


def _line_labels(page: Page) -> Iterator[Claim]:
    for match in deque(_LINE.finditer(page.low), maxlen=2 * MANY):
        claim = _line_label(page, match.start())
        if claim is not None:
            yield claim


def _bare(page: Page, claim: Claim, end: int) -> bool:
    """Whether the line holds only the label, or the label and its option's text."""
    text = page.text_of(claim.value)
    return not _WORD_CHARACTER.search(page.low, own_text_end(page, text, claim.span[1]), end)


def _line_label(page: Page, start: int) -> Claim | None:
    """The label that opens the line at ``start``, marked as one or alone on it."""
    match = _LINE.match(page.low, start)
    if match is None:
        return None
    found = label_at(page, match.end())
    if found is None:
        return None
    key, end = found
    bracket = page.plain[match.end() - 1 : match.end()] in {"(", "["}
    if not (bracket or _MARKED.match(page.low, end)):
        return None
    other = joined(page, key, end)
    if other is not None:
        return Claim(None, (match.end(), other), "several")
    return Claim(key, (match.end(), end), "" if key is not None else "out_of_range")


def _relisted(page: Page, first: Claim) -> bool:
    """Whether other labels open later lines as in a list of options, and not as reasons given after the answer."""
    end = first.span[1]
    for claim in _line_labels(page):
        if claim.span[0] > end and claim.value != first.value:
            return _REASONS.search(page.low, end, claim.span[0]) is None
    return False
