"""SIGKILL at any moment: nothing that was paid for is paid again but the calls in flight."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from mmra_api.dispatch.store import open_store
from mmra_api.runs.folder import load_run
from mmra_api.sandbox import Sandbox

CONCURRENCY = 4
SAMPLES = 60


@pytest.fixture
def command(tmp_path, jsonl):
    """Return a function that makes the command line of a run."""
    own = jsonl(tmp_path / "own", SAMPLES)

    def make(sandbox: Sandbox) -> list[str]:
        return [
            *(sys.executable, "-m", "mmra_api", "run", str(own), "--model", "openai/m", "--base-url", sandbox.base_url),
            *("--cache", str(tmp_path / "cache"), "--runs", str(tmp_path / "runs"), "--name", "killed", "--quiet"),
            *("--concurrency", str(CONCURRENCY)),
        ]

    return make


def stored(tmp_path) -> int:
    async def count() -> int:
        async with open_store(tmp_path / "cache") as store:
            return len([row async for row in store.rows()])

    return asyncio.run(count())


def test_a_killed_run_repays_only_what_was_in_flight(command, tmp_path):
    chance = random.Random(11)
    kills = 0
    with Sandbox(latency=0.05) as sandbox:
        for _ in range(6):
            process = subprocess.Popen(command(sandbox), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            before = sandbox.counters.paid
            goal = before + chance.randrange(2, 9)
            deadline = time.monotonic() + 60
            while sandbox.counters.paid < goal and process.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.005)
            process.kill()
            process.wait()
            kills += 1
        time.sleep(1.0)  # calls that the last kill left behind come to their end in the sandbox
        paid, kept = sandbox.counters.paid, stored(tmp_path)
        assert kept >= paid - kills * CONCURRENCY
        done = subprocess.run(command(sandbox), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert sandbox.counters.paid == paid + SAMPLES - kept, "the last run pays exactly for what is not stored"
        assert sandbox.counters.unique_bodies == SAMPLES
        assert sandbox.counters.paid <= SAMPLES + kills * CONCURRENCY
    run = load_run(tmp_path / "runs" / "killed")
    assert run.info.finished
    assert sorted(record.sample for record in run.records()) == sorted(f"q{number}" for number in range(SAMPLES))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_what_was_paid_for_and_says_how_to_go_on(command, tmp_path, number):
    with Sandbox(latency=0.3) as sandbox:
        process = subprocess.Popen(command(sandbox), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while sandbox.counters.paid < 3:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.kill(process.pid, number)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 130
        assert "Traceback" not in said
        assert "Run the same command again to continue" in said
        assert stored(tmp_path) == sandbox.counters.paid < SAMPLES


def test_a_second_interrupt_stops_at_once(command, tmp_path):
    with Sandbox(latency=8.0) as sandbox:
        process = subprocess.Popen(command(sandbox), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while sandbox.counters.calls < CONCURRENCY:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
        assert sandbox.counters.paid == 0, "it did not wait for the replies"
        assert "Traceback" not in said
