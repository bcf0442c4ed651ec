"""What is special to the store on disk: durable, never evicting, never unpickling, clear when it cannot be used.

What every backend promises is in ``test_store_conformance.py``.
"""

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

from mmra_api.dispatch.store import entry as entry_module
from mmra_api.dispatch.store.database import ReplyDatabase
from mmra_api.dispatch.store.disk import SETTINGS, JsonDisk
from mmra_api.dispatch.store.entry import make_entry
from mmra_api.dispatch.store.folder import find_folder
from mmra_api.dispatch.store.key import hash_call
from mmra_api.dispatch.store.local import LocalStore
from mmra_api.dispatch.store.rows import FOREIGN, list_keys, scan
from mmra_api.errors import StoreError
from mmra_api.types import Reply

KEYED = {"service": "s", "base_url": "u", "path": "/p", "body": {"model": "m"}, "trial": 0}
GOOD = hash_call(KEYED)


def change(store, statement, **values):
    """Change the database behind the store's back."""
    with closing(sqlite3.connect(store.folder / "cache.db")) as database, database:
        database.execute(statement, values)


@pytest.fixture
def store(tmp_path: Path):
    opened = ReplyDatabase(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "text",
    ["B", "", "\0 NUL \0", "Ünïcode 日本語 🙂", "\u2028\u2029", "x" * 3_000_000, '"quotes" \\ and \n lines'],
    ids=["letter", "empty", "nul", "unicode", "separators", "large", "escapes"],
)
def test_what_goes_in_comes_out(store, text):
    store.put("k", make_entry(KEYED, Reply(body={"text": text, "n": 1.5, "none": None}, headers={"x-request-id": "r"})))
    entry = store.get("k")
    assert (entry.reply, entry.headers, entry.keyed) == (
        {"text": text, "n": 1.5, "none": None},
        {"x-request-id": "r"},
        KEYED,
    )
    assert entry.stored.endswith("+00:00")


def test_another_process_sees_it_at_once(store, tmp_path):
    store.put("k", make_entry(KEYED, Reply(body={"text": "paid"})))
    script = (
        "import sys; from pathlib import Path; from mmra_api.dispatch.store.database import ReplyDatabase\n"
        "store = ReplyDatabase(Path(sys.argv[1])); print(store.get('k').reply['text']); store.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "paid\n"


def test_nothing_is_ever_evicted(tmp_path):
    """The database keeps the settings of whoever opened it last; here that is somebody with eviction switched on."""
    with closing(ReplyDatabase(tmp_path)) as store:
        store.put("first", make_entry(KEYED, Reply(body={"text": "paid"})))
    hostile = {"eviction_policy": "least-recently-stored", "size_limit": 1000, "cull_limit": 10}
    diskcache.Cache(str(tmp_path / "responses"), disk=JsonDisk, **hostile).close()
    with closing(ReplyDatabase(tmp_path)) as store:
        for number in range(40):
            store.put(f"k{number}", make_entry(KEYED, Reply(body={"text": os.urandom(20_000).hex()})))
        assert len(list(list_keys(store.folder))) == 41
        assert store.get("first").reply == {"text": "paid"}


class Bomb:
    def __reduce__(self):
        return (Path.touch, (Path("exploded"),))


@pytest.mark.parametrize("mode", [1, 2, 3, 4])
def test_a_crafted_row_executes_nothing(store, tmp_path, monkeypatch, mode):
    monkeypatch.chdir(tmp_path)
    store.put("k", make_entry(KEYED, Reply(body={"text": "x"})))
    with sqlite3.connect(store.folder / "cache.db") as database:
        database.execute("UPDATE Cache SET mode = ?, value = ?", (mode, pickle.dumps(Bomb())))
    database.close()
    assert store.get("k") is None
    assert store.damaged == {"k"}
    assert not Path("exploded").exists()


KEY_FORMS = {
    "pickle": "UPDATE Cache SET raw = 0, key = :pickle",
    "bytes": "UPDATE Cache SET key = :pickle",
    "number": "UPDATE Cache SET key = 7",
    "null": "UPDATE Cache SET key = NULL",
    "no text": "UPDATE Cache SET key = CAST(x'ff00ff' AS TEXT)",
}


@pytest.mark.parametrize("statement", KEY_FORMS.values(), ids=KEY_FORMS)
def test_a_crafted_key_executes_nothing_and_hides_no_other(store, tmp_path, monkeypatch, statement):
    monkeypatch.chdir(tmp_path)
    store.put("k", make_entry(KEYED, Reply(body={"text": "x"})))
    change(store, statement, pickle=pickle.dumps(Bomb()))
    store.put(GOOD, make_entry(KEYED, Reply(body={"text": "x"})))
    assert GOOD in list(list_keys(store.folder))
    assert [row.fault == "" for row in scan(store.folder)] == [False, True]
    assert store.get(GOOD) is not None
    assert not Path("exploded").exists()


ROW_FORMS = {
    "binary file": "UPDATE Cache SET mode = 2, value = NULL, filename = :file",
    "text file": "UPDATE Cache SET mode = 3, value = NULL, filename = :file",
    "pickle in a file": "UPDATE Cache SET mode = 4, value = NULL, filename = :file",
    "file named beside a value": "UPDATE Cache SET filename = :file",
}


@pytest.mark.parametrize("outside", ["absolute", "relative"])
@pytest.mark.parametrize("statement", ROW_FORMS.values(), ids=ROW_FORMS)
def test_a_crafted_row_reads_and_deletes_no_other_file(store, tmp_path, statement, outside):
    secret = tmp_path / "secret"
    secret.write_bytes(pickle.dumps("secret"))
    store.put(GOOD, make_entry(KEYED, Reply(body={"text": "x"})))
    change(store, statement, file=str(secret) if outside == "absolute" else "../secret")
    assert [(row.key, row.fault) for row in scan(store.folder)] == [(GOOD, FOREIGN)]
    entry = store.get(GOOD)
    assert entry is None or entry.reply == {"text": "x"}
    store.put(GOOD, make_entry(KEYED, Reply(body={"text": "again"})))
    assert store.get(GOOD).reply == {"text": "again"}
    assert [row.fault for row in scan(store.folder)] == [""]
    store.remove(GOOD)
    assert secret.exists()


def test_an_entry_that_unfolds_without_end_is_damaged(store, monkeypatch):
    store.put(GOOD, make_entry(KEYED, Reply(body={"text": "x" * 100_000})))
    monkeypatch.setattr(entry_module, "LARGEST", 50_000)
    assert [row.fault for row in scan(store.folder)] == ["it unfolds to more than 0 MiB"]
    assert store.get(GOOD) is None
    with pytest.raises(StoreError, match="the most is"):
        store.put(GOOD, make_entry(KEYED, Reply(body={"text": "x" * 100_000})))


SETTING_ROWS = [
    ("eviction_policy", "least-recently-used"),
    ("cull_limit", 1000),
    ("size_limit", 1),
    ("statistics", 1),
    ("tag_index", 1),
    ("disk_min_file_size", 0),
    ("disk_pickle_protocol", 0),
    ("disk_fetch", "gone"),
    ("disk_unknown", "x"),
    ("sqlite_synchronous", 0),
    ("sqlite_journal_mode", "off"),
    ("sqlite_locking_mode", "exclusive"),
    ("sqlite_user_version = 1; --", 5),
    ("_directory", "/tmp"),
    ("_disk", None),
    ("get", "gone"),
    ("count", "many"),
]


@pytest.mark.parametrize(("name", "value"), SETTING_ROWS, ids=[name for name, _ in SETTING_ROWS])
def test_the_settings_of_a_hostile_database_have_no_effect(tmp_path, name, value):
    with closing(ReplyDatabase(tmp_path)) as store:
        store.put("first", make_entry(KEYED, Reply(body={"text": "paid"})))
        change(store, "INSERT OR REPLACE INTO Settings VALUES (:name, :value)", name=name, value=value)
    with closing(ReplyDatabase(tmp_path)) as store:
        for number in range(3):
            store.put(f"k{number}", make_entry(KEYED, Reply(body={"text": os.urandom(20_000).hex()})))
        assert store.get("first").reply == {"text": "paid"}
        assert (len(list(list_keys(store.folder))), sorted(list_keys(store.folder))) == (4, ["first", "k0", "k1", "k2"])
        pragmas = {each: store._cache._sql(f"PRAGMA {each}").fetchone()[0] for each in ("synchronous", "journal_mode")}
        assert pragmas == {"synchronous": 2, "journal_mode": "wal"}
        assert store._cache.directory == str(store.folder)
    with closing(sqlite3.connect(store.folder / "cache.db")) as database:
        stored = dict(database.execute("SELECT key, value FROM Settings"))
    assert {key: value for key, value in stored.items() if key not in diskcache.core.METADATA} == SETTINGS
    assert [file.name for file in store.folder.iterdir() if not file.name.startswith("cache.db")] == []


SCHEMAS = {
    "a trigger that drops replies": "CREATE TRIGGER x BEFORE INSERT ON Cache BEGIN SELECT RAISE(IGNORE); END",
    "a trigger of a known name": "CREATE TRIGGER Settings_count_insert INSERT ON Cache BEGIN DELETE FROM Cache; END",
    "a view": "CREATE VIEW x AS SELECT load_extension('x')",
    "a table": "CREATE TABLE x (y)",
    "an index that forbids a second row": "CREATE UNIQUE INDEX x ON Cache (mode)",
}


@pytest.mark.parametrize("statement", SCHEMAS.values(), ids=SCHEMAS)
def test_a_database_that_could_do_more_than_hold_rows_is_refused(tmp_path, statement):
    with closing(ReplyDatabase(tmp_path)) as store:
        store.check_writable()
        change(store, "DROP TRIGGER Settings_count_insert")
        change(store, statement)
    for use in (lambda opened: opened.get(GOOD), ReplyDatabase.check_writable):
        with pytest.raises(StoreError, match="never makes; it was not used; ask whoever made it"):
            use(ReplyDatabase(tmp_path))
    with pytest.raises(StoreError, match="never makes"):
        list(scan(store.folder))


def test_eight_processes_open_a_cold_folder_at_the_same_moment(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from mmra_api.dispatch.store.database import ReplyDatabase\n"
        "from mmra_api.dispatch.store import make_entry\n"
        "from mmra_api.types import Reply\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "for number in range(5):\n"
        "    store = ReplyDatabase(Path(sys.argv[1]) / str(number))\n"
        "    store.put(sys.argv[2], make_entry({}, Reply(body={}))); store.close()\n"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path), f"k{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
    for number in range(5):
        with closing(ReplyDatabase(tmp_path / str(number))) as store:
            assert sorted(list_keys(store.folder)) == [f"k{each}" for each in range(8)]


def test_a_folder_whose_name_diskcache_would_expand(tmp_path, monkeypatch):
    monkeypatch.setenv("ELSEWHERE", str(tmp_path / "elsewhere"))
    with pytest.raises(StoreError, match="variable"):
        ReplyDatabase(tmp_path / "$ELSEWHERE").check_writable()
    monkeypatch.chdir(tmp_path)
    with closing(ReplyDatabase(Path("~root"))) as store:
        store.put("k", make_entry(KEYED, Reply(body={})))
    assert (tmp_path / "~root" / "responses" / "cache.db").exists()


def test_puts_that_wait_together_share_a_transaction_but_no_failure(store, monkeypatch):
    """One of three is too large: the others are stored, and each is told its own outcome."""
    monkeypatch.setattr(entry_module, "LARGEST", 50_000)
    small, large = (make_entry(KEYED, Reply(body={"text": "x" * size})) for size in (10, 100_000))
    outcomes = store.put_together([("a", small), ("b", large), ("c", small)])
    assert [str(each)[:10] for each in outcomes] == ["None", "a reply of", "None"]
    assert list(list_keys(store.folder)) == ["a", "c"]
    assert store.put_together([("d", small), ("e", small)]) == [None, None]
    assert list(list_keys(store.folder)) == ["a", "c", "d", "e"]


def test_after_a_transaction_that_failed_at_its_end_others_succeed(store):
    small = make_entry(KEYED, Reply(body={"text": "x"}))
    store.put("a", small)
    store._cache._sql("PRAGMA max_page_count = 1")
    large = [(f"k{number}", make_entry(KEYED, Reply(body={"text": os.urandom(50_000).hex()}))) for number in range(3)]
    assert all(isinstance(each, StoreError) for each in store.put_together(large))
    with pytest.raises(StoreError, match="full"):
        store.add(large)
    store._cache._sql("PRAGMA max_page_count = 100000")
    assert store.put_together(large) == [None] * 3
    assert list(list_keys(store.folder)) == ["a", "k0", "k1", "k2"]


def test_a_damaged_database_says_what_to_do_and_is_left_alone(tmp_path):
    (tmp_path / "responses").mkdir()
    file = tmp_path / "responses" / "cache.db"
    file.write_bytes(b"this is not a database" * 100)
    for use in (lambda opened: opened.get(GOOD), ReplyDatabase.check_writable):
        with pytest.raises(StoreError, match=r"damaged; move .* away"):
            use(ReplyDatabase(tmp_path))
    assert file.read_bytes().startswith(b"this is not")


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="--cache"):
        ReplyDatabase(tmp_path / "file").check_writable()


def test_a_full_disk_is_known_before_a_call_is_paid_for(store, monkeypatch):
    store.check_writable()
    usage = shutil.disk_usage(store.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StoreError, match="free some space"):
        store.check_writable()


def test_a_write_that_fails_is_a_store_error(store):
    store.put("k", make_entry(KEYED, Reply(body={"text": "x"})))
    store._cache._sql("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match="full"):
        store.put("k2", make_entry(KEYED, Reply(body={"text": os.urandom(100_000).hex()})))
    assert store.get("k").reply == {"text": "x"}


def test_a_read_only_folder_is_refused_before_a_call(store, monkeypatch):
    # The superuser may write everywhere, so the kernel's answer is stood in for.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StoreError, match="read-only"):
        store.check_writable()


def test_a_read_only_folder_can_be_read(tmp_path, monkeypatch):
    key = hash_call(KEYED)
    with closing(ReplyDatabase(tmp_path)) as store:
        store.put(key, make_entry(KEYED, Reply(body={"text": "paid"})))
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    # The superuser may write everywhere, so the kernel's answer is stood in for.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with closing(ReplyDatabase(tmp_path)) as store:
        assert store.get(key).reply == {"text": "paid"}
        assert store.get("unknown") is None
        assert (list(list_keys(store.folder)), len(list(list_keys(store.folder)))) == ([key], 1)
        with pytest.raises(StoreError, match="read-only"):
            store.put("other", make_entry(KEYED, Reply(body={})))
        with pytest.raises(StoreError, match="read-only"):
            store.check_writable()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files


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
    store.put("k", make_entry(KEYED, Reply(body={"text": "x"})))
    with sqlite3.connect(store.folder / "cache.db") as database:
        database.execute("UPDATE Cache SET value = ?", (b"garbage",))
    database.close()
    assert store.get("k") is None
    assert (tmp_path / "unreadable" / "k.damaged").read_bytes() == b"garbage"


async def test_reading_a_cache_that_does_not_exist_yet_makes_nothing(tmp_path):
    async with LocalStore(tmp_path / "cache") as store:
        assert await store.get(GOOD) is None
        assert await store.find_row(GOOD) is None
        assert [row async for row in store.rows()] == []
        assert (await store.find_keys(limit=1), await store.check_integrity(), await store.measure()) == ([], [], 0)
        assert await store.read_hits() == {}
    assert list(tmp_path.iterdir()) == []


async def test_what_another_process_stored_after_the_first_look_is_found(tmp_path):
    async with LocalStore(tmp_path) as store:
        assert await store.get(GOOD) is None
        with closing(ReplyDatabase(tmp_path)) as other:
            other.put(GOOD, make_entry(KEYED, Reply(body={"text": "paid"})))
        assert (await store.get(GOOD)).reply == {"text": "paid"}


async def test_a_cache_on_a_read_only_disk_can_be_read_whole(tmp_path, monkeypatch):
    async with LocalStore(tmp_path) as store:
        await store.put(GOOD, make_entry(KEYED, Reply(body={"text": "paid"})))
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    # The superuser may write everywhere, so the kernel's answer is stood in for.
    monkeypatch.setattr(os, "access", lambda *_: False)
    async with LocalStore(tmp_path) as store:
        assert (await store.get(GOOD)).reply == {"text": "paid"}
        assert [row.key async for row in store.rows()] == await store.find_keys(limit=9) == [GOOD]
        assert (await store.find_row(GOOD)).fault == ""
        assert await store.check_integrity() == []
        assert await store.measure() > 0
        for write in (store.put(GOOD, make_entry(KEYED, Reply(body={}))), store.remove([GOOD]), store.check_writable()):
            with pytest.raises(StoreError, match="read-only"):
                await write
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files
