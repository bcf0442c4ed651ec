"""The examples, run as a user would: in a folder of their own, by their path, without a key."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"
SHORT = 60
"""Lines: an example that is longer is a program."""


def run(name: str, folder: Path) -> str:
    command = [sys.executable, str(EXAMPLES / f"{name}.py")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_every_example_is_short_says_what_it_shows_and_is_listed() -> None:
    listed = (EXAMPLES / "README.md").read_text()
    files = sorted(EXAMPLES.glob("*.py"))
    assert len(files) >= 5
    for file in files:
        text = file.read_text()
        assert text.startswith('"""'), file.name
        assert f"`python examples/{file.name}`" in text.split('"""')[1], file.name
        assert len(text.splitlines()) < SHORT, file.name
        assert f"[{file.name}]({file.name})" in listed


def test_compare_shows_a_model_beside_chance(tmp_path: Path) -> None:
    said = run("compare", tmp_path)
    assert "SIMULATED" in said
    assert "baseline/random" in said
    assert "read differently by the MMRA demo's rule" in said


def test_reread_lists_every_flip(tmp_path: Path) -> None:
    head, *flips = run("reread", tmp_path).splitlines()
    assert head.startswith("all rules: ")
    assert head.endswith(f"{len(flips)} flips")
    assert flips
    assert all("correct is" in flip and " → " in flip for flip in flips)


def test_own_questions_are_asked_and_scored(tmp_path: Path) -> None:
    said = run("own_questions", tmp_path)
    for name, gold in (("q1", "A"), ("q2", "B"), ("q3", "No")):
        assert f"\n{name} " in f"\n{said}"
        assert f"correct is {gold}: " in said
    assert "| openai/simulated-strong | IQ | **simulated** |" in said
    # What the example writes is what the command line reads.
    again = [sys.executable, "-m", "mmra_api", "run", "mmra-examples/own/colours.jsonl", "--model", "baseline/first"]
    assert subprocess.run(again, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_the_budget_stops_a_run_and_the_next_goes_on(tmp_path: Path) -> None:
    before, stopped, then, done = run("budget", tmp_path).splitlines()
    assert before.startswith("before: 0 of 44 replies are stored; 44 calls, $")
    assert stopped.startswith("stopped: the budget of $0.05 is reached")
    stored = int(then.split()[1])
    assert 0 < stored < 44
    assert then.startswith(f"then: {stored} of 44 replies are stored; {44 - stored} calls, $")
    assert done == f"done: 44 records, {44 - stored} calls made this time"


def test_own_table_has_a_row_for_every_record(tmp_path: Path) -> None:
    said = run("own_table", tmp_path)
    assert [line.split()[0] for line in said.splitlines()] == ["choice", "yesno"]
    with (tmp_path / "mmra-examples" / "table.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 88
    assert {row["setting"] for row in rows} == {"IQ", "QO"}
    assert all(0 <= float(row["credit"]) <= 1 for row in rows)
