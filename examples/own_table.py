"""Read the records of a run into a table of your own: `python examples/own_table.py`.

It asks a simulated model about drawn pairs, with and without the images, and writes `mmra-examples/table.csv`, a row
per record. Then it prints a table that the reports do not have: what seeing the images changes, by kind of question.
"""

import asyncio
import csv
from collections import defaultdict
from pathlib import Path
from statistics import fmean

from mmra_api import Job, evaluate, load_run
from mmra_api.benchmarks import load
from mmra_api.sandbox import Sandbox

OUT = Path("mmra-examples")
COLUMNS = ("sample", "subtask", "kind", "setting", "outcome", "credit", "rule", "output_tokens")


async def ask() -> Path:
    """Run a model in two settings; returns the folder of the run."""
    with Sandbox(load("probes", root=OUT / "cache" / "prepared", limit=44)) as sandbox:
        job = Job(
            benchmark="probes",
            model="openai/simulated-strong",
            base_url=sandbox.base_url,
            settings=("IQ", "QO"),
            limit=44,
            cache=OUT / "cache",
            runs=OUT / "runs",
        )
        return (await evaluate(job)).folder


def main() -> None:
    """Ask, open the run from its folder, write and count."""
    run = load_run(asyncio.run(ask()))
    earned = defaultdict[tuple[str, str], list[float]](list)
    with (OUT / "table.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for each in run.records():
            rule = each.answer.rule if each.answer else ""
            tokens = each.response.usage.output_tokens if each.response else None
            score = each.score
            table.writerow(
                [each.sample, each.subtask, each.kind, each.setting, score.outcome, score.credit, rule, tokens]
            )
            earned[each.kind, each.setting].append(score.credit)
    for kind in sorted({kind for kind, _ in earned}):
        seen, unseen = (fmean(earned[kind, setting]) for setting in ("IQ", "QO"))
        print(f"{kind:8} with images {seen:.2f}  without {unseen:.2f}  difference {seen - unseen:+.2f}")


if __name__ == "__main__":
    main()
