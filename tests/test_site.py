"""The site: built as `make docs` builds it, complete, and without a thing from elsewhere."""

from __future__ import annotations

import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import mmra_api

ROOT = Path(__file__).parents[1]
NOT_FOR_CALLERS = {"mmra_api.__main__", "mmra_api.cli"}
"""The command line: its reference is ``mmra --help``."""


def build(root: Path, site: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--config-file",
        str(root / "mkdocs.yml"),
        "--site-dir",
        str(site),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


def read_inventory(site: Path) -> set[str]:
    """Return the Python names that have a place in the reference."""
    *_, packed = (site / "objects.inv").read_bytes().split(b"\n", 4)
    return {line.split()[0] for line in zlib.decompress(packed).decode().splitlines()}


def test_every_public_name_has_a_place_in_the_reference(site: Path) -> None:
    known = read_inventory(site)
    for name in mmra_api.__all__:
        home = getattr(mmra_api, name).__module__
        assert {f"mmra_api.{name}", f"{home}.{name}"} & known, f"name it in docs/reference/: {name}"


def test_every_room_and_what_it_names_has_a_place_in_the_reference(site: Path) -> None:
    known = read_inventory(site)
    rooms = {f"mmra_api.{module.name}" for module in pkgutil.iter_modules(mmra_api.__path__)} - NOT_FOR_CALLERS
    for room in rooms:
        # Types and errors have pages of their own, without a heading for the module.
        assert room in known or room in {"mmra_api.types", "mmra_api.errors"}, (
            f"add `::: {room}` to docs/reference/rooms.md"
        )
        for name in getattr(importlib.import_module(room), "__all__", ()):
            assert f"{room}.{name}" in known


def test_no_page_fetches_anything_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"<(?:script|img|iframe)[^>]*\ssrc=\"?(?:https?:)?//[^>]*>", text), page.name
        assert not re.findall(r"<link[^>]*rel=\"?(?:stylesheet|preconnect|icon)[^>]*(?:https?:)?//[^>]*>", text), (
            page.name
        )
    for sheet in site.rglob("*.css"):
        assert not re.findall(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", sheet.read_text(encoding="utf-8")), (
            sheet.name
        )


def test_every_page_and_example_is_there_and_no_script(site: Path) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert (site / page.relative_to(ROOT / "docs")).with_suffix(".html").is_file()
    examples = (site / "examples.html").read_text(encoding="utf-8")
    for example in (ROOT / "examples").glob("*.py"):
        assert f'id="{example.name.replace(".", "")}"' in examples
    assert not [path for path in site.rglob("*.py*") if path.suffix in {".py", ".pyc"}]


def test_links_to_files_beside_the_documents_lead_somewhere(site: Path) -> None:
    assert 'href="index.html#rehearse-without-a-key"' in (site / "services.html").read_text(encoding="utf-8")
    assert 'href="examples.html#comparepy"' in (site / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", ["[lost](nowhere.md)", "[lost](runs.md#no-such-heading)", "::: mmra_api.no_such_name"])
def test_a_page_with_a_broken_link_or_name_fails(tmp_path: Path, line: str) -> None:
    for name in ("docs", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "mmra_api").symlink_to(ROOT / "mmra_api")
    with (tmp_path / "docs" / "cache.md").open("a", encoding="utf-8") as page:
        page.write(f"\n{line}\n")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode != 0
    assert "cache.md" in done.stderr
