"""Ask your own questions from a JSON Lines file: `python examples/own_questions.py`.

It writes a file with three questions and their pictures, as you would by hand, asks a simulated model about them, and
prints each question with the reply, the answer that was read in it, and what became of it.
"""

import asyncio
import json
from pathlib import Path

from PIL import Image

from mmra_api import Job, evaluate, format_report
from mmra_api.benchmarks import load
from mmra_api.sandbox import Sandbox

OUT = Path("mmra-examples")
OWN = OUT / "own" / "colours.jsonl"
COLOURS = {"A": "red", "B": "green", "C": "blue"}


def write_questions() -> None:
    """Write one question a line; the paths of its images are relative to the file."""
    OWN.parent.mkdir(parents=True, exist_ok=True)
    for colour in ("red", "green", "blue", "darkred"):
        Image.new("RGB", (64, 48), colour).save(OWN.parent / f"{colour}.png")
    question = "Which colour is in the first image and not in the second?"
    lines = [
        {"id": "q1", "images": ["red.png", "blue.png"], "question": question, "options": COLOURS, "answer": "A"},
        {"id": "q2", "images": ["green.png", "red.png"], "question": question, "options": COLOURS, "answer": "B"},
        {"id": "q3", "images": ["red.png", "darkred.png"], "question": "Are both the same red?", "answer": "No"},
    ]
    OWN.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


async def main() -> None:
    """Write the questions, ask them, look at each."""
    write_questions()
    cache, runs = OUT / "cache", OUT / "runs"
    # The sandbox is told the questions, so that its models are right more often than by chance.
    with Sandbox(load(str(OWN), root=cache / "prepared")) as sandbox:
        # A real model needs its key in the environment, its id here, and no base_url.
        job = Job(
            benchmark=str(OWN), model="openai/simulated-strong", base_url=sandbox.base_url, cache=cache, runs=runs
        )
        run = await evaluate(job)
    for record in sorted(run.records(), key=lambda record: record.sample):
        read = record.answer.value if record.answer else None
        print(f"{record.sample} {record.question}\n   reply {record.response and record.response.text!r}")
        print(f"   read {read}, correct is {record.gold}: {record.score.outcome}")
    print(format_report(run, form="markdown"))


if __name__ == "__main__":
    asyncio.run(main())
