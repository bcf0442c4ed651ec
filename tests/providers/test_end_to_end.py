"""Every wire format through its real SDK over real HTTP to the sandbox: runs with faults, and the same answers."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from mmra_api.errors import CallError
from mmra_api.images.facts import inspect_image
from mmra_api.providers.lookup import resolve
from mmra_api.providers.provider import Provider
from mmra_api.run import evaluate
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults
from mmra_api.sandbox.service import Outgoing, Service, Wait
from mmra_api.sandbox.wire import Call, ServedFormat
from mmra_api.types import Params, Request

SPEAKERS = {
    "openai_chat": "groq",
    "openai_responses": "openai",
    "anthropic": "anthropic",
    "gemini": "google",
}
WIRES = tuple(SPEAKERS)


@pytest.fixture
def arrived(monkeypatch, check_body) -> Iterator[list[tuple[str, dict]]]:
    """Return what arrives at the sandbox, wire format and body as the bytes say it; all is checked at last."""
    bodies: list[tuple[str, dict]] = []
    answer = Service.answer

    def note_and_answer(service: Service, call: Call, wire: ServedFormat, wait: Wait) -> Outgoing:
        bodies.append((wire.read.__module__.rpartition(".")[2], json.loads(call.body)))
        return answer(service, call, wire, wait)

    monkeypatch.setattr(Service, "answer", note_and_answer)
    yield bodies
    assert bodies
    for name, body in bodies:
        check_body(name, body)


def connect(wire: str, sandbox: Sandbox, model: str = "simulated-strong") -> Provider:
    return resolve(f"{SPEAKERS[wire]}/{model}", base_url=sandbox.base_url, timeout=30.0, wire=wire)


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


@pytest.fixture
def ask_all(dispatching):
    async def ask(provider: Provider, folder, requests) -> list:
        async with dispatching(provider, folder) as dispatcher:
            return await asyncio.gather(*map(dispatcher.ask, requests))

    return ask


@pytest.mark.parametrize("wire", WIRES)
async def test_a_run_with_faults_ends_well_and_pays_once(ask_all, wire, arrived, tmp_path, ask_about):
    faults = Faults(
        rates={"429": 0.15, "500": 0.1, "503": 0.05, "drop": 0.1, "cut": 0.05, "html": 0.1}, retry_after=0.05
    )
    requests = [ask_about(number, max_tokens=300) for number in range(16)]
    with Sandbox(faults=faults, seed=5) as sandbox:
        responses = await ask_all(connect(wire, sandbox), tmp_path / "cache", requests)
        assert [name for name, _ in arrived] == [wire] * sum(response.attempts for response in responses)
        assert sandbox.counters.paid == sandbox.counters.unique_bodies == 16
        assert sandbox.counters.images == 32
        assert not sandbox.counters.rejections
        again = await ask_all(connect(wire, sandbox), tmp_path / "cache", requests)
        assert (sandbox.counters.paid, sandbox.counters.calls) == (16, len(arrived))
    assert all(response.simulated and response.usage.input_tokens for response in responses)
    assert all(response.request_id and response.model == "simulated-strong" for response in responses)
    assert sum(response.attempts for response in responses) > 16
    assert [each.text for each in again] == [each.text for each in responses]
    assert {each.source for each in again} == {"cache"}


async def test_a_model_answers_the_same_in_every_format(ask_all, arrived, tmp_path, ask_about):
    requests = [ask_about(number) for number in range(8)]
    with Sandbox(seed=5) as sandbox:
        texts = {
            wire: [each.text for each in await ask_all(connect(wire, sandbox), tmp_path / wire, requests)]
            for wire in WIRES
        }
    assert len(set(map(tuple, texts.values()))) == 1, texts
    assert Counter(name for name, _ in arrived) == dict.fromkeys(WIRES, 8)


@pytest.mark.parametrize("wire", WIRES)
async def test_a_budget_of_output_cuts_and_says_so(ask_all, wire, arrived, tmp_path, ask_about):
    with Sandbox(seed=5) as sandbox:
        provider = connect(wire, sandbox, "simulated-chatty")
        responses = await ask_all(provider, tmp_path / "cache", [ask_about(n, max_tokens=16) for n in range(6)])
    assert len(arrived) == 6
    assert "length" in {response.finish for response in responses}
    assert all(response.usage.output_tokens <= 16 for response in responses)


ALL: dict[str, dict[str, Any]] = {
    "openai_chat": {"temperature": 0.0, "top_p": 0.9, "stop": ("ZZZ",), "effort": "low", "seed": 3},
    "openai_responses": {"temperature": 0.0, "top_p": 0.9, "effort": "low"},
    "anthropic": {"stop": ("ZZZ",), "effort": "low"},
    "gemini": {"temperature": 0.0, "top_p": 0.9, "stop": ("ZZZ",), "effort": "low", "seed": 3},
}


@pytest.mark.parametrize("wire", WIRES)
async def test_parameters_go_through(ask_all, wire, arrived, tmp_path, ask_about):
    params = ALL[wire] | {"max_tokens": 2048, "system": "Be brief."}
    with Sandbox(seed=5) as sandbox:
        (response,) = await ask_all(connect(wire, sandbox), tmp_path / "cache", [ask_about(1, **params)])
    ((_, body),) = arrived
    assert "Be brief." in str(body)
    assert (response.text != "", response.attempts) == (True, 1)


@pytest.mark.parametrize("params", [{"temperature": 0.0}, {"top_p": 0.9}, {"extra": {"top_k": 5}}])
async def test_anthropic_takes_the_parameters_of_its_older_version(ask_all, params, arrived, tmp_path, ask_about):
    with Sandbox(seed=5) as sandbox:
        (response,) = await ask_all(connect("anthropic", sandbox), tmp_path / "cache", [ask_about(1, **params)])
    assert response.attempts == len(arrived) == 1


@pytest.mark.parametrize("wire", WIRES)
async def test_a_whole_run(job, jsonl, tmp_path, arrived, wire):
    own = str(jsonl(tmp_path / "own", 6))
    with Sandbox(faults=Faults(script=("500", "429"), retry_after=0.01)) as sandbox:
        model = f"{SPEAKERS[wire]}/simulated-strong"
        run = await evaluate(job(benchmark=own, model=model, base_url=sandbox.base_url, wire=wire))
        assert sandbox.counters.paid == 6
    assert [record.failure for record in run.records()] == [None] * 6
    assert run.info.spent.calls == 6
    assert [name for name, _ in arrived] == [wire] * 18


@pytest.mark.parametrize("wire", WIRES)
async def test_a_wrong_key_is_told_and_not_tried_again(ask_all, wire, arrived, ask_about, tmp_path):
    with Sandbox(faults=Faults(always="401")) as sandbox, pytest.raises(CallError) as caught:
        await ask_all(connect(wire, sandbox), tmp_path / "cache", [ask_about(1)])
    assert (caught.value.kind, caught.value.attempts, len(arrived)) == ("authentication", 1, 1)


REFUSED = [
    *((wire, {"temperature": 2.5}, "--temperature") for wire in WIRES),
    *((wire, {"top_p": 1.5}, "--top-p") for wire in WIRES),
    *((wire, {"effort": "huge"}, "--effort") for wire in WIRES),
    ("anthropic", {"temperature": 1.5}, "--temperature"),
    ("anthropic", {"stop": (" ",)}, "--stop"),
    ("anthropic", {"thinking_budget": 9}, "--thinking-budget"),
]


@pytest.mark.parametrize(("wire", "params", "flag"), REFUSED)
async def test_a_value_that_the_vendor_refuses_is_named_by_its_flag(wire, params, flag, ask_about):
    with Sandbox() as sandbox:
        provider = connect(wire, sandbox)
        with pytest.raises(CallError) as caught:
            await provider.send(ask_about(1, **params))
        await provider.close()
    assert (caught.value.kind, f"the model rejects {flag}:" in str(caught.value)) == ("parameter", True), caught.value
