"""The ledger of what the store saved: exact while it can be written, and never in the way of a run."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mmra_api.dispatch.store.hits import LEDGER, HitCounter, Hits, note_hits, read_hits
from mmra_api.types import Usage

ASKED = ("openai", "https://api.openai.com/v1", "gpt-4o")
OTHER = ("vllm", "http://127.0.0.1:8000/v1", "gpt-4o")


def test_counts_add_up_by_service_address_and_model(tmp_path):
    note_hits(tmp_path, {ASKED: Hits(2, 100, 10, 50), OTHER: Hits(1, 7, 1, 0)})
    note_hits(tmp_path, {ASKED: Hits(1, 11, 3, 0)})
    assert read_hits(tmp_path) == {ASKED: Hits(3, 111, 13, 50), OTHER: Hits(1, 7, 1, 0)}


def test_a_run_adds_its_hits_once(tmp_path):
    counter = HitCounter(ASKED)
    counter.add(Usage(input_tokens=100, output_tokens=None, cached_tokens=40))
    counter.add(Usage(input_tokens=-5))
    note_hits(tmp_path, counter.take())
    note_hits(tmp_path, counter.take())
    assert read_hits(tmp_path) == {ASKED: Hits(2, 100, 0, 40)}


def test_nothing_saved_makes_no_file(tmp_path):
    note_hits(tmp_path, HitCounter(ASKED).take())
    assert read_hits(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_many_processes_lose_no_count(tmp_path):
    script = (
        "import sys; from pathlib import Path; from mmra_api.dispatch.store.hits import Hits, note_hits\n"
        f"for _ in range(20): note_hits(Path(sys.argv[1]), {{{ASKED!r}: Hits(1, 10, 2, 0)}})\n"
    )
    with ThreadPoolExecutor(8) as threads:
        started = [
            threads.submit(subprocess.run, [sys.executable, "-c", script, str(tmp_path)], check=True) for _ in range(8)
        ]
        for each in started:
            each.result()
    assert read_hits(tmp_path) == {ASKED: Hits(160, 1600, 320, 0)}


def _damage(root):
    (root / LEDGER).write_bytes(b"no database" * 200)


def _cut(root):
    note_hits(root, {ASKED: Hits(1, 1, 1, 1)})
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
    note_hits(root, {ASKED: Hits(1, 1, 1, 1)})
    assert read_hits(root) == {}


def test_values_that_no_count_has_are_passed_over(tmp_path):
    import sqlite3

    note_hits(tmp_path, {ASKED: Hits(1, 1, 1, 1), OTHER: Hits(2, 2, 2, 2)})
    with sqlite3.connect(tmp_path / LEDGER) as ledger:
        ledger.execute("UPDATE saved SET hits = 'many' WHERE service = 'openai'")
    ledger.close()
    assert read_hits(tmp_path) == {OTHER: Hits(2, 2, 2, 2)}
    note_hits(tmp_path, {OTHER: Hits(1, 2**70, 0, 0)})
    assert read_hits(tmp_path) == {OTHER: Hits(2, 2, 2, 2)}
