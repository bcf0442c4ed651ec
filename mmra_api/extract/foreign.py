"""Page → "the answer is B" in the languages besides English that models answer in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmra_api.extract.labels import Claim, claim_at
from mmra_api.extract.page import Page
from mmra_api.extract.verdicts import ReadAt, found

_FOREIGN = (
    *("答案", "正确选项", "正确的选项", "正确的是", "最佳选项", "因此选"),
    *("所以选", "故选", "应选", "应该选", "我选", "选择"),
    *("正解", "答えは", "答え", "解答", "回答は", "정답", "답은", "답:"),
    *("respuesta", "opción correcta", "opcion correcta", "réponse", "bonne option", "antwort", "lösung", "resposta"),
    *("opção correta", "alternativa correta", "ответ", "вариант", "الإجابة", "الاجابة", "الجواب"),
)
_FOREIGN_ASCII = tuple(word for word in _FOREIGN if word.isascii())
_WORDS = (
    "corret[ao]|correct[ae]?|richtige|final|finale|est|es|la|é|ist|lautet|wäre|is|sería|será|serait|seria|"
    "option|opción|opção|letra|"
    "lettre|buchstabe|die|der|bonne|a(?=\\sletra|\\sopção|\\salternativa)|правильный|верный|это|будет|الصحيحة|الصحيح|"
    "النهائية|هي|هو"
)
_SIGNS = (
    "正解は|最终|最後|最后|应该|應該|应|就|是(?!\\s{0,2}(?:$|[.,!\\n的否]))|为|為|选项|選項|选择|選択肢|选|選|择|"
    '는|은|は|が|-|:|\\]|\\[|\\)|\\(|"|>|,'
)
_FOREIGN_LINK = re.compile(rf"(?:\s?(?:(?:{_WORDS})(?![^\W\d_])|{_SIGNS})){{0,8}}\s{{0,4}}")
_FOREIGN_NOT = re.compile(r"(?:不|没有|沒有|no\ses|n'est\spas|nicht|não|не)\s?$")


def foreign(page: Page, read: ReadAt = claim_at) -> Iterator[Claim]:
    """What is said to be the answer in Chinese, Japanese, Korean, Spanish, French, German, Portuguese, and others."""
    low = page.low
    for start, end in found(low, _FOREIGN_ASCII if low.isascii() else _FOREIGN):
        link = _FOREIGN_LINK.match(low, end)
        claim = read(page, link.end() if link else end)
        if claim is not None and not _FOREIGN_NOT.search(low, max(0, start - 12), start):
            yield claim
