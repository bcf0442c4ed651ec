"""A hook of MkDocs: pages of the site that lie elsewhere in the repository, and the links to them.

A page of ``docs/`` is read in two places. On a forge its links lead to any file of the repository; on the site only to
what is part of it. So README.md, CONTRIBUTING.md, CHANGELOG.md and the examples become pages, and a link to any other
file outside ``docs/`` becomes plain text.
"""

from __future__ import annotations

import ast
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, Files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ELSEWHERE = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""File of the repository → page of the site."""
EXAMPLES = "examples.md"
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")
"""A link or a picture of Markdown: mark of a picture, text, file, anchor. No address with a scheme, no bare anchor."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Write out the patterns in ``nav``: a new page of a service or of the reference needs no line there."""
    config.nav = _expand(config.nav or [])
    return config


def _expand(nav: list[Any]) -> list[Any]:
    entries: list[Any] = []
    for entry in nav:
        if isinstance(entry, dict):
            entries.append({name: _expand(part) if isinstance(part, list) else part for name, part in entry.items()})
        elif "*" in entry:
            entries += sorted(path.relative_to(DOCS).as_posix() for path in DOCS.glob(entry) if path.name != "index.md")
        else:
            entries.append(entry)
    return entries


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie outside ``docs/``."""
    for path, page in ELSEWHERE.items():
        files.append(File.generated(config, page, content=(ROOT / path).read_text(encoding="utf-8")))
    files.append(File.generated(config, EXAMPLES, content=show_examples()))
    return files


def show_examples() -> str:
    """Return a page with every example: its docstring as text, then its code."""
    page = "# Examples\n\nEach runs offline with simulated models, and a test runs it as you would.\n"
    for path in sorted((ROOT / "examples").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        said = ast.get_docstring(ast.parse(source)) or ""
        code = source.split('"""', 2)[2].strip()  # the docstring is the first thing in the file
        page += f"\n## {path.name}\n\n{said}\n\n```python\n{code}\n```\n"
    return page


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead every link to where its file is on the site."""
    here = page.file.src_uri
    source = next((path for path, name in ELSEWHERE.items() if name == here), f"docs/{here}")

    def lead(found: re.Match[str]) -> str:
        picture, text, file, anchor = found[1], found[2], found[3], found[4] or ""
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), file))
        place = find_place(target)
        if place is None:
            return found[0] if picture else text  # MkDocs says which picture is missing
        if place == EXAMPLES and target.endswith(".py"):
            anchor = "#" + Path(target).name.replace(".", "")
        return f"{picture}[{text}]({posixpath.relpath(place, posixpath.dirname(here) or '.')}{anchor})"

    return LINK.sub(lead, markdown)


def find_place(target: str) -> str | None:
    """Return where on the site a file of the repository is: ``docs/runs.md`` → ``runs.md``; None if it is not there."""
    if target in ELSEWHERE:
        return ELSEWHERE[target]
    if target == "examples" or target.startswith("examples/"):
        return EXAMPLES
    return target.removeprefix("docs/") if target.startswith("docs/") else None
