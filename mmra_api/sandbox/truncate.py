"""An utterance and limits in, what a service lets through of it out."""

from __future__ import annotations

from dataclasses import replace

from mmra_api.sandbox.styles import Utterance
from mmra_api.sandbox.tokens import count_tokens, cut_tokens


def halt(utterance: Utterance, stops: tuple[str, ...]) -> Utterance:
    """The utterance up to the first of the texts at which it is to stop; reasoning is not searched."""
    text = utterance.text or ""
    found = [(text.index(stop), stop) for stop in stops if stop in text]
    if not found:
        return utterance
    # The first in the text ends it, not the first in the list. The end that was planned, a cut or not, is never
    # reached.
    at, stop = min(found)
    return replace(utterance, text=text[:at], finish="stop", stop=stop)


def fit(utterance: Utterance, limit: int | None) -> Utterance:
    """The utterance within a limit of output tokens; reasoning is spent first, as at real services."""
    thought, aside, said = map(count_tokens, (utterance.reasoning, utterance.commentary, utterance.text or ""))
    if limit is None or thought + aside + said <= limit:
        return utterance
    # A limit below what is spent so far is negative further down; `cut_tokens` then leaves nothing.
    reasoning = cut_tokens(utterance.reasoning, limit)
    commentary = cut_tokens(utterance.commentary, limit - thought)
    text = cut_tokens(utterance.text or "", limit - thought - aside)
    # Not `replace`: where the limit came first, the stop was not reached.
    return Utterance(text=text, reasoning=reasoning, commentary=commentary, finish="length")
