"""An Ask in, the verdict of a simulated judge out: a form of two lines about a fenced reply.

It takes the last of the allowed words that stands alone in the reply, as a careless judge would, and says NONE where
there is none. Now and then its form is broken, so that a client's second question is rehearsed.
"""

from __future__ import annotations

import re

from mmra_api.sandbox.chance import Chance
from mmra_api.sandbox.wire import Ask

# The closing fence has to repeat the opening one: a reply under judgement may hold such a line itself, and would end
# the quotation early. The program makes it a hash of the reply.
FENCED = re.compile(r"^=== ([0-9a-f]{16}) ===$\n(.*?)\n^=== \1 ===$", re.MULTILINE | re.DOTALL)
# The program has two ways to ask, a form and a sentence; both lists of words end in NONE.
WORDS = re.compile(r"(?:choice: |one of these words: )([^\n]*?),? (?:or )?none", re.IGNORECASE)
BROKEN = 0.1
"""Share of the verdicts whose form is broken."""
AROUND = 40
"""Characters of a quote, about."""


def judge(ask: Ask, chance: Chance) -> str:
    """What a simulated judge replies; empty when the prompt does not ask for a verdict."""
    fenced, words = FENCED.search(ask.prompt), WORDS.search(ask.prompt)
    if fenced is None or words is None:
        return ""
    if chance.roll("broken form") < BROKEN:
        return "I would say that the reply speaks for itself."
    reply = fenced[2]
    allowed = "|".join(map(re.escape, re.findall(r"\w+", words[1].replace(" or ", " "))))
    # In letters the case counts: a small `a` is an article. Yes and No are meant in any case.
    places = list(re.finditer(rf"\b(?:{allowed})\b", reply, re.IGNORECASE if "Yes" in allowed else re.NOFLAG))
    if not places:
        return "CHOICE: NONE\nQUOTE:"
    last = places[-1]
    # Of one line: a quote that ran over several would break the form, which has a line for each field.
    quote = reply[: last.end()].split("\n")[-1]
    if len(quote) > AROUND:  # from a whole word on
        quote = quote[-AROUND:].partition(" ")[2] or quote
    return f"CHOICE: {last[0]}\nQUOTE: {quote}"
