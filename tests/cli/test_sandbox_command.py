"""``mmra sandbox`` as a user meets it: a process that says where it serves, serves, and counts up at the end."""

from __future__ import annotations

import base64
import io
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from PIL import Image

from mmra_api.cli.sandbox import command
from mmra_api.errors import InputError
from mmra_api.sandbox import Sandbox

START = "from mmra_api.cli.sandbox import command; command()"


@pytest.fixture
def asked(tmp_path):
    """A data set of one question, and the body that asks it."""
    urls = []
    for name, color in {"a": "red", "b": "blue"}.items():
        file = io.BytesIO()
        Image.new("RGB", (20, 20), color).save(file, "PNG")
        (tmp_path / f"{name}.png").write_bytes(file.getvalue())
        urls.append(f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}")
    row = {"id": "1", "images": ["a.png", "b.png"], "question": "Are they alike?", "answer": "No"}
    (tmp_path / "my questions.jsonl").write_text(json.dumps(row))
    images = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    content = [*images, {"type": "text", "text": "Are they alike?"}]
    return str(tmp_path / "my questions.jsonl"), {"model": "m", "messages": [{"role": "user", "content": content}]}


@contextmanager
def serving(*flags):
    """The process and its base URL, from the first line that it prints."""
    process = subprocess.Popen([sys.executable, "-c", START, "--port", "0", *flags], stdout=subprocess.PIPE, text=True)
    try:
        yield process, process.stdout.readline().removeprefix("serving ").strip()
    finally:
        process.kill()
        process.communicate()


def call(base_url, body):
    """The status, the body and the headers of the reply."""
    request = urllib.request.Request(f"{base_url}/chat/completions", json.dumps(body).encode())
    request.add_header("Authorization", "Bearer none")
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status, json.load(reply), reply.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error), error.headers


def post(base_url, body):
    return call(base_url, body)[:2]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped_and_then_counts_up(asked, tmp_path, end):
    path, body = asked
    with serving("--benchmark", path, "--cache", str(tmp_path / "cache")) as (process, base_url):
        status, reply = post(base_url, body)
        assert (status, reply["object"]) == (200, "chat.completion")
        process.send_signal(end)
        said = process.stdout.read()  # communicate() would lose what readline() read ahead
        assert process.wait() == 0
    assert f"mmra run '{path}' --seed 0 --model openai/simulated-strong --base-url {base_url}" in said
    counted = {line[:18].strip(): line[18:] for line in said.splitlines() if line[18:]}
    assert (counted["calls"], counted["paid"], counted["images"], counted["faults"]) == ("1", "1", "2", "none")


def test_faults_reach_the_server(asked, tmp_path):
    path, body = asked
    with serving("--benchmark", path, "--cache", str(tmp_path / "cache"), "--faults", "500=1") as (_, base_url):
        assert [post(base_url, body)[0] for _ in range(3)] == [500, 500, 200]


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (["--faults", "500=lots"], "500=lots"),
        (["--benchmark", "nothing"], "nothing"),
        (["--benchmark", "gone.jsonl"], "gone.jsonl"),
    ],
)
def test_a_bad_flag_is_named_before_anything_starts(flags, named):
    result = CliRunner().invoke(command, flags)
    assert isinstance(result.exception, InputError)
    assert named in str(result.exception)
    assert result.output == ""


def test_limits_reach_the_server_and_its_headers(asked, tmp_path):
    path, body = asked
    flags = ["--benchmark", path, "--cache", str(tmp_path / "cache"), "--rate-headers", "--no-retry-after"]
    with serving(*flags, "--rpm", "6000", "--tpm", "600") as (process, base_url):
        replies = [call(base_url, body) for _ in range(3)]
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
    assert [status for status, _, _ in replies] == [200, 429, 429]
    for _, _, headers in replies:
        assert (headers["x-ratelimit-limit-requests"], headers["x-ratelimit-limit-tokens"]) == ("6000", "600")
        assert headers["retry-after"] is None
    assert "tpm 2" in said
    assert "by second" not in said


def test_calls_at_once_reach_the_server(asked, tmp_path):
    path, body = asked
    flags = ["--benchmark", path, "--cache", str(tmp_path / "cache"), "--at-once", "1", "--latency", "1"]
    with serving(*flags) as (_, base_url), ThreadPoolExecutor(3) as pool:
        replies = list(pool.map(lambda _: call(base_url, body), range(3)))
    assert sorted(status for status, _, _ in replies) == [200, 429, 429]
    assert {headers["retry-after-ms"] for status, _, headers in replies if status == 429} == {"1000"}


@pytest.mark.parametrize(
    "flags",
    [
        ["--port", "70000"],
        ["--latency", "-1"],
        ["--limit", "0"],
        ["--rpm", "0"],
        ["--tpm", "0"],
        ["--at-once", "0"],
    ],
)
def test_numbers_out_of_range_are_usage_errors(flags):
    result = CliRunner().invoke(command, flags)
    assert result.exit_code == 2
    assert flags[0] in result.output


def test_a_taken_port_is_named(asked, tmp_path):
    path, _ = asked
    with Sandbox() as other:
        port = other.base_url.split(":")[2].removesuffix("/v1")
        result = CliRunner().invoke(command, ["--benchmark", path, "--cache", str(tmp_path), "--port", port])
    assert isinstance(result.exception, InputError)
    assert port in str(result.exception)
