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


def read_tree(text: str) -> list[Path]:
    """Return the paths of the tree in the README: an entry is deeper than the one that it lies in."""
    (block,) = re.findall(r"^    prompts/ .*?\n\n", text, flags=re.DOTALL | re.MULTILINE)
    paths: list[Path] = []
    parents: list[tuple[int, Path]] = [(-1, ROOT)]
    for line in block.splitlines():
        entry = re.match(r"( {4,8})(\w+/|\w+\.py)(?: |$)", line)
        if entry is None:  # a comment that continues
            continue
        while parents[-1][0] >= len(entry[1]):
            parents.pop()
        paths.append(parents[-1][1] / entry[2])
        parents.append((len(entry[1]), paths[-1]))
    return paths


def test_the_tree_of_the_readme_is_the_tree():
    package = ROOT / "mmra_api"
    listed = read_tree((ROOT / "README.md").read_text())
    assert [path for path in listed if not path.exists()] == []
    there = {path for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert there - set(listed) == {package / "__main__.py"}
    assert {package / "dispatch" / "store", package / "cli" / "flags", ROOT / "examples"} <= set(listed)


def test_the_places_that_contributing_names_are_there():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    rows = [row for row in text.splitlines() if row.startswith("| ") and row.count("|") == 4]
    places = [name for row in rows for name in re.findall(r"`([\w/]+(?:/|\.py))`", row.split("|")[3])]
    assert len(places) > 12
    missing = {name for name in places if not ((ROOT / "mmra_api" / name).exists() or (ROOT / name).exists())}
    assert missing == {"variants.py"}, "which is said to come"
