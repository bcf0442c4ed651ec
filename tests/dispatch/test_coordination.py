"""What is special to the coordination in a folder: real files, real processes, clocks that jump.

What every backend promises is in ``test_coordination_conformance.py``.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from mmra_api.dispatch.coordination import database as database_module
from mmra_api.dispatch.coordination.database import LeaseDatabase
from mmra_api.dispatch.coordination.local import LocalCoordination
from mmra_api.dispatch.coordination.protocol import OwnerLost
from mmra_api.dispatch.coordination.token_buckets import Charge
from mmra_api.errors import StoreError

HOLDER = """
import sys, time
from pathlib import Path
from mmra_api.dispatch.coordination.database import LeaseDatabase
shared = LeaseDatabase(Path(sys.argv[1]))
print(shared.take("k"), flush=True)
time.sleep(60)
"""


async def look(root):
    """Return whether somebody calls for the key, as an estimate asks."""
    async with LocalCoordination(root) as coordination:
        return await coordination.find_held(["k", "another"])


@pytest.fixture
def meet(tmp_path):
    """Return a function that opens the database as another dispatcher would."""
    opened = []

    def make() -> LeaseDatabase:
        opened.append(LeaseDatabase(tmp_path))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def test_the_lease_of_a_killed_process_is_taken_over_at_once(tmp_path, meet):
    here = meet()
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "True\n"
        assert not here.take("k")
        assert asyncio.run(look(tmp_path)) == {"k"}
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert here.find_held(["k"]) == set()
        assert here.take("k")
    assert asyncio.run(look(tmp_path)) == {"k"}, "now it is ours"


def test_the_lease_of_a_process_that_hangs_is_taken_over_in_the_end(tmp_path, meet, monkeypatch):
    here = meet()
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "True\n"
        holder.send_signal(signal.SIGSTOP)
        assert not here.take("k"), "nothing is known of its heartbeat yet"
        monkeypatch.setattr(database_module, "EXPIRY", 0.2)
        time.sleep(0.3)
        assert here.take("k")
        holder.kill()


@pytest.fixture
def clock(monkeypatch):
    """Return a clock that stands still until it is moved, for all times that the module reads."""

    class Clock:
        now = 1_000_000.0

    monkeypatch.setattr(time, "time", lambda: Clock.now)
    monkeypatch.setattr(time, "monotonic", lambda: Clock.now)
    return Clock


def test_a_heartbeat_keeps_a_lease(meet, clock):
    one, other = meet(), meet()
    one.take("k")
    for _ in range(20):
        clock.now += 10.0
        one.beat()
        assert not other.take("k")
    for _ in range(5):
        clock.now += 10.0
        assert not other.take("k")
    clock.now += 10.0
    assert other.take("k"), "it stood still for a minute"


def test_who_was_stopped_too_concludes_nothing_from_a_heartbeat_that_stood_still(meet, clock):
    one, other = meet(), meet()
    one.take("k")
    assert not other.take("k")
    clock.now += 3600.0
    assert not other.take("k")


def test_files_that_somebody_deletes_are_missed(tmp_path, meet):
    one, other = meet(), meet()
    one.beat()
    for lock in (tmp_path / "owners").iterdir():
        lock.unlink()
    with pytest.raises(OwnerLost, match="run the same command again"):
        one.beat()
    (tmp_path / "shared.db").unlink()
    with pytest.raises(OwnerLost, match="run the same command again"):
        other.beat()


def test_looking_at_an_empty_folder_makes_nothing(tmp_path):
    assert asyncio.run(look(tmp_path / "none")) == set()
    assert not (tmp_path / "none").exists()


CALL = [Charge(unit="requests", amount=1, per_second=5)]


def test_a_limit_holds_for_all(meet, monkeypatch):
    now = 1_000_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    processes = [meet() for _ in range(3)]
    starts: list[float] = []
    for turn in range(30):
        while wait := processes[turn % 3].charge("scope", CALL):
            now += wait
        starts.append(now)
    for first, later in zip(starts[:-10], starts[10:], strict=True):
        assert later - first > 10 / 5 - 0.3
    assert starts[-1] - starts[0] == pytest.approx(29 / 5, abs=0.01), "and all of it is used"


def test_what_is_not_used_comes_back_only_for_a_moment(meet, monkeypatch):
    now = 1_000_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    shared = meet()
    assert shared.charge("scope", CALL) == 0
    now += 3600
    assert [shared.charge("scope", CALL) > 0 for _ in range(4)] == [False, False, True, True]


def test_a_settled_estimate_moves_the_next_call(meet, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    shared = meet()
    tokens = [Charge(unit="tokens", amount=900, per_second=300)]
    shared.charge("scope", tokens)
    shared.correct("scope", [Charge(unit="tokens", amount=-600, per_second=300)])
    assert shared.charge("scope", tokens) == pytest.approx(1.0)
    shared.correct("scope", [Charge(unit="tokens", amount=300, per_second=300)])
    assert shared.charge("scope", tokens) == pytest.approx(2.0)


def test_a_call_that_takes_hours_of_the_limit_still_counts(meet, monkeypatch):
    now = 1_000_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    shared = meet()
    huge = [Charge(unit="tokens", amount=36_000, per_second=1)]
    assert shared.charge("scope", huge) == 0
    assert shared.charge("scope", huge) == pytest.approx(3600, abs=1), "an hour is the most that a call is put off"


def test_a_clock_that_was_set_back_does_not_stop_everything(meet, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 2_000_000.0)
    shared = meet()
    shared.charge("scope", CALL)
    shared.pause("scope", 5.0)
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert shared.charge("scope", CALL) == 0


def test_a_damaged_database_is_one_clear_error(tmp_path):
    (tmp_path / "shared.db").write_bytes(b"no database" * 500)
    with pytest.raises(StoreError, match="it holds no reply"):
        LeaseDatabase(tmp_path)


def test_processes_that_meet_for_the_first_time_do_not_collide(tmp_path):
    script = (
        "import sys; from pathlib import Path; from mmra_api.dispatch.coordination.database import LeaseDatabase\n"
        "shared = LeaseDatabase(Path(sys.argv[1])); print(sum(shared.take(str(n)) for n in range(200)))\n"
        "sys.stdin.readline(); shared.close()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    taken = [int(process.stdout.readline()) for process in processes]
    for process in processes:
        process.communicate("\n")
    assert sum(taken) == 200, "each key went to one of them"
    with sqlite3.connect(tmp_path / "shared.db") as database:
        assert database.execute("SELECT count(*) FROM lease").fetchone() == (0,)
    database.close()
