from __future__ import annotations

import pytest

from mmra_api.dispatch.cost.budget import Budget, Reservation
from mmra_api.dispatch.cost.estimator import UNBOUNDED_OUTPUT, Estimator
from mmra_api.dispatch.cost.prices import OwnPrice, find_price
from mmra_api.errors import OverBudget
from mmra_api.providers.lookup import resolve
from mmra_api.types import Image, Params, Request, TokenCount, TokenPrice, Usage

PRICE = OwnPrice(TokenPrice(input=10.0, output=100.0, cached_input=1.0, cache_write=20.0))
CALL = TokenCount(input=1000, output=100)
"""Costs $0.02."""
USED = Usage(input_tokens=500, output_tokens=50)
"""Costs $0.01."""


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        (Usage(input_tokens=1_000_000, output_tokens=0), 10.0),
        (Usage(input_tokens=0, output_tokens=1_000_000), 100.0),
        (Usage(input_tokens=1_000_000, output_tokens=0, cached_tokens=400_000), 6.4),
        (Usage(input_tokens=10, output_tokens=0, cached_tokens=1_000_000), 10 / 1e6),
        (Usage(input_tokens=1_000_000, cache_write_tokens=500_000), 15.0),
        (Usage(input_tokens=1_000_000, cached_tokens=600_000, cache_write_tokens=600_000), 0.6 + 8.0),
        (Usage(), 0.0),
    ],
)
def test_a_price_of_ones_own(usage, usd):
    assert PRICE.cost(usage) == pytest.approx(usd)


def test_cached_input_costs_as_other_input_unless_said():
    price = OwnPrice(TokenPrice(input=10.0, output=0.0))
    assert price.cost(Usage(input_tokens=1_000_000, output_tokens=0, cached_tokens=1_000_000)) == pytest.approx(10.0)
    assert price.cost(Usage(input_tokens=1_000_000, cache_write_tokens=1_000_000)) == pytest.approx(10.0)


def test_prices_are_found_by_model_and_address():
    listed = find_price("openai", "gpt-4o")
    assert listed is not None
    assert "gpt-4o" in listed.source
    whole = listed.cost(Usage(input_tokens=1000, output_tokens=0))
    assert 0 < listed.cost(Usage(input_tokens=1000, output_tokens=0, cached_tokens=1000)) < whole
    claude = find_price("anthropic", "claude-sonnet-4-5")
    fresh, written = (claude.cost(Usage(input_tokens=1000, cache_write_tokens=count)) for count in (0, 1000))
    assert written == pytest.approx(1.25 * fresh), "a write to the cache costs a quarter more, by Anthropic's pricing"
    assert find_price("openai", "gpt-4o", base_url="http://127.0.0.1:1/v1") == listed
    assert find_price("openai", "of-no-known-price") is None
    assert find_price("vllm", "anything") is None
    own = find_price("vllm", "anything", own={"vllm/anything": TokenPrice(input=1.0, output=2.0)})
    assert own.cost(Usage(input_tokens=1_000_000, output_tokens=1_000_000)) == pytest.approx(3.0)


def reserved(budget: Budget, most: TokenCount) -> Reservation:
    """Set aside what a call may take, which need not wait."""
    reservation = budget.reserve(most, PRICE)
    assert reservation is not None
    return reservation


def settled(budget: Budget, most: TokenCount, usage: Usage) -> None:
    budget.settle(reserved(budget, most), usage)


def test_calls_fit_until_the_next_one_could_exceed_the_budget():
    budget = Budget(usd=0.05)
    for _ in range(4):
        settled(budget, CALL, USED)
    assert budget.spent.usd == pytest.approx(0.04)
    with pytest.raises(OverBudget, match=r"\$0.05 is reached: \$0.0400 spent, and the next call may cost \$0.0200"):
        budget.reserve(CALL, PRICE)
    settled(budget, TokenCount(input=1000), USED)
    spent = budget.spent.usd
    assert spent is not None
    assert spent <= 0.05


def test_what_is_reserved_counts_until_it_is_settled():
    budget = Budget(usd=0.065)
    settled(budget, CALL, USED)
    first, second = reserved(budget, CALL), reserved(budget, CALL)
    assert budget.reserve(CALL, PRICE) is None, "it waits for the others"
    budget.settle(first, USED)
    third = reserved(budget, CALL)
    budget.release(second)
    budget.release(third)
    assert budget.spent.usd == pytest.approx(0.02)


def test_the_first_call_goes_alone_so_that_the_next_are_known():
    budget = Budget(tokens=1_000_000)
    first = reserved(budget, CALL)
    assert budget.reserve(CALL, PRICE) is None
    budget.settle(first, USED)
    assert budget.reserve(CALL, PRICE) is not None
    second = reserved(budget, CALL)
    assert budget.reserve(CALL, PRICE) is None, "no more under way than replies have come, and one"
    budget.settle(second, USED)
    assert budget.reserve(CALL, PRICE) is not None
    assert budget.reserve(CALL, PRICE) is not None


def test_without_limits_nothing_waits():
    budget = Budget()
    assert all(budget.reserve(CALL, None) for _ in range(50))


def test_a_call_of_unknown_outcome_counts_as_spent():
    budget = Budget(usd=1.0)
    budget.lose(reserved(budget, CALL))
    assert (budget.spent.lost, budget.spent.calls) == (1, 0)
    assert budget.spent.usd == pytest.approx(0.02)


def test_a_reply_that_does_not_say_what_it_took_counts_as_reserved():
    budget = Budget(usd=1.0)
    settled(budget, CALL, Usage())
    assert budget.spent.usd == pytest.approx(0.02)
    assert (budget.spent.input_tokens, budget.spent.output_tokens) == (1000, 100)


def test_a_reply_without_usage_that_is_longer_than_reserved_counts_as_long_as_it_is():
    budget = Budget()
    reservation = reserved(budget, CALL)
    budget.settle(reservation, Usage(input_tokens=7), written=5000)
    assert (budget.spent.input_tokens, budget.spent.output_tokens) == (7, 5000)


def test_what_was_spent_beyond_the_budget_is_said():
    budget = Budget(usd=0.05)
    assert budget.excess == ""
    settled(budget, CALL, Usage(input_tokens=0, output_tokens=600))
    assert budget.excess == "$0.0100 more than --max-cost"
    budget = Budget(tokens=2000)
    settled(budget, CALL, Usage(input_tokens=2000, output_tokens=5))
    assert budget.excess == "5 tokens more than --max-tokens-total"


def test_tokens_are_kept_too():
    budget = Budget(tokens=2000)
    settled(budget, CALL, USED)
    settled(budget, CALL, USED)
    with pytest.raises(OverBudget, match=r"1,100 spent, and the next call may take 1,100"):
        budget.reserve(CALL, None)


def test_a_freed_reservation_counts_once():
    budget = Budget()
    reservation = reserved(budget, CALL)
    budget.settle(reservation, USED)
    budget.release(reservation)
    assert budget.spent.calls == 1


def make_request(**params) -> Request:
    image = Image(digest="1" * 64, media_type="image/png", width=512, height=512, size=9)
    return Request(parts=(image, "What is this?", image), params=Params(**params))


@pytest.fixture
def estimator():
    return Estimator(resolve("openai/m", base_url="http://127.0.0.1:1/v1"))


def test_estimates_begin_with_the_documented_formula(estimator):
    estimate = estimator.estimate(make_request())
    assert 2 * 85 < estimate.expected.input < estimate.at_most.input
    assert estimate.at_most.input >= 2 * 630, "256 patches of 32 pixels, times 2.46"
    assert estimate.at_most.output == UNBOUNDED_OUTPUT
    assert estimator.estimate(make_request(max_tokens=7)).at_most.output == 7


def test_estimates_follow_what_replies_report(estimator):
    request = make_request()
    for _ in range(5):
        estimator.learn(estimator.estimate(request), Usage(input_tokens=600, output_tokens=30))
    estimate = estimator.estimate(request)
    assert estimate.expected == TokenCount(input=600, output=30)
    assert estimate.at_most.input == pytest.approx(750, abs=2)
    assert estimate.at_most.output == UNBOUNDED_OUTPUT, "the next may be long"
    estimator.learn(estimate, Usage(input_tokens=600, output_tokens=2000))
    assert estimator.estimate(request).at_most.output == 2500
    estimate = estimator.estimate(request)
    estimator.learn(estimate, Usage())
    assert estimator.estimate(request) == estimate, "a reply without usage teaches nothing"
