"""Killed again and again: what a run loses, and what it pays twice, when it is ended with SIGKILL at random moments.

    python bench/kills.py [KILLS]      default: 50; takes about 4 minutes

A run of 400 samples at concurrency 32 is killed and started again with the same command until it is complete; then
all begins anew with an empty cache, until there were enough kills. After each kill every stored reply must still be
there and be the same. In the end nothing may be missing, and for each kill at most 32 calls may have been made twice:
those in flight. The sandbox does not bill a call whose client is gone; a real service may, so these are counted too.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import msgspec
from published import make_questions, table

from mmra_api.dispatch.store import open_store
from mmra_api.runs import load_run
from mmra_api.sandbox import Sandbox

SAMPLES = 400
CONCURRENCY = 32
LATENCY = 0.3
"""Seconds: calls are in flight for nearly all of the time."""
LONGEST = 1.2
"""Seconds after a session's first call until the kill, at most."""
EARLY = 0.2
"""The part of the kills that come at any moment of the start instead."""
SEED = 7


@dataclass(slots=True)
class Round:
    """One run from an empty cache to its end."""

    kills: int = 0
    paid: int = 0
    unique: int = 0
    abandoned: int = 0
    unstored: int = 0
    """Paid replies that were not stored when the last kill was over: all of them were in flight at a kill."""
    faults: list[str] = field(default_factory=list)
    """What should never be."""

    @property
    def repaid(self) -> int:
        """Return how many calls were made again, as if calls whose client was gone had been billed too."""
        return self.paid + self.abandoned - self.unique


def main() -> None:
    """Kill, check and print; the exit code is 1 when anything is not as it must be."""
    kills = int(sys.argv[1]) if sys.argv[1:] else 50
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        rounds = list(play(Path(name), kills))
    titles = ["round", "kills", "paid", "hung up", "unique", "repaid", "per kill", "allowed", "paid, not stored"]
    table(titles, [*(show(str(number), each) for number, each in enumerate(rounds, 1)), show("all", add_up(rounds))])
    faults = [fault for each in rounds for fault in each.faults]
    print("\nstored replies lost or changed, incomplete ends, failed checks:", *(faults or ["none"]), sep="\n  ")
    sys.exit(1 if faults else 0)


def play(folder: Path, kills: int) -> Iterator[Round]:
    """Play rounds until there were enough kills."""
    chance = random.Random(SEED)
    own = make_questions(folder / "own", SAMPLES)
    number = 0
    while kills > 0:
        number += 1
        with Sandbox(latency=LATENCY) as sandbox:
            place = folder / str(number)
            done = kill_until_complete(command(own, place, sandbox), place / "cache", sandbox, chance, kills)
            finish(done, command(own, place, sandbox), place, sandbox)
        kills -= done.kills
        yield done


def command(own: Path, place: Path, sandbox: Sandbox) -> list[str]:
    """Return the command that begins a run and goes on with it."""
    return [
        *(sys.executable, "-m", "mmra_api", "run", str(own), "--model", "openai/bench", "--name", "killed", "--quiet"),
        *("--base-url", sandbox.base_url, "--concurrency", str(CONCURRENCY)),
        *("--cache", str(place / "cache"), "--runs", str(place / "runs")),
    ]


def kill_until_complete(command: list[str], cache: Path, sandbox: Sandbox, chance: random.Random, most: int) -> Round:
    """Start and kill until a session ends by itself or ``most`` were killed; check the store after every kill."""
    done, kept = Round(), dict[str, str]()
    while done.kills < most:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_moment(process, sandbox, chance)
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        done.kills += 1
        now = read_store(cache)
        wrong = [key for key, digest in kept.items() if now.get(key) != digest]
        done.faults += [f"kill {done.kills}: {key[:16]} was stored and is lost or changed" for key in wrong]
        kept = now
    time.sleep(LATENCY + 1)  # what the last kill left behind comes to its end in the sandbox
    done.unstored = max(0, sandbox.counters.paid - len(read_store(cache)))
    return done


def wait_for_moment(process: subprocess.Popen[bytes], sandbox: Sandbox, chance: random.Random) -> None:
    """Wait until a random moment, or until the process ends: mostly amid its calls, sometimes while it starts."""
    early, share = chance.random() < EARLY, chance.random()
    before = sandbox.counters.calls
    while not early and sandbox.counters.calls == before and process.poll() is None:
        time.sleep(0.005)
    end = time.monotonic() + share * LONGEST
    while time.monotonic() < end and process.poll() is None:
        time.sleep(0.005)


def read_store(cache: Path) -> dict[str, str]:
    """Return every stored key and the digest of its reply; a key that cannot be read is left out."""

    async def read() -> dict[str, str]:
        async with open_store(cache) as store:
            rows = [row async for row in store.rows()]
        return {row.key: sha256(msgspec.json.encode(row.entry.reply)).hexdigest() for row in rows if row.entry}

    return asyncio.run(read())


def finish(done: Round, command: list[str], place: Path, sandbox: Sandbox) -> None:
    """Run to completion, and check the ends against each other."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    # A run that is complete is not begun again: the same name then says so, with exit code 2.
    run = load_run(place / "runs" / "killed")
    names = [record.sample for record in run.records() if record.failure is None]
    if not run.info.finished or sorted(names) != sorted(f"q{number}" for number in range(SAMPLES)):
        done.faults.append(f"the run is not complete: {len(names)} records, exit {ended.returncode}\n{ended.stderr}")
    verify = [sys.executable, "-m", "mmra_api", "cache", "verify", "--cache", str(place / "cache")]
    verified = subprocess.run(verify, capture_output=True, text=True, check=False)
    if verified.returncode:
        done.faults.append(f"mmra cache verify: exit {verified.returncode}\n{verified.stdout}{verified.stderr}")
    counters = sandbox.counters
    done.paid, done.unique, done.abandoned = counters.paid, counters.unique_bodies, counters.abandoned
    if done.unique != SAMPLES or len(read_store(place / "cache")) != SAMPLES:
        done.faults.append(f"{done.unique} different calls were paid, {len(read_store(place / 'cache'))} are stored")
    if done.repaid > CONCURRENCY * done.kills:
        done.faults.append(f"{done.repaid} calls were repaid after {done.kills} kills")


def add_up(rounds: list[Round]) -> Round:
    """Return the sums."""
    return Round(
        kills=sum(each.kills for each in rounds),
        paid=sum(each.paid for each in rounds),
        unique=sum(each.unique for each in rounds),
        abandoned=sum(each.abandoned for each in rounds),
        unstored=sum(each.unstored for each in rounds),
    )


def show(name: str, done: Round) -> list[str]:
    """Return a line of the table."""
    each = f"{done.repaid / done.kills:.1f}" if done.kills else "–"
    numbers = [done.kills, done.paid, done.abandoned, done.unique, done.repaid, each, CONCURRENCY, done.unstored]
    return [name, *map(str, numbers)]


if __name__ == "__main__":
    main()
