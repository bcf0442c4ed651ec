"""Every wire format through its real SDK over real HTTP to the sandbox: runs with faults, and the same answers."""

from __future__ import annotations

import asyncio

import pytest

from mmra_api.dispatch import Dispatcher, RetryPolicy, Store
from mmra_api.images import inspect_image
from mmra_api.providers import PROVIDERS, resolve
from mmra_api.providers.base import Provider
from mmra_api.providers.remote import Remote
from mmra_api.run import evaluate
from mmra_api.sandbox import Faults, Sandbox
from mmra_api.types import Params, Request

WIRES = ("openai_chat", "openai_responses", "anthropic", "gemini")


def connect(wire: str, sandbox: Sandbox, model: str = "simulated-strong") -> Provider:
    if wire == "openai_responses":  # only asked at the vendor's own address; here the sandbox stands for it
        service = PROVIDERS["openai"]
        return Remote("openai", service, model, base_url=sandbox.base_url, needs_key=False, timeout=3.0)
    service = {"openai_chat": "groq", "anthropic": "anthropic", "gemini": "google"}[wire]
    return resolve(f"{service}/{model}", base_url=sandbox.base_url, timeout=3.0)


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
async def test_a_run_with_faults_ends_well_and_pays_once(wire, tmp_path, ask_about):
    faults = Faults(
        rates={"429": 0.15, "500": 0.1, "503": 0.05, "drop": 0.1, "cut": 0.05, "html": 0.1}, retry_after=0.05
    )
    requests = [ask_about(number, max_tokens=300) for number in range(16)]
    with Sandbox(faults=faults, seed=5) as sandbox:
        responses = await ask_all(connect(wire, sandbox), tmp_path / "cache", requests)
        assert sandbox.counters.paid == sandbox.counters.unique_bodies == 16
        assert sandbox.counters.images == 32
        assert not sandbox.counters.rejections
        again = await ask_all(connect(wire, sandbox), tmp_path / "cache", requests)
        assert sandbox.counters.paid == 16
    assert all(response.simulated and response.usage.input_tokens for response in responses)
    assert all(response.request_id and response.model == "simulated-strong" for response in responses)
    assert sum(response.attempts for response in responses) > 16
    assert [each.text for each in again] == [each.text for each in responses]
    assert {each.source for each in again} == {"cache"}


async def test_a_model_answers_the_same_in_every_format(tmp_path, ask_about):
    requests = [ask_about(number) for number in range(8)]
    with Sandbox(seed=5) as sandbox:
        texts = {
            wire: [each.text for each in await ask_all(connect(wire, sandbox), tmp_path / wire, requests)]
            for wire in WIRES
        }
    assert len(set(map(tuple, texts.values()))) == 1, texts


@pytest.mark.parametrize("wire", WIRES)
async def test_a_budget_of_output_cuts_and_says_so(wire, tmp_path, ask_about):
    with Sandbox(seed=5) as sandbox:
        provider = connect(wire, sandbox, "simulated-chatty")
        responses = await ask_all(provider, tmp_path / "cache", [ask_about(n, max_tokens=16) for n in range(6)])
    assert "length" in {response.finish for response in responses}
    assert all(response.usage.output_tokens <= 16 for response in responses)


@pytest.mark.parametrize("service", ["openai", "anthropic", "google"])
async def test_a_whole_run(job, jsonl, tmp_path, service):
    own = str(jsonl(tmp_path / "own", 12))
    with Sandbox() as sandbox:
        run = await evaluate(job(benchmark=own, model=f"{service}/simulated-strong", base_url=sandbox.base_url))
        assert sandbox.counters.paid == 12
    assert [record.failure for record in run.records()] == [None] * 12
    assert run.info.spent.calls == 12
