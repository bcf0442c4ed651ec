"""What is stored already: hits a second through the dispatcher in one process, and a whole re-run that makes no call.

    python bench/warm.py [ASKS ...]      default: 3000 30000, then a warm re-run of 1,024 samples; 2 minutes

Every request has two images; 1,024 different ones are in the store. Floors in the same run: the store alone (it reads
and decodes an entry), and a bare SELECT of the same row; for the re-run a baseline, which asks no store and no model.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import closing
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from typing import Any, TypeVar

from published import Measured, measure, serve, table

from mmra_api.dispatch import open_session
from mmra_api.dispatch.store import describe_call, hash_call, make_entry, open_store
from mmra_api.providers import Provider, resolve
from mmra_api.runs import load_run
from mmra_api.types import Image, RateLimits, Reply, Request

T = TypeVar("T")

STORED = 1024
CONCURRENCY = 32
ROUNDS = 3
FACTS: dict[str, Any] = {"media_type": "image/jpeg", "width": 640, "height": 480, "size": 286_000}
PROMPT = "Look at both images. How do they relate, pair {number}?\nA. the same\nB. mirrored\nC. unrelated\n" * 4
"""About as long as the built-in prompts with their options."""


def main() -> None:
    """Measure and print."""
    sizes = [int(text) for text in sys.argv[1:]] or [3000, 30_000]
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        # First the processes: a child's peak memory begins with its parent's, and this one grows.
        measured = rerun(folder)
        requests = [make_request(number) for number in range(STORED)]
        provider = resolve("openai/bench", base_url="http://127.0.0.1:9/v1")
        keys = asyncio.run(fill(folder / "cache", provider, requests))
        rows = [line for size in sizes for line in measure_hits(folder / "cache", requests, keys, size)]
    table(["in one process", "asks", "hits a second", "µs a hit"], rows)
    print()
    lines = [[name, f"{STORED:,}", *_figures(each)] for name, each in measured.items()]
    table(["whole processes", "rows", "wall s", "CPU s", "CPU ms per row", "peak MB"], lines)


def make_request(number: int) -> Request:
    """Return a request with two images, which lie nowhere: a hit never touches their bytes."""
    images = [Image(digest=sha256(f"{number} {place}".encode()).hexdigest(), **FACTS) for place in "ab"]
    return Request(parts=(*images, PROMPT.format(number=number)))


async def fill(cache: Path, provider: Provider, requests: Iterable[Request]) -> list[str]:
    """Store a reply for every request; returns the keys."""
    keys = []
    async with open_store(cache) as store:
        for number, request in enumerate(requests):
            keyed = describe_call(provider, request)
            keys.append(hash_call(keyed))
            reply = Reply(body=make_reply(number), headers={"x-request-id": f"req_{number}"})
            await store.put(keys[-1], make_entry(keyed, reply))
    return keys


def make_reply(number: int) -> dict[str, object]:
    """Return the body of a chat completion, with the fields that services send."""
    text = f"Both images show the same thing from two sides, so the answer is {'ABC'[number % 3]}."
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1_767_225_600,
        "model": "bench",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1700, "completion_tokens": 25, "total_tokens": 1725},
    }


def measure_hits(cache: Path, requests: list[Request], keys: list[str], size: int) -> list[list[str]]:
    """Return the lines of one size, the best of some rounds each, taken in turns."""
    asked, wanted = list(islice(cycle(requests), size)), list(islice(cycle(keys), size))
    best = {"Dispatcher.ask": 1e9, "Store.get (floor)": 1e9, "bare SELECT (floor)": 1e9}
    for _ in range(ROUNDS):
        for name, seconds in {
            "Dispatcher.ask": asyncio.run(ask_all(cache, asked)),
            "Store.get (floor)": asyncio.run(get_all(cache, wanted)),
            "bare SELECT (floor)": select_all(cache, wanted),
        }.items():
            best[name] = min(best[name], seconds)
    return [[name, f"{size:,}", f"{size / each:,.0f}", f"{each / size * 1e6:.0f}"] for name, each in best.items()]


async def ask_all(cache: Path, requests: list[Request]) -> float:
    """Return the seconds that asking takes, so many at a time as a run asks."""
    async with open_session(cache) as session:
        provider = resolve("openai/bench", base_url="http://127.0.0.1:9/v1")
        dispatcher = session.connect(provider, limits=RateLimits(concurrency=CONCURRENCY))

        async def ask(request: Request) -> None:
            response = await dispatcher.ask(request)
            if response.source != "cache":
                raise SystemExit(f"a stored reply came from {response.source!r}")

        return await time_all(ask, requests)


async def get_all(cache: Path, keys: list[str]) -> float:
    """Return the seconds that reading and decoding the entries takes, so many at a time."""
    async with open_store(cache) as store:

        async def get(key: str) -> None:
            if await store.get(key) is None:
                raise SystemExit(f"the reply to {key!r} is not stored")

        return await time_all(get, keys)


async def time_all(do: Callable[[T], Awaitable[None]], things: Sequence[T]) -> float:
    """Return the seconds that doing something with each takes, CONCURRENCY at a time."""
    rest = iter(things)

    async def take_turns() -> None:
        for thing in rest:
            await do(thing)

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONCURRENCY):
            group.create_task(take_turns())
    return time.perf_counter() - begun


def select_all(cache: Path, keys: list[str]) -> float:
    """Return the seconds that SQLite takes for the raw values."""
    with closing(sqlite3.connect(cache / "responses" / "cache.db")) as database:
        begun = time.perf_counter()
        for key in keys:
            if database.execute("SELECT value FROM Cache WHERE key = ? AND raw = 1", (key,)).fetchone() is None:
                raise SystemExit(f"the reply to {key!r} is not stored")
        return time.perf_counter() - begun


def rerun(folder: Path) -> dict[str, Measured]:
    """Run samples of published size cold, then measure the same run warm, and a baseline."""
    data, cache = folder / "data", folder / "rerun"
    measure(str(Path(__file__).with_name("published.py")), str(data), str(STORED))
    places = ["--cache", str(cache), "--runs", str(folder / "runs"), "--quiet"]
    run = ["-m", "mmra_api", "run", "mmra", "--data", str(data), "--concurrency", str(CONCURRENCY), *places]
    with serve(data=data, folder=folder) as url:
        asked = [*run, "--model", "openai/bench", "--base-url", url]
        measure(*asked, "--name", "cold")
        # Offline, so that a call would be seen: it ends with an exit code that stops the bench.
        warm = [measure(*asked, "--offline", "--name", f"warm-{number}") for number in range(ROUNDS)]
        full = measure(*asked, "--name", "warm")
        check_sources(folder / "runs" / "warm")
    idle = measure(*run, "--model", "baseline/first")
    return {
        "warm re-run": full,
        "warm re-run, --offline, best of 3": min(warm, key=lambda each: each.wall),
        "baseline/first (floor)": idle,
    }


def check_sources(folder: Path) -> None:
    """Stop unless every record of a run was read from the cache."""
    responses = [record.response for record in load_run(folder).records()]
    stored = sum(response is not None and response.source == "cache" for response in responses)
    if stored != STORED:
        raise SystemExit(f"{stored:,} of {len(responses):,} records of the warm re-run came from the cache")


def _figures(measured: Measured) -> list[str]:
    return [
        f"{measured.wall:.2f}",
        f"{measured.cpu:.2f}",
        f"{measured.cpu / STORED * 1000:.2f}",
        f"{measured.peak:.0f}",
    ]


if __name__ == "__main__":
    main()
