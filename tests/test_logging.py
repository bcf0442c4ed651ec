"""What the library logs: all of it under one logger, nothing unless a program asks for it, and never a key."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from mmra_api.run import evaluate
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults

KEY = "sk-mmra-logging-1f0c"
PROGRAM = """
import asyncio, sys
from pathlib import Path
from mmra_api import Job, evaluate
cache, runs = map(Path, sys.argv[2:])
job = Job(benchmark="probes", limit=3, model="openai/m", base_url=sys.argv[1], cache=cache, runs=runs)
try:
    asyncio.run(evaluate(job))
except Exception as error:
    print(type(error).__name__)
"""


async def test_a_run_tells_what_it_does(job, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level(logging.DEBUG, logger="mmra_api")
    with Sandbox(faults=Faults(script=("500", "429"), retry_after=0.01)) as sandbox:
        await evaluate(job(benchmark="probes", model="openai/simulated-strong", limit=2, base_url=sandbox.base_url))
    ours = [record for record in caplog.records if record.name.startswith("mmra_api")]
    said = [record.getMessage() for record in ours]
    for part in ("records go to", "failed (server)", "failed (rate_limit)", "refused for its rate", "is complete"):
        assert any(part in each for each in said), part
    assert sum("was answered in" in each for each in said) == 2
    assert not [record for record in ours if record.levelno >= logging.WARNING], "what passes is no warning"
    assert KEY not in "\n".join(said)


async def test_why_a_run_ends_early_is_a_warning(job, caplog: pytest.LogCaptureFixture) -> None:
    with Sandbox(faults=Faults(always="401")) as sandbox, pytest.raises(Exception, match="key"):
        await evaluate(job(benchmark="probes", model="openai/simulated-strong", limit=2, base_url=sandbox.base_url))
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [record.name for record in warnings] == ["mmra_api.dispatch.ending"]


def test_a_program_that_does_not_ask_sees_nothing(tmp_path: Path) -> None:
    with Sandbox(faults=Faults(always="401")) as sandbox:
        command = [sys.executable, "-c", PROGRAM, sandbox.base_url, str(tmp_path / "cache"), str(tmp_path / "runs")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("CallError\n", "")
