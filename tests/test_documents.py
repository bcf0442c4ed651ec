"""What the README promises, run as a reader would run it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from mmra_api.cli import COMMANDS

ROOT = Path(__file__).parents[1]


def test_the_demo_shows_the_whole_tool_offline(tmp_path):
    command = [sys.executable, "-m", "mmra_api", "demo"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "SIMULATED" in done.stdout
    assert "mmra run probes --model openai/<id> --limit 22" in done.stdout, "it ends with the first real commands"


def test_the_python_of_the_readme_runs(tmp_path):
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    block = block.replace(
        'benchmark="mmra", model="openai/<id>"', 'benchmark="probes", model="baseline/random", limit=11'
    )
    assert "baseline/random" in block
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "baseline/random" in done.stdout


def test_every_command_in_the_documents_exists():
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for name in re.findall(r"^ {4}mmra (\w+)|`mmra (\w+)", page.read_text(), flags=re.MULTILINE):
            assert "".join(name) in COMMANDS, page.name


def test_every_file_that_the_documents_link_to_exists():
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "cache" / "README.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
