"""The dispatcher through real parts: the real SDK over real HTTP to the sandbox, a real store on disk."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mmra_api.dispatch import Budget, RetryPolicy, open_session
from mmra_api.dispatch.coordination import heartbeat, open_coordination
from mmra_api.dispatch.coordination.local import LocalCoordination
from mmra_api.dispatch.store import describe_call, hash_call, make_entry, open_store
from mmra_api.dispatch.store.local import LocalStore
from mmra_api.errors import CallError, NotCached, RunError, Stopped, StoreError
from mmra_api.images.facts import inspect_image
from mmra_api.providers.lookup import resolve
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults
from mmra_api.types import Event, RateLimits, Reply, Request, Role


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


async def count(cache: Path) -> int:
    """Return how many replies are stored."""
    async with open_store(cache) as store:
        return len([row async for row in store.rows()])


@pytest.fixture
def connect(dispatching):
    """Return a function that opens a dispatcher on a cache folder."""

    def make(sandbox: Sandbox, cache: Path, *, model: str = "simulated-strong", timeout: float = 5.0, **options):
        provider = resolve(f"openai/{model}", base_url=sandbox.base_url, timeout=timeout)
        if "concurrency" in options:
            options["limits"] = RateLimits(concurrency=options.pop("concurrency"))
        return dispatching(provider, cache, **options)

    return make


@pytest.fixture
def ask_about(tmp_path, picture):
    """Return a function that makes requests with two images."""

    def make(number: int, **fields) -> Request:
        images = []
        for place in range(2):
            file = tmp_path / f"{number}-{place}.png"
            file.write_bytes(picture(2 * number + place))
            images.append(inspect_image(file.read_bytes(), path=str(file)))
        return Request(parts=(*images, f"Question {number}?\nA. a cup\nB. a chair"), choices=("A", "B"), **fields)

    return make


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - the sandbox counts in threads of its own
            await asyncio.sleep(0.01)


async def test_a_second_run_calls_nobody_and_reads_the_same(cache, connect, ask_about):
    requests = [ask_about(number) for number in range(12)]
    with Sandbox() as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            live = await asyncio.gather(*map(dispatcher.ask, requests))
        async with connect(sandbox, cache) as dispatcher:
            cached = await asyncio.gather(*map(dispatcher.ask, requests))
        assert sandbox.counters.paid == sandbox.counters.unique_bodies == 12
        assert sandbox.counters.images == 24
    assert {response.source for response in live} == {"live"}
    assert {response.source for response in cached} == {"cache"}
    assert [each.text for each in live] == [each.text for each in cached]
    assert [each.key for each in live] == [each.key for each in cached]
    assert all(each.simulated for each in cached)


async def test_a_hit_never_touches_the_images(cache, connect, ask_about, tmp_path):
    request = ask_about(1)
    with Sandbox() as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            await dispatcher.ask(request)
        for file in tmp_path.glob("*.png"):
            file.unlink()
        async with connect(sandbox, cache) as dispatcher:
            assert (await dispatcher.ask(request)).source == "cache"


async def test_twins_in_flight_are_paid_once(cache, connect, ask_about):
    request = ask_about(1)
    with Sandbox(latency=0.2) as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            responses = await asyncio.gather(*(dispatcher.ask(request) for _ in range(8)))
        assert sandbox.counters.calls == 1
    assert sorted(response.source for response in responses) == ["live"] + ["twin"] * 7
    assert len({response.text for response in responses}) == 1


async def test_trials_are_asked_apart(cache, connect, ask_about):
    with Sandbox() as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            for trial in (0, 1, 1):
                await dispatcher.ask(ask_about(1, trial=trial))
        assert sandbox.counters.calls == 2


@pytest.mark.parametrize("fault", ["429", "500", "503", "drop", "cut", "html", "notjson", "slow"])
async def test_a_passing_fault_costs_a_retry_and_nothing_else(cache, connect, ask_about, fault):
    faults = Faults(script=(fault,), slow=1.0, retry_after=0.05)
    with Sandbox(faults=faults) as sandbox:
        async with connect(sandbox, cache, timeout=0.5) as dispatcher:
            response = await dispatcher.ask(ask_about(1))
    assert (response.attempts, response.source) == (2, "live")
    assert await count(cache) == 1


async def test_a_lasting_fault_is_a_failure_and_is_not_stored(cache, connect, ask_about):
    with Sandbox(faults=Faults(always="500")) as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            with pytest.raises(CallError) as caught:
                await dispatcher.ask(ask_about(1))
        assert sandbox.counters.calls == caught.value.attempts == 3
    assert await count(cache) == 0
    assert dispatcher.stopped_by is None


async def test_a_reply_that_nobody_understands_is_kept_but_not_stored(cache, connect, ask_about, tmp_path):
    with Sandbox(faults=Faults(always="shape")) as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            with pytest.raises(CallError, match="kept in"):
                await dispatcher.ask(ask_about(1))
        assert sandbox.counters.calls == 1
    assert await count(cache) == 0
    assert len(list((tmp_path / "cache" / "unreadable").glob("*.json"))) == 1


@pytest.mark.parametrize(("key", "model"), [("bad-key", "m"), ("broke-key", "m"), ("fine", "missing-m")])
async def test_a_fatal_failure_stops_everything(cache, connect, ask_about, monkeypatch, key, model):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with Sandbox() as sandbox:
        async with connect(sandbox, cache, model=model, concurrency=1) as dispatcher:
            asked = [dispatcher.ask(ask_about(number)) for number in range(6)]
            results = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(sandbox.counters.rejections.values()) == 1
    assert isinstance(dispatcher.stopped_by, CallError)
    assert [type(result) for result in results] == [CallError] + [Stopped] * 5


async def test_offline_calls_nobody(cache, connect, ask_about):
    with Sandbox() as sandbox:
        async with connect(sandbox, cache, offline=True) as dispatcher:
            with pytest.raises(NotCached):
                await dispatcher.ask(ask_about(1))
        assert sandbox.counters.calls == 0


@pytest.mark.parametrize("concurrency", [1, 3])
async def test_never_more_calls_at_once_than_slots(cache, connect, ask_about, concurrency):
    with Sandbox(latency=0.05) as sandbox:
        async with connect(sandbox, cache, concurrency=concurrency) as dispatcher:
            await asyncio.gather(*(dispatcher.ask(ask_about(number)) for number in range(9)))
        assert sandbox.counters.peak_concurrency <= concurrency
        assert concurrency == 1 or sandbox.counters.peak_concurrency > 1


async def test_waiting_for_a_retry_holds_no_slot(cache, connect, ask_about):
    """With one slot, a request that waits for its retry lets the others pass."""
    attempts: list[int] = []
    with Sandbox(faults=Faults(script=("500",))) as sandbox:
        slow = RetryPolicy(first_wait=1.0)
        note = lambda event: attempts.append(event.attempt)  # noqa: E731 - one line for one list
        async with connect(sandbox, cache, concurrency=1, policy=slow, on_event=note) as dispatcher:
            await asyncio.gather(*(dispatcher.ask(ask_about(number)) for number in range(6)))
    assert sorted(attempts) == [1] * 6 + [2] * 6
    assert sum(attempts[:6]) < 9, "most of the first attempts come before the second ones"


async def test_stopping_waits_for_what_is_paid_for_and_starts_nothing_new(cache, connect, ask_about):
    with Sandbox(latency=0.3) as sandbox:
        async with connect(sandbox, cache, concurrency=2) as dispatcher:
            asked = [asyncio.create_task(dispatcher.ask(ask_about(number))) for number in range(6)]
            await until(lambda: sandbox.counters.calls == 2)
            dispatcher.ending.begin(Stopped("enough"))
            results = await asyncio.gather(*asked, return_exceptions=True)
        assert sandbox.counters.calls == 2
    assert [type(result).__name__ for result in results] == ["Response"] * 2 + ["Stopped"] * 4
    assert await count(cache) == 2


async def test_a_cancelled_asker_does_not_lose_a_paid_reply(cache, connect, ask_about):
    with Sandbox(latency=0.3) as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            asked = asyncio.create_task(dispatcher.ask(ask_about(1)))
            await until(lambda: sandbox.counters.calls == 1)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
    assert await count(cache) == 1


async def test_a_store_that_cannot_be_written_stops_before_a_call(cache, connect, ask_about, monkeypatch):
    async def refuse(_store):
        raise StoreError("full")

    with Sandbox() as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            monkeypatch.setattr(LocalStore, "check_writable", refuse)
            with pytest.raises(StoreError):
                await dispatcher.ask(ask_about(1))
        assert sandbox.counters.calls == 0
        with pytest.raises(StoreError, match="full"):
            async with connect(sandbox, cache):
                pass
    assert isinstance(dispatcher.stopped_by, StoreError)


async def test_a_write_that_fails_stops_the_run_but_hands_over_the_paid_reply(cache, connect, ask_about, monkeypatch):
    async def refuse(*_):
        raise StoreError("read-only")

    with Sandbox() as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            monkeypatch.setattr(LocalStore, "put", refuse)  # as a disk that became read-only after the check
            response = await dispatcher.ask(ask_about(1))
    assert response.text
    assert isinstance(dispatcher.stopped_by, StoreError)
    assert await count(cache) == 0


async def test_twins_of_a_failed_call_do_not_count_its_attempts_again(cache, connect, ask_about):
    request = ask_about(1)
    with Sandbox(faults=Faults(always="500")) as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            failed = await asyncio.gather(*(dispatcher.ask(request) for _ in range(3)), return_exceptions=True)
        assert sandbox.counters.calls == 3
    assert sorted(error.attempts for error in failed) == [0, 0, 3]


async def test_a_wait_that_is_too_long_ends_the_run_instead_of_freezing_it(cache, connect, ask_about):
    with Sandbox(faults=Faults(always="429", retry_after=5000.0)) as sandbox:
        async with asyncio.timeout(10), connect(sandbox, cache, concurrency=1) as dispatcher:
            asked = [dispatcher.ask(ask_about(number)) for number in range(3)]
            results = await asyncio.gather(*asked, return_exceptions=True)
        assert sandbox.counters.calls == 1
    assert [type(result) for result in results] == [CallError, Stopped, Stopped]
    assert "asks to wait" in str(dispatcher.stopped_by)


async def test_a_hard_stop_does_not_lose_replies_that_wait_to_be_written(cache, connect, ask_about, monkeypatch):
    put = LocalStore.put

    async def put_slowly(*arguments):
        await asyncio.sleep(0.15)
        await put(*arguments)

    monkeypatch.setattr(LocalStore, "put", put_slowly)
    with Sandbox() as sandbox:

        async def ask_all() -> None:
            async with connect(sandbox, cache) as dispatcher:
                await asyncio.gather(*(dispatcher.ask(ask_about(number)) for number in range(6)))

        asking = asyncio.create_task(ask_all())
        await until(lambda: sandbox.counters.paid == 6)
        await asyncio.sleep(0.05)  # the replies arrive, and queue for the disk
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert await count(cache) == 6


async def test_a_stored_reply_that_cannot_be_read_counts_no_call(cache, connect, ask_about):
    with Sandbox() as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            key = (await dispatcher.ask(ask_about(1))).key
        async with open_store(cache) as store:
            entry = await store.get(key)
            await store.put(key, make_entry(entry.keyed, Reply(body={"of": "another shape"})))
        async with connect(sandbox, cache) as dispatcher:
            with pytest.raises(CallError) as caught:
                await dispatcher.ask(ask_about(1))
        assert sandbox.counters.calls == 1
    assert (caught.value.kind, caught.value.attempts) == ("unreadable", 0)


async def test_an_event_that_cannot_be_noted_loses_no_reply(cache, connect, ask_about):
    def refuse(_event):
        raise RunError("the disk of the runs is full")

    with Sandbox(latency=0.1) as sandbox:
        budget = Budget()
        async with connect(sandbox, cache, on_event=refuse, budget=budget) as dispatcher:
            results = await asyncio.gather(*(dispatcher.ask(ask_about(number)) for number in range(4)))
        assert sandbox.counters.paid == await count(cache) == len(results) == 4
    assert isinstance(dispatcher.stopped_by, RunError)
    assert budget.spent.calls == 4


async def test_a_hard_stop_loses_no_reply_that_came_whatever_is_still_to_be_settled(
    cache, connect, ask_about, monkeypatch
):
    """With limits in tokens there is more to do after a reply: none of it comes before storing it."""
    correct = LocalCoordination.correct

    async def correct_slowly(*arguments):
        await asyncio.sleep(0.3)
        await correct(*arguments)

    monkeypatch.setattr(LocalCoordination, "correct", correct_slowly)
    limits = RateLimits(tpm=1e9)
    with Sandbox() as sandbox:

        async def ask_all() -> None:
            async with connect(sandbox, cache, limits=limits) as dispatcher:
                await asyncio.gather(*(dispatcher.ask(ask_about(number)) for number in range(4)))

        asking = asyncio.create_task(ask_all())
        await until(lambda: sandbox.counters.paid == 4)
        await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    assert await count(cache) == 4


async def test_a_lease_is_held_until_the_reply_is_on_disk(cache, connect, ask_about, monkeypatch):
    """Another dispatcher on the same folder waits for it, also while the first one is being cancelled."""
    put = LocalStore.put

    async def put_slowly(*arguments):
        await asyncio.sleep(0.5)
        await put(*arguments)

    with Sandbox() as sandbox:
        monkeypatch.setattr(LocalStore, "put", put_slowly)

        async def ask_first() -> None:
            async with connect(sandbox, cache) as dispatcher:
                await dispatcher.ask(ask_about(1))

        first = asyncio.create_task(ask_first())
        await until(lambda: sandbox.counters.paid == 1)
        async with connect(sandbox, cache) as dispatcher:
            second = asyncio.create_task(dispatcher.ask(ask_about(1)))
            await asyncio.sleep(0.05)
            first.cancel()
            assert (await second).source == "twin"
        with pytest.raises(asyncio.CancelledError):
            await first
        assert sandbox.counters.calls == 1


async def test_a_heartbeat_that_fails_is_followed_by_the_next(cache, connect, ask_about, monkeypatch):
    beats: list[int] = []

    async def fail(_coordination):
        beats.append(1)
        raise StoreError("busy")

    monkeypatch.setattr(heartbeat, "BEAT", 0.02)
    with Sandbox() as sandbox:
        monkeypatch.setattr(LocalCoordination, "beat", fail)
        async with connect(sandbox, cache) as dispatcher:
            await until(lambda: len(beats) > 3)
            assert (await dispatcher.ask(ask_about(1))).text
    assert dispatcher.stopped_by is None


async def test_stopping_wakes_whoever_waits_for_another_process(cache, connect, ask_about):
    other = open_coordination(cache)
    with Sandbox() as sandbox:
        request = ask_about(1)
        provider = resolve("openai/simulated-strong", base_url=sandbox.base_url)
        await other.take(hash_call(describe_call(provider, request)))
        async with connect(sandbox, cache) as dispatcher:
            asked = asyncio.create_task(dispatcher.ask(request))
            await until(lambda: dispatcher.status.elsewhere == 1)
            dispatcher.ending.begin(Stopped("enough"))
            async with asyncio.timeout(2):
                with pytest.raises(Stopped):
                    await asked
        assert sandbox.counters.calls == 0
    await other.close()


async def test_what_the_cache_saved_is_counted(cache, connect, ask_about):
    with Sandbox() as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            response = await dispatcher.ask(ask_about(1))
        for _ in range(2):
            async with connect(sandbox, cache) as dispatcher:
                await dispatcher.ask(ask_about(1))
        asked = ("openai", sandbox.base_url, "simulated-strong")
    async with open_store(cache) as store:
        saved = (await store.read_hits())[asked]
    assert (saved.hits, saved.input_tokens) == (2, 2 * response.usage.input_tokens)


async def test_a_hard_stop_counts_what_it_gave_up(cache, connect, ask_about):
    events: list[Event] = []
    with Sandbox(latency=5.0) as sandbox:
        budget = Budget()

        async def ask_all() -> None:
            async with connect(sandbox, cache, on_event=events.append, budget=budget) as dispatcher:
                await asyncio.gather(*(dispatcher.ask(ask_about(number)) for number in range(3)))

        asking = asyncio.create_task(ask_all())
        await until(lambda: sandbox.counters.calls == 3)
        begun = time.monotonic()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert time.monotonic() - begun < 3, "it does not wait for the replies"
    assert budget.spent.lost == 3
    assert [event.message for event in events] == ["given up by the user"] * 3


def list_open_files() -> list[str]:
    return [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]


async def test_no_file_stays_open_behind_a_dispatcher(cache, connect, ask_about):
    with Sandbox() as sandbox:
        for _ in range(3):
            async with connect(sandbox, cache) as dispatcher:
                await dispatcher.ask(ask_about(1))
    held = list_open_files()
    assert not [name for name in held if "owners" in name]
    assert not list((cache / "owners").iterdir())


async def test_a_damaged_reply_is_asked_again(cache, connect, ask_about):
    with Sandbox() as sandbox:
        async with connect(sandbox, cache) as dispatcher:
            key = (await dispatcher.ask(ask_about(1))).key
        with sqlite3.connect(cache / "responses" / "cache.db") as database:
            database.execute("UPDATE Cache SET value = ?", (b"garbage",))
        database.close()
        async with open_session(cache) as session:
            provider = resolve("openai/simulated-strong", base_url=sandbox.base_url)
            assert (await session.connect(provider).ask(ask_about(1))).source == "live"
            assert session.store.damaged == {key}
    async with open_store(cache) as store:
        assert await store.get(key) is not None


async def test_a_session_that_is_cancelled_while_it_is_left_ends_the_calls_of_all_its_dispatchers(cache, ask_about):
    """The second dispatcher's call must not come back to a store that is closed."""
    session, asked, left = open_session(cache), [], asyncio.Event()

    async def ask_two(sandbox: Sandbox) -> None:
        async with session:
            roles: dict[Role, str] = {"model": "m", "reader": "j"}
            for role, model in roles.items():
                provider = resolve(f"openai/{model}", base_url=sandbox.base_url, timeout=5.0)
                dispatcher = session.connect(provider, role=role)
                asked.append(asyncio.create_task(dispatcher.ask(ask_about(1))))
            await until(lambda: session.in_flight == 2)
            left.set()  # whoever waits for it runs when this task waits next: for the calls in flight

    with Sandbox(latency=30.0) as sandbox:
        leaving = asyncio.create_task(ask_two(sandbox))
        await left.wait()
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        ended = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 5)
    assert [type(each) for each in ended] == [asyncio.CancelledError] * 2
    assert session.budget.spent.lost == 2
