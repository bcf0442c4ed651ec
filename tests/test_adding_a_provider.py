"""docs/adding-a-provider.md, followed to the letter: applied to a copy of the package, and run over real HTTP."""

from __future__ import annotations

import ast
import base64
import importlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import pytest

from mmra_api.config.load import load_config
from mmra_api.providers.service import Service
from mmra_api.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "adding-a-provider.md").read_text()
FILE, TABLE = "mmra_api/providers/wires/bedrock_converse.py", "mmra_api/providers/services.py"
FORMATS = "mmra_api/providers/wires/registry.py"
MODEL = "anthropic.claude-test-v1:0"
KEY = "bedrock-api-key-1"
MODULES = ("`body`", "`fields`", "`lenient_json`", "`image_tokens`")

Run = Callable[..., subprocess.CompletedProcess[str]]


def find_blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


def apply(diff: str, folder: Path, *options: str) -> str:
    environment = os.environ | {"GIT_CEILING_DIRECTORIES": str(folder.parent)}
    done = subprocess.run(
        ["git", "apply", *options], cwd=folder, input=diff, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"the diff does not fit the package any more: {done.stderr}"
    return done.stdout


def copy_package(folder: Path) -> Path:
    for name in ("mmra_api", "prompts"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def changed(tmp_path_factory) -> Path:
    """Return a folder with a copy of the package, changed as the document says of a new format."""
    folder = copy_package(tmp_path_factory.mktemp("changed"))
    shutil.copytree(folder / "mmra_api", folder / "before" / "mmra_api")
    (diff,) = find_blocks("diff")
    apply(diff, folder)
    return folder


@pytest.fixture
def run(changed, tmp_path) -> Run:
    """Return a function that runs Python with the changed copy in place of the package."""
    return make_runner(changed, tmp_path)


def make_runner(package: Path, folder: Path) -> Run:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}

    def run_python(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = kept | {"PYTHONPATH": str(package), "MMRA_CACHE": str(folder / "cache")} | variables
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return run_python


class Bedrock(BaseHTTPRequestHandler):
    """Speaks Converse: checks what it is sent, and answers with the letter that is right for the question's number."""

    replies: list[str]
    faults: list[tuple[int, dict[str, str]]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.faults:
            self._answer(*self.faults.pop())
            return
        problem = self._find_problem(body)
        if problem:
            self._answer(400, {"message": problem})
            return
        asked = " ".join(block["text"] for block in body["messages"][0]["content"] if "text" in block)
        letter = "ABC"[int(re.findall(r"pair (\d+)", asked)[0]) % 3]
        self.replies.append(letter)
        thought = {"reasoningContent": {"reasoningText": {"text": "Both look alike.", "signature": "c2ln"}}}
        message = {"role": "assistant", "content": [thought, {"text": letter}]}
        usage = {"inputTokens": 100, "outputTokens": 9, "totalTokens": 129, "cacheReadInputTokens": 20}
        self._answer(
            200, {"output": {"message": message}, "stopReason": "end_turn", "usage": usage, "metrics": {"latencyMs": 5}}
        )

    def _find_problem(self, body: dict) -> str:
        if unquote(self.path) != f"/model/{MODEL}/converse" or self.headers["Authorization"] != f"Bearer {KEY}":
            return "wrong path or key"
        if body.keys() - {"messages", "system", "inferenceConfig", "additionalModelRequestFields"}:
            return f"unknown fields among {list(body)}"
        if body.get("inferenceConfig", {}).get("topP"):
            return "The model returned the following errors: topP is not supported by this model."
        (message,) = body["messages"]
        images = [block["image"] for block in message["content"] if "image" in block]
        if message["role"] != "user" or len(images) != 2 or not all(map(self._is_whole, images)):
            return "the message lacks images"
        return ""

    def _is_whole(self, image: dict) -> bool:
        from PIL import Image

        with Image.open(io.BytesIO(base64.b64decode(image["source"]["bytes"]))) as picture:
            return bool(picture.format) and picture.format.lower() == image["format"]

    def _answer(self, status: int, body: dict) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": len(content)}.items():
            self.send_header(name, str(value))
        if status == 429:
            self.send_header("retry-after", "0")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serve(*faults: tuple[int, dict[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Serve the format on this machine; yields the address and the answers that were given."""
    replies: list[str] = []
    handler = type("Handler", (Bedrock,), {"replies": replies, "faults": list(faults)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", replies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_format_is_one_new_file_and_one_entry(changed):
    (diff,) = find_blocks("diff")
    stated = {line.split("\t")[2]: line.split("\t")[1] for line in apply(diff, changed, "--numstat").splitlines()}
    assert stated == {FILE: "0", TABLE: "0", FORMATS: "0"}, "nothing is taken out"
    before, after = read_tree(changed / "before"), read_tree(changed)
    assert {path for path in after if after[path] != before.get(path)} == {FILE, TABLE, FORMATS}
    assert after.keys() - before.keys() == {FILE}
    assert before.keys() <= after.keys()
    old, new = read_table(before[TABLE]), read_table(after[TABLE])
    assert new.keys() - old.keys() == {"bedrock"}
    assert old.items() <= new.items()
    assert len((changed / FILE).read_text().splitlines()) <= 100


def read_tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in (folder / "mmra_api").rglob("*.py")}


def read_table(source: str) -> dict[str, str]:
    """Return the entries of PROVIDERS by name, as they are written."""
    (table,) = [
        node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "PROVIDERS"
    ]
    return {ast.literal_eval(name): ast.unparse(entry) for name, entry in zip(table.keys, table.values, strict=True)}


def test_the_helpers_and_the_places_that_it_names_are_there():
    rows = [row for row in re.findall(r"^\| (.*?) \| (.*?) \|", TEXT, flags=re.MULTILINE) if "`" in row[0]]
    helpers = [(module.strip("`"), re.findall(r"`(\w+)`", names)) for names, module in rows if module in MODULES]
    assert {module for module, _ in helpers} == {module.strip("`") for module in MODULES}
    for module, names in helpers:
        assert all(hasattr(importlib.import_module(f"mmra_api.providers.wires.{module}"), name) for name in names), (
            names
        )
    places = [name for names, _ in rows for name in re.findall(r"`([\w/-]+(?:/|\.py|\.md))`", names)]
    assert len(places) > 12
    for name in places:
        assert (ROOT / name).exists() or (ROOT / "tests/providers" / name).exists(), name


@pytest.mark.parametrize("check", [("check", "--no-cache"), ("format", "--check", "--no-cache")])
def test_the_file_keeps_the_rules_of_the_house(changed, check):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *check, FILE, TABLE], cwd=changed, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


GOLDEN = """
import json
from dataclasses import asdict
from mmra_api.providers import resolve
from mmra_api.providers.wires import find_wire
from mmra_api.types import Image, Params, Reply, Request

images = [Image(digest=mark * 64, media_type=f"image/{form}", width=8, height=6, size=9)
          for mark, form in (("a", "png"), ("b", "jpeg"))]
provider = resolve("bedrock/us.meta.llama:1")
full = Params(max_tokens=64, temperature=0.0, top_p=0.9, stop=("END",), system="Be brief.",
              extra={"additionalModelRequestFields": {"top_k": 5}})
def encode(params):
    request = Request(parts=("Image 1:", images[0], "Image 2:", images[1], "Which?"), params=params)
    return provider.encode(request, lambda image: f"<{image.digest[:2]}>")
def decode(**body):
    return asdict(provider.decode(Reply(body=body)))
def say(text, **more):
    return decode(output={"message": {"role": "assistant", "content": [{"text": text}]}}, **more)
try:
    decode(Version="1.0")
except Exception as error:
    odd = str(error)
print(json.dumps({
    "url": provider.base_url + provider.path, "wire": find_wire(provider.path)[1],
    "full": encode(full), "bare": encode(Params()), "odd": odd,
    "finishes": [say("A", stopReason=word)["finish"] for word in
                 ("end_turn", "max_tokens", "guardrail_intervened", "tool_use")],
    "usage": say("A", usage={"inputTokens": 5, "cacheReadInputTokens": 2, "outputTokens": 1})["usage"],
}))
"""


def test_the_golden_body_and_replies(run):
    done = run("-c", GOLDEN, AWS_REGION="eu-west-3")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    content = [
        {"text": "Image 1:"},
        {"image": {"format": "png", "source": {"bytes": "<aa>"}}},
        {"text": "Image 2:"},
        {"image": {"format": "jpeg", "source": {"bytes": "<bb>"}}},
        {"text": "Which?"},
    ]
    assert shown["url"] == "https://bedrock-runtime.eu-west-3.amazonaws.com/model/us.meta.llama:1/converse"
    assert shown["wire"] == "us.meta.llama:1"
    assert shown["bare"] == {"messages": [{"role": "user", "content": content}]}
    assert shown["full"] == shown["bare"] | {
        "system": [{"text": "Be brief."}],
        "inferenceConfig": {"maxTokens": 64, "temperature": 0.0, "topP": 0.9, "stopSequences": ["END"]},
        "additionalModelRequestFields": {"top_k": 5},
    }
    assert shown["finishes"] == ["stop", "length", "content_filter", "other"]
    usage = {name: shown["usage"][name] for name in ("input_tokens", "output_tokens", "cached_tokens")}
    assert usage == {"input_tokens": 7, "output_tokens": 1, "cached_tokens": 2}
    assert "no message among the fields Version" in shown["odd"]


def test_it_is_listed(run):
    done = run("-m", "mmra_api", "models")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("bedrock ")]
    assert re.fullmatch(r"bedrock +AWS_BEARER_TOKEN_BEDROCK not set +bedrock_converse", line)
    assert "set AWS_REGION (in base_url 'https://bedrock-runtime." in done.stdout
    done = run("-m", "mmra_api", "models", "bedrock", AWS_BEARER_TOKEN_BEDROCK=KEY)
    assert "AWS_BEARER_TOKEN_BEDROCK is set" in done.stdout
    assert "8,000 pixels a side; 20 images a request" in done.stdout
    assert KEY not in done.stdout


def test_a_run_over_real_http(run, jsonl, tmp_path):
    own = jsonl(tmp_path / "own", 7)
    with serve((429, {"message": "Too many requests, please wait."})) as (address, replies):
        command = ("-m", "mmra_api", "run", str(own), "--model", f"bedrock/{MODEL}", "--base-url", address)
        done = run(*command, "--name", "first", AWS_BEARER_TOKEN_BEDROCK=KEY)
        assert done.returncode == 0, done.stderr
        assert len(replies) == 7
        again = run(*command, "--name", "second", AWS_BEARER_TOKEN_BEDROCK=KEY)
        assert again.returncode == 0, again.stderr
        assert len(replies) == 7, "the second run is free"
        rejected = run(*command, "--top-p", "0.5", AWS_BEARER_TOKEN_BEDROCK=KEY)
    records = [json.loads(line) for line in (tmp_path / "runs" / "first" / "records.jsonl").read_text().splitlines()]
    assert [record["score"]["outcome"] for record in records] == ["correct"] * 7
    first = records[0]["response"]
    assert first["reasoning"] == "Both look alike."
    assert first["usage"].items() >= {"input_tokens": 120, "output_tokens": 9, "cached_tokens": 20}.items()
    events = (tmp_path / "runs" / "first" / "events.jsonl").read_text()
    assert events.count('"rate_limit"') == 1
    assert KEY not in events + done.stdout + done.stderr
    assert rejected.returncode == 2
    assert "the model rejects --top-p" in rejected.stderr


def test_what_has_no_place_is_refused(run, jsonl, tmp_path):
    own = jsonl(tmp_path / "own", 1)
    model = ("--model", f"bedrock/{MODEL}")
    done = run("-m", "mmra_api", "run", str(own), *model, "--effort", "low", AWS_REGION="us-east-1")
    assert (done.returncode, "--effort cannot be sent in Bedrock's Converse" in done.stderr) == (2, True)
    done = run("-m", "mmra_api", "run", str(own), *model)
    assert (done.returncode, "set AWS_REGION (in base_url" in done.stderr) == (2, True)
    done = run("-m", "mmra_api", "run", str(own), *model, AWS_REGION="us-east-1")
    assert (done.returncode, "export AWS_BEARER_TOKEN_BEDROCK=" in done.stderr) == (2, True)


def test_a_compatible_service_is_the_same_in_both_places(tmp_path):
    (line,), (toml,) = find_blocks("python"), find_blocks("toml")
    assert len(line.splitlines()) == 1
    assert len(line.rstrip()) <= 120
    added = eval(f"{{{line}}}", {"Service": Service})  # a line of the document
    (tmp_path / "mmra.toml").write_text(toml)
    assert load_config(tmp_path / "mmra.toml").services["mylab"] == added["mylab"]


def test_a_compatible_service_is_one_line(jsonl, tmp_path):
    """The line of the document, put into a copy of the table, and a call with it."""
    (line,) = find_blocks("python")
    package = copy_package(tmp_path / "changed")
    table = package / TABLE
    head, opening, entries = table.read_text().partition("PROVIDERS: Mapping[str, Service] = {\n")
    table.write_text(head + opening + line + entries)
    run = make_runner(package, tmp_path)
    listed = run("-m", "mmra_api", "models", MYLAB_API_KEY=KEY)
    assert re.search(r"^mylab +MYLAB_API_KEY is set +openai_chat$", listed.stdout, re.MULTILINE)
    assert "https://llm.mylab.example/v1" in run("-m", "mmra_api", "models", "mylab").stdout
    missing = run("-m", "mmra_api", "run", str(own := jsonl(tmp_path / "own", 2)), "--model", "mylab/m")
    assert (missing.returncode, "export MYLAB_API_KEY=" in missing.stderr) == (2, True)
    with Sandbox() as sandbox:
        command = ("-m", "mmra_api", "run", str(own), "--model", "mylab/m", "--base-url", sandbox.base_url)
        done = run(*command, "--name", "first", MYLAB_API_KEY=KEY)
        assert (done.returncode, sandbox.counters.paid) == (0, 2), done.stderr
    assert (tmp_path / "runs" / "first" / "records.jsonl").read_text().count("\n") == 2
