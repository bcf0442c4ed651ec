"""A flag is one entry: it reaches the field of its name, and stands in its section of the help page."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from click.testing import CliRunner

from mmra_api.cli import run as run_module
from mmra_api.cli.flags.run import build_job
from mmra_api.cli.run import command
from mmra_api.runs.job import Job
from mmra_api.types import Params, RateLimits

NO_FLAG = {"benchmark", "params", "limits", "policy"}
"""Fields of Job that no flag fills: the argument, the groups, and what only Python and tests set."""
OWN = {"benchmark", "dry_run", "progress", "quiet"}
"""What ``mmra run`` takes for itself."""


def test_every_field_of_a_job_has_a_flag_and_every_flag_a_field():
    names = {param.name for param in command.params} - OWN
    expected = {field.name for field in fields(Job)} - NO_FLAG
    expected |= {f"params_{field.name}" for field in fields(Params)}
    expected |= {f"limits_{field.name}" for field in fields(RateLimits)}
    assert names == expected


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Return a list to which ``mmra run`` adds every job that it builds."""
    built: list[Job] = []

    def keep(benchmark: str, values: dict[str, Any]) -> Job:
        job = build_job(benchmark, values)
        built.append(job)
        return job

    monkeypatch.setattr(run_module, "build_job", keep)
    return built


def test_flags_reach_their_fields(jobs: list[Job]) -> None:
    flags = ["--seed", "1", "--model-seed", "2", "--max-tokens", "9", "--rpm", "60", "--system", "Be brief."]
    CliRunner().invoke(command, ["probes", "--model", "nobody/m", "--extra", "tier=1", "--dry-run", *flags])
    (job,) = jobs
    assert (job.benchmark, job.model, job.seed) == ("probes", "nobody/m", 1)
    assert job.params == Params(seed=2, max_tokens=9, system="Be brief.", extra={"tier": 1})
    assert job.limits == RateLimits(rpm=60.0)


def test_what_is_not_given_is_the_default_of_its_field(jobs: list[Job]) -> None:
    CliRunner().invoke(command, ["probes", "--model", "nobody/m", "--dry-run"])
    assert jobs == [Job(benchmark="probes", model="nobody/m")]


@pytest.mark.parametrize("title", ["What is asked", "How the service is asked", "How answers are read", "The run"])
def test_the_help_page_has_sections_and_fits_80_columns(title):
    shown = CliRunner().invoke(command, ["--help"], terminal_width=80).output
    assert f"\n{title}:\n" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    for param in command.params:
        for flag in param.opts:
            assert flag in shown or param.name == "benchmark"
