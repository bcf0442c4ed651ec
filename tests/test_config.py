from __future__ import annotations

from dataclasses import replace

import pytest

from mmra_api.config import load_config
from mmra_api.errors import InputError
from mmra_api.fitting import ImageLimits
from mmra_api.providers import PROVIDERS, resolve
from mmra_api.types import RateLimits, TokenPrice

GOOD = """
[limits.openai]
rpm = 500
tpm = 200000

[limits."openai/slow"]
rpm = 60
concurrency = 4

[prices."vllm/mine"]
input = 0
output = 0.5
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def make(text: str, name: str = "mmra.toml"):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return make


def test_flags_come_before_the_model_and_the_model_before_its_service(write):
    config = load_config(write(GOOD))
    assert config.find_limits("openai/slow", RateLimits()) == RateLimits(rpm=60, tpm=200000, concurrency=4)
    assert config.find_limits("openai/slow", RateLimits(rpm=5)) == RateLimits(rpm=5, tpm=200000, concurrency=4)
    assert config.find_limits("openai/other", RateLimits()) == RateLimits(rpm=500, tpm=200000)
    assert config.find_limits("groq/slow", RateLimits()) == RateLimits()
    assert config.prices == {"vllm/mine": TokenPrice(input=0, output=0.5)}


def test_where_the_file_is(write, monkeypatch, tmp_path):
    assert load_config().limits == {}
    write(GOOD)
    assert load_config().limits
    other = write("", "other.toml")
    monkeypatch.setenv("MMRA_CONFIG", str(other))
    assert not load_config().limits
    assert load_config(tmp_path / "mmra.toml").limits


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[limits\n", "cannot be used"),
        ("[limit.openai]\nrpm = 5", "unknown; there are [services], [limits], [prices]"),
        ("[limits.openai]\nrpms = 5", "unknown 'rpms'; there are rpm, tpm"),
        ("[limits.openai]\nrpm = 'many'", "limits"),
        ("[limits.openai]\nrpm = 0", "rpm = 0; give a number above 0"),
        ("[limits.openai]\nrpm = -3", "give a number above 0"),
        ("[limits.openai]\nrpm = nan", "give a number above 0"),
        ('[prices."openai/x"]\ninput = 1', "output"),
        ('[prices."openai/x"]\ninput = -1\noutput = 1', "give a number from 0"),
        ("[prices.x]\ninput = 1\noutput = 1", "name a model as SERVICE/ID"),
        ("limits = 5", "limits"),
        ("[limits.opnai]\nrpm = 5", "unknown service; there are openai"),
        ('[prices."opnai/x"]\ninput = 1\noutput = 1', "unknown service"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(write, text, said):
    path = write(text)
    with pytest.raises(InputError) as caught:
        load_config(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_was_named_must_exist(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        load_config(tmp_path / "none.toml")


OWN = """
[services.lab]
base_url = "http://${LAB_HOST}/v1"
key_variables = ["LAB_KEY"]
wire = "anthropic"

[services.lab.images]
formats = ["jpeg"]
max_side = 1000

[services.groq]
base_url = "https://groq.example/v1"

[services.mistral.images]
max_images = 3

[limits.lab]
rpm = 5
"""


def test_services_of_the_users_own(write, monkeypatch):
    services = load_config(write(OWN)).services
    assert services.keys() == {*PROVIDERS, "lab"}
    lab = services["lab"]
    assert (lab.wire, lab.key_variables, lab.key_needed) == ("anthropic", ("LAB_KEY",), True)
    assert lab.images == ImageLimits(formats=("jpeg",), max_side=1000)
    assert services["groq"] == replace(PROVIDERS["groq"], base_url="https://groq.example/v1"), "the rest stays"
    assert services["mistral"].images == replace(PROVIDERS["mistral"].images, max_images=3)
    assert services["openai"] == PROVIDERS["openai"]
    monkeypatch.setenv("LAB_HOST", "127.0.0.1:9")
    assert resolve("lab/m", services=services).base_url == "http://127.0.0.1:9"
    monkeypatch.delenv("LAB_HOST")
    with pytest.raises(InputError, match="lab needs its address: set LAB_HOST "):
        resolve("lab/m", services=services)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[services.lab]\nkey_variables = ['K']", "base_url"),
        ("[services.lab]\nbase_url = 5", "Expected `str`, got `int`"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nwire = 'soap'", "unknown wire format 'soap'; there are anthropic"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nurl = 'y'", "unknown 'url'; there are base_url, key_variables"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nimages = {max_size = 5}", "unknown 'max_size'; there are formats"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nimages = {max_side = 0}", "max_side = 0; give a number above 0"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nimages = 5", "object"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nkey_variables = 'K'", "array"),
        ("[services.lab]\nbase_url = 'http://u:p@x/v1'", "no user name and no password"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nkey_variables = ['sk-abc']", "never write a key here"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nrenamed = {max_token = 'y'}", "no field 'max_token' is sent"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nrenamed = {seed = 'x', stop = 'x'}", "the same name"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nrenamed = {seed = 'messages'}", "the same name"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nimages = {formats = ['png']}", "name jpeg too"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nimages = {formats = ['JPG']}", "unknown 'JPG'; there are jpeg"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nimages = {crowd = [0, -3]}", "two numbers above 0"),
        ("[services.baseline]\nbase_url = 'http://x/v1'", "the name is taken"),
        ("[services.'a/b']\nbase_url = 'http://x/v1'", "name it with letters"),
        ("services = 5", "cannot be used"),
        ("[services]\nlab = 5", "cannot be used"),
    ],
)
def test_a_service_that_cannot_be_used_is_said_with_its_place(write, text, said):
    with pytest.raises(InputError, match=r"mmra\.toml") as caught:
        load_config(write(text))
    assert said in str(caught.value)
