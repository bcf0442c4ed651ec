"""What change costs: four rows of CONTRIBUTING's table, done on a copy of the package and used as a user would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mmra_api.report.formats import FORMATS
from mmra_api.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
Mmra = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a folder with a copy of the package and its prompts, to be changed."""
    folder = tmp_path / "copy"
    for name in ("mmra_api", "prompts"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def mmra(package: Path, tmp_path: Path) -> Mmra:
    """Return a function that calls ``mmra`` of the copy, in a folder of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}

    def call(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = kept | {"PYTHONPATH": str(package), "MMRA_CACHE": str(tmp_path / "cache")} | variables
        command = [sys.executable, "-m", "mmra_api", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    return call


def add_line(file: Path, line: str, *, below: str) -> None:
    """Put one line below another one, which occurs once."""
    text = file.read_text()
    assert text.count(below) == 1, f"{file.name}: {below!r}"
    file.write_text(text.replace(below, f"{below}{line}\n"))


def read_tree(folder: Path) -> dict[str, list[str]]:
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(folder)): path.read_text().splitlines() for path in files}


def count_cost(package: Path) -> dict[str, int]:
    """Return the changed files with the lines that they have more; whole files are new ones."""
    before = read_tree(ROOT / "mmra_api")
    cost = {}
    for name, lines in read_tree(package / "mmra_api").items():
        if lines != before.get(name):
            cost[name] = len(lines) - len(before.get(name, []))
    return cost


def test_a_compatible_service_is_one_line(package: Path, mmra: Mmra, jsonl, tmp_path: Path) -> None:
    own = str(jsonl(tmp_path / "own", 3))
    assert "unknown service 'mylab'" in mmra("run", own, "--model", "mylab/m").stderr
    add_line(
        package / "mmra_api" / "providers" / "services.py",
        '    "mylab": Service(base_url="https://llm.mylab.example/v1", key_variables=("MYLAB_API_KEY",)),',
        below="PROVIDERS: Mapping[str, Service] = {\n",
    )
    assert count_cost(package) == {"providers/services.py": 1}
    assert "MYLAB_API_KEY is set" in mmra("models", MYLAB_API_KEY="k").stdout
    with Sandbox() as sandbox:
        done = mmra("run", own, "--model", "mylab/m", "--base-url", sandbox.base_url, MYLAB_API_KEY="k")
        assert (done.returncode, sandbox.counters.paid) == (0, 3), done.stderr
    assert "mylab/m" in done.stdout


def test_a_prompt_is_one_file_and_no_code(package: Path, mmra: Mmra, jsonl, tmp_path: Path) -> None:
    """MMRA's own settings IQ and QO have prompts; DQ (descriptions in place of images) has none yet."""
    own = jsonl(tmp_path / "own", 3)
    lines = own.read_text().splitlines()
    own.write_text("".join(f'{line[:-1]}, "descriptions": ["a red cup", "a blue cup"]}}\n' for line in lines))
    words = ("run", str(own), "--model", "baseline/first", "--setting", "DQ", "--name", "described")
    assert "no prompt template" in mmra(*words).stderr
    template = (
        "{% for text in descriptions %}Image {{ loop.index }} shows {{ text }}.\n{% endfor %}{{ question }}\n"
        "{% for letter, text in options.items() %}{{ letter }}. {{ text }}\n{% endfor %}"
    )
    (package / "prompts" / "choice.DQ.direct.jinja").write_text(template)
    assert count_cost(package) == {}
    done = mmra(*words)
    assert done.returncode == 0, done.stderr
    shown = mmra("show", "described", "q1").stdout
    assert "Image 2 shows a blue cup." in shown
    assert "What do both pictures of pair 1 show?" in shown


def test_a_report_column_is_one_entry_for_all_formats(package: Path, mmra: Mmra, jsonl, tmp_path: Path) -> None:
    own = str(jsonl(tmp_path / "own", 5))
    assert mmra("run", own, "--model", "baseline/first", "--name", "mine").returncode == 0
    add_line(
        package / "mmra_api" / "report" / "columns.py",
        '    Column(name="hits", heading="right of all", show="text", cell=lambda c: f"{c.correct} of {c.n}"),',
        below="COLUMNS: tuple[Column, ...] = (\n",
    )
    assert count_cost(package) == {"report/columns.py": 1}
    shown = {form: mmra("report", "mine", "--format", form).stdout for form in FORMATS}
    overall = json.loads(shown["json"])["rows"][0]["overall"]
    expected = f"{overall['correct']} of {overall['n']}"
    assert overall["hits"] == expected
    for form, text in shown.items():
        assert expected in text, form
        heading = {"terminal": "right of all", "markdown": "right of all", "latex": "Right of all"}.get(form, "hits")
        assert heading in text, form


COMMAND = '''"""``mmra prompts``: a run → how many different prompts it asked."""

from __future__ import annotations

from pathlib import Path

import click

from mmra_api.cli.flags import runs_flag


@click.command("prompts", short_help="Count the prompts of a run.")
@click.argument("name", metavar="RUN")
@runs_flag
def command(name: str, runs: Path | None) -> None:
    """Count the prompts of a run."""
    from mmra_api.runs import find_run, find_runs_folder, load_run

    run = load_run(find_run(name, find_runs_folder(runs)))
    click.echo(f"{len({record.prompt for record in run.records()})} prompts")
'''


def test_a_command_is_one_file_and_one_line(package: Path, mmra: Mmra, jsonl, tmp_path: Path) -> None:
    own = str(jsonl(tmp_path / "own", 3))
    assert "No such command 'prompts'" in mmra("prompts", "mine").stderr
    (package / "mmra_api" / "cli" / "prompts.py").write_text(COMMAND)
    add_line(
        package / "mmra_api" / "cli" / "__init__.py",
        '    "prompts": "Count the prompts of a run.",',
        below="COMMANDS = {\n",
    )
    assert count_cost(package) == {"cli/prompts.py": len(COMMAND.splitlines()), "cli/__init__.py": 1}
    assert "Count the prompts of a run." in mmra("--help").stdout
    assert mmra("run", own, "--model", "baseline/first", "--name", "mine").returncode == 0
    assert mmra("prompts", "mine").stdout == "3 prompts\n"
