"""Page → the label that a contrast prefers: "not A but B", "B rather than A", in any language of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from mmra_api.extract.asserted import SHUTS
from mmra_api.extract.labels import Claim, labels_of
from mmra_api.extract.languages import LANGUAGES
from mmra_api.extract.page import Page
from mmra_api.extract.patterns import UNSPACED, alternatives, literal, words

CONTRAST_WORDS = alternatives("t not neither rather instead opposed preference")
_PAIRS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (
        re.compile(rf"(?:^|(?<=[\W{UNSPACED}]))(?:{literal(before.split('|'))})\s?[(\"]?$" if before else ""),
        re.compile(rf"[)\"]?[\s,;.]{{0,2}}(?:{literal(between.split('|'))})[\s,]{{0,2}}(?:option |choice )?[(\"]?"),
    )
    for language in LANGUAGES.values()
    if language.contrast
    for before, between in [(side.strip() for side in language.contrast.split("..."))]
)
_NOTS = ("not ", "n't ", "neither ", "nicht ", "pas ", "no ", "não ", "не ", "non ", "nie ", "niet ", "bukan ")
_OVER = re.compile(rf"[)\"]?[\s,]{{0,2}}(?:{literal(words('over'))})\s?(?:option |choice )?[(\"]?")


def contrasted(page: Page) -> Iterator[Claim]:
    """The second of two labels in "not A but B", the first in "B rather than A", in any language of the table."""
    places = labels_of(page)
    for (x, x_start, x_end), (y, y_start, y_end) in pairwise(places):
        if x == y or y_start - x_end > 24:
            continue
        if any(
            between.fullmatch(page.low, x_end, y_start) and before.search(page.low, max(0, x_start - 20), x_start)
            for before, between in _PAIRS
        ):
            yield Claim(y, (y_start, y_end))
        elif (
            _OVER.fullmatch(page.low, x_end, y_start)
            and not page.low.endswith(_NOTS, 0, x_start)
            and SHUTS.match(page.low, y_end)
        ):
            yield Claim(x, (x_start, x_end))
