"""The ledger of what the store saved: exact while it can be written, and never in the way of a run."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mmra_api.dispatch.store.hits import LEDGER, Saved, Savings, note_saved, read_saved
from mmra_api.types import Usage

ASKED = ("openai", "https://api.openai.com/v1", "gpt-4o")
OTHER = ("vllm", "http://127.0.0.1:8000/v1", "gpt-4o")


def test_counts_add_up_by_service_address_and_model(tmp_path):
    note_saved(tmp_path, {ASKED: Saved(2, 100, 10, 50), OTHER: Saved(1, 7, 1, 0)})
    note_saved(tmp_path, {ASKED: Saved(1, 11, 3, 0)})
    assert read_saved(tmp_path) == {ASKED: Saved(3, 111, 13, 50), OTHER: Saved(1, 7, 1, 0)}


def test_a_run_adds_its_hits_once(tmp_path):
    savings = Savings(ASKED)
    savings.add(Usage(input_tokens=100, output_tokens=None, cached_tokens=40))
    savings.add(Usage(input_tokens=-5))
    savings.flush(tmp_path)
    savings.flush(tmp_path)
    assert read_saved(tmp_path) == {ASKED: Saved(2, 100, 0, 40)}


def test_nothing_saved_makes_no_file(tmp_path):
    Savings(ASKED).flush(tmp_path)
    assert read_saved(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_many_processes_lose_no_count(tmp_path):
    script = (
        "import sys; from pathlib import Path; from mmra_api.dispatch.store.hits import Saved, note_saved\n"
        f"for _ in range(20): note_saved(Path(sys.argv[1]), {{{ASKED!r}: Saved(1, 10, 2, 0)}})\n"
    )
    with ThreadPoolExecutor(8) as threads:
        started = [
            threads.submit(subprocess.run, [sys.executable, "-c", script, str(tmp_path)], check=True) for _ in range(8)
        ]
        for each in started:
            each.result()
    assert read_saved(tmp_path) == {ASKED: Saved(160, 1600, 320, 0)}


def _damage(root):
    (root / LEDGER).write_bytes(b"no database" * 200)


def _cut(root):
    note_saved(root, {ASKED: Saved(1, 1, 1, 1)})
    (root / LEDGER).write_bytes((root / LEDGER).read_bytes()[:5000])


def _foreign(root):
    import sqlite3

    with sqlite3.connect(root / LEDGER) as ledger:
        ledger.execute("CREATE TABLE saved (a, b)")
        ledger.execute("INSERT INTO saved VALUES (1, 'x')")
    ledger.close()


@pytest.mark.parametrize(
    "spoil",
    [_damage, _cut, _foreign, lambda root: (root / LEDGER).mkdir(), lambda root: root.rmdir()],
    ids=["no database", "cut short", "another table", "a folder", "no cache folder"],
)
def test_a_ledger_that_cannot_be_used_is_empty_and_raises_nothing(tmp_path, spoil):
    root = tmp_path / "cache"
    root.mkdir()
    spoil(root)
    note_saved(root, {ASKED: Saved(1, 1, 1, 1)})
    assert read_saved(root) == {}


def test_values_that_no_count_has_are_passed_over(tmp_path):
    import sqlite3

    note_saved(tmp_path, {ASKED: Saved(1, 1, 1, 1), OTHER: Saved(2, 2, 2, 2)})
    with sqlite3.connect(tmp_path / LEDGER) as ledger:
        ledger.execute("UPDATE saved SET hits = 'many' WHERE service = 'openai'")
    ledger.close()
    assert read_saved(tmp_path) == {OTHER: Saved(2, 2, 2, 2)}
    note_saved(tmp_path, {OTHER: Saved(1, 2**70, 0, 0)})
    assert read_saved(tmp_path) == {OTHER: Saved(2, 2, 2, 2)}
