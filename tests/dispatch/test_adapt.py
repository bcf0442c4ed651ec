"""What is learned from refusals, on services that are simulated step by step: no clock, no network."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from mmra_api.dispatch.limits.adaptive import Adaptation

Service = Callable[[float, int], float]
"""Time and calls under way → 0.0 for admitted, else the seconds that the service asks to wait."""


def bucket(per_minute: float, capacity: float) -> Service:
    """A bucket of tokens, refilled evenly."""
    level, filled = capacity, 0.0

    def answer(now: float, _running: int) -> float:
        nonlocal level, filled
        level, filled = min(capacity, level + (now - filled) * per_minute / 60), now
        if level >= 1:
            level -= 1
            return 0.0
        return (1 - level) * 60 / per_minute

    return answer


def window(limit: int, seconds: float) -> Service:
    """So many calls in each stretch of time, which begins anew at fixed moments."""
    current, used = -1, 0

    def answer(now: float, _running: int) -> float:
        nonlocal current, used
        stretch = int(now // seconds)
        if stretch != current:
            current, used = stretch, 0
        used += 1
        return 0.0 if used <= limit else (stretch + 1) * seconds - now

    return answer


def at_once(most: int) -> Service:
    return lambda _now, running: 0.0 if running <= most else 0.5


def at_random(share: float) -> Service:
    chance = random.Random(3)
    return lambda _now, _running: 0.2 if chance.random() < share else 0.0


@dataclass(frozen=True)
class Result:
    calls: list[tuple[float, bool]]
    """When each call started, and whether it was admitted."""
    end: float

    def share_refused(self, since: float) -> float:
        late = [admitted for start, admitted in self.calls if start >= since]
        return late.count(False) / len(late)

    def admitted_per_minute(self, since: float) -> float:
        return sum(admitted for start, admitted in self.calls if start >= since) / (self.end - since) * 60


def simulate(
    service: Service, *, seconds: float = 120.0, latency: float = 0.3, says_when: bool = True, calls: int = 10**9
) -> Result:
    """Ask as fast as the adaptation lets."""
    adaptation, chance, order = Adaptation(start=16, ceiling=64), random.Random(0), itertools.count()
    now, running = 0.0, 0
    log: list[tuple[float, bool]] = []
    ends: list[tuple[float, int, float, float]] = []
    while now < seconds and len(log) < calls:
        while ends and ends[0][0] <= now:
            _, _, started, asked = heapq.heappop(ends)
            if asked:
                adaptation.refuse(now, started=started, running=running, asked=asked if says_when else None)
            else:
                adaptation.succeed(now, started=started, running=running)
            running -= 1
            log.append((started, not asked))
        while running < adaptation.limit and adaptation.wait(now) <= 0:
            adaptation.start(now)
            running += 1
            asked = service(now, running)
            takes = 0.02 if asked else latency * chance.uniform(1.0, 1.2)
            heapq.heappush(ends, (now + takes, next(order), now, asked))
        waits = [ends[0][0] - now] if ends else []
        waits += [adaptation.wait(now)] if running < adaptation.limit else []
        now += max(1e-4, min(waits))
    return Result(log, now)


@pytest.mark.parametrize("says_when", [True, False], ids=["with retry-after", "without"])
@pytest.mark.parametrize("capacity", [5, 60, 300])
def test_an_unknown_rate_is_found_and_kept(capacity, says_when):
    result = simulate(bucket(300, capacity), says_when=says_when)
    assert result.share_refused(20) < 0.03
    assert result.admitted_per_minute(20) > 270


def test_a_limit_by_fixed_stretches_of_time_is_used_without_hammering_at_it():
    result = simulate(window(300, 60.0), seconds=300.0)
    assert result.share_refused(20) < 0.05
    assert result.admitted_per_minute(0) > 270


def test_a_limit_of_calls_at_once_is_found():
    result = simulate(at_once(20), latency=2.0)
    assert result.share_refused(20) < 0.03
    assert result.admitted_per_minute(20) > 0.6 * 20 * 60 / 2.2


@pytest.mark.parametrize("share", [0.02, 0.1])
def test_refusals_that_do_not_depend_on_the_pace_do_not_bring_it_to_a_halt(share):
    result = simulate(at_random(share), seconds=3600.0, latency=0.05, calls=1000)
    assert result.end < 240


def test_without_refusals_nothing_is_held_back():
    result = simulate(lambda _now, _running: 0.0, seconds=20.0, latency=1.0)
    assert result.share_refused(0) == 0
    assert result.admitted_per_minute(5) > 0.9 * 64 * 60 / 1.2


def refuse_all(adaptation: Adaptation, now: float, *, asked: float | None = None) -> float:
    adaptation.start(now)
    return adaptation.refuse(now, started=now, running=8, asked=asked)


def test_a_refusal_pauses_for_as_long_as_the_service_asks():
    adaptation = Adaptation(start=4, ceiling=4)
    assert refuse_all(adaptation, 100.0, asked=7.0) == 7.0
    assert adaptation.wait(103.0) == pytest.approx(4.0)


def test_refusals_in_a_row_pause_ever_longer_and_let_one_call_try():
    adaptation = Adaptation(start=8, ceiling=8)
    now, pauses = 0.0, []
    for _ in range(8):
        pauses.append(refuse_all(adaptation, now))
        now += pauses[-1]
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    assert adaptation.limit == 1
    adaptation.start(now)
    adaptation.succeed(now + 1, started=now, running=1)
    assert adaptation.limit > 1


def test_the_calls_of_one_wave_count_as_one_refusal():
    adaptation = Adaptation(start=8, ceiling=8)
    for _ in range(8):
        adaptation.start(0.0)
    pauses = [adaptation.refuse(0.1, started=0.0, running=8, asked=None) for _ in range(8)]
    assert pauses == [1.0] * 8
    assert adaptation.room == pytest.approx(7.2)


def test_the_room_does_not_grow_while_the_service_stumbles():
    adaptation = Adaptation(start=2, ceiling=8)
    adaptation.stumble(0.0, started=0.0)
    rooms = []
    for now in range(6):
        adaptation.start(now)
        adaptation.succeed(now + 0.5, started=now, running=2)
        rooms.append(adaptation.room)
    assert rooms == [2, 2, 2, 2, 3, 3], "and then by those that used all of the room"


def test_a_service_that_is_down_is_asked_by_one_call_a_second():
    adaptation = Adaptation(start=16, ceiling=16)
    now = 0.0
    for _ in range(20):
        adaptation.start(now)
        adaptation.stumble(now, started=now)
    assert (adaptation.down, adaptation.limit, adaptation.wait(now)) == (True, 1, 1.0)
    now += 1.0
    assert adaptation.wait(now) == 0
    adaptation.start(now)
    adaptation.succeed(now, started=now, running=1)
    assert (adaptation.down, adaptation.limit) == (False, 16)


def test_a_pace_that_does_not_help_is_lifted():
    """Every tenth call is refused, however slow they come."""
    adaptation, now, lifted = Adaptation(start=8, ceiling=8), 0.0, False
    paces: list[float | None] = []
    while not lifted and now < 200:
        for _ in range(9):
            now += max(0.05, adaptation.wait(now))
            adaptation.start(now)
            adaptation.succeed(now + 0.01, started=now, running=1)
        for _ in range(2 if not paces else 1):  # the first two in a row set a pace
            now += max(0.05, adaptation.wait(now))
            refuse_all(adaptation, now, asked=0.2)
        paces.append(adaptation.pace)
        lifted = paces[-1] is None and any(paces)
    assert lifted


@pytest.mark.parametrize("failures", [1, 5])
def test_a_failure_does_not_excuse_the_429s_of_the_calls_beside_it(failures):
    """Sixteen calls start together: first some fail by themselves, then the others are refused without a wait."""
    adaptation = Adaptation(start=16, ceiling=16)
    for _ in range(16):
        adaptation.start(0.0)
    for _ in range(failures):
        adaptation.stumble(0.1, started=0.0)
    pauses = [adaptation.refuse(0.2, started=0.0, running=16, asked=None) for _ in range(16 - failures)]
    assert pauses == [1.0] * len(pauses)
    assert (adaptation.limit, adaptation.wait(0.2)) == (1, 1.0)


def test_calls_of_one_wave_do_not_excuse_later_ones():
    """A late 429 of a wave that is over moves nothing: the call that was refused since then counts."""
    adaptation = Adaptation(start=16, ceiling=16)
    for started in (0.0, 0.0, 1.5):
        adaptation.start(started)
    assert adaptation.refuse(0.2, started=0.0, running=3, asked=None) == 1.0
    assert adaptation.refuse(1.6, started=0.0, running=2, asked=None) == 0.0
    assert adaptation.refuse(1.7, started=1.5, running=1, asked=None) == 2.0


def burst(stated: float) -> Adaptation:
    """Return what is learned of a first burst of 16 calls, of which 5 are let in, at the first call after its pause."""
    adaptation = Adaptation(start=16, ceiling=16)
    adaptation.stated = stated
    for _ in range(16):
        adaptation.start(0.0)
    for _ in range(11):
        adaptation.refuse(0.1, started=0.0, running=16, asked=None)
    for _ in range(5):
        adaptation.succeed(0.5, started=0.0, running=5)
    adaptation.start(1.2)
    adaptation.succeed(1.5, started=1.2, running=1)
    return adaptation


def test_a_stated_limit_is_where_the_pace_begins_unless_it_means_something_else():
    """Five calls a second are stated, or 14,400 a day in the words of calls a minute."""
    assert burst(5.0).pace == pytest.approx(5.0)
    assert burst(240.0).pace == burst(0.0).pace == pytest.approx(0.9 * 6 / 1.5)
