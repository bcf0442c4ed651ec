"""Limits over real HTTP, real files and a real clock: kept, learned, shared."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from mmra_api.dispatch.cost.budget import Budget
from mmra_api.dispatch.cost.prices import OwnPrice
from mmra_api.dispatch.dispatcher import Dispatcher
from mmra_api.dispatch.limits.stated import StatedLimits
from mmra_api.dispatch.retry import RetryPolicy
from mmra_api.errors import OverBudget, Stopped
from mmra_api.providers.lookup import resolve
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults
from mmra_api.types import Event, Params, RateLimits, Request, Response, TokenPrice

QUICK = RetryPolicy(first_wait=0.01)


@pytest.fixture
def connect(dispatching, tmp_path):
    """Return a function that opens dispatchers on one cache folder."""

    def make(sandbox: Sandbox, **options):
        return dispatching(resolve("openai/m", base_url=sandbox.base_url, timeout=5.0), tmp_path / "cache", **options)

    return make


def ask(number: int, **params) -> Request:
    return Request(parts=(f"Question {number}?\nA. a cup\nB. a chair",), choices=("A", "B"), params=Params(**params))


async def ask_all(
    connected: AbstractAsyncContextManager[Dispatcher], count: int, **params
) -> list[Response | BaseException]:
    async with connected as dispatcher:
        asked = (dispatcher.ask(ask(number, **params)) for number in range(count))
        return await asyncio.gather(*asked, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - the sandbox counts in threads of its own
            await asyncio.sleep(0.01)


async def test_a_pace_of_calls_is_kept(connect):
    with Sandbox() as sandbox:
        begun = time.monotonic()
        await ask_all(connect(sandbox, limits=RateLimits(rpm=600)), 12)
        assert time.monotonic() - begun > 10 * 0.1
        assert sandbox.counters.paid == 12


async def test_a_pace_of_tokens_is_kept_and_settled(connect):
    """The first call is charged by guess; the others by what replies report."""
    with Sandbox() as sandbox:
        await ask_all(connect(sandbox), 1)
        each = sandbox.counters.input_tokens + sandbox.counters.output_tokens
        begun = time.monotonic()
        await ask_all(connect(sandbox, limits=RateLimits(tpm=each * 60 * 5)), 8)
        took = time.monotonic() - begun
    assert took > 6 * 0.2, "five calls a second"
    assert took < 10, "not as slow as the first guess, which assumes hundreds of tokens of output"


async def test_two_dispatchers_on_one_folder_share_a_pace(connect):
    limits = RateLimits(rpm=600)
    with Sandbox() as sandbox:
        begun = time.monotonic()
        async with connect(sandbox, limits=limits) as first, connect(sandbox, limits=limits) as second:
            await asyncio.gather(*((first, second)[number % 2].ask(ask(number)) for number in range(12)))
        assert time.monotonic() - begun > 10 * 0.1
        assert sandbox.counters.paid == 12


async def test_limits_are_learned_from_headers(connect):
    with Sandbox(rpm=600, rate_headers=True) as sandbox:
        await ask_all(connect(sandbox, limits=RateLimits(concurrency=1)), 15)
        assert sandbox.counters.paid == 15
        assert not sandbox.counters.faults


async def test_a_refusal_slows_everyone_and_is_told(connect):
    with Sandbox(faults=Faults(script=("429",), retry_after=0.4)) as sandbox:
        async with connect(sandbox, limits=RateLimits(concurrency=1)) as dispatcher:
            asked = [asyncio.create_task(dispatcher.ask(ask(number))) for number in range(3)]
            await until(lambda: sandbox.counters.calls == 1)
            await asyncio.sleep(0.1)
            assert sandbox.counters.calls == 1, "nobody else calls meanwhile"
            assert "refused for its rate" in dispatcher.status.reason
            assert dispatcher.status.failures == {"rate_limit": 1}
            await asyncio.gather(*asked)
    assert dispatcher.status.queued == dispatcher.status.in_flight == 0


PRICE = OwnPrice(TokenPrice(input=1000.0, output=1000.0))
"""$0.001 a token."""


async def test_a_budget_is_kept_to_the_cent(connect):
    with Sandbox() as sandbox:
        budget = Budget(usd=1.0)
        results = await ask_all(connect(sandbox, budget=budget, price=PRICE), 200, max_tokens=4)
        paid = sandbox.counters.input_tokens + sandbox.counters.output_tokens
    spent = budget.spent.usd
    assert spent == pytest.approx(paid / 1000)
    assert spent is not None
    assert 0.9 < spent <= 1.0, "no more than allowed, and hardly less"
    kinds = {type(result) for result in results}
    assert OverBudget in kinds
    assert kinds >= {OverBudget, Stopped}


async def test_a_budget_that_is_too_small_for_one_call_makes_none(connect):
    with Sandbox() as sandbox:
        results = await ask_all(connect(sandbox, budget=Budget(usd=0.001), price=PRICE), 3)
        assert sandbox.counters.calls == 0
    assert sorted(type(result).__name__ for result in results) == ["OverBudget", "Stopped", "Stopped"]


async def test_hits_are_free_when_the_budget_is_spent(connect):
    with Sandbox() as sandbox:
        await ask_all(connect(sandbox), 3)
        results = await ask_all(connect(sandbox, budget=Budget(usd=1e-9), price=PRICE), 3)
    assert [result.source for result in results] == ["cache"] * 3


async def test_lost_calls_count_as_spent(connect):
    with Sandbox(faults=Faults(script=("drop",))) as sandbox:
        budget = Budget()
        await ask_all(connect(sandbox, budget=budget), 3)
    assert (budget.spent.calls, budget.spent.lost) == (3, 3)
    assert budget.spent.output_tokens > 1024


async def test_a_call_that_never_left_is_not_lost(connect):
    with Sandbox() as sandbox:
        budget = Budget()
        events: list[Event] = []
        connected = connect(sandbox, budget=budget, on_event=events.append)
    await ask_all(connected, 2)
    assert [event.kind for event in events].count("connection") >= 2
    assert budget.spent.lost == 0


async def test_stopping_wakes_whoever_waits_for_a_limit(connect):
    with Sandbox() as sandbox:
        async with connect(sandbox, limits=RateLimits(rpm=1)) as dispatcher:
            asked = [asyncio.create_task(dispatcher.ask(ask(number))) for number in range(4)]
            await until(lambda: sandbox.counters.paid == 1 and dispatcher.status.queued == 3)
            assert "1 calls a minute" in dispatcher.status.reason
            dispatcher.ending.begin(Stopped("enough"))
            async with asyncio.timeout(2):
                results = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Response", "Stopped", "Stopped", "Stopped"]


class Pausing:
    """Shared buckets in which others have set a pause of 4 s."""

    async def charge(self, scope, charges):
        return 4.0

    async def correct(self, scope, charges): ...

    async def pause(self, scope, seconds): ...


async def test_a_pause_is_found_by_whoever_looks_again_at_once():
    """Where no limit is stated, the pauses of others are looked up now and then; but never passed over once seen."""
    limits = StatedLimits("scope", RateLimits(), Pausing())
    assert [await limits.charge([]) for _ in range(3)] == [4.0, 4.0, 4.0]
