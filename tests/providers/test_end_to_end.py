"""Every wire format through its real SDK over real HTTP to the sandbox: runs with faults, and the same answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from mmra_api.dispatch import Dispatcher, RetryPolicy, Store
from mmra_api.images import inspect_image
from mmra_api.providers import Provider, resolve
from mmra_api.providers.base import Body
from mmra_api.providers.remote import Remote
from mmra_api.run import evaluate
from mmra_api.sandbox import Faults, Sandbox
from mmra_api.types import Params, Reply, Request

SPEAKERS = {
    "openai_chat": "groq",
    "openai_responses": "openai",
    "anthropic": "anthropic",
    "gemini": "google",
}
WIRES = tuple(SPEAKERS)


@pytest.fixture
def connect(check_body):
    """Return a function that opens a model at the sandbox; every body that it sends is checked and counted."""

    def make(wire: str, sandbox: Sandbox, model: str = "simulated-strong") -> Provider:
        provider = resolve(f"{SPEAKERS[wire]}/{model}", base_url=sandbox.base_url, timeout=3.0, wire=wire)
        return check_all(provider, lambda body: check_body(wire, body))

    return make


def check_all(provider: Provider, check: Callable[[Body], None]) -> Provider:
    """Return the provider with a check of every body before it is sent; ``checked`` holds them."""
    send, provider.checked = provider.send, []

    async def check_and_send(body: Body) -> Reply:
        check(body)
        provider.checked.append(body)
        return await send(body)

    provider.send = check_and_send
    return provider


@pytest.fixture
def ask_about(tmp_path, picture):
    def make(number: int, **params) -> Request:
        images = []
        for place in range(2):
            file = tmp_path / f"{number}-{place}.png"
            file.write_bytes(picture(2 * number + place))
            images.append(inspect_image(file.read_bytes(), path=str(file)))
        parts = ("Image 1:", images[0], "Image 2:", images[1], f"Question {number}?\nA. a cup\nB. a chair\nC. a lamp")
        return Request(parts=parts, params=Params(**params))

    return make


async def ask_all(provider: Provider, folder, requests) -> list:
    store = Store(folder)
    try:
        async with Dispatcher(provider, store, policy=RetryPolicy(first_wait=0.01)) as dispatcher:
            return await asyncio.gather(*map(dispatcher.ask, requests))
    finally:
        store.close()


@pytest.mark.parametrize("wire", WIRES)
async def test_a_run_with_faults_ends_well_and_pays_once(wire, connect, tmp_path, ask_about):
    faults = Faults(
        rates={"429": 0.15, "500": 0.1, "503": 0.05, "drop": 0.1, "cut": 0.05, "html": 0.1}, retry_after=0.05
    )
    requests = [ask_about(number, max_tokens=300) for number in range(16)]
    with Sandbox(faults=faults, seed=5) as sandbox:
        provider = connect(wire, sandbox)
        responses = await ask_all(provider, tmp_path / "cache", requests)
        assert len(provider.checked) == sum(response.attempts for response in responses)
        assert sandbox.counters.paid == sandbox.counters.unique_bodies == 16
        assert sandbox.counters.images == 32
        assert not sandbox.counters.rejections
        idle = connect(wire, sandbox)
        again = await ask_all(idle, tmp_path / "cache", requests)
        assert (sandbox.counters.paid, idle.checked) == (16, [])
    assert all(response.simulated and response.usage.input_tokens for response in responses)
    assert all(response.request_id and response.model == "simulated-strong" for response in responses)
    assert sum(response.attempts for response in responses) > 16
    assert [each.text for each in again] == [each.text for each in responses]
    assert {each.source for each in again} == {"cache"}


async def test_a_model_answers_the_same_in_every_format(connect, tmp_path, ask_about):
    requests = [ask_about(number) for number in range(8)]
    with Sandbox(seed=5) as sandbox:
        texts = {
            wire: [each.text for each in await ask_all(connect(wire, sandbox), tmp_path / wire, requests)]
            for wire in WIRES
        }
    assert len(set(map(tuple, texts.values()))) == 1, texts


@pytest.mark.parametrize("wire", WIRES)
async def test_a_budget_of_output_cuts_and_says_so(wire, connect, tmp_path, ask_about):
    with Sandbox(seed=5) as sandbox:
        provider = connect(wire, sandbox, "simulated-chatty")
        responses = await ask_all(provider, tmp_path / "cache", [ask_about(n, max_tokens=16) for n in range(6)])
    assert "length" in {response.finish for response in responses}
    assert all(response.usage.output_tokens <= 16 for response in responses)


ALL = {
    "openai_chat": {"temperature": 0.0, "top_p": 0.9, "stop": ("ZZZ",), "effort": "low", "seed": 3},
    "openai_responses": {"temperature": 0.0, "top_p": 0.9, "effort": "low"},
    "anthropic": {"stop": ("ZZZ",), "effort": "low"},
    "gemini": {"temperature": 0.0, "top_p": 0.9, "stop": ("ZZZ",), "effort": "low", "seed": 3},
}


@pytest.mark.parametrize("wire", WIRES)
async def test_parameters_go_through(wire, connect, tmp_path, ask_about):
    params = ALL[wire] | {"max_tokens": 2048, "system": "Be brief."}
    with Sandbox(seed=5) as sandbox:
        provider = connect(wire, sandbox)
        (response,) = await ask_all(provider, tmp_path / "cache", [ask_about(1, **params)])
    (body,) = provider.checked
    assert "Be brief." in str(body)
    assert (response.text != "", response.attempts) == (True, 1)


@pytest.mark.parametrize("params", [{"temperature": 0.0}, {"top_p": 0.9}, {"extra": {"top_k": 5}}])
async def test_anthropic_takes_the_parameters_of_its_older_version(params, connect, tmp_path, ask_about):
    with Sandbox(seed=5) as sandbox:
        (response,) = await ask_all(connect("anthropic", sandbox), tmp_path / "cache", [ask_about(1, **params)])
    assert response.attempts == 1


@pytest.mark.parametrize("wire", WIRES)
async def test_a_whole_run(job, jsonl, tmp_path, monkeypatch, check_body, wire):
    sent = []
    original = Remote.send

    async def check_and_send(provider: Remote, body: Body) -> Reply:
        check_body(wire, body)
        sent.append(body)
        return await original(provider, body)

    monkeypatch.setattr(Remote, "send", check_and_send)
    own = str(jsonl(tmp_path / "own", 6))
    with Sandbox(faults=Faults(script=("500", "429"), retry_after=0.01)) as sandbox:
        model = f"{SPEAKERS[wire]}/simulated-strong"
        run = await evaluate(job(benchmark=own, model=model, base_url=sandbox.base_url, wire=wire))
        assert sandbox.counters.paid == 6
    assert [record.failure for record in run.records()] == [None] * 6
    assert run.info.spent.calls == 6
    assert len(sent) == 18
