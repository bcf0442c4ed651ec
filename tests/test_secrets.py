"""The API key is nowhere: everything that a run writes and prints is searched for it."""

from __future__ import annotations

import http.server
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mmra_api.run import evaluate
from mmra_api.types import Params

KEY = "sk-mmra-3f9a2c7d1e5b"
REPLIES = {
    "openai": {"choices": [{"message": {"content": f"B, said {KEY}"}, "finish_reason": "stop"}], "id": KEY},
    "anthropic": {"content": [{"type": "text", "text": f"B, said {KEY}"}], "stop_reason": "end_turn", "id": KEY},
    "google": {"candidates": [{"content": {"parts": [{"text": f"B {KEY}"}]}, "finishReason": "STOP"}]},
}
VARIABLES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google": "GOOGLE_API_KEY"}


@pytest.fixture
def echo() -> Iterator[tuple[str, list[str]]]:
    """Serve what no service should do: the key comes back in texts, ids, headers and errors."""
    keys: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            keys.append(next(value for value in self.headers.values() if KEY in value))
            number = len(keys)
            service = next(name for name in REPLIES if name in self.path or self._speaks(name))
            status, body = (200, REPLIES[service]) if number % 3 else (400, {"error": {"message": f"{KEY} {number}"}})
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.send_header("x-echo", KEY)
            self.end_headers()
            self.wfile.write(content)

        def _speaks(self, name: str) -> bool:
            paths = {"openai": "/chat/completions", "anthropic": "/messages", "google": ":generateContent"}
            return self.path.partition("?")[0].endswith(paths[name])

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1", keys
    server.shutdown()
    server.server_close()
    thread.join()


def find_key(folder: Path) -> list[str]:
    """Return the files that hold the key, also inside the compressed values of the databases."""
    found = []
    for path in filter(Path.is_file, folder.rglob("*")):
        data = path.read_bytes()
        if data.startswith(b"SQLite format 3"):
            data += b"".join(unpack(path))
        if KEY.encode() in data:
            found.append(str(path))
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


@pytest.mark.parametrize("service", REPLIES)
async def test_nothing_that_a_run_writes_or_prints_holds_the_key(
    service, echo, job, jsonl, tmp_path, monkeypatch, capfd
):
    url, keys = echo
    monkeypatch.setenv(VARIABLES[service], KEY)
    own = str(jsonl(tmp_path / "own", 9))
    run = await evaluate(job(benchmark=own, model=f"{service}/m", base_url=url, params=Params(max_tokens=50)))
    records = list(run.records())
    assert keys, "the key was sent"
    assert {record.failure is None for record in records} == {True, False}, "some echoed in a reply, some in an error"
    assert any("[key]" in record.response.text for record in records if record.response)
    assert any("[key]" in record.failure.message for record in records if record.failure)
    assert find_key(tmp_path) == []
    assert KEY not in "".join(capfd.readouterr())


def test_the_search_would_find_it(tmp_path):
    (tmp_path / "plain.txt").write_text(f"a {KEY} b")
    with sqlite3.connect(tmp_path / "packed.db") as database:
        database.execute("CREATE TABLE t (v BLOB)")
        database.execute("INSERT INTO t VALUES (?)", (zlib.compress(f"a {KEY} b".encode()),))
    database.close()
    assert len(find_key(tmp_path)) == 2
