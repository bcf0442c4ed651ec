"""An API key, and how to keep it out of whatever a service says."""

from __future__ import annotations

import base64
import re
from typing import Any, TypeVar, cast
from urllib.parse import quote

T = TypeVar("T")

SHORTEST, SHORTEST_PLAIN = 8, 16
"""Characters from which on a key is taken for a secret, with a digit and without: Hugging Face's are letters alone.

Servers of one's own take any word, which may occur in every reply.
"""
MASK = "[key]"


class ApiKey:
    """A key. Services echo it as it is, as part of an address, or as the header of basic authentication holds it."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._forms: list[str] = []
        if len(key) >= (SHORTEST if any(map(str.isdigit, key)) else SHORTEST_PLAIN):
            # Behind a colon too, because the name before it is empty where a key is sent as a password.
            coded = (base64.b64encode(text.encode()).decode("ascii").rstrip("=") for text in (key, f":{key}"))
            self._forms = list(dict.fromkeys([key, quote(key, safe=""), quote(key), key.replace("/", r"\/"), *coded]))

    def redact(self, value: T) -> T:
        """Return a JSON value without the key in any text. Raises RecursionError where it is nested too deeply."""
        return cast("T", self._redact(value))

    def tidy(self, said: object) -> str:
        """Return a text from outside on one line, without the key, which may be any word here."""
        text = " ".join(str(said).split())
        # Whole words only: a server of one's own may have the key ``no``, which is a part of many words.
        if self._key:
            text = re.sub(rf"(?<!\w){re.escape(self._key)}(?!\w)", MASK, text)
        return str(self._redact(text))

    def _redact(self, value: Any) -> Any:
        if isinstance(value, str):
            for form in self._forms:
                value = value.replace(form, MASK)
            return value
        if isinstance(value, list):
            return [self._redact(item) for item in value]
        if isinstance(value, dict):
            return {self._redact(name): self._redact(item) for name, item in value.items()}
        return value
