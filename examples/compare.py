"""Compare a model with chance on drawn probes, from Python, offline: `python examples/compare.py`.

The model is a simulated one, served on this machine; with a key, name a real one ("openai/<id>") and drop the sandbox.
"""

import asyncio
from pathlib import Path

from mmra_api import Job, evaluate, format_report, rescore
from mmra_api.benchmarks import load
from mmra_api.sandbox import Sandbox

OUT = Path("mmra-examples")
CACHE, RUNS = OUT / "cache", OUT / "runs"


async def main() -> None:
    """Run two models, compare them, and read the replies again with the MMRA demo's rule."""
    samples = load("probes", root=CACHE / "prepared", seed=7, limit=44)
    with Sandbox(samples, seed=7) as sandbox:
        chance = await evaluate(
            Job(benchmark="probes", model="baseline/random", seed=7, limit=44, cache=CACHE, runs=RUNS)
        )
        model = await evaluate(
            Job(
                benchmark="probes",
                model="openai/simulated-strong",
                base_url=sandbox.base_url,
                seed=7,
                limit=44,
                cache=CACHE,
                runs=RUNS,
            )
        )
    print(format_report(model, chance))

    _, flips = await rescore(model, "official", runs=RUNS)
    print(f"{len(flips)} answers are read differently by the MMRA demo's rule:")
    for flip in flips[:5]:
        before, after = flip.before, flip.after
        print(f"  {before.sample}: {before.answer.value} ({before.answer.rule}) → {after.answer.value}")

    wrong = [record for record in model.records() if record.score.outcome == "wrong"]
    print(f"{len(wrong)} wrong answers, the first about: {wrong[0].question}" if wrong else "no wrong answers")


if __name__ == "__main__":
    asyncio.run(main())
