from __future__ import annotations

import asyncio
import time

import pytest

from mmra_api.dispatch.retry import ATTEMPTS, FATAL, SAME, RetryPolicy, retrying
from mmra_api.errors import CallError, DataError
from mmra_api.types import FailureKind

POLICY = RetryPolicy(first_wait=1.0, longest_wait=8.0, longest_asked=60.0)


async def attempts_of(*errors: Exception) -> tuple[int, list[float], BaseException | None]:
    """Return how often a call is made that fails so, the waits, and what is raised in the end."""
    waits: list[float] = []
    made = 0

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def call() -> None:
        nonlocal made
        async for attempt in retrying(POLICY, sleep):
            with attempt:
                made += 1
                fail(errors[made - 1 : made])

    (error,) = await asyncio.gather(call(), return_exceptions=True)
    return made, waits, error


def fail(errors: tuple[Exception, ...]) -> None:
    for error in errors:
        raise error


@pytest.mark.parametrize("kind", sorted(ATTEMPTS))
async def test_what_may_pass_is_tried_again(kind):
    made, waits, error = await attempts_of(CallError(kind, "passing"))
    assert (made, len(waits), error) == (2, 1, None)


@pytest.mark.parametrize("kind", sorted(ATTEMPTS))
async def test_but_not_for_ever(kind):
    made, waits, error = await attempts_of(*[CallError(kind, f"lasting {chr(97 + n)}") for n in range(26)])
    assert made == ATTEMPTS[kind]
    assert len(waits) == made - 1
    assert isinstance(error, CallError)


@pytest.mark.parametrize("kind", [*sorted(FATAL), "bad_request", "content_filtered", "too_large", "unreadable"])
async def test_facts_that_will_not_change_are_not_tried_again(kind):
    made, waits, error = await attempts_of(*[CallError(kind, "no")] * 5)
    assert (made, waits) == (1, [])
    assert isinstance(error, CallError)


async def test_kinds_are_counted_apart():
    kinds: list[FailureKind] = ["server", "rate_limit", "timeout"]
    made, _, error = await attempts_of(*[CallError(kind, "passing") for kind in kinds])
    assert (made, error) == (4, None)


async def test_the_same_server_error_is_not_asked_for_a_fourth_time():
    same = [CallError("server", f"failed at 12:0{n}, request req_{n}a8f", status=500) for n in range(9)]
    assert (await attempts_of(*same))[0] == SAME
    other = [CallError("server", f"failed in {chr(97 + n)}", status=500) for n in range(9)]
    assert (await attempts_of(*other))[0] == ATTEMPTS["server"]


async def test_after_its_time_a_request_is_given_up(monkeypatch):
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    made = 0

    async def sleep(_seconds: float) -> None:
        nonlocal now
        now += 50.0

    async def call() -> None:
        nonlocal made
        async for attempt in retrying(RetryPolicy(longest_total=120.0), sleep):
            with attempt:
                made += 1
                raise CallError("rate_limit", "wait")

    with pytest.raises(CallError):
        await call()
    assert made == 4, "at 0, 50, 100 and 150 seconds after the first failure"


async def test_our_own_errors_are_not_tried_again():
    made, _, error = await attempts_of(DataError("image gone"))
    assert made == 1
    assert isinstance(error, DataError)


async def test_a_service_that_names_a_time_is_given_it():
    _, waits, _ = await attempts_of(*[CallError("rate_limit", "wait", retry_after=20.0)] * 5)
    assert all(20.0 <= wait <= 21.0 for wait in waits)
    assert len(set(waits)) > 1, "many clients do not come back at the same moment"


async def test_a_time_beyond_patience_is_given_up():
    made, _, error = await attempts_of(CallError("rate_limit", "tomorrow", retry_after=3600.0))
    assert made == 1
    assert isinstance(error, CallError)


async def test_waits_grow_up_to_a_ceiling():
    ceilings = [max(POLICY.wait(CallError("server", "x"), attempt) for _ in range(300)) for attempt in (1, 2, 3, 9)]
    for reached, ceiling in zip(ceilings, (1.0, 2.0, 4.0, 8.0), strict=True):
        assert 0.7 * ceiling < reached <= ceiling
