"""A request → how many tokens its call may take, corrected by what the replies so far report."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mmra_api.providers import Provider
from mmra_api.types import Params, Request, TokenCount, Usage

UNBOUNDED_OUTPUT = 1024
"""Output tokens assumed at most where no budget is sent, unless longer replies have come: a long explanation."""
USUAL_OUTPUT = 256
"""Output tokens assumed while no reply has come: a short explanation. For rate limits only."""
MARGIN = 1.25
"""How much more than the most seen so far a call is assumed to take at most: the next may be a little longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEstimate:
    """What a call may take."""

    expected: TokenCount
    """For rate limits, where the difference is corrected after the reply."""
    at_most: TokenCount
    """For the budget, which must not be exceeded."""
    formula: int
    """Input tokens at most, by the service's documented formula: what the expected input is a share of."""

    def replace_by(self, usage: Usage) -> TokenCount:
        """Return what a call took, as far as its reply says so; the rest as expected."""
        return TokenCount(
            input=self.expected.input if usage.input_tokens is None else usage.input_tokens,
            output=self.expected.output if usage.output_tokens is None else usage.output_tokens,
        )


class Estimator:
    """Estimates for one model, which follow what its replies report.

    Input is learned as a share of what the service's formula gives, because requests differ in their images: the share
    carries over from one to the next, a number of tokens would not.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._formula = self._input = self._output = self._replies = 0
        self._most_share = 0.0
        self._most_output = 0
        self._budget: tuple[Params, int | None] | None = None

    def estimate(self, request: Request) -> TokenEstimate:
        """Return what a call for a request may take."""
        low, high = self._provider.count_input(request)
        budget = self._find_budget(request.params)
        # The mean of the formula's two bounds, until replies tell what part of it is charged.
        share = self._input / self._formula if self._formula else (low + high) / 2 / max(high, 1)
        # While no reply has come, the formula itself is the bound: it is what the vendor documents.
        most_share = self._most_share * MARGIN if self._formula else 1.0
        return TokenEstimate(
            expected=TokenCount(input=math.ceil(high * share), output=self._expect_output(budget)),
            at_most=TokenCount(input=math.ceil(high * most_share), output=self._bound_output(budget)),
            formula=high,
        )

    def _find_budget(self, params: Params) -> int | None:
        if self._budget is None or self._budget[0] != params:  # equal for all requests of a run
            self._budget = (params, self._provider.find_output_budget(params))
        return self._budget[1]

    def _expect_output(self, budget: int | None) -> int:
        # A mean is enough for limits: what a call took beyond it is charged after its reply.
        usual = math.ceil(self._output / self._replies) if self._replies else USUAL_OUTPUT
        return min(usual, budget or usual)

    def _bound_output(self, budget: int | None) -> int:
        return budget or max(UNBOUNDED_OUTPUT, math.ceil(self._most_output * MARGIN))

    def learn(self, estimate: TokenEstimate, usage: Usage) -> None:
        """Take a reply's usage into account; one that is not whole teaches nothing."""
        if usage.input_tokens is None or usage.output_tokens is None or not estimate.formula:
            return
        self._formula += estimate.formula
        self._input += usage.input_tokens
        self._output += usage.output_tokens
        self._replies += 1
        # The most, and no mean: a budget must hold for the dearest request too.
        self._most_share = max(self._most_share, usage.input_tokens / estimate.formula)
        self._most_output = max(self._most_output, usage.output_tokens)
