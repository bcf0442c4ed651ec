from __future__ import annotations

from dataclasses import replace

import pytest

from mmra_api.config.load import load_config
from mmra_api.errors import InputError
from mmra_api.images.limits import ImageLimits
from mmra_api.providers.lookup import resolve
from mmra_api.providers.services import PROVIDERS
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
        ("[limit.openai]\nrpm = 5", "[limit]: unknown; did you mean 'limits'? There are services, limits, prices"),
        ("[limits.openai]\nrpms = 5", "unknown 'rpms'; did you mean 'rpm'? There are rpm, tpm"),
        ("[limits.openai]\nrpm = 'many'", "[limits.openai]: rpm = 'many'; give a number"),
        ("[limits.openai]\nrpm = 0", "rpm = 0; give a number above 0"),
        ("[limits.openai]\nrpm = -3", "give a number above 0"),
        ("[limits.openai]\nrpm = nan", "give a number above 0"),
        ('[prices."openai/x"]\ninput = 1', "output"),
        ('[prices."openai/x"]\ninput = -1\noutput = 1', "give a number from 0"),
        ("[prices.x]\ninput = 1\noutput = 1", "name a model as SERVICE/ID"),
        ("limits = 5", "limits"),
        ("[limits.opnai]\nrpm = 5", "unknown service 'opnai'; did you mean 'openai'? There are openai"),
        ('[prices."opnai/x"]\ninput = 1\noutput = 1', "unknown service"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(write, text, said):
    path = write(text)
    with pytest.raises(InputError) as caught:
        load_config(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_all_that_is_wrong_is_said_at_once(write):
    with pytest.raises(InputError) as caught:
        load_config(write("[limits.openai]\nrpm = 'x'\n[services.lab]\nwire = 5\n[prices.x]\ninput = 1"))
    assert "[limits.openai]: rpm" in str(caught.value)
    assert "[services.lab]: a new service needs base_url" in str(caught.value)
    assert "[prices.x]: output is missing" in str(caught.value)


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


def test_an_address_with_variables_is_checked_as_far_as_it_can_be(write):
    for base_url in ("${LAB}/v1", "http://${LAB_HOST}:${LAB_PORT}/v1", "https://lab-${SITE}.example"):
        assert load_config(write(f"[services.lab]\nbase_url = {base_url!r}")).services["lab"].base_url == base_url


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
        ("[services.lab]\nbase_url = 5", "[services.lab]: base_url = 5; give a text in quotes"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nwire = 'soap'", "unknown wire format 'soap'; there are anthropic"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nurl = 'y'", "unknown 'url'; there are base_url, key_variables"),
        (
            "[services.lab]\nbase_url = 'http://x/v1'\nimages = {max_size = 5}",
            "did you mean 'max_side'? There are formats",
        ),
        ("[services.lab]\nbase_url = 'http://x/v1'\nimages = {max_side = 0}", "max_side = 0; give a number above 0"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nimages = 5", "images = 5; give a table"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nkey_variables = 'K'", "key_variables; give a list"),
        (
            "[services.lab]\nbase_url = 'http://u:p@x/v1'",
            "the base URL holds a user name and a password",
        ),
        ("[services.lab]\nbase_url = 'http://x/v1'\nkey_variables = ['sk-abc']", "never write a key here"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nrenamed = {max_token = 'y'}", "no flag brings a field 'max_token'"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nrenamed = {seed = 'x', stop = 'x'}", "another field has that name"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nrenamed = {seed = 'messages'}", "another field has that name"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nrenamed = {seed = 'temperature'}", "another field has that name"),
        ("[services.lab]\nbase_url = 'http://x/v1'\naddress_variable = 'a b'", "address_variable: name an environment"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nimages = {formats = ['png']}", "name jpeg too"),
        (
            "[services.lab]\nbase_url = 'http://x/v1'\nimages = {formats = ['JPG']}",
            "'JPG'; did you mean 'jpeg'?",
        ),
        ("[services.lab]\nbase_url = 'http://x/v1'\nimages = {crowd = [0, -3]}", "two numbers above 0"),
        ("[services.baseline]\nbase_url = 'http://x/v1'", "the name is taken"),
        ("[services.'a/b']\nbase_url = 'http://x/v1'", "name it with letters"),
        ("services = 5", "services = 5; give tables, as [services.openai]"),
        ("[services]\nlab = 5", "[services]: lab = 5; give a table"),
        (
            "[services.lab]\nbase_url = 'x.com/v1'",
            "base URL 'x.com/v1': http:// or https:// is missing",
        ),
        ("[services.lab]\nbase_url = 'http://x.com/v1?x=1'", "[services.lab]: the base URL holds a query"),
        ("[services.lab]\nbase_url = 'http://x.com/v1/responses'", "leave /responses off"),
        ("[services.lab]\nbase_url = '${LAB}/v1/responses'", "leave /responses off"),
        ("[services.togther]\nmax_tokens = 5", "a new service needs base_url; did you mean 'together'?"),
        ("[services.lab]\nbase_url = 'http://x/v1'\nmax_tokens = 'x'", "max_tokens = 'x'; give a whole number"),
        ("[services.groq]\nmax_tokens = 1.5", "[services.groq]: max_tokens = 1.5; give a whole number"),
        ("[services.groq]\nkey_needed = 'no'", "key_needed = 'no'; give true or false"),
        ("[services.groq]\nkey_variables = ['A', 5]", "key_variables[1]; give a text in quotes"),
        ("[services.groq]\nimages.max_side = 'x'", "images.max_side = 'x'; give a whole number"),
        ("[services.groq]\nimages.many_images = [1]", "images.many_images = [1]; give a list"),
        ("[services.groq]\nimages.formats = ['jpg', 'jpeg']", "unknown 'jpg'; did you mean 'jpeg'?"),
        ("[services.groq]\nimages.formats = ['tif', 'jpeg']", "unknown 'tif'; did you mean 'tiff'?"),
    ],
)
def test_a_service_that_cannot_be_used_is_said_with_its_place(write, text, said):
    with pytest.raises(InputError, match=r"mmra\.toml") as caught:
        load_config(write(text))
    assert said in str(caught.value)
