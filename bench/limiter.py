"""How well a limit that nobody told is found: designs of the adaptation × services, simulated, in some seconds.

    python bench/limiter.py [DESIGN ...]      default: the one that is used

A design is ``module:class`` with the methods of ``mmra_api.dispatch.limits.adaptive.Adaptation``; so another one can be
compared before it is built in. ``unknown_limits.py`` measures the same over real HTTP, in real time.
"""

from __future__ import annotations

import heapq
import importlib
import itertools
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from published import table

RATE_LIMIT, DOWN = "429", "503"
REFUSED_AFTER = 0.02
"""Seconds until a 429 arrives: a service refuses before it works."""
START = 20.0
"""Seconds that a design is given to find out, as in ``unknown_limits.py``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a service does with a call."""

    ended: str = ""
    """Empty for admitted, else RATE_LIMIT or DOWN."""
    wait: float = 0.0
    """Seconds after which the same call would be admitted."""


ADMITTED = Verdict()
Service = Callable[[float, int], Verdict]
"""Seconds since the start and calls under way, this one among them → what becomes of the call."""


def by_the_second(per_minute: float, *, capacity: float | None = None, at_once: int = 60) -> Service:
    """A bucket of calls, refilled evenly, that holds one second's worth; as ``sandbox.rate`` has it."""
    most = capacity or max(2.0, per_minute / 60)
    level, filled = most, 0.0

    def answer(now: float, running: int) -> Verdict:
        nonlocal level, filled
        if running > at_once:
            return Verdict(ended=RATE_LIMIT, wait=0.3)
        level, filled = min(most, level + (now - filled) * per_minute / 60), now
        if level < 1 - 1e-9:
            return Verdict(ended=RATE_LIMIT, wait=(1 - level) * 60 / per_minute)
        level -= 1
        return ADMITTED

    return answer


def by_the_minute(limit: int, *, at_once: int = 60) -> Service:
    """So many calls in each minute, which begins anew at fixed moments."""
    current, used = -1, 0

    def answer(now: float, running: int) -> Verdict:
        nonlocal current, used
        if running > at_once:
            return Verdict(ended=RATE_LIMIT, wait=0.3)
        if int(now // 60) != current:
            current, used = int(now // 60), 0
        used += 1
        return ADMITTED if used <= limit else Verdict(ended=RATE_LIMIT, wait=(current + 1) * 60 - now)

    return answer


def by_chance(share: float) -> Service:
    """A share of the calls is refused at any rate."""
    chance = random.Random(3)
    return lambda _now, _running: Verdict(ended=RATE_LIMIT, wait=0.2) if chance.random() < share else ADMITTED


def by_room(most: int) -> Service:
    """So many calls at once, at any rate."""
    return lambda _now, running: ADMITTED if running <= most else Verdict(ended=RATE_LIMIT, wait=0.5)


def with_a_gap(service: Service, begin: float, end: float, ended: str) -> Service:
    """A service that answers nothing for a while."""
    return lambda now, running: Verdict(ended=ended, wait=1.0) if begin <= now < end else service(now, running)


def with_a_change(before: Service, after: Service, moment: float) -> Service:
    """A service whose limit changes."""
    return lambda now, running: (before if now < moment else after)(now, running)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A service, and who asks it."""

    service: Callable[[], Service]
    per_minute: float
    """What it admits at most, or a client with all its slots could ask."""
    seconds: float = 120.0
    latency: float = 0.3
    told: bool = True
    """Whether a 429 says how long to wait."""
    clients: int = 1


def scenes() -> dict[str, Scene]:
    """Return what is simulated."""

    def second() -> Service:
        return by_the_second(300)

    found: dict[str, Scene] = {}
    for word, told in (("told", True), ("untold", False)):
        found |= {
            f"second, {word}": Scene(service=second, per_minute=300, told=told),
            f"minute, {word}": Scene(service=lambda: by_the_minute(300), per_minute=300, told=told, seconds=300),
            f"high, {word}": Scene(service=lambda: by_the_second(3000), per_minute=3000, told=told),
            f"20 a minute, {word}": Scene(
                service=lambda: by_the_second(20), per_minute=20, told=told, seconds=600, latency=2.0
            ),
            f"stock of 300, {word}": Scene(
                service=lambda: by_the_second(300, capacity=300), per_minute=300, told=told, seconds=240
            ),
            f"two clients, {word}": Scene(service=second, per_minute=300, told=told, clients=2),
            f"2 % refused, {word}": Scene(service=lambda: by_chance(0.02), per_minute=64 / 0.33 * 60, told=told),
            f"5 % refused, {word}": Scene(service=lambda: by_chance(0.05), per_minute=64 / 0.33 * 60, told=told),
            f"10 % refused, {word}": Scene(service=lambda: by_chance(0.1), per_minute=64 / 0.33 * 60, told=told),
            f"20 at once, {word}": Scene(service=lambda: by_room(20), per_minute=20 / 2.2 * 60, told=told, latency=2.0),
            f"503 for 30 s, {word}": Scene(
                service=lambda: with_a_gap(second(), 30, 60, DOWN), per_minute=300, told=told, seconds=180
            ),
            f"429 for 30 s, {word}": Scene(
                service=lambda: with_a_gap(second(), 30, 60, RATE_LIMIT), per_minute=300, told=told, seconds=180
            ),
            f"300, then 3,000, {word}": Scene(
                service=lambda: with_a_change(second(), by_the_second(3000), 60),
                per_minute=1875,
                told=told,
                seconds=240,
            ),
            f"3,000, then 300, {word}": Scene(
                service=lambda: with_a_change(by_the_second(3000), second(), 60), per_minute=840, told=told, seconds=180
            ),
        }
    found["no limit"] = Scene(service=lambda: lambda _now, _running: ADMITTED, per_minute=64 / 1.1 * 60, latency=1.0)
    return found


@dataclass(slots=True, kw_only=True)
class Client:
    """One process: as many requests as its adaptation lets it ask."""

    adaptation: Any
    running: int = 0
    failing: float = 0.0
    """Until when its requests wait for a retry, as after failures that pause nobody."""
    calls: list[tuple[float, str]] = field(default_factory=list)
    """When each call started, and how it ended."""


def simulate(scene: Scene, design: Callable[..., Any]) -> list[Client]:
    """Ask as fast as the design lets, by events."""
    service, chance, order = scene.service(), random.Random(0), itertools.count()
    clients = [Client(adaptation=design(start=16, ceiling=64)) for _ in range(scene.clients)]
    now, inside = 0.0, 0
    ends: list[tuple[float, int, Client, float, Verdict]] = []
    while now < scene.seconds:
        while ends and ends[0][0] <= now:
            _, _, client, started, verdict = heapq.heappop(ends)
            note(client, now, started, verdict, told=scene.told)
            client.running -= 1
            inside -= not verdict.ended
        waits = [ends[0][0] - now] if ends else []
        for client in clients:
            own = client.adaptation
            while client.running < own.limit and own.wait(now) <= 0:
                own.start(now)
                client.running += 1
                verdict = service(now, inside + 1)
                inside += not verdict.ended
                takes = REFUSED_AFTER if verdict.ended else scene.latency * chance.uniform(1.0, 1.2)
                heapq.heappush(ends, (now + takes, next(order), client, now, verdict))
                waits.append(takes)
            waits += [own.wait(now)] if client.running < own.limit else []
        now += max(1e-3, min(waits))  # a timer is not finer either
    return clients


def note(client: Client, now: float, started: float, verdict: Verdict, *, told: bool) -> None:
    """Tell a client's adaptation how a call ended."""
    own, asked = client.adaptation, verdict.wait if told else None
    if verdict.ended == RATE_LIMIT:
        own.refuse(now, started=started, running=client.running, asked=asked)
    elif verdict.ended == DOWN:
        own.stumble(now, started=started)
    else:
        own.succeed(now, started=started, running=client.running)
    client.calls.append((started, verdict.ended))


def describe(scene: Scene, clients: list[Client]) -> list[str]:
    """Return the figures of one run."""
    calls = [call for client in clients for call in client.calls]
    late = [call for call in calls if call[0] >= START]
    failed = sum(bool(ended) for _, ended in late) / max(1, len(late))
    used = [
        sum(not ended for started, ended in calls if started >= since) / (scene.seconds - since) / scene.per_minute * 60
        for since in (START, 0.0)
    ]
    shares = sorted(sum(not ended for _, ended in client.calls) for client in clients)
    fair = f" ({shares[0] / sum(shares):.0%})" if len(clients) > 1 else ""
    return [
        f"{len(calls) - len(late) - sum(not e for s, e in calls if s < START)}",
        f"{failed:.1%}",
        f"{used[0]:.1%}{fair}",
        f"{used[1]:.1%}",
    ]


def load(name: str) -> Callable[..., Any]:
    module, _, kind = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), kind)
    return found


def main() -> None:
    """Print a line for each scene and design."""
    names = sys.argv[1:] or ["mmra_api.dispatch.limits.adaptive:Adaptation"]
    rows = []
    for title, scene in scenes().items():
        figures = [describe(scene, simulate(scene, load(name))) for name in names]
        rows.append([title, *(" / ".join(each) for each in figures)])
    table(["", *(name.rpartition(":")[2] for name in names)], rows)


if __name__ == "__main__":
    main()
