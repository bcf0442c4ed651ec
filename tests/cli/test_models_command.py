"""``mmra models`` as a user calls it, against the sandbox."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from mmra_api.cli.models import command
from mmra_api.errors import InputError
from mmra_api.providers import PROVIDERS
from mmra_api.sandbox import Faults, Sandbox


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
    assert "sk-secret" not in shown


def test_one_service_shows_its_limits(mmra):
    shown = mmra("groq", "anthropic/any").output
    for text in ("5 images a request", "33,177,600 pixels", "8,192 tokens unless", "8,000 pixels a side", "2,000 with"):
        assert text in shown


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

    from mmra_api import checkup

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
    from mmra_api.checkup import _read

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
