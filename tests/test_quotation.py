"""A quote against what then happens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmra_api.dispatch.cost.estimator import UNBOUNDED_OUTPUT, Estimator
from mmra_api.run import evaluate
from mmra_api.runs.estimates import quote
from mmra_api.runs.plan import Plan
from mmra_api.sandbox import Sandbox
from mmra_api.types import Params, RateLimits

CONFIG = '[prices."openai/m"]\ninput = 1000\noutput = 2000\n'


@pytest.fixture
def priced(tmp_path):
    (tmp_path / "mine.toml").write_text(CONFIG)
    return tmp_path / "mine.toml"


async def test_a_quote_holds_what_the_run_then_takes(job, jsonl, tmp_path, priced):
    own = str(jsonl(tmp_path / "own", 24))
    with Sandbox() as sandbox:
        limits = RateLimits(rpm=6000)
        cold = job(benchmark=own, model="openai/m", base_url=sandbox.base_url, config=priced, limits=limits, limit=8)
        offer = quote(cold)
        assert (offer.requests, offer.cached, offer.calls, offer.measured) == (8, 0, 8, 0)
        assert offer.minutes is not None
        low, high = offer.minutes
        assert low == high == pytest.approx(8 / 6000 / 0.98)
        spent = (await evaluate(cold)).info.spent
        assert offer.tokens[0].output <= spent.output_tokens <= offer.tokens[1].output

        rest = quote(replace(cold, limit=None))
        assert (rest.requests, rest.cached, rest.measured) == (24, 8, 8)
        spent = (await evaluate(replace(cold, limit=None))).info.spent
        assert spent.calls == 16
        assert rest.tokens[0].input <= spent.input_tokens <= rest.tokens[1].input
        assert rest.tokens[0].output <= spent.output_tokens <= rest.tokens[1].output
        assert rest.usd is not None
        assert spent.usd is not None
        assert rest.usd[0] <= spent.usd <= rest.usd[1]
        assert spent.usd == pytest.approx((spent.input_tokens * 1000 + spent.output_tokens * 2000) / 1e6)
        done = quote(replace(cold, limit=None))
        assert (done.calls, done.image_bytes, done.usd) == (0, 0, (0.0, 0.0))


def test_a_quote_says_what_it_does_not_know(job, jsonl, tmp_path):
    offer = quote(job(benchmark=str(jsonl(tmp_path / "own", 3)), model="vllm/unheard-of"))
    assert offer.usd is None
    assert offer.minutes is None
    assert offer.price_source == ""


@pytest.mark.parametrize(
    ("model", "params", "budget"),
    [
        ("vllm/m", Params(), None),
        ("vllm/m", Params(max_tokens=50), 50),
        ("vllm/m", Params(extra={"max_completion_tokens": 70}), 70),
        ("google/m", Params(extra={"generationConfig": {"maxOutputTokens": 90}}), 90),
        ("anthropic/m", Params(), 16_384),
        ("anthropic/m", Params(thinking_budget=1000), 17_384),
        ("anthropic/m", Params(max_tokens=50), 50),
        ("groq/m", Params(), 8192),
        ("fireworks/m", Params(), 16_384),
        ("lab/m", Params(), 333),
    ],
)
def test_the_most_that_a_call_may_take_is_the_budget_on_the_wire(job, jsonl, tmp_path, model, params, budget):
    (tmp_path / "mine.toml").write_text(
        '[services.lab]\nbase_url = "http://x/v1"\nmax_tokens = 333\nrenamed.max_tokens = "length"\n'
        f'[prices."{model}"]\ninput = 0\noutput = 1000\n'
    )
    own = str(jsonl(tmp_path / "own", 4))
    plan = job(benchmark=own, model=model, params=params, config=tmp_path / "mine.toml")
    offer = quote(plan)
    assert offer.budget == budget
    most = budget or UNBOUNDED_OUTPUT
    assert offer.tokens[1].output == 4 * most
    assert offer.usd is not None
    assert offer.usd[1] == pytest.approx(4 * most * 1000 / 1e6)
    made = Plan.make(plan)
    request = made.write(*next(iter(made.items())))
    assert Estimator(made.provider).estimate(request).at_most.output == most, "so --max-cost sets aside the same"


def test_the_slowest_limit_gives_the_time(job, jsonl, tmp_path):
    own = str(jsonl(tmp_path / "own", 4))
    limits = RateLimits(rpm=1000, output_tpm=100)
    offer = quote(job(benchmark=own, model="vllm/m", limits=limits, params=Params(max_tokens=50)))
    assert offer.minutes == pytest.approx((4 / 100 / 0.98, 4 * 50 / 100 / 0.98))


async def test_a_budget_ends_a_run_and_the_next_command_goes_on(job, jsonl, tmp_path, priced):
    from mmra_api.errors import OverBudget
    from mmra_api.runs.folder import load_run

    own = str(jsonl(tmp_path / "own", 24))
    with Sandbox() as sandbox:
        params = Params(max_tokens=20)
        small = job(
            benchmark=own, model="openai/m", base_url=sandbox.base_url, config=priced, params=params, name="mine"
        )
        with pytest.raises(OverBudget, match="--max-cost"):
            await evaluate(replace(small, max_cost=5.0))
        part = load_run(tmp_path / "runs" / "mine")
        assert part.info.spent.usd is not None
        assert 3.5 < part.info.spent.usd <= 5.0
        assert not part.info.finished
        run = await evaluate(small)
        assert run.info.finished
        assert run.info.spent.calls == sandbox.counters.paid == 24
        assert run.info.spent.input_tokens == sandbox.counters.input_tokens, "both sessions together"
