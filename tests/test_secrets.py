"""The API key is nowhere: everything that a run writes and prints is searched for it."""

from __future__ import annotations

import http.server
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mmra_api.run import evaluate
from mmra_api.types import Params

KEY = "sk-mmra-3f9a2c7d1e5b"
CANARY = "mmra-canary-77d0e4"
"""A text of every reply that a run must keep: the search that finds no key must find this."""
SAID = f"B, said {KEY} {CANARY}"


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """A service, its variable, how the path of its calls ends, and a reply that repeats the key."""

    service: str
    variable: str
    end: str
    reply: dict[str, Any]


OUTPUT = [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": SAID}]}]
SPEAKERS = {
    "openai_chat": Speaker(
        service="openai",
        variable="OPENAI_API_KEY",
        end="/chat/completions",
        reply={"choices": [{"message": {"content": SAID}, "finish_reason": "stop"}], "id": KEY},
    ),
    "openai_responses": Speaker(
        service="openai",
        variable="OPENAI_API_KEY",
        end="/responses",
        reply={"output": OUTPUT, "status": "completed", "id": KEY},
    ),
    "anthropic": Speaker(
        service="anthropic",
        variable="ANTHROPIC_API_KEY",
        end="/messages",
        reply={"content": [{"type": "text", "text": SAID}], "stop_reason": "end_turn", "id": KEY},
    ),
    "gemini": Speaker(
        service="google",
        variable="GOOGLE_API_KEY",
        end=":generateContent",
        reply={"candidates": [{"content": {"parts": [{"text": SAID}]}, "finishReason": "STOP"}]},
    ),
}


@pytest.fixture
def echo() -> Iterator[tuple[str, list[str]]]:
    """Serve what no service should do: the key comes back in texts, ids, headers and errors."""
    keys: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            keys.append(next(value for value in self.headers.values() if KEY in value))
            number = len(keys)
            path = self.path.partition("?")[0]
            (speaker,) = [each for each in SPEAKERS.values() if path.endswith(each.end)]
            status, body = (200, speaker.reply) if number % 3 else (400, {"error": {"message": f"{KEY} {number}"}})
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.send_header("x-echo", KEY)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1", keys
    server.shutdown()
    server.server_close()
    thread.join()


def find(text: str, folder: Path) -> list[Path]:
    """Return the files that hold a text, also inside the compressed values of the databases."""
    found = []
    for path in filter(Path.is_file, folder.rglob("*")):
        data = path.read_bytes()
        if data.startswith(b"SQLite format 3"):
            data += b"".join(unpack(path))
        if text.encode() in data:
            found.append(path)
    return found


def unpack(path: Path) -> Iterator[bytes]:
    with sqlite3.connect(path) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f"SELECT * FROM {table}"):
                for value in row:
                    if isinstance(value, bytes):
                        try:
                            yield zlib.decompress(value)
                        except zlib.error:
                            yield value
    database.close()


@pytest.mark.parametrize("wire", SPEAKERS)
async def test_nothing_that_a_run_writes_or_prints_holds_the_key(wire, echo, job, jsonl, tmp_path, monkeypatch, capfd):
    url, keys = echo
    speaker = SPEAKERS[wire]
    monkeypatch.setenv(speaker.variable, KEY)
    fields = {"benchmark": str(jsonl(tmp_path / "own", 9)), "model": f"{speaker.service}/m"}
    run = await evaluate(job(**fields, base_url=url, wire=wire, params=Params(max_tokens=50)))
    records = list(run.records())
    assert keys, "the key was sent"
    assert {record.failure is None for record in records} == {True, False}, "some echoed in a reply, some in an error"
    assert any("[key]" in record.response.text for record in records if record.response)
    assert any("[key]" in record.failure.message for record in records if record.failure)
    assert find(KEY, tmp_path) == []
    kept = {path.relative_to(tmp_path).parts[0] for path in find(CANARY, tmp_path)}
    assert kept == {"runs", "cache"}, "the search sees what a reply leaves in the run's folder and in the cache"
    assert KEY not in "".join(capfd.readouterr())


def test_the_search_would_find_it(tmp_path):
    (tmp_path / "plain.txt").write_text(f"a {KEY} b")
    with sqlite3.connect(tmp_path / "packed.db") as database:
        database.execute("CREATE TABLE t (v BLOB)")
        database.execute("INSERT INTO t VALUES (?)", (zlib.compress(f"a {KEY} b".encode()),))
    database.close()
    assert len(find(KEY, tmp_path)) == 2
