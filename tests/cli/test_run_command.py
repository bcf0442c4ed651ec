"""``mmra run``: budgets, estimates, limits and progress, as a user sees them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mmra_api.cli.printing import format_time, format_usd
from mmra_api.cli.progress import Snapshot, open_display
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults

CONFIG = """
[prices."openai/m"]
input = 1000
output = 2000
"""


@pytest.fixture
def run(tmp_path, jsonl, monkeypatch):
    """Return a function that calls ``mmra run`` on twelve questions, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    own = str(jsonl(tmp_path / "own", 12))

    def call(sandbox: Sandbox, *flags: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mmra_api", "run", own, "--base-url", sandbox.base_url, "--cache", "cache"]
        command += ["--model", "openai/m", *flags]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    return call


def test_a_budget_in_dollars_needs_a_price(run, tmp_path):
    with Sandbox() as sandbox:
        done = run(sandbox, "--max-cost", "5")
        assert done.returncode == 2
        assert "nobody states a price for 'openai/m'" in done.stderr
        assert '[prices."openai/m"]' in done.stderr
        assert sandbox.counters.calls == 0
        assert not (tmp_path / "runs").exists()


def test_a_budget_that_is_reached_is_exit_code_3_and_says_how_to_go_on(run, tmp_path):
    (tmp_path / "mmra.toml").write_text(CONFIG)
    with Sandbox() as sandbox:
        done = run(sandbox, "--max-cost", "4", "--name", "mine", "--max-tokens", "30")
        assert done.returncode == 3
        assert "the budget of $4 is reached" in done.stderr
        assert "run the same command again" in done.stderr
        assert "Traceback" not in done.stderr
        counters = sandbox.counters
        assert 2.5 < (counters.input_tokens * 1000 + counters.output_tokens * 2000) / 1e6 <= 4
        done = run(sandbox, "--name", "mine", "--max-tokens", "30")
        assert done.returncode == 0
        assert sandbox.counters.paid == sandbox.counters.unique_bodies == 12
        assert "$" in done.stderr.splitlines()[-1]


def test_a_budget_in_tokens_needs_no_price(run):
    with Sandbox() as sandbox:
        done = run(sandbox, "--max-tokens-total", "6000")
        assert done.returncode == 3
        assert "6,000 tokens is reached" in done.stderr
        assert 0 < sandbox.counters.input_tokens + sandbox.counters.output_tokens <= 6000


def test_an_estimate_in_words(run, tmp_path):
    (tmp_path / "mmra.toml").write_text(CONFIG + "[limits.openai]\nrpm = 60\n")
    with Sandbox() as sandbox:
        done = run(sandbox, "--dry-run", "--max-tokens", "30")
        assert sandbox.counters.calls == 0
    for words in (
        "12 different requests",
        "calls to make  12",
        "output tokens  12 to 360 (from 1 to --max-tokens)",
        "(prices: your price table)",
        "0:00:12 to 0:00:12 at the given limits",
        "MB of images",
    ):
        assert words in done.stdout


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("openai/m", "12 to 12,288 (from 1 to 1,024 each, a guess: no budget is sent)"),
        ("anthropic/m", "12 to 196,608 (from 1 to 16,384 each, the budget that is sent)"),
    ],
)
def test_an_estimate_names_the_budget_that_is_sent(run, model, said):
    with Sandbox() as sandbox:
        assert said in run(sandbox, "--dry-run", "--model", model).stdout


def test_a_bad_configuration_is_exit_code_2(run, tmp_path):
    (tmp_path / "mmra.toml").write_text("[limits.openai]\nrpms = 60\n")
    with Sandbox() as sandbox:
        done = run(sandbox)
    assert done.returncode == 2
    assert "unknown 'rpms'" in done.stderr


def test_progress_for_programs_is_json_on_every_line(run):
    with Sandbox(faults=Faults(script=("500",))) as sandbox:
        done = run(sandbox, "--progress", "json", "--quiet")
    assert done.returncode == 0
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    last = [line for line in lines if "done" in line][-1]
    assert (last["done"], last["total"], last["called"], last["running"]) == (12, 12, 12, 0)
    assert last["attempts_failed"] == {"server": 12}
    assert last["failed"] == {}


def test_calls_that_may_have_been_billed_are_reported(run):
    with Sandbox(faults=Faults(script=("drop",))) as sandbox:
        done = run(sandbox, "--limit", "2")
    assert "2 calls brought no usable reply but may have been billed" in done.stderr
    assert "2 calls, " in done.stderr
    assert "price unknown (simulated)" in done.stderr


SNAPSHOT = Snapshot(
    run="r",
    model="openai/m",
    done=5,
    total=20,
    called=4,
    saved=1,
    running=3,
    waiting=7,
    reason="300 calls a minute",
    retrying=2,
    elsewhere=1,
    attempts_failed={"rate_limit": 2, "server": 1},
    failed={"bad_request": 1},
    tokens=12345,
    usd=0.5,
    usd_forecast=2.0,
    seconds_left=75.0,
)


def test_lines_tell_everything_that_is_known(capsys):
    open_display("lines").show(SNAPSHOT)
    assert capsys.readouterr().err == (
        "5/20 · 0:01:15 left · 4 called · 1 saved · 3 running · 7 waiting (300 calls a minute) · 2 waiting to retry · "
        "1 asked by another process · $0.5000 spent, about $2.00 in all · 12,345 tokens · "
        "3 attempts failed: 2 rate_limit, 1 server · 1 failed: bad_request\n"
    )


def test_nothing_is_shown_when_nothing_is_asked_for(capsys):
    display = open_display("none")
    display.show(SNAPSHOT)
    display.close()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_live_display_fits_its_terminal(width, monkeypatch):
    import io

    from rich.console import Console

    from mmra_api.cli.progress import Live

    out = io.StringIO()
    display = Live(Console(file=out, force_terminal=True, width=width, height=10, color_system=None))
    display.show(SNAPSHOT)
    display.close()
    lines = [line for line in out.getvalue().replace("\x1b", "\n").splitlines() if "called" in line or "5/20" in line]
    assert lines
    assert all(len(line) <= width + 6 for line in lines), "room for the control codes"


@pytest.mark.parametrize(
    ("usd", "text"), [(0.0, "$0.00"), (0.00012, "$0.0001"), (1234.5, "$1,234.50"), (None, "an unknown sum")]
)
def test_money_in_words(usd, text):
    assert format_usd(usd) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00:00"), (59.6, "0:01:00"), (3725, "1:02:05")])
def test_time_in_words(seconds, text):
    assert format_time(seconds) == text
