"""The commands as a user calls them, in processes of their own where the exit code matters."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from mmra_api.cli import COMMANDS, cli
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults


@pytest.fixture
def mmra(tmp_path, monkeypatch):
    """Return a function that calls ``mmra`` in an empty folder, and gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MMRA_CACHE", str(tmp_path / "cache"))

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "mmra_api", *words], capture_output=True, text=True, check=False)

    return call


@pytest.fixture
def own(tmp_path, jsonl):
    return str(jsonl(tmp_path / "own", 12))


def test_the_list_of_commands_says_what_each_says_of_itself():
    context = cli.make_context("mmra", ["--help"], resilient_parsing=True)
    for name, text in COMMANDS.items():
        assert cli.get_command(context, name).short_help == text


def test_help_names_every_command_and_exit_code(mmra):
    done = mmra("--help")
    assert done.returncode == 0
    for word in (*COMMANDS, "130"):
        assert word in done.stdout


def test_the_tour_of_a_user(mmra, own):
    with Sandbox() as sandbox:
        address = ("--base-url", sandbox.base_url)
        first = mmra("run", own, "--model", "openai/simulated-unruly", *address, "--name", "one", "--setting", "iq,QO")
        assert first.returncode == 0, first.stderr
        assert "SIMULATED" in first.stdout
        assert "run: runs/one" in first.stdout
        paid = sandbox.counters.paid
        mmra("run", own, "--model", "openai/simulated-unruly", *address, "--name", "two", "--setting", "IQ,QO")
        assert sandbox.counters.paid == paid
        mmra("run", own, "--model", "openai/simulated-unruly", *address, "--name", "three", "--max-tokens", "500")
    listed = mmra("runs").stdout
    assert all(name in listed for name in ("one", "two", "three", "complete"))
    shown = mmra("show", "one", "q3")
    assert "What do both pictures of pair 3 show?" in shown.stdout
    assert "image/png, 24 x 16" in shown.stdout
    assert "simulated" in shown.stdout
    explained = mmra("cache", "explain", "three", "q3", "--against", "one").stdout
    assert "max_tokens (not sent) → 500" in explained
    assert "max_tokens" in mmra("cache", "explain", "three", "q3").stdout
    stats = mmra("cache", "stats").stdout
    assert f"{paid + 12} replies" in stats
    assert "simulated-unruly" in stats
    scored = mmra("score", "one", "--extractor", "official")
    assert scored.returncode == 0, scored.stderr
    assert "one.official" in scored.stdout
    assert "flipped" in scored.stdout
    for form in ("json", "csv", "markdown", "latex"):
        assert mmra("report", "one", "three", "--format", form).returncode == 0


def test_dry_run_writes_no_run_and_calls_nobody(mmra, own):
    with Sandbox() as sandbox:
        done = mmra("run", own, "--model", "openai/m", "--base-url", sandbox.base_url, "--dry-run")
        assert sandbox.counters.calls == 0
    assert "calls to make  12" in done.stdout
    assert not Path("runs").exists()


def test_failed_samples_end_in_exit_code_1(mmra, own):
    with Sandbox(faults=Faults(always="shape")) as sandbox:
        done = mmra("run", own, "--model", "openai/m", "--base-url", sandbox.base_url, "--limit", "3")
    assert done.returncode == 1
    assert "unreadable" in done.stdout + done.stderr
    offline = mmra("run", own, "--model", "openai/m", "--base-url", "http://127.0.0.1:9/v1", "--offline")
    assert offline.returncode == 1
    assert "12 replies are not in the cache" in offline.stderr
    assert "IQ: q0 q1 q2" in offline.stderr
    assert mmra("show", Path(offline.stdout.split("run: ")[1].strip()).name, "not_cached").returncode == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "OWN"), "--model"),
        (("run", "OWN", "--model", "openai/some-model"), "export OPENAI_API_KEY"),
        (("run", "OWN", "--model", "gpt"), "write SERVICE/ID"),
        (("run", "OWN", "--model", "opnai/x"), "did you mean 'openai'"),
        (("run", "nothing", "--model", "baseline/first"), "unknown benchmark 'nothing'"),
        (("run", "missing.jsonl", "--model", "baseline/first"), "no such file"),
        (("run", "mmra", "--data", "nowhere", "--model", "baseline/first"), "does not exist"),
        (("run", "OWN", "--model", "baseline/first", "--subtask", "XX"), "unknown subtask 'XX'"),
        (("run", "OWN", "--model", "baseline/first", "--setting", "IQ,ZZ"), "ZZ: choose from IQ, DQ, IDQ, QO"),
        (("run", "OWN", "--model", "baseline/first", "--setting", "DQ"), "no prompt template"),
        (("run", "OWN", "--model", "baseline/first", "--limit", "0"), "--limit"),
        (("run", "OWN", "--model", "baseline/first", "--concurrency", "many"), "--concurrency"),
        (("run", "OWN", "--model", "baseline/first", "--extractor", "magic"), "unknown extractor 'magic'"),
        (("run", "OWN", "--model", "baseline/first", "--prompt", "no.jinja"), "no.jinja"),
        (("run", "OWN", "--model", "openai/m", "--base-url", "localhost"), "base URL 'localhost'"),
        (("run", "OWN", "--model", "openai/m", "--base-url", ""), "'--base-url': it is empty: leave the flag out"),
        (("run", "OWN", "--model", "openai/m", "--wire", " "), "'--wire': it is empty: leave the flag out"),
        (("run", "OWN", "--model", "openai/m", "--stop", ""), "'--stop': it is empty: leave the flag out"),
        (
            ("run", "OWN", "--model", "openai/m", "--judge", "openai/j", "--judge-base-url", ""),
            "'--judge-base-url': it",
        ),
        (("models", "--check", "openai/m", "--base-url", ""), "'--base-url': it is empty: leave the flag out"),
        (("score", "nothing", "--judge-base-url", ""), "'--judge-base-url': it is empty"),
        (("run", "OWN", "--model", "openai/m", "--extra", "tier"), "write NAME=VALUE"),
        (
            ("run", "OWN", "--model", "openai/m", "--extra", "tier={"),
            "'tier={': the value begins like JSON but is not valid",
        ),
        (("run", "OWN", "--model", "openai/m", "--extra", "tier= [1,"), "begins like JSON but is not valid"),
        (("run", "OWN", "--model", "openai/m", "--extra", 'tier="flex'), "begins like JSON but is not valid"),
        (("run", "OWN", "--model", "openai/m", "--extra", "tier=" + "[" * 3000), "begins like JSON but is not valid"),
        (("run", "OWN", "--model", "openai/m", "--extra", r'tier="\ud800"'), "it holds a value that JSON cannot hold"),
        (("run", "OWN", "--model", "openai/m", "--extra", "tier=NaN"), "it holds a value that JSON cannot hold"),
        (("run", "OWN", "--model", "openai/m", "--retry", ""), "empty: choose from"),
        (("run", "OWN", "--model", "openai/m", "--base-url", "http://127.0.0.1:9/v1", "--rpm", "0"), "--rpm"),
        (("run", "probes", "--data", "x", "--model", "baseline/first"), "take no --data"),
        (("report", "nothing"), "no run 'nothing'"),
        (("score", "nothing"), "no run 'nothing'"),
        (("show", "nothing", "q1"), "no run 'nothing'"),
        (("cache", "explain", "nothing", "q1"), "no run 'nothing'"),
        (("sing",), "No such command 'sing'"),
    ],
)
def test_bad_input_is_one_clear_message_and_exit_code_2(mmra, own, words, message):
    done = mmra(*(own if word == "OWN" else word for word in words))
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(Path("runs").glob("*")) if Path("runs").exists() else True


def test_unusable_folders_are_one_clear_message(mmra, own, tmp_path):
    (tmp_path / "file").write_text("x")
    model = ("--model", "baseline/first")
    for flag in ("--cache", "--runs"):
        done = mmra("run", own, *model, flag, str(tmp_path / "file" / "below"))
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert flag in done.stderr
    damaged = tmp_path / "damaged" / "responses"
    damaged.mkdir(parents=True)
    (damaged / "cache.db").write_bytes(b"not a database" * 500)
    done = mmra("run", own, "--model", "vllm/m", "--cache", str(damaged.parent))
    assert done.returncode == 2
    assert "it is damaged; move" in done.stderr


def test_a_damaged_run_names_the_line(mmra, own):
    mmra("run", own, "--model", "baseline/first", "--name", "one")
    records = Path("runs/one/records.jsonl")
    lines = records.read_text().splitlines(keepends=True)
    records.write_text("".join([lines[0], "{broken}\n", *lines[2:]]))
    for words in (("report", "one"), ("score", "one"), ("show", "one", "q5")):
        done = mmra(*words)
        assert done.returncode == 2, words
        assert "records.jsonl, line 2: damaged" in done.stderr
    Path("runs/one/run.json").write_text("{}")
    done = mmra("report", "one")
    assert done.returncode == 2
    assert "run.json: damaged" in done.stderr


def test_show_finds_samples_by_outcome_and_says_when_there_are_none(mmra, own):
    mmra("run", own, "--model", "baseline/first", "--name", "one")
    assert mmra("show", "one", "wrong").stdout.count("· wrong") == 5
    done = mmra("show", "one", "q99")
    assert done.returncode == 2
    assert "has no sample 'q99'; its samples have ids such as" in done.stderr


def test_runs_in_an_empty_folder_says_how_to_begin(mmra):
    assert "mmra demo" in mmra("runs").stdout


def test_cache_path_and_empty_stats(mmra, tmp_path):
    assert mmra("cache", "path").stdout.strip() == str(tmp_path / "cache")
    assert "empty" in mmra("cache", "stats").stdout


def test_version_is_the_package_s():
    from importlib import metadata

    assert metadata.version("mmra-api") in CliRunner().invoke(cli, ["--version"]).output


def test_bad_rows_are_listed_when_they_are_left_out(mmra, tmp_path, row, parquet):
    data = str(parquet([row(0), row(1, answer="Z"), row(3)], tmp_path / "data"))
    words = ("run", "mmra", "--data", data, "--model", "baseline/first", "--name", "one")
    refused = mmra(*words)
    assert refused.returncode == 2
    assert "row 1, field 'answer': 'Z'" in refused.stderr
    done = mmra(*words, "--skip-bad-rows")
    assert done.returncode == 0
    assert "left out 1 bad row of 3" in done.stderr
    assert "row 1, field 'answer'" in done.stderr
    assert "1 of them were left out" in mmra("report", "one").stdout


def test_one_damaged_run_does_not_hide_the_others(mmra, own):
    for name in ("good", "bad"):
        mmra("run", own, "--model", "baseline/first", "--name", name)
    Path("runs/bad/run.json").write_text("{")
    listed = mmra("runs")
    assert listed.returncode == 0
    assert "good" in listed.stdout
    assert "damaged" in listed.stdout


def test_an_interrupt_while_data_is_prepared_ends_at_once(tmp_path):
    words = ("run", "probes", "--model", "baseline/first", "--limit", "2000", "--cache", str(tmp_path / "cache"))
    command = [sys.executable, "-m", "mmra_api", *words]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        while not list((tmp_path / "cache" / "prepared").glob("*.partial/images/*")):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert not (tmp_path / "runs").exists()


def test_replies_cannot_steer_the_terminal(mmra, tmp_path, own):
    mmra("run", own, "--model", "baseline/first", "--name", "one")
    records = Path("runs/one/records.jsonl")
    records.write_text(records.read_text().replace('"text":"A"', '"text":"A\\u001b[2J\\u001b]0;title\\u0007"'))
    for words in (("show", "one", "q0"), ("score", "one", "--extractor", "official")):
        assert "\x1b" not in mmra(*words).stdout


def test_an_outcome_that_did_not_occur_is_no_error(mmra, own):
    mmra("run", own, "--model", "baseline/first", "--name", "one")
    done = mmra("show", "one", "failed")
    assert (done.returncode, done.stdout) == (0, "no sample of 'one' is failed\n")


def test_output_that_cannot_be_written_is_one_message(mmra, own):
    mmra("run", own, "--model", "baseline/first", "--name", "one")
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "mmra_api", "report", "one"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode != 0
    assert "No space left" in done.stderr


def test_what_was_asked_with_is_shown(mmra, own):
    with Sandbox() as sandbox:
        flags = ("--system", "Be brief.", "--temperature", "0.5", "--image-detail", "low", "--limit", "2")
        done = mmra("run", own, "--model", "openai/m", "--base-url", sandbox.base_url, "--name", "one", *flags)
    assert done.returncode == 0, done.stderr
    assert "temperature 0.5, detail low, system 'Be brief.'" in " ".join(done.stdout.split())
    shown = mmra("show", "one", "q0").stdout
    assert "system\nBe brief.\n" in shown
    assert "asked with temperature 0.5, detail low" in shown
    assert "temperature 0.5, detail low, system 'Be brief.'" in mmra("runs").stdout


def test_after_refusals_no_hint_promises_that_the_same_command_would_help(mmra, jsonl, tmp_path):
    own = str(jsonl(tmp_path / "many", 20))
    with Sandbox() as sandbox:
        address = ("--base-url", sandbox.base_url, "--concurrency", "1")
        done = mmra("run", own, "--model", "openai/blind-m", *address)
        assert sum(sandbox.counters.rejections.values()) == 10, "then it is clear that all would end so"
    assert done.returncode == 2
    assert "10 calls ended in these words, and none was answered" in done.stderr
    assert "9 records are in" in done.stderr
    assert "the same one would fail again." in done.stderr
    assert "un the same command again" not in done.stderr
    with Sandbox() as sandbox:
        done = mmra("run", own, "--model", "openai/blind-m", "--base-url", sandbox.base_url, "--limit", "3")
    assert done.returncode == 1
    assert "3 failed (bad_request): the same command would fail again" in done.stdout
    assert "`mmra models --check SERVICE/ID`" in " ".join(done.stdout.split())
