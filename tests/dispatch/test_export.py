"""Stored calls that travel: byte for byte the same, believed only when whole, merged without loss."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
import signal
import subprocess
import sys
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from mmra_api.dispatch.store import export as export_module
from mmra_api.dispatch.store import merge as merge_module
from mmra_api.dispatch.store.database import ReplyDatabase
from mmra_api.dispatch.store.entry import Entry
from mmra_api.dispatch.store.export import read_export
from mmra_api.dispatch.store.key import hash_call
from mmra_api.dispatch.store.local import LocalStore
from mmra_api.dispatch.store.rows import scan
from mmra_api.errors import InputError, StoreError


async def each(entries):
    for key, entry in entries:
        yield key, entry


def write_export(file, entries):
    return asyncio.run(export_module.write_export(file, each(entries)))


def export_store(file, root):
    async def choose(store):
        async for row in store.rows():
            yield row.key, row.entry

    async def export():
        async with LocalStore(root) as store:
            return await export_module.write_export(file, choose(store))

    return asyncio.run(export())


def merge_export(file, root):
    async def merge():
        async with LocalStore(root) as store:
            return await merge_module.merge_export(file, store, root)

    return asyncio.run(merge())


def make_call(number, text="B", **changes):
    keyed = {
        "service": "openai",
        "base_url": "https://api.openai.com/v1",
        "path": "/chat/completions",
        "body": {"model": "m", "messages": [{"role": "user", "content": f"question {number} Ünïcode 日本 \u2028"}]},
        "trial": number,
    } | changes
    reply = {"text": text, "n": 1.5, "none": None, "nested": [{"a": [1, 2**63]}]}
    return hash_call(keyed), Entry(keyed=keyed, reply=reply, headers={"h": "v"}, stored="2026-01-01T00:00:00+00:00")


def read_store(root):
    return {row.key: row.entry for row in scan(root / "responses")}


@pytest.fixture
def exported(tmp_path):
    file = tmp_path / "calls.jsonl.gz"
    assert write_export(file, [make_call(number) for number in range(5)]) == 5
    return file


def rewrite(file, change):
    """Change the lines of an export."""
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(change(lines))))


def edit(number, **fields):
    """Return a change of one line's fields; None removes a field."""

    def change(lines):
        line = json.loads(lines[number]) | fields
        lines[number] = json.dumps({key: value for key, value in line.items() if value is not None}).encode() + b"\n"
        return lines

    return change


def test_a_round_trip_keeps_every_byte(tmp_path, exported):
    merged = merge_export(exported, tmp_path / "cache")
    assert (merged.new, merged.known, merged.other, merged.conflicts) == (5, 0, 0, None)
    assert read_store(tmp_path / "cache") == dict(make_call(number) for number in range(5))
    again = tmp_path / "again.jsonl.gz"
    export_store(again, tmp_path / "cache")
    assert again.read_bytes() == exported.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.jsonl.gz", "cache", "calls.jsonl.gz"]


def test_the_form_of_the_file(exported):
    header, first, *_ = gzip.decompress(exported.read_bytes()).splitlines()
    assert json.loads(header) == {"format": "mmra-cache", "version": 1}
    assert list(json.loads(first)) == ["key", "keyed", "reply", "headers", "stored"]
    assert exported.read_bytes()[4:8] == bytes(4), "no time in the file: equal calls make equal files"


def test_an_export_that_fails_leaves_the_old_file(tmp_path, exported):
    before = exported.read_bytes()

    def calls():
        yield make_call(1)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        write_export(exported, calls())
    assert exported.read_bytes() == before
    assert write_export(exported, []) == 0
    assert exported.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["calls.jsonl.gz"]
    with pytest.raises(StoreError, match="No such file or directory; nothing was exported"):
        write_export(tmp_path / "missing" / "x", [make_call(1)])


def test_importing_twice_changes_nothing(tmp_path, exported):
    merge_export(exported, tmp_path / "cache")
    before = read_store(tmp_path / "cache")
    merged = merge_export(exported, tmp_path / "cache")
    assert (merged.new, merged.known, merged.other) == (0, 5, 0)
    assert read_store(tmp_path / "cache") == before


def test_another_reply_to_a_stored_call_is_kept_beside_the_store(tmp_path, exported):
    cache = tmp_path / "cache"
    merge_export(exported, cache)
    theirs = tmp_path / "theirs.jsonl.gz"
    write_export(theirs, [make_call(1, "C"), make_call(2), make_call(9)])
    merge_export(theirs, cache)
    merged = merge_export(theirs, cache)
    assert (merged.new, merged.known, merged.other, merged.examples) == (0, 2, 1, [make_call(1)[0]])
    assert read_store(cache)[make_call(1)[0]].reply["text"] == "B"
    assert list((cache / "conflicts").iterdir()) == [merged.conflicts], "the same file, written once"
    assert list(read_export(merged.conflicts)) == [make_call(1, "C")]
    with closing(ReplyDatabase(cache)) as store:
        store.remove([make_call(1)[0]])
    assert merge_export(merged.conflicts, cache).new == 1
    assert read_store(cache)[make_call(1)[0]].reply["text"] == "C"


def test_an_import_replaces_what_is_damaged(tmp_path, exported):
    merge_export(exported, tmp_path / "cache")
    key = make_call(3)[0]
    with closing(ReplyDatabase(tmp_path / "cache")) as store:
        store._open().set(key, b"garbage")
    assert read_store(tmp_path / "cache")[key] is None
    merged = merge_export(exported, tmp_path / "cache")
    assert (merged.new, merged.known) == (1, 4)
    assert read_store(tmp_path / "cache")[key] == make_call(3)[1]


WRONG = {
    "another key": (edit(3, key="0" * 64), "line 4: its key is not the hash of its call"),
    "a changed call": (edit(2, keyed=make_call(7)[1].keyed), "line 3: its key is not the hash"),
    "a field too few": (edit(1, reply=None), "line 2: not a stored call: .*reply"),
    "a field too many": (edit(1, extra=1), "line 2: not a stored call: .*extra"),
    "a reply that is no object": (edit(1, reply=[1]), "line 2: not a stored call"),
    "headers that are no texts": (edit(1, headers={"a": 1}), "line 2: not a stored call"),
    "a time that is none": (edit(1, stored="yesterday"), "line 2: its time 'yesterday'"),
    "a time without a zone": (edit(1, stored="2026-01-01T00:00:00"), "line 2: its time"),
    "no JSON": (lambda lines: [*lines[:3], b"garbage\n", *lines[3:]], "line 4: not a stored call"),
    "an empty line": (lambda lines: [*lines, b"\n"], "line 7: not a stored call"),
    "no UTF-8": (lambda lines: [*lines, b'{"key": "\xff"}\n'], "line 7: not a stored call"),
    "nested without end": (lambda lines: [*lines, b'{"keyed":' * 100_000 + b"\n"], "line 7: not a stored call"),
    "no header": (lambda lines: lines[1:], "line 1: no file of"),
    "another format": (edit(0, format="other"), "line 1: no file of"),
    "a version to come": (edit(0, version=2), "line 1: its version is 2"),
    "nothing": (lambda _: [], "is empty"),
    "a call without a trial": (
        edit(
            1,
            keyed={"service": "s"},
            key=hash_call({"service": "s"}),
        ),
        "line 2: its call does not have the fields",
    ),
    "a call with a trial that is no number": (
        edit(1, keyed=make_call(1, trial=True)[1].keyed, key=make_call(1, trial=True)[0]),
        "line 2: its call does not have the fields",
    ),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG)
def test_a_file_with_one_bad_line_is_refused_whole(tmp_path, exported, change, message):
    rewrite(exported, change)
    with pytest.raises(InputError, match=message):
        merge_export(exported, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


BROKEN = {
    "cut short": (lambda data: data[:-20], "cut short after line"),
    "one bit in the check sum": (lambda data: data[:-6] + bytes([data[-6] ^ 1]) + data[-5:], "damaged"),
    "one bit in the middle": (lambda data: data[:200] + bytes([data[200] ^ 4]) + data[201:], "damaged|line"),
    "rubbish at the end": (lambda data: data + b"rubbish", "damaged"),
    "no gzip": (lambda _: b'{"format": "mmra-cache", "version": 1}\n', "damaged or cut short after line 0: Not a gzip"),
    "empty": (lambda _: b"", "is empty"),
}


@pytest.mark.parametrize(("change", "message"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_not_intact_to_its_end_is_refused(tmp_path, exported, change, message):
    exported.write_bytes(change(exported.read_bytes()))
    with pytest.raises(InputError, match=message):
        merge_export(exported, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        merge_export(tmp_path / "nothing", tmp_path / "cache")


def test_a_line_that_unfolds_without_end_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(export_module, "LONGEST", 2**20)
    file = tmp_path / "bomb.jsonl.gz"
    with gzip.open(file, "wb") as out:
        out.write(b'{"format":"mmra-cache","version":1}\n{"key":"')
        for _ in range(100):
            out.write(bytes(2**20))
    tracemalloc.start()
    with pytest.raises(InputError, match="line 2: it is longer than"):
        merge_export(file, tmp_path / "cache")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * 2**20


def test_memory_does_not_grow_with_the_file(tmp_path):
    """The second file has eight times the calls; both are larger than one batch."""

    def peak_of(count):
        root, file = tmp_path / str(count), tmp_path / f"{count}.jsonl.gz"
        tracemalloc.start()
        write_export(file, (make_call(number, "B" * 2000) for number in range(count)))
        merge_export(file, root)
        export_store(file, root)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    small = peak_of(600)
    assert peak_of(4800) < small + 2**20


def test_a_disk_that_is_nearly_full_is_said_before_anything_is_written(tmp_path, exported, monkeypatch):
    merge_export(exported, tmp_path / "cache")
    write_export(exported, [make_call(number) for number in range(9)])
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StoreError, match="free some space"):
        merge_export(exported, tmp_path / "cache")
    assert len(read_store(tmp_path / "cache")) == 5


def test_an_import_that_is_killed_is_completed_by_the_next(tmp_path):
    file, root = tmp_path / "calls.jsonl.gz", tmp_path / "cache"
    write_export(file, (make_call(number) for number in range(1500)))
    script = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[3]); from pathlib import Path\n"
        "from test_export import ReplyDatabase, merge_export\n"
        "add, count = ReplyDatabase._add, 0\n"
        "def die(self, key, entry):\n"
        "    global count\n"
        "    count += 1\n"
        "    if count == 1200: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return add(self, key, entry)\n"
        "ReplyDatabase._add = die\n"
        "merge_export(Path(sys.argv[1]), Path(sys.argv[2]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(file), str(root), str(Path(__file__).parent)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [row.fault for row in scan(root / "responses")] == [""] * 1000, "two batches of 500, whole"
    merged = merge_export(file, root)
    assert (merged.new, merged.known) == (500, 1000)


def test_a_run_may_write_while_the_store_is_read(tmp_path, exported):
    merge_export(exported, tmp_path / "cache")
    with closing(ReplyDatabase(tmp_path / "cache")) as store:
        rows = scan(store.folder)
        first = next(rows)
        store.add([make_call(77)])
        assert [first.key, *(row.key for row in rows)][:5] == [make_call(number)[0] for number in range(5)]
        assert len(list(scan(store.folder))) == 6
