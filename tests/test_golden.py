"""Caches and runs that an earlier version wrote are read, shown, re-scored and continued.

``tests/golden`` was written by version 0.1.0 before records had a variant: questions with their pictures, a cache, and
runs in every wire format, with a judge, trials, labels by humans, an interruption and failures. ``report.*`` is what
that version reported of them.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parent / "golden"
RUNS = sorted(folder.name for folder in (GOLDEN / "runs").iterdir())


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """Return a copy of the golden folder, to be written in."""
    return Path(shutil.copytree(GOLDEN, tmp_path / "golden"))


def mmra(folder: Path, *arguments: str, code: int = 0) -> str:
    """Run a command in the folder; returns what it prints."""
    command = [sys.executable, "-m", "mmra_api", *arguments]
    done = subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout


def holds(old: Any, new: Any) -> bool:
    """Return whether everything that was reported is reported still; there may be more."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(name in new and holds(value, new[name]) for name, value in old.items())
    if isinstance(old, list):
        return len(old) == len(new) and all(map(holds, old, new))
    return bool(old == new)


CLUSTERED = ("interval", "low", "high")
"""What is told of runs with trials in another way than by the version before: its intervals took the trials of a sample
for independent and said themselves that they were too narrow; now the trials of a sample are one cluster."""


def unclustered(row: Any) -> Any:
    """Return a row, or a cell of one, without its intervals."""
    if isinstance(row, dict):
        return {name: unclustered(value) for name, value in row.items() if name not in CLUSTERED}
    return [unclustered(each) for each in row] if isinstance(row, list) else row


def test_the_report_says_what_it_said(golden: Path) -> None:
    old = json.loads((golden / "report.json").read_text())
    new = json.loads(mmra(golden, "report", *RUNS, "--runs", "runs", "--format", "json"))
    assert len(old["rows"]) == len(new["rows"]) == 14
    for before, after in zip(old["rows"], new["rows"], strict=True):
        before["info"]["retried"] = before["info"].pop("reasked")  # its name in earlier versions
        if before["info"]["trials"] > 1:
            low, high = before["overall"]["interval"]
            assert after["overall"]["interval"][0] <= low < high <= after["overall"]["interval"][1]
            before = unclustered(before)
        assert {name for name, value in before.items() if not holds(value, after.get(name))} == set(), before["run"]
    assert new["warnings"] == old["warnings"]


def test_the_table_for_programs_says_what_it_said(golden: Path) -> None:
    old = list(csv.DictReader(io.StringIO((golden / "report.csv").read_text())))
    new = list(csv.DictReader(io.StringIO(mmra(golden, "report", *RUNS, "--runs", "runs", "--format", "csv"))))
    assert len(old) == len(new)
    trials = {"chat", "chat.labelled", "offline"}
    assert all(
        holds(unclustered(before) if before["run"] in trials else before, after)
        for before, after in zip(old, new, strict=True)
    )


@pytest.mark.parametrize("name", RUNS)
def test_a_sample_is_shown(golden: Path, name: str) -> None:
    shown = mmra(golden, "show", name, "q1", "--runs", "runs")
    assert "What do both pictures of pair 1 show?" in shown
    assert "gold B" in shown


def test_a_run_is_read_again_as_it_was(golden: Path) -> None:
    printed = mmra(golden, "score", "responses", "--extractor", "official", "--runs", "runs")
    (derived,) = {folder.name for folder in (golden / "runs").iterdir()} - set(RUNS)
    old, new = (read_outcomes(golden / "runs" / name) for name in ("responses.official", derived))
    assert old == new
    assert "flipped against responses" in printed


def read_outcomes(folder: Path) -> list[Any]:
    records = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
    return [(each["sample"], each["setting"], each["answer"], each["score"]["outcome"]) for each in records]


def test_an_interrupted_run_goes_on_from_the_cache(golden: Path) -> None:
    before = (golden / "runs/interrupted/records.jsonl").read_text().splitlines()[:7]  # the eighth is cut short
    ask = ["run", "data/own.jsonl", "--cache", "cache", "--runs", "runs", "--quiet", "--offline", "--style", "cot"]
    ask += ["--model", "anthropic/simulated-chatty", "--base-url", "http://127.0.0.1:8899"]
    mmra(golden, *ask, "--name", "interrupted")
    after = (golden / "runs/interrupted/records.jsonl").read_text().splitlines()
    before = [line.replace('"oddity":', '"feature":') for line in before]  # its name in earlier versions
    assert all(holds(json.loads(old), json.loads(new)) for old, new in zip(before, after, strict=False))
    assert len(after) == 12
    assert sorted(read_outcomes(golden / "runs/interrupted")) == sorted(read_outcomes(golden / "runs/messages"))


@pytest.mark.parametrize(
    ("model", "address", "flags"),
    [
        ("openai/simulated-strong", "/v1", ["--wire", "openai_responses", "--setting", "IQ,QO"]),
        (
            "openai/simulated-unruly",
            "/v1",
            ["--trials", "2", "--temperature", "0.7", "--max-tokens", "60", "--system", "Be brief."],
        ),
        ("anthropic/simulated-chatty", "", ["--style", "cot"]),
        ("google/simulated-weak", "", ["--logprobs", "2"]),
    ],
)
def test_every_reply_is_found_again(golden: Path, model: str, address: str, flags: list[str]) -> None:
    ask = ["run", "data/own.jsonl", "--cache", "cache", "--runs", "runs", "--offline", "--quiet", "--name", "again"]
    mmra(golden, *ask, "--model", model, "--base-url", f"http://127.0.0.1:8899{address}", *flags)
    records = [json.loads(line) for line in (golden / "runs/again/records.jsonl").read_text().splitlines()]
    assert {each["response"]["source"] for each in records} == {"cache"}


def test_the_store_is_sound_and_travels(golden: Path) -> None:
    assert "95 entries, all sound" in mmra(golden, "cache", "verify", "--cache", "cache")
    assert "95 known" in mmra(golden, "cache", "import", "calls.jsonl.gz", "--cache", "cache")
    assert "95 new" in mmra(golden, "cache", "import", "calls.jsonl.gz", "--cache", "another")


def test_labels_by_humans_are_taken_again(golden: Path) -> None:
    mmra(golden, "audit", "chat", "--runs", "runs", "--import", "labels.csv")
    (derived,) = {folder.name for folder in (golden / "runs").iterdir()} - set(RUNS)
    assert read_outcomes(golden / "runs" / derived) == read_outcomes(golden / "runs/chat.labelled")
