"""A quote against what then happens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmra_api.quotation import quote
from mmra_api.run import evaluate
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
        assert rest.usd[0] <= spent.usd <= rest.usd[1]
        assert spent.usd == pytest.approx((spent.input_tokens * 1000 + spent.output_tokens * 2000) / 1e6)
        done = quote(replace(cold, limit=None))
        assert (done.calls, done.image_bytes, done.usd) == (0, 0, (0.0, 0.0))


def test_a_quote_says_what_it_does_not_know(job, jsonl, tmp_path):
    offer = quote(job(benchmark=str(jsonl(tmp_path / "own", 3)), model="vllm/unheard-of"))
    assert offer.usd is None
    assert offer.minutes is None
    assert offer.price_source == ""


def test_the_slowest_limit_gives_the_time(job, jsonl, tmp_path):
    own = str(jsonl(tmp_path / "own", 4))
    limits = RateLimits(rpm=1000, output_tpm=100)
    offer = quote(job(benchmark=own, model="vllm/m", limits=limits, params=Params(max_tokens=50)))
    assert offer.minutes == (pytest.approx(4 / 100 / 0.98), pytest.approx(4 * 50 / 100 / 0.98))


async def test_a_budget_ends_a_run_and_the_next_command_goes_on(job, jsonl, tmp_path, priced):
    from mmra_api.errors import OverBudget
    from mmra_api.folder import load_run

    own = str(jsonl(tmp_path / "own", 24))
    with Sandbox() as sandbox:
        params = Params(max_tokens=20)
        small = job(
            benchmark=own, model="openai/m", base_url=sandbox.base_url, config=priced, params=params, name="mine"
        )
        with pytest.raises(OverBudget, match="--max-cost"):
            await evaluate(replace(small, max_cost=5.0))
        part = load_run(tmp_path / "runs" / "mine")
        assert 3.5 < part.info.spent.usd <= 5.0
        assert not part.info.finished
        run = await evaluate(small)
        assert run.info.finished
        assert run.info.spent.calls == sandbox.counters.paid == 24
        assert run.info.spent.input_tokens == sandbox.counters.input_tokens, "both sessions together"
