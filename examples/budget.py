"""Know what a run would cost before it asks, and stop it at a budget: `python examples/budget.py`.

It prints an estimate, runs with a budget that is too small, prints what was kept of that run, estimates again from the
replies that are stored by now, and finishes the run with enough money: only the missing calls are made.
"""

import asyncio
from dataclasses import replace
from pathlib import Path

from mmra_api import Job, OverBudget, Params, Quote, evaluate, quote
from mmra_api.benchmarks import load
from mmra_api.sandbox import Sandbox

OUT = Path("mmra-examples")
CONFIG = OUT / "mmra.toml"
PRICE = '[prices."openai/simulated-strong"]\ninput = 2.5\noutput = 10\n'
"""US dollars for a million tokens. Prices of real models are known; your own file wins."""


def show(estimate: Quote) -> str:
    """Return the calls that are still to be made, and what they would cost at least and at most."""
    low, high = estimate.usd or (0.0, 0.0)
    stored = f"{estimate.cached} of {estimate.requests} replies are stored"
    return f"{stored}; {estimate.calls} calls, ${low:.3f} to ${high:.3f}"


async def main() -> None:
    """Estimate, run out of money, estimate, finish."""
    with Sandbox(load("probes", root=OUT / "cache" / "prepared", limit=44)) as sandbox:
        job = Job(
            benchmark="probes",
            model="openai/simulated-strong",
            base_url=sandbox.base_url,
            limit=44,
            params=Params(max_tokens=100),  # without a bound on the output there is none on the cost
            config=CONFIG,
            cache=OUT / "cache",
            runs=OUT / "runs",
        )
        print("before:", show(quote(job)))
        try:
            await evaluate(replace(job, max_cost=0.05))
        except OverBudget as error:
            print("stopped:", error)
        print("then:", show(quote(job)))
        run = await evaluate(replace(job, max_cost=0.50))
        spent = run.info.spent
        print(f"done: {sum(1 for _ in run.records())} records, {spent and spent.calls} calls made this time")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    CONFIG.write_text(PRICE, encoding="utf-8")
    asyncio.run(main())
