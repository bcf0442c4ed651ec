"""Text in, a number of tokens out. A rough count of our own, close enough for usage figures and token limits.

One token is up to six word characters or one other visible character, with the white space before it: a letter is one
token, an English word one or two.
"""

from __future__ import annotations

import re
from itertools import islice

# No tokenizer of a vendor: they need downloads, and each vendor has another.
TOKEN = re.compile(r"\s*(?:\w{1,6}|[^\w\s])")


def count_tokens(text: str) -> int:
    return sum(1 for _ in TOKEN.finditer(text))


def split_tokens(text: str) -> list[str]:
    """The tokens, which joined are the text: white space at the end goes with the last one, or stands alone."""
    tokens = TOKEN.findall(text)
    tail = text[sum(map(len, tokens)) :]
    return [*tokens[:-1], tokens[-1] + tail] if tokens else [text] if text else []


def cut_tokens(text: str, limit: int) -> str:
    """The text up to and including its token number ``limit``."""
    # Only as far as the limit: a long text is not split to its end.
    last = next(islice(TOKEN.finditer(text), limit - 1, None), None) if limit > 0 else None
    if last is None:
        return text if limit > 0 else ""
    return text[: last.end()]
