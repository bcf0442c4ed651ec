"""What ``store.protocol`` promises, held against every backend."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from mmra_api.dispatch.store import Entry, Hits, Keyed, Store, hash_call, make_entry
from mmra_api.dispatch.store import entry as entry_module
from mmra_api.errors import StoreError
from mmra_api.types import Reply
from tests.dispatch.conftest import Backend


def make_call(number: int, text: str = "A", **reply: Any) -> tuple[str, Entry]:
    """Return a call with its key; another number is another call."""
    keyed: Keyed = {"service": "s", "base_url": "u", "path": "/p", "body": {"model": f"m{number}"}, "trial": 0}
    return hash_call(keyed), make_entry(keyed, Reply(body={"text": text} | reply, headers={"x-request-id": "r"}))


KEY, CALL = make_call(0)


async def test_what_goes_in_comes_out_for_everyone_and_later(backend: Backend) -> None:
    key, call = make_call(1, "\0 日本語 🙂 \u2028" * 1000, half=0.5, none=None, deep=[{"a": []}])
    async with backend.open_store() as store, backend.open_store() as other:
        assert await other.get(key) is None
        await store.put(key, call)
        assert await store.get(key) == await other.get(key) == call
    async with backend.open_store() as store:
        assert await store.get(key) == call


async def test_a_put_replaces(backend: Backend) -> None:
    other = replace(CALL, reply={"text": "B"})
    async with backend.open_store() as store:
        await store.put(KEY, CALL)
        await store.put(KEY, other)
        assert await store.get(KEY) == other
        assert [row.entry async for row in store.rows()] == [other]


async def test_before_the_first_put_there_is_nothing_and_looking_makes_nothing(backend: Backend) -> None:
    async with backend.open_store() as store:
        assert await look_at(store) == (None, None, [], [], [], {})
        assert await store.measure() == 0


async def look_at(store: Store) -> tuple[Any, ...]:
    """Return what every method that only reads says."""
    rows = [row.key async for row in store.rows()]
    found = (await store.get(KEY), await store.find_row(KEY), rows, await store.find_keys(limit=9))
    return (*found, await store.check_integrity(), await store.read_hits())


async def test_a_store_that_nobody_may_write_is_read_whole(backend: Backend) -> None:
    async with backend.open_store() as store:
        await store.put(KEY, CALL)
        seen = await look_at(store)
    backend.forbid_writing()
    async with backend.open_store() as store:
        assert await look_at(store) == seen
        assert await store.measure() > 0
        for write in (store.put(KEY, CALL), store.add([(KEY, CALL)]), store.remove([KEY]), store.check_writable()):
            with pytest.raises(StoreError):
                await write
        assert await look_at(store) == seen


async def test_a_damaged_call_counts_as_none_until_a_new_reply_replaces_it(backend: Backend) -> None:
    async with backend.open_store() as store:
        await store.put(KEY, CALL)
        backend.damage(KEY)
        row = await store.find_row(KEY)
        assert row is not None
        assert (row.entry, row.key) == (None, KEY)
        assert row.fault
        assert [each.fault async for each in store.rows()] == [row.fault]
        assert store.damaged == set(), "looking notes nothing"
        assert await store.get(KEY) is None
        assert store.damaged == {KEY}
        await store.put(KEY, CALL)
        assert await store.get(KEY) == CALL


async def test_a_call_from_elsewhere_never_replaces_a_sound_one(backend: Backend) -> None:
    calls = [make_call(number) for number in range(4)]
    async with backend.open_store() as store:
        for key, call in calls[:3]:
            await store.put(key, call)
        backend.damage(calls[2][0])
        other = replace(calls[1][1], reply={"text": "another"})
        added = await store.add([calls[0], (calls[1][0], other), calls[2], calls[3], calls[3]])
        assert added == ["known", "other", "new", "new", "known"]
        assert [await store.get(key) for key, _ in calls] == [call for _, call in calls]


async def test_calls_from_elsewhere_are_added_all_or_none(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_module, "LARGEST", 50_000)
    async with backend.open_store() as store:
        await store.put(KEY, CALL)
        with pytest.raises(StoreError, match="the most is"):
            await store.add([make_call(1), make_call(2, "x" * 60_000)])
        assert await store.find_keys(limit=9) == [KEY]


async def test_the_failure_of_a_put_concerns_no_other(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_module, "LARGEST", 50_000)
    calls = [make_call(number, "x" * (60_000 if number == 2 else 10)) for number in range(5)]
    async with backend.open_store() as store:
        outcomes = await asyncio.gather(*(store.put(*call) for call in calls), return_exceptions=True)
        assert [isinstance(each, StoreError) for each in outcomes] == [number == 2 for number in range(5)]
        assert set(await store.find_keys(limit=9)) == {key for key, _ in (*calls[:2], *calls[3:])}


async def test_a_put_that_was_begun_is_finished_though_its_task_is_cancelled(backend: Backend) -> None:
    calls = dict(make_call(number) for number in range(50))
    store = backend.open_store()
    tasks = [asyncio.create_task(store.put(*call)) for call in calls.items()]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await store.close()
    async with backend.open_store() as store:
        assert set(await store.find_keys(limit=99)) == set(calls)


async def test_rows_come_oldest_first_while_others_write(backend: Backend) -> None:
    calls = [make_call(number) for number in range(200)]
    async with backend.open_store() as store, backend.open_store() as other:
        for call in calls[:150]:
            await store.put(*call)
        keys = []
        async for row in store.rows():
            keys.append(row.key)
            if len(keys) == 1:
                for call in calls[150:]:
                    await other.put(*call)
        assert keys[:150] == [key for key, _ in calls[:150]]
        assert keys[150:] == [key for key, _ in calls[150:]][: len(keys) - 150], "later ones may be seen, in order"


async def test_a_reading_may_be_given_up(backend: Backend) -> None:
    async with backend.open_store() as store:
        for number in range(100):
            await store.put(*make_call(number))
        async for row in store.rows():
            assert row.fault == ""
            break
        assert await store.remove([KEY]) == 1


async def test_keys_are_found_by_their_beginning(backend: Backend) -> None:
    calls = [make_call(number) for number in range(40)]
    async with backend.open_store() as store:
        await store.add(calls)
        for prefix in ("", KEY[:1], KEY[:6], KEY, "f" * 64):
            expected = {key for key, _ in calls if key.startswith(prefix)}
            assert set(await store.find_keys(prefix, limit=99)) == expected
        assert len(await store.find_keys(limit=7)) == 7


async def test_what_is_removed_is_gone_and_the_rest_stays(backend: Backend) -> None:
    calls = [make_call(number) for number in range(4)]
    async with backend.open_store() as store:
        await store.add(calls)
        assert await store.remove([calls[0][0], calls[2][0], "0" * 64]) == 2
        assert await store.find_keys(limit=9) == [calls[1][0], calls[3][0]]


async def test_a_paid_reply_that_nobody_understood_is_kept_outside(backend: Backend) -> None:
    async with backend.open_store() as store:
        places = {await store.set_aside(KEY, Reply(body={"odd": number})) for number in range(2)}
        assert len(places) == 2
        assert await store.get(KEY) is None


async def test_hits_are_added_up(backend: Backend) -> None:
    asked = ("openai", "https://…", "m")
    async with backend.open_store() as store:
        await store.put(KEY, CALL)
        await store.note_hits({asked: Hits(2, 30, 4, 1), ("a", "b", "c"): Hits(1)})
        await store.note_hits({asked: Hits(1, 10, 1, 0)})
    async with backend.open_store() as store:
        assert await store.read_hits() == {asked: Hits(3, 40, 5, 1), ("a", "b", "c"): Hits(1)}
    await store.note_hits({asked: Hits(1)})  # closed: a count may be lost, and nothing is raised


async def test_closing_twice_does_no_harm(backend: Backend) -> None:
    async with backend.open_store() as store:
        await store.put(KEY, CALL)
        await store.close()


async def test_the_place_is_named(backend: Backend) -> None:
    async with backend.open_store() as store:
        assert store.place
