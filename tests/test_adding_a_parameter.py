"""A new request parameter, by the lines that it costs: an attribute, a flag, and a row in each format's table.

The lines are put into a copy of the package; bodies, rejections, what is said of a service's error and the tables of
the docs must follow from them alone.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from mmra_api.cli.run import command
from mmra_api.providers.wires import FLAGS, WIRES, load_wire
from mmra_api.types import Params

ROOT = Path(__file__).parents[1]
WIRES_FOLDER = "mmra_api/providers/wires"
ROW = "FIELDS: Fields = (\n"
LINES = [
    ("mmra_api/types.py", "    top_p: float | None = None\n", "    top_k: int | None = None\n"),
    (f"{WIRES_FOLDER}/fields.py", '    "top_p": "--top-p",\n', '    "top_k": "--top-k",\n'),
    (f"{WIRES_FOLDER}/openai_chat.py", ROW, '    Field("top_k", "top_k"),\n'),
    (f"{WIRES_FOLDER}/anthropic.py", ROW, '    Field("top_k", "top_k"),\n'),
    (f"{WIRES_FOLDER}/gemini.py", ROW, '    Field("top_k", "generationConfig.topK"),\n'),
]
"""File, the line after which, and the line. OpenAI's Responses has no such parameter, and so no row."""
SCRIPT = """
import asyncio, importlib.util, json, sys
from mmra_api.errors import CallError, InputError
from mmra_api.providers import resolve
from mmra_api.types import Params, Request

asked = Request(parts=("Hi",), params=Params(top_k=5))
address, said = sys.argv[1], {}
for model in ("vllm/m", "anthropic/m", "google/m", "openai/m"):
    try:
        said[model] = resolve(model).encode(asked, str)
    except InputError as error:
        said[model] = str(error)
async def fail(model):
    provider = resolve(model, base_url=address)
    try:
        await provider.send(asked)
    except CallError as error:
        return f"{error.kind}: {error}"
    finally:
        await provider.close()
said["failed"] = [asyncio.run(fail(model)) for model in ("vllm/m", "anthropic/m", "google/m")]
try:
    resolve("vllm/m").encode(Request(parts=("Hi",), params=Params(top_k=5, extra={"topK": 6})), str)
except InputError as error:
    said["twice"] = str(error)
spec = importlib.util.spec_from_file_location("write_services", "docs/write_services.py")
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)
said["docs"] = next(line for line in script.write_flags().splitlines() if "--top-k" in line)
print(json.dumps(said))
"""


class Rejecting(BaseHTTPRequestHandler):
    """Rejects the parameter, as vLLM would."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        content = json.dumps({"error": {"message": "'top_k' must be at most 4", "code": 400}}).encode()
        self.send_response(400)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Rejecting)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a copy of the package with the lines added."""
    for name in ("mmra_api", "prompts", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, after, line in LINES:
        file = tmp_path / name
        before = file.read_text()
        assert before.count(after) == 1, f"{name}: the line to put it after is not there once"
        file.write_text(before.replace(after, after + line))
    return tmp_path


def test_bodies_rejections_messages_and_docs_follow_from_the_lines(package: Path, address: str) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, address],
        cwd=package,
        env=kept | {"PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
        timeout=80,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["vllm/m"]["top_k"] == 5
    assert said["anthropic/m"]["top_k"] == 5
    assert said["google/m"]["generationConfig"] == {"topK": 5}
    assert said["openai/m"] == "--top-k cannot be sent in OpenAI's Responses: leave it out"
    rejected = "(the model rejects --top-k: leave it out, or give another value)"
    assert [text.startswith("parameter: ") and rejected in text for text in said["failed"]] == [True] * 3, said
    assert "--extra topK: the body has it already, as 'top_k'" in said["twice"]
    assert said["docs"] == "| `--top-k` | no place | `top_k` | `top_k` | `generationConfig.topK` |"


def test_every_parameter_has_a_flag_of_the_command_line_and_a_place_in_some_format() -> None:
    params = {field.name for field in dataclasses.fields(Params)} - {"extra"}
    assert set(FLAGS) == params, "extra is merged into the body as it is"
    options = {flag for option in command.params for flag in option.opts}
    assert set(FLAGS.values()) <= options
    placed = [field.param for wire in WIRES for field in load_wire(wire).FIELDS]
    assert set(placed) == params
