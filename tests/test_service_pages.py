"""The pages of the services: one for each, with its parts, and tables that say what the code does."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from mmra_api.cli import COMMANDS
from mmra_api.cli.run import command as run_command
from mmra_api.images.limits import ImageLimits
from mmra_api.providers.service import Service
from mmra_api.providers.services import PROVIDERS
from mmra_api.providers.wires import FLAGS, openai_chat, rename_fields
from mmra_api.providers.wires.registry import WIRES

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted((DOCS / "services").glob("*.md"))
PARTS = ("Key", "Model ids", "First command", "Parameters", "Image limits", "Errors", "Cost")


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_services", DOCS / "write_services.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def find_stale(script: ModuleType) -> set[str]:
    return {path.stem for path, text in script.write_all().items() if path.read_text() != text}


def test_every_service_has_a_page_and_every_page_a_service(script):
    assert {page.stem for page in PAGES} == set(PROVIDERS) - {"sandbox"} == set(script.offered())


def test_the_tables_are_what_the_script_writes(script):
    assert find_stale(script) == set(), "run `python docs/write_services.py`"


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        ({"images": ImageLimits(max_images=6)}, {"groq"}),
        ({"base_url": "https://elsewhere.example/v1"}, {"groq"}),
        ({"max_tokens": None}, {"groq"}),
        ({"renamed": {}}, {"groq"}),
        ({"key_variables": ("GROQ_KEY",)}, {"groq", "services"}),
        ({"wire": "anthropic"}, {"groq", "services"}),
    ],
)
def test_a_changed_entry_makes_its_page_stale(script, monkeypatch, change, stale):
    monkeypatch.setitem(PROVIDERS, "groq", replace(PROVIDERS["groq"], **change))
    assert find_stale(script) == stale


def test_a_changed_wire_format_makes_pages_stale(script, monkeypatch):
    monkeypatch.setattr(openai_chat, "count_input", lambda request: (1, 2))
    assert {"groq", "mistral"} < find_stale(script)
    assert "anthropic" not in find_stale(script)
    assert "services" not in find_stale(script)
    monkeypatch.setattr(openai_chat, "FIELDS", rename_fields(openai_chat.FIELDS, {"max_tokens": "max"}))
    assert "services" in find_stale(script)


def test_a_service_without_a_page_is_missed(script, monkeypatch):
    monkeypatch.setitem(PROVIDERS, "new", Service(base_url="https://new.example/v1"))
    with pytest.raises(FileNotFoundError, match=r"new\.md"):
        script.write_all()


def test_a_lost_mark_is_missed(script, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- facts: service -->\nold\n<!-- /facts -->\n")
    assert script.fill(page, {"service": "new\n"}) == "<!-- facts: service -->\nnew\n<!-- /facts -->\n"
    with pytest.raises(ValueError, match="it has the blocks service, not service, cost"):
        script.fill(page, {"service": "", "cost": ""})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_all_parts_by_hand(page, script):
    by_hand = script.BLOCK.sub("", page.read_text())
    title, *parts = re.split(r"^## ", by_hand, flags=re.MULTILINE)
    assert title.startswith(f"# {page.stem}\n")
    texts = {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts}
    assert tuple(texts) == PARTS
    assert all(len(text) > 15 for text in texts.values())
    commands = texts["First command"]
    assert f"mmra models --check {page.stem}/" in commands
    assert f"mmra run mmra --model {page.stem}/" in commands
    assert "--limit 22" in commands
    service = PROVIDERS[page.stem]
    assert not service.key_needed or any(f"export {name}=" in commands for name in service.key_variables)
    assert len(page.read_text().splitlines()) <= 80


@pytest.mark.parametrize("page", [*PAGES, DOCS / "services.md"], ids=lambda page: page.stem)
def test_a_page_names_only_what_exists(page):
    text = page.read_text()
    for name in re.findall(r"^ {4}mmra (\w+)|`mmra (\w+)", text, flags=re.MULTILINE):
        assert "".join(name) in COMMANDS
    flags = {flag for option in run_command.params for flag in option.opts} | {"--check"}
    elsewhere = {
        "--served-model-name",
        "--limit-mm-per-prompt",
        "--max-model-len",
        "--generation-config",
    }  # of vLLM's server
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= flags | elsewhere
    for target, _, anchor in re.findall(r"\]\(([^)#:]*)(#([^)]*))?\)", text):
        found = page.parent / target if target else page
        assert found.exists(), target
        headings = re.findall(r"^#+ (.*)", found.read_text(), flags=re.MULTILINE)
        slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in slugs, anchor


def test_the_overview_names_every_wire_format_and_every_flag(script):
    text = (DOCS / "services.md").read_text()
    assert set(WIRES) == set(script.WIRES)
    assert all(f"`{wire}`" in text for wire in WIRES)
    kinds = {"--max-tokens", "--temperature", "--top-p", "--stop", "--effort", "--thinking-budget", "--model-seed"}
    assert set(FLAGS.values()) == kinds | {"--system", "--image-detail", "--logprobs"}
    assert all(f"| `{flag}` |" in text for flag in FLAGS.values())


def test_the_figures_of_the_overview_are_those_of_the_code():
    from mmra_api.images.convert import QUALITIES
    from mmra_api.images.limits import UNIFORM_REQUEST
    from mmra_api.providers.wires.anthropic import MAX_TOKENS

    text = " ".join((DOCS / "services.md").read_text().split())
    budgets = {name: service.max_tokens for name, service in PROVIDERS.items() if service.max_tokens}
    first, *others = (f"`{name}` {tokens:,}" for name, tokens in ({"anthropic": MAX_TOKENS} | budgets).items())
    assert ", ".join([f"{first} tokens", *others]) in text
    best, *lower = map(str, QUALITIES)
    assert f"JPEG at quality {best}, or at the first lower one ({', '.join(lower)})" in text
    assert f"{UNIFORM_REQUEST / 1e6:g} MB a request" in text


def test_the_toml_of_the_pages_is_read(tmp_path, monkeypatch):
    from mmra_api.config.load import load_config

    blocks = [
        block
        for page in [DOCS / "services.md", *PAGES]
        for block in re.findall(r"^    \[services\..*?(?=^\S|\Z)", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    ]
    assert len(blocks) == 3
    for number, block in enumerate(blocks):
        file = tmp_path / f"{number}.toml"
        file.write_text("\n".join(line[4:] for line in block.splitlines()))
        assert load_config(file).services != PROVIDERS
    lab = load_config(tmp_path / "0.toml").services["mylab"]
    assert lab.images == ImageLimits(formats=("jpeg", "png"), max_side=2048, max_images=4)
    assert (lab.key_variables, lab.wire, lab.max_tokens) == (("MYLAB_API_KEY",), "openai_chat", 8192)
