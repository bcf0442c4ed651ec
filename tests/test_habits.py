"""What helps whoever carries on: the hooks that git runs, the hosted checks, the targets of make."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]


def read_yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a small repository with this one's hooks turned on, and its own folder for what pre-commit keeps."""
    for name in (".pre-commit-config.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.name", "A tester")
    git(tmp_path, "config", "user.email", "tester@example.invalid")
    done = subprocess.run(
        [".venv/bin/pre-commit", "install"], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run git; the two hooks that check the whole are left to `make types` and `make contract`."""
    # A hook of git that runs these tests would point them at its own repository.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = own | {"SKIP": "mypy,import-contracts", "PRE_COMMIT_HOME": str(folder / "home")}
    return subprocess.run(["git", *words], cwd=folder, env=environment, check=False, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("code", "said"),
    [("NUMBER = nowhere\n", "F821"), ("x = {  'a':1 }\n", "files were modified by this hook")],
    ids=["check", "format"],
)
def test_the_hooks_stop_a_commit_with_bad_style(checkout: Path, code: str, said: str) -> None:
    (checkout / "module.py").write_text(code)
    git(checkout, "add", "module.py")
    done = git(checkout, "commit", "--message", "bad style")
    assert done.returncode != 0
    assert said in done.stdout + done.stderr


def test_the_hooks_let_good_style_through(checkout: Path) -> None:
    (checkout / "module.py").write_text('"""Hold one number."""\n\nNUMBER = 1\n')
    git(checkout, "add", "module.py")
    done = git(checkout, "commit", "--message", "good style")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_fetch_nothing_and_call_what_make_test_calls() -> None:
    repositories = read_yaml(".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    hooks = {hook["id"]: hook for hook in repositories[0]["hooks"]}
    assert set(hooks) == {"ruff-check", "ruff-format", "mypy", "import-contracts"}
    assert all(hook["language"] == "system" for hook in hooks.values())
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for hook in hooks.values():
        program, argument = hook["entry"].split()[:2]
        assert program == ".venv/bin/ruff" or (program == "make" and argument in targets)


def test_the_hosted_checks_run_make_test_on_every_python_that_is_promised() -> None:
    (job,) = read_yaml(".github/workflows/ci.yml")["jobs"].values()
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    promised = [each.rpartition(" ")[2] for each in project["classifiers"] if re.search(r":: 3\.\d+$", each)]
    assert job["strategy"]["matrix"]["python"] == promised
    assert "make test" in [step.get("run") for step in job["steps"]]
    for step in job["steps"]:
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/none@v1"))
    assert "secrets" not in (ROOT / ".github" / "workflows" / "ci.yml").read_text()


def test_make_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True)
    (phony,) = re.findall(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    # A target that runs within another make says where it is, in lines that begin with "make".
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.strip() and not line.startswith("make[")]
    assert sorted(listed) == sorted(phony.split())
