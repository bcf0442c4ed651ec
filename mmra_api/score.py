"""Answer × Response × gold → Score: the outcome of one sample. A failure to read is never charged as a wrong answer.

Every sample gets exactly one outcome, in this order of asking: ``failed`` (no reply: ``score_failure``), ``graded``
(a judge gave points: ``score_graded``), ``correct`` or ``wrong`` (a value was read), ``refused``, ``truncated``,
``empty``, ``unparsed`` (none was: ``score``). Only ``correct`` and ``graded`` bring credit, what every mean is made of.
"""

from __future__ import annotations

from mmra_api.types import Answer, Failure, Outcome, Response, Score

FAILED = Score(outcome="failed", credit=0.0)
"""The score of a call that gave no reply."""
REFUSED = Score(outcome="refused", credit=0.0)


def score(answer: Answer, response: Response, gold: str) -> Score:
    """Tell the outcome, asking in this order; the first that holds decides:

    1. a value was read: ``correct`` if it equals ``gold`` without regard to case and outer space, else ``wrong``; but
       of a reply that did not come to its own end (a token limit, a filter, a word that nobody knows) only a certain
       reading counts, for a likely one may rest on a mere mention before the verdict;
    2. the service stopped the reply (finish ``refusal`` or ``content_filter``) or filled its refusal field, or the
       extractor found a refusal in the text: ``refused``;
    3. the reply hit the token limit (finish ``length``), also when reasoning left no text at all: ``truncated``;
    4. there is no text: ``empty``;
    5. anything else: ``unparsed``.
    """
    ended = response.finish == "stop" or (response.finish == "other" and not response.finish_raw)  # some name no reason
    if answer.value is not None and (ended or answer.confidence == "certain"):
        hit = answer.value.strip().casefold() == gold.strip().casefold()
        return Score(outcome="correct", credit=1.0) if hit else Score(outcome="wrong", credit=0.0)
    return Score(outcome=_unread(answer, response), credit=0.0)


def _unread(answer: Answer, response: Response) -> Outcome:
    # What the service did comes before what the text lacks: a filtered reply is often empty, a cut one never parsed.
    if response.finish in {"refusal", "content_filter"} or response.refusal or answer.rule == "refusal":
        return "refused"
    if response.finish == "length":
        return "truncated"
    return "unparsed" if response.text.strip() else "empty"


def score_graded(points: float, scale: float) -> Score:
    """Return the score of an answer that a grader gave ``points`` out of ``scale``: its credit is their ratio.

    0 points are ``graded`` too, never ``wrong``: somebody looked. Raises ValueError unless ``0 <= points <= scale`` and
    ``scale`` is above 0.
    """
    if not (scale > 0 and 0 <= points <= scale):
        raise ValueError(f"points must lie between 0 and scale, got points={points!r}, scale={scale!r}")
    return Score(outcome="graded", credit=points / scale, points=points)


def score_failure(failure: Failure) -> Score:
    """Return the score of a call that gave no reply: a service that filters the question refuses it."""
    return REFUSED if failure.kind == "content_filtered" else FAILED
