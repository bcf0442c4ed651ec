"""Labelled replies (JSON lines) → right, wrong and abstained by kind and source, beside published peers, and the speed.

    python bench/extraction.py replies.jsonl [--extractor rules] [--show wrong]

A line holds ``kind``, ``options`` (object or null), ``response``, ``label`` (letter, Yes, No or null), ``source`` and
``tags``. "right" counts an abstention on a null label; "wrong" is any answer that is not the label.
"""

from __future__ import annotations

import argparse
import json
import time
import timeit
from collections import Counter
from pathlib import Path
from typing import Any

from mmra_api.extract import EXTRACTORS, Extractor
from mmra_api.types import Answer

PEERS = {
    "choice": (
        ("MMRA's demo", "82.8 %", "14.1 %", "15.4 %"),
        ("lm-eval multi_choice_regex", "79.4 %", "11.7 %", "22.0 %"),
        ("opencompass first_option", "76.2 %", "21.7 %", "8.0 %"),
        ("lmms-eval extract_mcq_answer", "75.0 %", "22.9 %", "8.0 %"),
        ("MMMU-Pro parser", "70.7 %", "29.3 %", "0"),
        ("VLMEvalKit can_infer", "63.5 %", "1.0 %", "53.4 %"),
        ("MuirBench parser", "60.8 %", "39.2 %", "0"),
        ("inspect_ai parse_answers", "29.0 %", "0.0 %", "89.2 %"),
    ),
    "yesno": (
        ("MMRA's demo", "85.1 %", "0.7 %", "19.5 %"),
        ("VLMEvalKit", "84.9 %", "0.2 %", "20.2 %"),
        ("lmms-eval MME", "82.9 %", "0.0 %", "22.5 %"),
    ),
}
"""Measured on the whole set of 2,905 replies that this project's development half is drawn from, without a judge."""

SHORT, BRIEF = 100, 30


def main() -> None:
    """Read the flags, extract once for the tables and five times for the clock, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path, help="labelled replies, one JSON object a line")
    parser.add_argument("--extractor", choices=sorted(EXTRACTORS), default="rules")
    parser.add_argument("--show", choices=["wrong", "abstained"], help="print these replies with what was read")
    flags = parser.parse_args()
    rows = [json.loads(line) for line in flags.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    extract = EXTRACTORS[flags.extractor]
    answers = [_read(extract, row) for row in rows]
    results = [_result(row, answer) for row, answer in zip(rows, answers, strict=True)]
    _print_kinds(flags.extractor, rows, answers, results)
    _print_sources(rows, answers, results)
    _print_speed(extract, rows)
    for row, answer, result in zip(rows, answers, results, strict=True):
        if result == flags.show:
            print(
                f"\n{row.get('id')} label {row['label']!r} read {answer.value!r} by {answer.rule}\n{row['response']!r}"
            )


def _read(extract: Extractor, row: dict[str, Any]) -> Answer:
    return extract(row["response"], kind=row["kind"], options=row["options"] or {})


def _result(row: dict[str, Any], answer: Answer) -> str:
    if answer.value == row["label"]:
        return "right"
    return "wrong" if answer.value is not None else "abstained"


def _print_kinds(name: str, rows: list[dict[str, Any]], answers: list[Answer], results: list[str]) -> None:
    """One table a kind: this extractor above the published peers; yes/no also without implied polarity."""
    cells = list(zip(rows, answers, results, strict=True))
    for kind, peers in PEERS.items():
        chosen = [cell for cell in cells if cell[0]["kind"] == kind]
        print(f"\n| {kind} (n = {len(chosen):,}) | right | wrong | abstains |\n|---|---|---|---|")
        print(_line(f"**{name}**", chosen))
        if kind == "yesno":
            explicit = [cell for cell in chosen if "implicit" not in cell[0].get("tags", ())]
            print(_line(f"**{name}**, without `implicit` (n = {len(explicit):,})", explicit))
        for peer in peers:
            print(f"| {' | '.join(peer)} |")


def _print_sources(rows: list[dict[str, Any]], answers: list[Answer], results: list[str]) -> None:
    cells = list(zip(rows, answers, results, strict=True))
    groups = Counter((row["kind"], row["source"].split(" ::")[0].split()[0]) for row in rows)
    print("\n| kind | source | n | right | wrong | abstains |\n|---|---|---|---|---|---|")
    for (kind, source), count in sorted(groups.items()):
        chosen = [c for c in cells if c[0]["kind"] == kind and c[0]["source"].split(" ::")[0].split()[0] == source]
        print(_line(f"{kind} | {source} | {count}", chosen))


def _line(head: str, cells: list[tuple[dict[str, Any], Answer, str]]) -> str:
    total = max(1, len(cells))
    right = sum(result == "right" for _, _, result in cells)
    wrong = sum(result == "wrong" for _, _, result in cells)
    unread = sum(answer.value is None for _, answer, _ in cells)
    return f"| {head} | {right / total:.1%} | {wrong / total:.1%} | {unread / total:.1%} |"


OPTIONS = {
    "A": "Both show a dog",
    "B": "The same kitchen from two sides",
    "C": "They differ in season",
    "D": "None of these",
}
USUAL = (
    "B",
    "(B)",
    "B.",
    "**B**",
    "Option B",
    "Answer: B",
    "Final answer: B",
    "The answer is B.",
    "\\boxed{B}",
    "<answer>B</answer>",
    '{"answer": "B"}',
    "答案是B",
    "I would choose option B.",
    "B) The same kitchen from two sides",
    "B. The same kitchen from two sides",
    "The same kitchen from two sides.",
    "The correct answer is (B) The same kitchen from two sides.",
    "B. The same kitchen from two sides. Both images show the oven.",
    "The answer is B because both images show the same oven and the same window.",
    "Looking at both images, the oven and the window are the same. So the answer is B.",
)
"""What models reply to a question like MMRA's, each form once."""


def _print_speed(extract: Extractor, rows: list[dict[str, Any]]) -> None:
    """Replies per second (best of five) by length, beside a loop of Python's own, since machines differ."""
    print("\n| replies | n | a second, one core |\n|---|---|---|")
    for name, most in (("all", None), (f"up to {SHORT} characters", SHORT), (f"up to {BRIEF}", BRIEF)):
        chosen = [row for row in rows if most is None or len(row["response"]) <= most]
        if chosen:
            print(f"| {name} | {len(chosen):,} | {len(chosen) / min(_timed(extract, chosen) for _ in range(5)):,.0f} |")
    usual = [{"response": reply, "kind": "choice", "options": OPTIONS} for reply in USUAL]
    fastest = min(_timed(extract, usual * 50) for _ in range(5))
    print(f"| usual forms of one question | {len(usual)} | {50 * len(usual) / fastest:,.0f} |")
    floor = timeit.repeat("for i in numbers: total += i", "numbers = range(10**6); total = 0", number=1)
    print(f"\nA million additions in a loop take {min(floor) * 1e3:.0f} ms here.")


def _timed(extract: Extractor, rows: list[dict[str, Any]]) -> float:
    start = time.process_time()
    for row in rows:
        _read(extract, row)
    return time.process_time() - start


if __name__ == "__main__":
    main()
