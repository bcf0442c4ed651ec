"""When failures before any answer mean that every call would fail: the rule, and runs that end or go on by it."""

from __future__ import annotations

import asyncio

import pytest

from mmra_api.dispatch.attempts import Attempts, Call
from mmra_api.dispatch.circuit_breaker import ALIKE, CircuitBreaker
from mmra_api.errors import CallError, DataError, Stopped
from mmra_api.providers import ProviderFacts
from mmra_api.types import FailureKind, Params, RateLimits, Reply, Request, Response


@pytest.mark.parametrize(
    ("kind", "status", "words", "needed"),
    [
        ("bad_request", 400, ["no images, request a1", "no images, request b2"], ALIKE),
        ("too_large", 400, ["9000 tokens", "9001 tokens"], ALIKE),
        ("unreadable", None, ["no choices"], ALIKE),
        ("server", 200, ["not JSON but <html>"], ALIKE),
        ("parameter", 400, ["the model rejects --seed"], 2),
        ("parameter", 400, ["the model rejects --seed", "the model rejects --stop"], 3),
        ("server", 500, ["no"], None),
        ("content_filtered", 400, ["no"], None),
        ("bad_request", 400, ["no images", "no text", "no sound"], None),
    ],
)
def test_so_many_failures_alike_make_a_verdict(kind: FailureKind, status, words, needed):
    breaker = CircuitBreaker()
    for number in range(1, 2 * ALIKE):
        assert (breaker.tripped_by is not None) == (needed is not None and number > needed)
        breaker.note_failure(CallError(kind, words[number % len(words)], status=status))


def test_an_answer_ends_all_doubt():
    breaker = CircuitBreaker()
    for _ in range(ALIKE):
        breaker.note_failure(CallError("bad_request", "no"))
    assert breaker.tripped_by is not None
    breaker.note_answer()
    breaker.note_failure(CallError("bad_request", "no"))
    assert breaker.tripped_by is None


TOGETHER = 15


class Moody:
    """A provider that refuses the first questions once TOGETHER calls have begun, and answers the others later."""

    service, model, base_url, path = "moody", "m", "http://127.0.0.1:9", "/x"
    facts, images = ProviderFacts(), None

    def __init__(self, refused: int, kind: FailureKind = "bad_request") -> None:
        self.refused, self.kind, self.calls = refused, kind, 0
        self.together = asyncio.Event()

    def encode(self, request: Request, embed) -> dict:
        return {"text": request.parts[0]}

    def decode(self, reply: Reply) -> Response:
        return Response(text=reply.body["text"], finish="stop")

    async def send(self, request: Request) -> Reply:
        text = request.parts[0]
        assert isinstance(text, str)
        self.calls += 1
        if self.calls == TOGETHER:
            self.together.set()
        if int(text) < self.refused:
            await self.together.wait()
            raise CallError(self.kind, "the model rejects it")
        await asyncio.sleep(0.5)
        return Reply(body={"text": text})

    def count_input(self, request: Request) -> tuple[int, int]:
        return 1, 1

    def find_output_budget(self, params: Params) -> int | None:
        return None

    async def close(self) -> None:
        pass


@pytest.fixture
def ask_all(dispatching):
    async def ask(provider: Moody, folder, count: int = 40, concurrency: int = 16) -> list:
        async with dispatching(provider, folder, limits=RateLimits(concurrency=concurrency)) as dispatcher:
            asked = [dispatcher.ask(Request(parts=(str(number),), params=Params())) for number in range(count)]
            found = await asyncio.gather(*asked, return_exceptions=True)
            ended = dispatcher.stopped_by
        return [ended, *found]

    return ask


async def test_a_run_ends_where_every_call_fails_alike(ask_all, tmp_path):
    provider = Moody(refused=10**6)
    ended, *found = await ask_all(provider, tmp_path / "cache")
    assert isinstance(ended, CallError)
    assert f"{ALIKE} calls ended in these words, and none was answered" in str(ended)
    assert ALIKE <= provider.calls <= ALIKE + 16
    assert all(isinstance(each, CallError | Stopped) for each in found)


@pytest.mark.parametrize(("kind", "refused"), [("bad_request", 12), ("parameter", 4), ("unreadable", 12)])
async def test_a_run_goes_on_where_a_call_under_way_is_answered(ask_all, tmp_path, kind, refused):
    provider = Moody(refused=refused, kind=kind)
    ended, *found = await ask_all(provider, tmp_path / "cache")
    assert ended is None
    assert provider.calls == 40
    assert [each.text for each in found[refused:]] == [str(number) for number in range(refused, 40)]


async def test_what_the_store_answers_ends_all_doubt_too(ask_all, tmp_path):
    first = Moody(refused=0)
    await ask_all(first, tmp_path / "cache", count=1)
    provider = Moody(refused=10**6)
    ended, *found = await ask_all(provider, tmp_path / "cache")
    assert ended is None
    assert (provider.calls, found[0].text) == (39, "0")


async def test_a_run_ends_too_where_the_last_call_under_way_ends_in_another_way(ask_all, tmp_path):
    """An image that is gone is no failure of a call: it must not leave all others waiting for ever."""

    class LosesTheFirstImage(Moody):
        async def send(self, request: Request) -> Reply:
            if request.parts[0] == "0":
                await asyncio.sleep(0.5)
                raise DataError("the image is gone")
            return await super().send(request)

    provider = LosesTheFirstImage(refused=10**6)
    ended, first, *_ = await asyncio.wait_for(ask_all(provider, tmp_path / "cache"), 20)
    assert isinstance(ended, CallError)
    assert isinstance(first, DataError)


async def test_a_run_ends_too_where_a_lease_was_lost(ask_all, tmp_path, monkeypatch):
    provider = Moody(refused=10**6)
    lost: list[Call] = []

    async def lose_once(_caller: Attempts, call: Call) -> bool:
        if call.request.parts[0] == "0" and not lost:
            lost.append(call)
            await asyncio.sleep(0.5)
            return True
        return False

    monkeypatch.setattr(Attempts, "_has_lost", lose_once)
    ended, *_ = await asyncio.wait_for(ask_all(provider, tmp_path / "cache"), 20)
    assert isinstance(ended, CallError)


async def test_a_call_of_another_process_is_under_way_too(ask_all, dispatching, tmp_path):
    class AnswersSlowly(Moody):
        async def send(self, request: Request) -> Reply:
            await asyncio.sleep(2)
            return Reply(body={"text": request.parts[0]})

    slow, hopeless = AnswersSlowly(refused=0), Moody(refused=10**6)
    async with dispatching(slow, tmp_path / "cache") as other:
        call = asyncio.create_task(other.ask(Request(parts=("0",))))
        await asyncio.sleep(0.2)
        ended, first, *_ = await asyncio.wait_for(ask_all(hopeless, tmp_path / "cache"), 20)
        assert (await call).text == "0"
    assert ended is None
    assert first.text == "0"
