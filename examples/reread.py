"""Read the replies of a run again with another extractor, for nothing: `python examples/reread.py`.

It asks a simulated model once, reads the replies with all rules, and reads them again with the rule of the MMRA demo.
It prints both accuracies and every answer that flips: what each extractor read, and in which words of the reply.
"""

import asyncio
from pathlib import Path
from statistics import fmean

from mmra_api import Job, Record, Run, evaluate, rescore
from mmra_api.benchmarks import load
from mmra_api.sandbox import Sandbox

OUT = Path("mmra-examples")
CACHE, RUNS = OUT / "cache", OUT / "runs"


def show_accuracy(run: Run) -> str:
    """Return the share of all samples that are correct, in percent."""
    return f"{100 * fmean(record.score.credit for record in run.records()):.1f} %"


def show_answer(record: Record) -> str:
    """Return what was read, and the words of the reply in which it was read."""
    answer = record.answer
    if answer is None or answer.value is None:
        return "nothing"
    if answer.span is None or record.response is None:
        return answer.value
    start, end = answer.span
    return f"{answer.value} in {record.response.text[start:end]!r}"


async def main() -> None:
    """Ask once, read twice."""
    samples = load("probes", root=CACHE / "prepared", limit=44)
    with Sandbox(samples) as sandbox:
        job = Job(
            benchmark="probes",
            model="openai/simulated-strong",
            base_url=sandbox.base_url,
            limit=44,
            cache=CACHE,
            runs=RUNS,
        )
        run = await evaluate(job)

    # The sandbox has ended: nobody is asked from here on.
    again, flips = await rescore(run, "official", runs=RUNS)
    print(f"all rules: {show_accuracy(run)}, rule of the MMRA demo: {show_accuracy(again)}, {len(flips)} flips")
    for flip in flips:
        before, after = flip.before, flip.after
        print(f"{before.sample}, correct is {before.gold}: {show_answer(before)} → {show_answer(after)}")


if __name__ == "__main__":
    asyncio.run(main())
