"""``mmra models`` as a user calls it, against the sandbox."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from mmra_api.cli.models import command
from mmra_api.errors import InputError
from mmra_api.providers.services import PROVIDERS
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults


@pytest.fixture
def mmra(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*words: str):
        return CliRunner().invoke(
            command, [*words, *(["--cache", str(tmp_path / "cache")] if "--check" in words else [])]
        )

    return call


def test_every_service_is_listed_with_its_key_but_never_the_key(mmra, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    shown = mmra().output
    assert all(f"\n{name} " in shown for name in PROVIDERS)
    assert "ANTHROPIC_API_KEY is set" in shown
    assert "OPENAI_API_KEY not set" in shown
    assert "OPENROUTER_API_KEY not set  " in shown
    assert "sk-secret" not in shown


def test_one_service_shows_its_limits(mmra):
    shown = mmra("groq", "anthropic/any").output
    for text in ("5 images a request", "33,177,600 pixels", "8,192 tokens unless", "8,000 pixels a side", "2,000 with"):
        assert text in shown


def test_all_variables_of_a_key_are_named_once(mmra, monkeypatch):
    assert "GOOGLE_API_KEY or GEMINI_API_KEY not set" in mmra().output
    assert "key          GOOGLE_API_KEY or GEMINI_API_KEY not set\n" in mmra("google").output
    monkeypatch.setenv("GEMINI_API_KEY", "x")
    assert "GEMINI_API_KEY is set" in mmra().output
    assert "GEMINI_API_KEY is set; looked for: GOOGLE_API_KEY, then GEMINI_API_KEY\n" in mmra("google").output


@pytest.mark.parametrize(
    ("service", "variable", "url", "listed", "address", "wire"),
    [
        (
            "openai",
            "OPENAI_BASE_URL",
            "http://lab:1/v1",
            "asked at http://lab:1/v1, from OPENAI_BASE_URL",
            "http://lab:1/v1, from OPENAI_BASE_URL; its own is https://api.openai.com/v1",
            "openai_chat; openai_responses at its own address",
        ),
        (
            "azure-openai",
            "AZURE_OPENAI_ENDPOINT",
            "https://mine.example",
            "asked at https://mine.example/openai/v1, from AZURE_OPENAI_ENDPOINT",
            "https://mine.example/openai/v1, from AZURE_OPENAI_ENDPOINT",
            "openai_responses",
        ),
        (
            "anthropic",
            "ANTHROPIC_BASE_URL",
            "lab/v1",
            "base URL 'lab/v1' from ANTHROPIC_BASE_URL: http:// or https:// is missing",
            "https://api.anthropic.com; base URL 'lab/v1' from ANTHROPIC_BASE_URL: http:// or",
            "anthropic",
        ),
    ],
)
def test_the_address_that_will_be_asked_is_shown(mmra, monkeypatch, service, variable, url, listed, address, wire):
    assert "asked at" not in mmra().output
    monkeypatch.setenv(variable, url)
    assert f"    {listed}" in mmra().output
    shown = mmra(service).output
    assert f"address      {address}" in shown
    assert f"wire format  {wire}\n" in shown


def test_an_address_that_lacks_a_variable_is_marked(mmra, tmp_path):
    (tmp_path / "mmra.toml").write_text('[services.lab]\nbase_url = "http://${LAB_HOST}/v1"\n')
    for shown in (mmra().output, mmra("lab").output):
        assert "lab needs its address: set LAB_HOST (in base_url 'http://${LAB_HOST}/v1')" in shown
    assert "azure-openai needs its address: export AZURE_OPENAI_ENDPOINT=https://…" in mmra("azure-openai").output


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("anthropic", "16,384 tokens unless --max-tokens is given"),
        ("groq", "renamed      max_tokens is sent as max_completion_tokens"),
        ("mistral", "seed is sent as random_seed"),
        ("lab", "seed is sent as dice"),
        ("lab", "77 tokens unless"),
    ],
)
def test_what_is_sent_unasked_or_by_another_name_is_shown(mmra, tmp_path, service, said):
    own = '[services.lab]\nbase_url = "http://lab:1/v1"\nmax_tokens = 77\nrenamed.seed = "dice"\n'
    (tmp_path / "mmra.toml").write_text(own)
    assert said in mmra(service).output
    assert "renamed" not in mmra("openai").output, "its own format has the newer name already"


def test_the_list_fits_80_columns(mmra, monkeypatch):
    from mmra_api.cli import printing

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://a-rather-long-name-of-a-host.some-domain.example/with/a/path/v1")
    monkeypatch.setattr(printing, "is_terminal", lambda _: True)
    address = "https://a-rather-long-name-of-a-host.some-domain.example/with/a/path/v1"
    lines = mmra().output.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert any(address in line for line in lines), "no word is broken"
    assert all(len(line) <= 80 for line in mmra("anthropic", "google").output.splitlines())


def test_an_address_where_nobody_is_is_said_at_once(mmra, monkeypatch):
    from dataclasses import replace

    from mmra_api.runs import model_check as checkup

    monkeypatch.setattr(checkup, "POLICY", replace(checkup.POLICY, first_wait=0.01, longest_wait=0.01))
    result = mmra("openai/m", "--check", "--base-url", "http://127.0.0.1:9/v1")
    assert result.exit_code == 1
    assert result.output.startswith("openai/m\n  at http://127.0.0.1:9/v1 in openai_chat\n")
    assert "no server was reached" in result.output
    assert "is it http:// or https://?" in result.output


def test_services_of_the_users_own_are_listed(mmra, tmp_path):
    (tmp_path / "mmra.toml").write_text('[services.lab]\nbase_url = "http://lab:1/v1"\nkey_variables = ["LAB_KEY"]\n')
    assert "LAB_KEY not set" in mmra().output
    assert "http://lab:1/v1" in mmra("lab").output


@pytest.mark.parametrize(
    ("model", "extra"),
    [
        ("openai/simulated-weak", ()),
        ("openai/simulated-strong", ("--wire", "openai_responses")),
        ("anthropic/simulated-chatty", ()),
        ("google/simulated-unruly", ()),
        ("mistral/any-other", ()),
    ],
)
def test_a_model_that_works(mmra, model, extra):
    with Sandbox() as sandbox:
        result = mmra(model, "--check", "--base-url", sandbox.base_url, *extra)
        assert sandbox.counters.paid == 2
        assert sandbox.counters.images == 2
    assert result.exit_code == 0, result.output
    assert result.output.count("works") == 2
    assert "simulated" in result.output


def test_a_check_is_never_answered_from_the_cache(mmra):
    with Sandbox() as sandbox:
        for calls in (2, 4):
            assert mmra("openai/m", "--check", "--base-url", sandbox.base_url).exit_code == 0
            assert sandbox.counters.paid == calls


@pytest.mark.parametrize(
    ("model", "key", "said", "calls"),
    [
        ("openai/missing-m", "", "check the model id 'missing-m'", 0),
        ("openai/m", "bad-key", "check OPENAI_API_KEY", 0),
        ("openai/m", "broke-key", "add credit", 0),
        ("openai/blind-m", "", "does not support image input", 1),
        ("google/blind-m", "", "does not support image input", 1),
    ],
)
def test_what_does_not_work_is_named_and_the_exit_code_is_1(mmra, monkeypatch, model, key, said, calls):
    if key:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    with Sandbox() as sandbox:
        result = mmra(model, "--check", "--base-url", sandbox.base_url)
        assert sandbox.counters.paid == calls
    assert result.exit_code == 1
    assert "FAILS" in result.output
    assert said in result.output


def test_a_service_that_fails_all_the_time_is_given_up_within_seconds(mmra, monkeypatch):
    from dataclasses import replace

    from mmra_api.runs import model_check as checkup

    monkeypatch.setattr(checkup, "POLICY", replace(checkup.POLICY, first_wait=0.01, longest_wait=0.01))
    with Sandbox(faults=Faults(always="500")) as sandbox:
        result = mmra("openai/m", "--check", "--base-url", sandbox.base_url)
    assert result.exit_code == 1
    assert "HTTP 500" in result.output


@pytest.mark.parametrize(
    ("about", "text", "works"),
    [
        ("text", "4817", True),
        ("text", "The number is **4,817**.", True),
        ("text", "4818", False),
        ("text", "", False),
        ("images", "Red, then blue.", True),
        ("images", "first: RED\nsecond: BLUE", True),
        ("images", "blue, red", False),
        ("images", "red", False),
        ("images", "red, blue or green", False),
        ("images", "I cannot see pictures.", False),
    ],
)
def test_what_counts_as_an_answer(about, text, works):
    from mmra_api.runs.model_check import _read

    assert (_read(about, text) == (["4817"] if about == "text" else ["red", "blue"])) is works


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--check",), "name one or more models as SERVICE/ID"),
        (("--check", "openai"), "name one or more models as SERVICE/ID"),
        (("--base-url", "http://x/v1"), "belong to --check"),
        (("opnai",), "did you mean 'openai'"),
        (("--check", "baseline/random"), "no model at a service"),
        (("--check", "openai/m", "--wire", "soap"), "unknown wire format 'soap'; there are anthropic, gemini"),
    ],
)
def test_bad_input_is_one_clear_message(mmra, words, said):
    error = mmra(*words).exception
    assert isinstance(error, InputError)
    assert said in str(error)
