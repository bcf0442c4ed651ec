"""What ``coordination.protocol`` promises, held against every backend; and two sessions that pay once on each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from mmra_api.dispatch import Session
from mmra_api.dispatch.coordination import Charge, OwnerLost
from mmra_api.providers.lookup import resolve
from mmra_api.sandbox import Sandbox
from mmra_api.types import Request
from tests.dispatch.conftest import Backend

MINUTE = [Charge(unit="requests", amount=1, per_second=1 / 60)]


async def test_a_key_has_one_owner(backend: Backend) -> None:
    async with backend.open_coordination() as one, backend.open_coordination() as other:
        assert await one.take("k")
        assert await one.take("k"), "taking it again keeps it"
        assert not await other.take("k")
        assert await other.take("another")
        assert await other.find_held(["k", "another", "free"]) == {"k"}
        await other.release("k")
        assert not await other.take("k"), "only its owner gives it back"
        await one.release("k")
        assert await other.take("k")


async def test_who_leaves_gives_everything_back(backend: Backend) -> None:
    async with backend.open_coordination() as other:
        async with backend.open_coordination() as one:
            assert await one.take("k")
            assert await other.find_held(["k"]) == {"k"}
        assert await other.find_held(["k"]) == set()
        assert await other.take("k")


async def test_what_a_killed_owner_held_is_free(backend: Backend) -> None:
    async with backend.open_coordination() as other, backend.open_coordination() as one:
        assert await one.take("k")
        assert not await other.take("k")
        backend.kill(one)
        assert await other.find_held(["k"]) == set()
        assert await other.take("k")


async def test_an_owner_that_others_no_longer_see_is_told(backend: Backend) -> None:
    async with backend.open_coordination() as owner:
        await owner.beat()
        backend.forget(owner)
        with pytest.raises(OwnerLost):
            await owner.beat()


async def test_only_one_of_many_takes_a_key(backend: Backend) -> None:
    owners = [backend.open_coordination() for _ in range(8)]
    for key in ("a", "b", "c"):
        assert sum(await asyncio.gather(*(owner.take(key) for owner in owners))) == 1
    for owner in owners:
        await owner.close()


async def test_a_limit_holds_for_all(backend: Backend) -> None:
    async with backend.open_coordination() as one, backend.open_coordination() as other:
        assert await one.charge("scope", MINUTE) == 0.0
        for owner in (one, other, one):
            assert 50 < await owner.charge("scope", MINUTE) <= 60, "a wait charges nothing"
        assert await other.charge("another scope", MINUTE) == 0.0


async def test_the_slowest_of_several_limits_counts(backend: Backend) -> None:
    both = [*MINUTE, Charge(unit="tokens", amount=600, per_second=1)]
    async with backend.open_coordination() as owner:
        assert await owner.charge("scope", both) == 0.0
        assert 590 < await owner.charge("scope", both) <= 600
        assert 50 < await owner.charge("scope", MINUTE) <= 60


async def test_what_a_call_took_in_truth_is_corrected_for_all(backend: Backend) -> None:
    tokens = [Charge(unit="tokens", amount=600, per_second=1)]
    async with backend.open_coordination() as one, backend.open_coordination() as other:
        assert await one.charge("scope", tokens) == 0.0
        await one.correct("scope", [Charge(unit="tokens", amount=-400, per_second=1)])
        assert 190 < await other.charge("scope", tokens) <= 200
        await other.correct("scope", [Charge(unit="tokens", amount=100, per_second=1)])
        assert 290 < await one.charge("scope", tokens) <= 300


async def test_calls_that_took_far_more_than_expected_never_lift_a_limit(backend: Backend) -> None:
    tokens = [Charge(unit="tokens", amount=100, per_second=1)]
    async with backend.open_coordination() as owner:
        assert await owner.charge("scope", tokens) == 0.0
        for _ in range(5):
            await owner.correct("scope", [Charge(unit="tokens", amount=2000, per_second=1)])
        assert 3500 < await owner.charge("scope", tokens) <= 3600, "an hour is the most that a call is put off"


async def test_a_pause_holds_for_all_and_never_gets_shorter(backend: Backend) -> None:
    async with backend.open_coordination() as one, backend.open_coordination() as other:
        assert await other.charge("scope", []) == 0.0
        await one.pause("scope", 30.0)
        await one.pause("scope", 1.0)
        assert 25 < await other.charge("scope", []) <= 30
        assert 25 < await other.charge("scope", MINUTE) <= 30
        assert await other.charge("another scope", MINUTE) == 0.0


async def test_looking_before_anybody_calls_finds_nobody(backend: Backend) -> None:
    async with backend.open_coordination() as owner:
        assert await owner.find_held(["k"]) == set()


async def test_closing_twice_does_no_harm(backend: Backend) -> None:
    async with backend.open_coordination() as owner:
        await owner.take("k")
        await owner.close()


@pytest.mark.parametrize("sessions", [2, 5])
async def test_sessions_that_ask_the_same_pay_once(
    backend: Backend, sessions: int, picture: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """The whole way of a request, with nothing of the disk in it where the backend is none."""
    requests = [
        Request(parts=(f"Question {number}?\nA. a cup\nB. a chair",), choices=("A", "B")) for number in range(9)
    ]

    async def ask_all(sandbox: Sandbox) -> list[str]:
        async with Session(backend.open_store(), backend.open_coordination) as session:
            dispatcher = session.connect(resolve("openai/simulated-strong", base_url=sandbox.base_url))
            return [response.text for response in await asyncio.gather(*map(dispatcher.ask, requests))]

    with Sandbox(latency=0.1) as sandbox:
        replies = await asyncio.gather(*(ask_all(sandbox) for _ in range(sessions)))
        assert sandbox.counters.calls == sandbox.counters.unique_bodies == len(requests)
    assert all(each == replies[0] for each in replies)
    async with backend.open_store() as store:
        assert len(await store.find_keys(limit=99)) == len(requests)
    assert caplog.records == []
