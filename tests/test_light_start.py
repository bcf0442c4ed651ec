"""What is imported, and when: SDKs, data sets and plotting only where they are used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "genai_prices",
    "pydantic",
    "openai",
    "anthropic",
    "google",
    "datasets",
    "PIL",
    "rich",
    "pandas",
    "numpy",
    "torch",
    "pyarrow",
    "httpx2",
}


def imported_by(code: str) -> set[str]:
    """Return which heavy modules a fresh process has imported after ``code``."""
    script = f"import sys\n{code}\nprint('\\n' + ' '.join(sorted({HEAVY!r} & sys.modules.keys())))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def command(*words: str) -> str:
    return (
        "from mmra_api.cli import cli\n"
        f"try:\n    cli({list(words)!r})\nexcept SystemExit as end:\n    assert not end.code, end.code"
    )


def test_the_package_and_its_help_import_nothing_heavy():
    assert imported_by("import mmra_api") == set()
    assert imported_by(command("--help")) == set()


@pytest.mark.parametrize("name", ["run", "score", "report", "runs", "show", "cache", "probes", "sandbox", "demo"])
def test_the_help_of_every_command_imports_nothing_heavy(name):
    assert imported_by(command(name, "--help")) == set()


def test_a_baseline_run_on_prepared_data_imports_no_sdk(tmp_path, jsonl):
    own = jsonl(tmp_path / "own", 3)
    places = ["--cache", str(tmp_path / "cache"), "--runs", str(tmp_path / "runs")]
    run = command("run", str(own), "--model", "baseline/first", *places)
    assert "PIL" in imported_by(run), "the first run inspects the images"
    assert imported_by(run) == {"rich"}


def test_every_public_name_can_be_imported():
    import mmra_api

    for name in mmra_api.__all__:
        assert getattr(mmra_api, name) is not None
    assert set(mmra_api.__all__) == set(dir(mmra_api))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = mmra_api.no_such_name


def test_no_public_name_is_hidden_by_a_module():
    """Importing a submodule sets it as an attribute of the package, over a function of the same name."""
    import mmra_api

    modules = {path.stem for path in Path(mmra_api.__file__).parent.iterdir()}
    assert not modules & set(mmra_api.__all__)
