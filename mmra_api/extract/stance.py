"""Page → yes or no in a set phrase without either word: "Absolutely not.", "I think so", "The statement is false"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmra_api.extract.labels import Claim
from mmra_api.extract.page import Page
from mmra_api.extract.patterns import literal
from mmra_api.extract.yesno import FULL_STOP, OFFERS

_YES = (
    "you bet|in the affirmative|hell yes|"
    "absolutely|definitely|certainly|of course|indeed|sure|surely|for sure|exactly|undoubtedly|without a doubt|"
    "without doubt|i think so|i believe so|i'd say so|i would say so|i guess so|i suppose so|that's right|"
    "that is right|that's correct|that is correct|that's true|that is true|it does|they do|it is|they are|both do|"
    "very much so|it would seem so|it seems so|it appears so|you are right|you're right|you are correct|agreed|i agree|"
    "por supuesto|claro|claro que sí|así es|efectivamente|es correcto|es cierto|es verdad|creo que sí|"
    "bien sûr|tout à fait|absolument|effectivement|c'est vrai|c'est correct|c'est exact|exactement|je pense que oui|"
    "natürlich|doch|"
    "selbstverständlich|genau|auf jeden fall|stimmt|das stimmt|das ist richtig|das ist korrekt|ich denke ja|"
    "está sim|é sim|"
    "com certeza|claro que sim|é verdade|isso mesmo|está correto|acho que sim|exatamente|"
    "конечно|безусловно|это верно|это правда|думаю, да|совершенно верно|"
    "بالتأكيد|بالطبع|هذا صحيح|صحيح|当然|當然|没错|沒錯|确实如此|確實如此|的确|もちろん|その通りです|そうです|물론|"
    "물론입니다|그렇다|맞습니다|맞아요|"
    "certo|certamente|esatto|è vero|oczywiście|zgadza się|natuurlijk|inderdaad|klopt|elbette|kesinlikle|tabii|"
    "tentu|tentu saja|"
    "बिल्कुल|tất nhiên|chắc chắn"
)
_NO = (
    "hell no|in the negative|"
    "absolutely not|definitely not|probably not|likely not|apparently not|i'm afraid not|most likely not|unlikely|"
    "certainly not|of course not|surely not|not at all|not really|not quite|not exactly|"
    "i don't think so|i do not think so|i think not|i believe not|i don't believe so|i do not believe so|i guess not|"
    "i suppose not|i'd say not|that's wrong|that is wrong|that's not right|that is not right|that's not correct|"
    "that is not correct|that's incorrect|that is incorrect|that's not true|that is not true|that's false|that is "
    "false|"
    "it does not|it doesn't|they do not|they don't|it is not|it isn't|they are not|they aren't|by no means|far from it|"
    "not the case|that's not the case|that is not the case|this is not the case|i disagree|not true|not correct|no way|"
    "en absoluto|claro que no|por supuesto que no|no es correcto|no es cierto|no es verdad|creo que no|de ninguna "
    "manera|"
    "pas du tout|bien sûr que non|absolument pas|certainement pas|c'est faux|je pense que non|aucunement|"
    "überhaupt nicht|natürlich nicht|auf keinen fall|das stimmt nicht|das ist falsch|keineswegs|ganz und gar nicht|"
    "claro que não|de jeito nenhum|com certeza não|não é verdade|acho que não|de forma alguma|"
    "конечно нет|вовсе нет|это неверно|это неправда|думаю, нет|ни в коем случае|"
    "بالتأكيد لا|بالطبع لا|هذا غير صحيح|غير صحيح|ليس صحيحا|当然不|当然不是|當然不是|绝对不是|絕對不是|并非如此|"
    "並非如此|"
    "違います|そうではありません|もちろん違います|그렇지 않습니다|물론 아닙니다|틀렸습니다|아닌 것 같습니다|"
    "certo che no|assolutamente no|non è vero|oczywiście, że nie|absolutnie nie|natuurlijk niet|zeker niet|"
    "helemaal niet|"
    "kesinlikle hayır|elbette hayır|tentu tidak|tentu saja tidak|बिल्कुल नहीं|tất nhiên là không"
)
_SUBJECTS = (
    r"(?:the|this|that|your|his|her)\s(?:statement|claim|assertion|description|caption|sentence|proposition|hypothesis|"
    r"premise|conclusion)|la (?:afirmación|declaración|affirmation)|l'affirmation|die aussage|a afirmação|утверждение|"
    r"(?:该|这个|此)?(?:说法|陈述|描述|命题)|this|it|that"
)
_STATES = re.compile(
    rf"(?:{_SUBJECTS})\s?(?:is|was|es|est|ist|é|seems|appears to be|would be|是)?\s?(?:indeed|clearly|therefore|"
    rf"definitely|"
    r"completely|entirely|absolutely|actually)?\s?(?:(?P<no>not (?:true|correct|right|accurate|the case|valid)|"
    r"isn't (?:true|correct|right)|"
    r"false|incorrect|wrong|untrue|inaccurate|falsa|fausse|falsch|неверно|ложно|错误的?|错的|不正确的?|不对的?)|"
    r"(?P<yes>true|correct|right|accurate|verdadera|correcta|vraie|correcte|wahr|richtig|verdadeira|верно|истинно|"
    r"正确的?|对的))"
)
_PHRASES = re.compile(f"(?P<no>{literal(_NO.split('|'))})|(?P<yes>{literal(_YES.split('|'))})")
_LEAD = re.compile(
    r"[\s#>\-\"'$.,:(]{0,20}(?:(?:so|indeed|therefore|thus|hence|well|hmm|ok|okay|in conclusion|overall|then|"
    r"i (?:must |would |will )?answer|i think|i "
    r"believe|i'd say)"
    r"[,:]?\s)?"
)
_SHUT = re.compile(r"[\"')]{0,3}\s?(?:[.!,;:\n-]|$|(?:because|since|as|based on|given)\b)")
_SENTENCE = re.compile(r"[.!?;:\n]\s+")
_BARE = frozenset(
    ("it is", "they are", "it does", "they do", "both do", "it is not", "it isn't", "sure", "claro", "certo", "indeed")
)
_BARE |= {
    "of course",
    "absolutely",
    "definitely",
    "certainly",
    "surely",
    "exactly",
    "undoubtedly",
    "natürlich",
    "genau",
}
"""Phrases that go on too easily: they count only where the sentence ends with them."""


def stance(page: Page) -> Iterator[Claim]:
    """A first or last sentence that is a set phrase of assent or denial, or calls "the statement" true or false."""
    low = page.low
    starts = [0]
    cut = max(0, len(low) - 160)
    starts += [match.end() for match in _SENTENCE.finditer(low, cut)][-1:]
    for start in dict.fromkeys(starts):
        lead = _LEAD.match(low, start)
        claim = _phrase(low, lead.end() if lead else start) or _phrase(low, start)
        if claim is not None:
            yield claim


def _phrase(low: str, at: int) -> Claim | None:
    for forms in (_PHRASES, _STATES):
        match = forms.match(low, at)
        if match is None:
            continue
        shut = FULL_STOP if match[0] in _BARE else _SHUT
        if shut.match(low, match.end()) and not OFFERS.match(low, match.end()):
            return Claim("No" if match["no"] else "Yes", match.span())
    return None
