"""Several processes, one cache folder: nothing is paid twice, whoever asks, and whoever dies."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from mmra_api.runs.folder import load_run
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults

SAMPLES = 40


@pytest.fixture
def start(tmp_path, jsonl):
    """Return a function that starts a run in a process of its own."""
    own = jsonl(tmp_path / "own", SAMPLES)

    def make(sandbox: Sandbox, name: str, *flags: str) -> subprocess.Popen[str]:
        command = [
            *(sys.executable, "-m", "mmra_api", "run", str(own), "--model", "openai/m", "--base-url", sandbox.base_url),
            *("--cache", str(tmp_path / "cache"), "--runs", str(tmp_path / "runs"), "--name", name, "--quiet", *flags),
        ]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return make


def finish(process: subprocess.Popen[str]) -> None:
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said


def test_eight_processes_that_start_at_once_pay_for_each_question_once(start, tmp_path):
    with Sandbox(latency=0.05) as sandbox:
        processes = [start(sandbox, f"run{number}") for number in range(8)]
        for process in processes:
            finish(process)
        assert sandbox.counters.paid == sandbox.counters.unique_bodies == SAMPLES
    sources = [record.response.source for n in range(8) for record in load_run(tmp_path / "runs" / f"run{n}").records()]
    assert len(sources) == 8 * SAMPLES
    assert sources.count("live") == SAMPLES


def test_faults_do_not_make_two_processes_pay_twice(start):
    with Sandbox(latency=0.05, faults=Faults(script=("500", "drop"), retry_after=0.05)) as sandbox:
        processes = [start(sandbox, f"run{number}", "--limit", "4") for number in range(3)]
        for process in processes:
            finish(process)
        assert sandbox.counters.paid == sandbox.counters.unique_bodies == 4


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_who_waits_takes_over_when_the_caller_dies(start, number):
    with Sandbox(latency=3.0) as sandbox:
        first = start(sandbox, "first", "--limit", "4")
        deadline = time.monotonic() + 60
        while sandbox.counters.calls < 4:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        second = start(sandbox, "second", "--limit", "4")
        time.sleep(1.0)
        assert sandbox.counters.calls == 4, "the second waits for the calls of the first"
        first.send_signal(number)
        first.communicate(timeout=60)
        finish(second)
        calls = 8 if number == signal.SIGKILL else 4  # after Ctrl-C the first still stores what it paid for
        assert sandbox.counters.calls == calls
        assert sandbox.counters.unique_bodies == 4


def test_a_rate_limit_holds_for_all_processes_together(start):
    with Sandbox(rpm=300) as sandbox:
        begun = time.monotonic()
        processes = [start(sandbox, f"run{n}", "--rpm", "300", "--subtask", ("RP", "Env")[n]) for n in range(2)]
        for process in processes:
            finish(process)
        assert time.monotonic() - begun > (SAMPLES - 3) / 5
        assert sandbox.counters.paid == SAMPLES
        # on a busy machine a call may leave late and meet the next one; two paces would be refused twenty times
        assert sandbox.counters.faults.get("rpm", 0) <= 2


def test_a_quote_tells_what_another_process_is_asking(start, tmp_path, jsonl):
    with Sandbox(latency=30.0) as sandbox:
        first = start(sandbox, "first", "--limit", "4")
        deadline = time.monotonic() + 60
        while sandbox.counters.calls < 4:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        said = start(sandbox, "second", "--limit", "6", "--dry-run").communicate(timeout=60)[0]
        assert "4 are being asked by another process" in said
        first.kill()
        first.communicate()


def test_every_attempt_is_an_event(start, tmp_path):
    faults = Faults(script=("500", "429", "slow"), retry_after=0.3, slow=2.0)
    with Sandbox(faults=faults) as sandbox:
        finish(start(sandbox, "mine", "--limit", "2", "--timeout", "0.8"))
    events = [json.loads(line) for line in (tmp_path / "runs" / "mine" / "events.jsonl").read_text().splitlines()]
    run = load_run(tmp_path / "runs" / "mine")
    for record in run.records():
        mine = [event for event in events if event["key"] == record.response.key]
        assert [event["kind"] for event in mine] == ["server", "rate_limit", "timeout", "ok"]
        assert [event["attempt"] for event in mine] == [1, 2, 3, 4]
        assert [event["maybe_billed"] for event in mine] == [False, False, True, False]
        assert mine[2]["waited"] >= 0.3, "as long as the service asked"
        assert mine[2]["seconds"] >= 0.8
    assert len(events) == 8
    assert run.info.spent.calls == 2
    assert run.info.spent.lost == 2
