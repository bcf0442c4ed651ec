"""What is common to all providers: names and addresses, where things come from, and the baselines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmra_api.errors import CallError, InputError
from mmra_api.images.embed import embed_fingerprint
from mmra_api.providers.failures.classify import classify
from mmra_api.providers.lookup import find_service, resolve
from mmra_api.providers.service import Service
from mmra_api.providers.services import PROVIDERS
from mmra_api.providers.wires.registry import WIRES, find_wire, load_wire, name_wire
from mmra_api.providers.wires.replies import keep_headers
from mmra_api.types import Params, Request


@pytest.mark.parametrize(
    ("code", "metadata", "kind"),
    [
        (429, None, "rate_limit"),
        (502, None, "server"),
        ("rate_limit_exceeded", None, "rate_limit"),
        (None, None, "server"),
        (True, None, "server"),
        (403, {"reasons": ["violence"], "flagged_input": "…"}, "content_filtered"),
    ],
)
def test_a_failure_in_a_reply_with_status_200(code, metadata, kind):
    assert classify(200, [code], metadata) == kind


def test_only_headers_that_name_the_call_are_kept():
    kept = {"x-request-id": "r", "request-id": "r", "apim-request-id": "a", "x-amzn-requestid": "b"}
    kept["x-mmra-simulated"] = "1"
    others = {"set-cookie": "secret", "authorization": "secret", "x-request-id-secret": "secret", "date": "today"}
    assert keep_headers(kept | others) == kept


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("gpt", "write SERVICE/ID"),
        ("openai/", "write SERVICE/ID"),
        ("openai/ ", "write SERVICE/ID"),
        ("opnai/x", "did you mean 'openai'"),
        ("nobody/x", f"there are {', '.join(PROVIDERS)}, baseline"),
        ("baseline/best", "baseline/random, baseline/first"),
    ],
)
def test_a_model_name_that_cannot_be_resolved_says_what_is_expected(spec, message):
    with pytest.raises(InputError, match=message):
        resolve(spec)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("127.0.0.1:80", "http:// or https:// is missing"),
        ("x.com/v1", "http:// or https:// is missing"),
        ("localhost:8000/v1", "http:// or https:// is missing"),
        ("ftp://x/v1", "it begins with ftp://"),
        ("http:///v1", "give the address up to the version"),
        ("http://me@x/v1", "holds a user name: leave it out"),
        ("http://me:secret@x/v1", "holds a user name and a password: leave"),
        ("me:secret@x/v1", "holds a user name and a password: leave"),
        ("https://x/v1?key=secret", "holds a query (from ? on): leave"),
        ("https://x/v1?", "holds a query (from ? on): leave"),
        ("https://x/v1#secret", "holds a fragment (from # on): leave"),
        ("http://x:99999/", "host or port cannot be read"),
        ("http://me:secret@x:99999/?secret", "host or port cannot be read"),
        ("http://[::1/v1", "host or port cannot be read"),
        ("https://x/v1/chat/completions", "leave /chat/completions off"),
        ("https://x/v1/messages/", "leave /messages off"),
        ("https://x/v1/responses", "leave /responses off"),
        ("https://x/v1beta/models/m:generateContent", "leave /models/m:generateContent off"),
    ],
)
@pytest.mark.parametrize("variable", ["", "OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT"])
def test_a_base_url_that_cannot_be_used(monkeypatch, url, said, variable):
    if variable:
        monkeypatch.setenv(variable, url)
    own = Service(base_url="${AZURE_OPENAI_ENDPOINT}", address_variable="OPENAI_BASE_URL")
    with pytest.raises(InputError, match="base URL") as caught:
        resolve("own/m", base_url=None if variable else url, services={"own": own})
    assert said in str(caught.value)
    assert variable in str(caught.value)
    assert "secret" not in str(caught.value).replace("secrets go", "")


@pytest.mark.parametrize("url", ["", " "])
def test_an_empty_base_url_is_none_but_an_empty_variable_is_not_set(monkeypatch, url):
    with pytest.raises(InputError, match="it is empty: leave it out"):
        resolve("openai/m", base_url=url)
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    assert resolve("openai/m").base_url == "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("url", "expected", "path"),
    [
        ("HTTPS://API.OPENAI.com/v1/", "https://api.openai.com/v1", "/responses"),
        ("https://eu.api.openai.com/v1", "https://eu.api.openai.com/v1", "/responses"),
        ("https://notapi.openai.com/v1", "https://notapi.openai.com/v1", "/chat/completions"),
        ("https://api.openai.com.example/v1", "https://api.openai.com.example/v1", "/chat/completions"),
        ("http://api.openai.com/v1", "http://api.openai.com/v1", "/chat/completions"),
    ],
)
def test_the_vendors_own_address_in_any_form_and_region(url, expected, path):
    provider = resolve("openai/m", base_url=url)
    assert (provider.base_url, provider.path) == (expected, path)


def test_a_name_that_holds_in_chat_completions_holds_there_at_a_service_of_another_format(monkeypatch):
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com")
    request = Request(parts=("Hi",), params=Params(max_tokens=9))
    body = resolve("azure-openai/m", wire="openai_chat").encode(request, embed_fingerprint)
    assert body["max_completion_tokens"] == 9


def test_the_end_of_every_call_is_known():
    for wire in map(load_wire, WIRES):
        with pytest.raises(InputError, match=r"leave .* off; the path of a call is added"):
            resolve("openai/m", base_url=f"https://x{wire.PATH.format(model='m')}")


def test_ids_pass_through_untouched():
    assert resolve("openrouter/meta/llama-9:free").model == "meta/llama-9:free"


ADDRESSED = {"openai": "OPENAI_BASE_URL", "anthropic": "ANTHROPIC_BASE_URL", "google": "GOOGLE_GEMINI_BASE_URL"}


@pytest.mark.parametrize("service", ADDRESSED)
@pytest.mark.parametrize(
    ("argument", "variable", "expected"),
    [
        (None, None, ""),
        ("http://127.0.0.1:1/v1/", None, "http://127.0.0.1:1"),
        (None, "http://127.0.0.1:2/v1", "http://127.0.0.1:2"),
        ("http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1", "http://127.0.0.1:1"),
    ],
)
def test_where_the_base_url_comes_from(monkeypatch, service, argument, variable, expected):
    if variable:
        monkeypatch.setenv(ADDRESSED[service], variable)
    found = resolve(f"{service}/m", base_url=argument).base_url
    assert found.removesuffix("/v1") == (expected or PROVIDERS[service].base_url.removesuffix("/v1"))
    assert found.endswith("/v1") == (service == "openai"), "the other SDKs take the address without the version"


def test_the_address_of_azure_is_the_users(monkeypatch):
    with pytest.raises(InputError, match="export AZURE_OPENAI_ENDPOINT="):
        resolve("azure-openai/m")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com/")
    provider = resolve("azure-openai/m")
    assert (provider.base_url, provider.path) == ("https://mine.openai.azure.com/openai/v1", "/responses")


def test_a_service_of_the_users_own():
    own = Service(base_url="https://own.example/v1", wire="anthropic", max_tokens=5, renamed={"max_tokens": "budget"})
    provider = resolve("own/m", services={"own": own})
    body = provider.encode(Request(parts=("Hi",)), embed_fingerprint)
    assert (provider.path, body["budget"]) == ("/v1/messages", 5)
    assert find_service("own/m", {"own": own}) is own
    with pytest.raises(InputError, match="there are own, baseline"):
        resolve("openai/m", services={"own": own})


def test_the_wire_formats_by_name():
    assert set(WIRES) >= {"anthropic", "gemini", "openai_chat", "openai_responses"}
    assert sorted(WIRES) == list(WIRES)
    assert [load_wire(name).encode.__module__.rpartition(".")[2] for name in WIRES] == list(WIRES)
    with pytest.raises(InputError, match=f"unknown wire format 'telex'; there are {', '.join(WIRES)}"):
        resolve("openai/m", wire="telex")


def test_a_path_tells_its_format():
    assert find_wire("/v1/messages") == (load_wire("anthropic"), "")
    assert find_wire("/responses") == (load_wire("openai_responses"), "")
    assert find_wire("/chat/completions") == (load_wire("openai_chat"), "")
    assert find_wire("/elsewhere") is None
    assert find_wire("/v1beta/models/x") is None
    assert find_wire("/v1beta/models/a/b:generateContent") == (load_wire("gemini"), "a/b")


SPECIAL = {
    "openai": "/responses",
    "azure-openai": "/responses",
    "anthropic": "/v1/messages",
    "google": "/v1beta/models/m-1:generateContent",
    "groq": "/chat/completions",
}
"""What the vendors' references say of those that speak a format of their own, and of one that speaks the usual one."""


@pytest.mark.parametrize("service", SPECIAL)
def test_where_a_service_is_asked(monkeypatch, service):
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com")
    assert resolve(f"{service}/m-1").path == SPECIAL[service]


def test_another_address_may_mean_another_format():
    assert resolve("openai/m-1", base_url="https://api.openai.com/v1/").path == "/responses", "it is the service's own"
    assert resolve("openai/m-1", base_url="http://127.0.0.1:9/v1").path == "/chat/completions", "a compatible server"
    assert resolve("openai/m-1", base_url="http://127.0.0.1:9/v1", wire="openai_responses").path == "/responses"
    assert resolve("openrouter/m-1", wire="anthropic").path == "/v1/messages"


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("version", ["/v1", "/v1beta/", "/v2", "/v12beta"])
def test_an_address_may_end_with_the_version_where_the_path_begins_with_one(wire, version):
    found = resolve("openai/m", base_url=f"http://127.0.0.1:9/api{version}", wire=wire).base_url
    plain = wire in {"anthropic", "gemini"}
    assert found == "http://127.0.0.1:9/api" + ("" if plain else version.rstrip("/"))
    odd = resolve("openai/m", base_url="http://127.0.0.1:9/version1", wire=wire).base_url
    assert odd == "http://127.0.0.1:9/version1"


def test_a_variable_that_is_not_set_is_said_as_it_is_used(monkeypatch):
    whole, part = Service(base_url="${LAB}/v1"), Service(base_url="http://lab-${SITE}.example/v1")
    with pytest.raises(InputError, match="whole needs its address: export LAB=https://…, or give"):
        resolve("whole/m", services={"whole": whole})
    with pytest.raises(InputError, match=r"set SITE \(in base_url 'http://lab-\$\{SITE\}\.example/v1'\), or give"):
        resolve("part/m", services={"part": part})
    monkeypatch.setenv("SITE", "a")
    assert resolve("part/m", services={"part": part}).base_url == "http://lab-a.example/v1"


def test_the_name_of_what_is_spoken():
    assert name_wire(resolve("google/a/b").path) == "gemini"
    assert name_wire(resolve("openai/m", base_url="http://127.0.0.1:9/v1").path) == "openai_chat"
    assert name_wire(resolve("baseline/first").path) == ""


@pytest.mark.parametrize("service", PROVIDERS)
async def test_without_a_key_nothing_is_sent(service):
    entry = PROVIDERS[service]
    away = replace(entry, base_url="http://127.0.0.1:9/v1")  # nobody listens there
    provider = resolve(f"{service}/m", services={service: away})
    with pytest.raises(CallError) as caught:
        await provider.send(Request(parts=("Hi",)))
    await provider.close()
    if not (entry.key_needed and entry.key_variables):
        assert caught.value.kind == "connection"
    else:
        assert caught.value.kind == "authentication"
        assert f"export {entry.key_variables[0]}=… (nothing was sent)" in str(caught.value)


@pytest.mark.parametrize("service", ["ollama", "sandbox", "openai"])
def test_only_a_service_of_ones_own_may_be_open(service):
    entry = PROVIDERS[service]
    assert (entry.key_needed and bool(entry.key_variables)) is (service == "openai")


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_failure_is_asked_about_once(connect, serve, wire, status):
    """The SDKs would try again by themselves: retries are the dispatcher's alone."""
    url, calls = serve(status, body={"error": {"message": "not now"}})
    provider = connect(f"{find_speaker(wire)}:{wire}", url)
    with pytest.raises(CallError) as caught:
        await provider.send(Request(parts=("Hi",)))
    assert (caught.value.status, len(calls)) == (status, 1)


def find_speaker(wire: str) -> str:
    return next(name for name, service in PROVIDERS.items() if wire in {service.wire, service.compatible})


def test_a_formula_gives_a_range(image):
    bare, asked = Request(parts=("Hi",)), Request(parts=("Image 1:", image(0), "Image 2:", image(1), "Which?"))
    for wire in map(load_wire, WIRES):
        low, high = wire.count_input(asked)
        assert 2 * 85 < low < high
        assert wire.count_input(bare)[1] < low
        instructed = replace(bare, params=Params(system="Be brief, and say nothing but the letter."))
        assert wire.count_input(instructed)[0] > wire.count_input(bare)[0]


@pytest.mark.parametrize(
    ("wire", "detail", "most"), [("openai_chat", "original", 10_000), ("gemini", "ultra_high", 2240)]
)
def test_the_finest_detail_takes_more(image, wire, detail, most):
    large = replace(image(0), width=4000, height=3000)
    usual, finest = (Request(parts=(large,), params=Params(image_detail=each)) for each in (None, detail))
    count = load_wire(wire).count_input
    assert count(finest)[1] >= most
    assert count(finest)[1] >= count(usual)[1]


async def answer(model: str, number: int, seed: int = 0, trial: int = 0) -> str:
    provider = resolve(model)
    request = Request(parts=(f"question {number}",), choices=("A", "B", "C"), params=Params(seed=seed), trial=trial)
    return provider.decode(await provider.send(request)).text


async def test_baseline_random_is_uniform_and_repeatable():
    drawn = [await answer("baseline/random", number) for number in range(600)]
    assert drawn == [await answer("baseline/random", number) for number in range(600)]
    # Each letter is expected 200 times with a standard deviation of 11.5; five of those are no accident.
    assert all(abs(drawn.count(letter) - 200) < 58 for letter in "ABC")


async def test_baseline_random_depends_on_seed_and_trial():
    base = [await answer("baseline/random", number) for number in range(60)]
    assert base != [await answer("baseline/random", number, seed=1) for number in range(60)]
    assert base != [await answer("baseline/random", number, trial=1) for number in range(60)]


async def test_baseline_first_takes_the_first():
    assert {await answer("baseline/first", number) for number in range(20)} == {"A"}
