"""``mmra cache`` as a user calls it: what is there, is it sound, and how it leaves and comes back."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from mmra_api.cli import main
from mmra_api.cli.cache.forget import FINISHES
from mmra_api.cli.cache.totals import StoreTotals, show_money
from mmra_api.dispatch.cost.prices import find_price
from mmra_api.dispatch.store.database import ReplyDatabase
from mmra_api.dispatch.store.entry import Entry, make_entry
from mmra_api.dispatch.store.export import write_export
from mmra_api.dispatch.store.hits import Hits, note_hits
from mmra_api.dispatch.store.key import hash_call
from mmra_api.dispatch.store.rows import scan
from mmra_api.types import FinishReason, Usage

OPENAI = "https://api.openai.com/v1"


def make_call(
    number,
    *,
    service="openai",
    base_url=OPENAI,
    model="gpt-4o",
    text="B",
    finish="stop",
    stored="2026-03-01",
    **headers,
):
    body = {"model": model, "messages": [{"role": "user", "content": f"question {number}"}]}
    keyed = {"service": service, "base_url": base_url, "path": "/chat/completions", "body": body, "trial": 0}
    reply = {
        "choices": [{"message": {"content": text}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 400_000, "completion_tokens": 100_000},
    }
    return hash_call(keyed), Entry(keyed=keyed, reply=reply, headers=headers, stored=f"{stored}T12:00:00.000+00:00")


def fill(root, calls):
    with closing(ReplyDatabase(root)) as store:
        store.add(calls)


def keys_of(root):
    return {row.key for row in scan(root / "responses")}


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("MMRA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def mmra(monkeypatch, capsys):
    """Return a function that calls ``mmra cache``, and gives exit code, output and errors."""

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["mmra", "cache", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        done = capsys.readouterr()
        return end.value.code, done.out, done.err

    return call


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["path"], 0, "cache"),
        (["stats"], 0, "empty"),
        (["verify"], 0, "empty"),
        (["forget", "--model", "m"], 0, "empty"),
        (["forget", "abcdef"], 0, "empty"),
        (["export", "out.jsonl.gz"], 2, "is empty"),
        (["show", "abcdef"], 2, "no stored call"),
        (["explain", "run", "sample"], 2, "no run 'run'"),
        (["import", "missing.jsonl.gz"], 2, "no such file"),
        (["forget"], 2, "say what to forget"),
        (["forget", "--finish", "sometimes"], 2, "--finish"),
        (["show", "abcde"], 2, "at least its first 6 digits"),
        (["show", "../../x"], 2, "at least its first 6 digits"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_empty_cache_is_no_trouble_and_reading_makes_nothing(root, mmra, monkeypatch, words, code, said):
    monkeypatch.chdir(root.parent)
    done = mmra(*words)
    assert done[0] == code
    assert said in done[1] + done[2]
    assert list(root.parent.iterdir()) == []


def test_stats_count_replies_tokens_money_and_what_was_saved(root, mmra):
    fill(
        root,
        [
            *(make_call(number) for number in range(3)),
            make_call(1, model="no-such-model"),
            make_call(1, base_url="http://[::1]:9/v1", model="[red]simulated[/red]", **{"x-mmra-simulated": "1"}),
            make_call(1, service="gone", base_url="http://gone/v1", model="m"),
        ],
    )
    asked = ("openai", OPENAI, "gpt-4o")
    note_hits(root, {asked: Hits(10, 4_000_000, 1_000_000, 0), ("gone", "http://gone/v1", "m"): Hits(2, 5, 5, 0)})
    code, out, err = mmra("stats")
    assert (code, err) == (0, "")
    price = find_price("openai", "gpt-4o")
    once = price.cost(Usage(input_tokens=400_000, output_tokens=100_000))
    assert f"{root}: 6 replies, " in out
    assert "openai/[red]simulated[/red] at http://[::1]:9/v1" in out, "no markup"
    stored, saved = out.split("saved: answered from here")
    assert ["1,200,000", "300,000", show_money(3 * once)] == row_of(stored, "openai/gpt-4o")[-3:]
    assert row_of(stored, "no-such-model")[-1] == "–"
    assert row_of(stored, "gone/m")[-3:] == ["400,000", "100,000", "–"], "its format is known by the path"
    assert "simulated" in row_of(stored, "openai/[red]")
    assert row_of(saved, "openai/gpt-4o")[-4:] == ["10", "4,000,000", "1,000,000", show_money(10 * once)]
    assert row_of(saved, "gone/m")[-4:] == ["2", "5", "5", "–"]


def test_a_simulated_reply_costs_nothing_even_by_the_name_of_a_model_with_a_price():
    stored = StoreTotals()
    stored.add(make_call(1)[1], 1)
    stored.add(make_call(1, **{"x-mmra-simulated": "1"})[1], 1)
    assert {each.simulated: each.usd is None for each in stored.groups.values()} == {False: False, True: True}


def row_of(table, name):
    return next(line for line in table.splitlines() if name in line).split()


def test_replies_without_a_token_count_make_the_cost_a_lower_bound(root, mmra):
    key, entry = make_call(2)
    fill(root, [make_call(1), (key, replace(entry, reply={"choices": [{"message": {"content": "B"}}]}))])
    assert "≥ $" in mmra("stats")[1]


def test_verify_finds_each_kind_of_damage(root, mmra):
    calls = [make_call(number) for number in range(6)]
    fill(root, calls)
    assert mmra("verify") == (0, "6 entries, all sound\n", "")
    with closing(ReplyDatabase(root)) as store:
        store._open().set(calls[1][0], b"garbage")
        store.put(calls[2][0], make_entry(calls[3][1].keyed, make_reply()))
    with closing(sqlite3.connect(root / "responses" / "cache.db")) as database, database:
        database.execute("UPDATE Cache SET mode = 4 WHERE key = ?", (calls[4][0],))
        database.execute("UPDATE Cache SET key = x'00' WHERE key = ?", (calls[5][0],))
    code, out, _ = mmra("verify")
    assert code == 1
    found = dict(line.split(": ", 1) for line in out.splitlines()[:-1])
    assert "damaged" in found[calls[1][0]]
    assert "not the hash of its call" in found[calls[2][0]]
    assert "never writes" in found[calls[4][0]]
    assert "never writes" in found["row 6"]
    assert out.splitlines()[-1] == "6 entries, 4 damaged"
    assert "4 entries are damaged" in mmra("stats")[2]


def make_reply():
    from mmra_api.types import Reply

    return Reply(body={})


def test_verify_finds_a_damaged_database(root, mmra):
    fill(root, [make_call(number, text=os.urandom(3000).hex()) for number in range(20)])
    with closing(sqlite3.connect(root / "responses" / "cache.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'Cache_expire_time'").fetchone()[0]
    with (root / "responses" / "cache.db").open("r+b") as file:
        file.seek((page - 1) * 4096 + 8)
        file.write(b"\xff" * 200)
    code, out, err = mmra("verify")
    assert code == 1, out + err
    assert "the database: " in out
    assert "20 entries, 0 damaged; the database is damaged" in out


def test_what_is_exported_comes_back_elsewhere(root, mmra, tmp_path):
    fill(root, [make_call(1), make_call(2, model="gpt-4o-mini"), make_call(3, service="vllm", base_url="http://h/v1")])
    whole, part = tmp_path / "whole.jsonl.gz", tmp_path / "part.jsonl.gz"
    assert "3 stored calls" in mmra("export", whole)[1]
    code, _, err = mmra("export", whole)
    assert code == 2
    assert "--force" in err
    assert mmra("export", whole, "--force")[0] == 0
    for flags, count in [
        (["--model", "gpt-4o"], 2),
        (["--model", "openai/gpt-4o"], 1),
        (["--model", "gpt-4o", "--model", "gpt-4o-mini"], 3),
        (["--service", "vllm"], 1),
        (["--service", "vllm", "--model", "openai/gpt-4o"], 0),
    ]:
        code, out, err = mmra("export", part, "--force", *flags)
        assert (code, f"{count} stored calls" in out) == ((0, True) if count else (2, False)), flags
    assert "the cache" in err
    assert "has openai/gpt-4o, openai/gpt-4o-mini, vllm/gpt-4o" in err
    there = tmp_path / "there"
    assert "3 new, 0 known, 0 with another reply" in mmra("import", whole, "--cache", there)[1]
    assert keys_of(there) == keys_of(root)

    async def calls():
        yield make_call(1, text="C")

    asyncio.run(write_export(part, calls()))
    code, out, _ = mmra("import", part)
    assert (code, "0 new, 0 known, 1 with another reply" in out) == (0, True)
    assert make_call(1)[0][:12] in out
    assert len(list((root / "conflicts").iterdir())) == 1


def test_an_export_names_what_it_had_to_leave_out(root, mmra, tmp_path):
    fill(root, [make_call(1), make_call(2)])
    with closing(ReplyDatabase(root)) as store:
        store._open().set(make_call(2)[0], b"garbage")
    code, out, err = mmra("export", tmp_path / "x.jsonl.gz")
    assert (code, "1 stored calls" in out) == (1, True)
    assert f"left out: {make_call(2)[0]}: its bytes are damaged" in err


def test_show_takes_a_beginning_and_steers_no_terminal(root, mmra):
    text = "red \x1b[31m bell \x07 turned \u202e end \x9b \x7f"
    key, entry = make_call(1, text=text, **{"x-request-id": "\x1b]0;title\x07"})
    fill(root, [(key, entry)])
    code, out, _ = mmra("show", key[:6].upper())
    assert code == 0
    for word in (key, "2026-03-01T12:00:00", "openai", OPENAI, "gpt-4o", "question 1", "trial", "red "):
        assert word in out
    assert not [each for each in out if not (each.isprintable() or each == "\n")]
    code, out, _ = mmra("show", key, "--json")
    assert json.loads(out) == {
        "key": key,
        "keyed": entry.keyed,
        "reply": entry.reply,
        "headers": entry.headers,
        "stored": entry.stored,
    }
    assert not [each for each in out if not (" " <= each <= "~" or each == "\n")]


def test_show_says_when_a_beginning_fits_several_or_the_entry_is_damaged(root, mmra):
    with closing(ReplyDatabase(root)) as store:
        for last in "abcdef0":
            store.put(f"123456{last}" + "0" * 57, make_entry({}, make_reply()))
    code, _, err = mmra("show", "123456")
    assert (code, "not the beginning of one key alone" in err, "give more digits" in err) == (2, True, True)
    assert err.count("123456") == 6, "the beginning, and five keys"
    code, _, err = mmra("show", "123456a")
    assert (code, "cannot be read: its call does not have" in err) == (2, True)


CALLS = {
    "plain": make_call(1),
    "cut": make_call(2, finish="length"),
    "mini": make_call(3, model="gpt-4o-mini", finish="length"),
    "old": make_call(4, stored="2025-12-31"),
    "other": make_call(5, service="openrouter", base_url="https://openrouter.ai/api/v1", model="openai/gpt-4o"),
}
FORGET = [
    (["--finish", "length"], {"cut", "mini"}),
    (["--finish", "length", "--model", "gpt-4o"], {"cut"}),
    (["--model", "openai/gpt-4o"], {"plain", "cut", "old"}),
    (["--model", "openrouter/openai/gpt-4o"], {"other"}),
    (["--service", "openrouter"], {"other"}),
    (["--service", "openrouter", "--service", "openai", "--finish", "stop"], {"plain", "old", "other"}),
    (["--before", "2026-01-01"], {"old"}),
    (["--before", "2026-03-01T12:00:01"], set(CALLS)),
    ([CALLS["cut"][0][:8], CALLS["old"][0]], {"cut", "old"}),
    ([CALLS["cut"][0][:8], "--finish", "stop"], set()),
]


@pytest.mark.parametrize(("flags", "gone"), FORGET, ids=[" ".join(flags) for flags, _ in FORGET])
def test_what_is_forgotten_meets_every_filter_and_comes_back(root, mmra, flags, gone):
    fill(root, CALLS.values())
    whole = dict(CALLS.values())
    code, listed, _ = mmra("forget", *flags, "--dry-run")
    assert (code, keys_of(root), (root / "forgotten").exists()) == (0, set(whole), False)
    code, out, _ = mmra("forget", *flags, "--yes")
    assert code == 0
    assert out.startswith(listed)
    assert keys_of(root) == {key for name, (key, _) in CALLS.items() if name not in gone}
    if not gone:
        assert "nothing stored fits" in out
        return
    assert f"forgot {len(gone)}; a copy is in" in out
    (file,) = (root / "forgotten").iterdir()
    assert str(file) in out
    assert f"{len(gone)} new" in mmra("import", file)[1]
    assert {row.key: row.entry for row in scan(root / "responses")} == whole


def test_forget_asks_first_and_says_what_it_cost(root, tmp_path):
    fill(root, CALLS.values())

    def ask(answer):
        command = [sys.executable, "-m", "mmra_api", "cache", "forget", "--service", "openai"]
        return subprocess.run(command, input=answer, capture_output=True, text=True, check=False)

    no = ask("n\n")
    assert (no.returncode, "nothing was forgotten" in no.stdout) == (0, True)
    assert "openai/gpt-4o: 3 replies, cost $" in no.stdout
    assert "forget them? [y/N]" in no.stdout
    assert ask("").returncode == 130, "nobody there to answer"
    assert len(keys_of(root)) == 5
    assert ask("y\n").returncode == 0
    assert len(keys_of(root)) == 1


def test_nothing_is_forgotten_when_its_copy_cannot_be_written(root, mmra):
    fill(root, CALLS.values())
    (root / "forgotten").write_text("a file where the folder should be")
    code, _, err = mmra("forget", "--service", "openai", "--yes")
    assert code == 2, err
    assert len(keys_of(root)) == 5


def test_two_copies_of_one_second_do_not_overwrite_each_other(root, mmra):
    fill(root, CALLS.values())
    for name in CALLS:
        mmra("forget", CALLS[name][0], "--yes")
    lines = [gzip.decompress(file.read_bytes()).count(b"\n") for file in (root / "forgotten").iterdir()]
    assert lines == [2] * len(CALLS)


def test_every_finish_reason_can_be_chosen():
    assert get_args(FinishReason) == FINISHES


def test_reading_commands_work_while_a_run_writes(root, mmra, tmp_path):
    script = (
        "import sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path; from test_cache_command import *\n"
        "store = ReplyDatabase(Path(sys.argv[1])); number = 0\n"
        "while True:\n"
        "    number += 1; store.add([make_call(number)]); print(number, flush=True)\n"
    )
    command = [sys.executable, "-c", script, str(root), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        writer.stdout.readline()
        codes = [
            mmra("stats")[0],
            mmra("verify")[0],
            mmra("export", tmp_path / "x.jsonl.gz")[0],
            mmra("show", make_call(1)[0])[0],
            mmra("forget", make_call(1)[0], "--yes")[0],
            mmra("import", tmp_path / "x.jsonl.gz")[0],
        ]
        running = writer.poll() is None
        writer.kill()
    assert (codes, running) == ([0] * 6, True)
    assert mmra("verify")[0] == 0
