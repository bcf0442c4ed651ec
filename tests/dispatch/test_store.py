"""The store on a real disk: durable, never evicting, never unpickling, and clear when it cannot be used."""

from __future__ import annotations

import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import diskcache
import pytest

from mmra_api.dispatch import store as store_module
from mmra_api.dispatch.store import Store, find_folder
from mmra_api.errors import StoreError
from mmra_api.types import Reply

KEYED = {"service": "s", "base_url": "u", "path": "/p", "body": {"model": "m"}, "trial": 0}


@pytest.fixture
def store(tmp_path: Path):
    opened = Store(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "text",
    ["B", "", "\0 NUL \0", "Ünïcode 日本語 🙂", "\u2028\u2029", "x" * 3_000_000, '"quotes" \\ and \n lines'],
    ids=["letter", "empty", "nul", "unicode", "separators", "large", "escapes"],
)
def test_what_goes_in_comes_out(store, text):
    store.put("k", KEYED, Reply(body={"text": text, "n": 1.5, "none": None}, headers={"x-request-id": "r"}))
    entry = store.get("k")
    assert (entry.reply, entry.headers, entry.keyed) == (
        {"text": text, "n": 1.5, "none": None},
        {"x-request-id": "r"},
        KEYED,
    )
    assert entry.stored.endswith("+00:00")


def test_unknown_keys_are_none(store):
    assert store.get("nothing") is None
    assert store.unreadable == []


def test_another_process_sees_it_at_once(store, tmp_path):
    store.put("k", KEYED, Reply(body={"text": "paid"}))
    script = (
        "import sys; from pathlib import Path; from mmra_api.dispatch.store import Store\n"
        "store = Store(Path(sys.argv[1])); print(store.get('k').reply['text']); store.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "paid\n"


def test_nothing_is_ever_evicted(tmp_path):
    """The database keeps the settings of whoever opened it last; here that is somebody with eviction switched on."""
    with closing(Store(tmp_path)) as store:
        store.put("first", KEYED, Reply(body={"text": "paid"}))
    hostile = {"eviction_policy": "least-recently-stored", "size_limit": 1000, "cull_limit": 10}
    diskcache.Cache(str(tmp_path / "responses"), disk=store_module.JsonDisk, **hostile).close()
    with closing(Store(tmp_path)) as store:
        for number in range(40):
            store.put(f"k{number}", KEYED, Reply(body={"text": os.urandom(20_000).hex()}))
        assert len(store) == 41
        assert store.get("first").reply == {"text": "paid"}


class Bomb:
    def __reduce__(self):
        return (Path.touch, (Path("exploded"),))


@pytest.mark.parametrize("mode", [1, 2, 3, 4])
def test_a_crafted_row_executes_nothing(store, tmp_path, monkeypatch, mode):
    monkeypatch.chdir(tmp_path)
    store.put("k", KEYED, Reply(body={"text": "x"}))
    with sqlite3.connect(store.folder / "cache.db") as database:
        database.execute("UPDATE Cache SET mode = ?, value = ?", (mode, pickle.dumps(Bomb())))
    database.close()
    assert store.get("k") is None
    assert store.unreadable == ["k"]
    assert not Path("exploded").exists()


def test_a_crafted_key_executes_nothing(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store.put("k", KEYED, Reply(body={"text": "x"}))
    with sqlite3.connect(store.folder / "cache.db") as database:
        database.execute("UPDATE Cache SET raw = 0, key = ?", (pickle.dumps(Bomb()),))
    database.close()
    with pytest.raises(StoreError):
        list(store)
    assert not Path("exploded").exists()


def test_a_damaged_entry_counts_as_not_stored_and_can_be_replaced(store):
    store.put("k", KEYED, Reply(body={"text": "x"}))
    with sqlite3.connect(store.folder / "cache.db") as database:
        database.execute("UPDATE Cache SET value = ?", (b"garbage",))
    database.close()
    assert store.get("k") is None
    store.put("k", KEYED, Reply(body={"text": "again"}))
    assert store.get("k").reply == {"text": "again"}


def test_a_damaged_database_says_what_to_do_and_is_left_alone(tmp_path):
    (tmp_path / "responses").mkdir()
    file = tmp_path / "responses" / "cache.db"
    file.write_bytes(b"this is not a database" * 100)
    with pytest.raises(StoreError, match=r"damaged; move .* away"):
        Store(tmp_path)
    assert file.read_bytes().startswith(b"this is not")


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="--cache"):
        Store(tmp_path / "file")


def test_a_full_disk_is_known_before_a_call_is_paid_for(store, monkeypatch):
    store.check_writable()
    usage = shutil.disk_usage(store.folder)
    monkeypatch.setattr(store_module.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StoreError, match="free some space"):
        store.check_writable()


def test_a_write_that_fails_is_a_store_error(store):
    store.put("k", KEYED, Reply(body={"text": "x"}))
    store._cache._sql("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match="full"):
        store.put("k2", KEYED, Reply(body={"text": os.urandom(100_000).hex()}))
    assert store.get("k").reply == {"text": "x"}


def test_a_read_only_folder_is_refused_before_a_call(store, monkeypatch):
    # The superuser may write everywhere, so the kernel's answer is stood in for.
    monkeypatch.setattr(store_module.os, "access", lambda *_: False)
    with pytest.raises(StoreError, match="read-only"):
        store.check_writable()


def test_where_the_folder_is(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    assert find_folder(tmp_path / "chosen") == tmp_path / "chosen"
    assert find_folder() == tmp_path / "data" / "mmra"
    (tmp_path / "cache").mkdir()
    assert find_folder() == tmp_path / "data" / "mmra", "a folder of that name is not yet a checkout"
    (tmp_path / "cache" / "README.md").touch()
    (tmp_path / "mmra_api").mkdir()
    assert find_folder() == tmp_path / "cache"
    monkeypatch.setenv("MMRA_CACHE", str(tmp_path / "variable"))
    assert find_folder() == tmp_path / "variable"
    assert find_folder(tmp_path / "chosen") == tmp_path / "chosen"


def test_the_bytes_of_a_damaged_entry_are_kept(store, tmp_path):
    store.put("k", KEYED, Reply(body={"text": "x"}))
    with sqlite3.connect(store.folder / "cache.db") as database:
        database.execute("UPDATE Cache SET value = ?", (b"garbage",))
    database.close()
    assert store.get("k") is None
    assert (tmp_path / "unreadable" / "k.damaged").read_bytes() == b"garbage"
