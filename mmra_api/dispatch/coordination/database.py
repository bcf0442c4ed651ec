"""The database in which the processes of one cache folder agree: who calls for which key, and when the next call to a
model may start (``token_buckets``). Synchronous; for one thread.

It holds no reply and may be deleted while nothing runs. It is not synced to disk: after a power loss nobody is calling.
A lease belongs to an owner (a dispatcher). An owner lives while it holds the lock on its file, which the kernel frees
when the process ends in whatever way, and while its heartbeat is seen to go on, which frees the leases of a process
that is stopped or hangs. A heartbeat is a number that grows, so that no clock has to be believed.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import filelock

from mmra_api.dispatch.coordination import token_buckets
from mmra_api.dispatch.coordination.protocol import EXPIRY, OwnerLost
from mmra_api.dispatch.coordination.token_buckets import Charge
from mmra_api.errors import StoreError

FILE = "shared.db"
ATTENTION = 15.0
"""Seconds between two looks at a heartbeat beyond which nothing follows from it: who looks was stopped too, perhaps."""
LOCK_TIMEOUT = 60.0
"""Seconds to wait for another process that is writing."""
TABLES = """
CREATE TABLE IF NOT EXISTS lease (key TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owner (name TEXT PRIMARY KEY, beat INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pace (scope TEXT, unit TEXT, free REAL NOT NULL, PRIMARY KEY (scope, unit)) WITHOUT ROWID;
"""
GONE = (
    "shared.db or owners/ in the cache folder was deleted while this run was calling; others would ask the same again, "
    "so nothing more is sent: run the same command again to go on"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What was seen of another owner's heartbeat; times are of the monotonic clock."""

    beat: int
    since: float
    looked: float


class LeaseDatabase:
    """Leases and token buckets of one cache folder, for one owner; other processes may use the folder too.

    Raises StoreError where the database cannot be used.
    """

    def __init__(self, root: Path) -> None:
        self._file = root / FILE
        self._owners = root / "owners"
        # Not the process id: ids come again, and two machines may have the same.
        self._name = uuid.uuid4().hex
        self._lock: filelock.BaseFileLock | None = None
        self._seen: dict[str, _Seen] = {}
        with self._explained():
            self._owners.mkdir(parents=True, exist_ok=True)
            # isolation_level=None, because transactions are begun and ended here, word for word.
            self._database = sqlite3.connect(self._file, timeout=LOCK_TIMEOUT, isolation_level=None)
            self._set_up()
            # By it `beat` notices that the file was deleted, and made anew by another process.
            self._place = self._file.stat().st_ino
            # Before the first heartbeat: others ask for the lock of whom they see.
            self._lock = _lock_file(self._own_lock)
            self.beat()

    def _set_up(self) -> None:
        deadline = time.monotonic() + LOCK_TIMEOUT
        while True:
            try:
                self._database.execute("PRAGMA journal_mode = WAL")
                self._database.execute("PRAGMA synchronous = OFF")  # after a power loss nobody is calling
                self._database.executescript(TABLES)
                return
            except sqlite3.OperationalError as error:  # a change to WAL does not wait for others that make it too
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def beat(self) -> None:
        """Say that this owner lives. Raises OwnerLost where somebody deleted the files by which others see it."""
        with self._explained():
            self._database.execute(
                "INSERT INTO owner VALUES (?, 1) ON CONFLICT DO UPDATE SET beat = beat + 1", (self._name,)
            )
        if not self._is_in_place():
            raise OwnerLost(GONE)

    def _is_in_place(self) -> bool:
        # A deleted file can still be written to: only its place in the folder tells.
        try:
            return self._file.stat().st_ino == self._place and self._own_lock.exists()
        except OSError:
            return False

    @property
    def _own_lock(self) -> Path:
        return self._owners / f"{self._name}.lock"

    def take(self, key: str) -> bool:
        """Take the lease of a key, or keep it; False while another owner that lives has it."""
        with self._explained():
            # One statement where nobody has it, which is nearly always: it needs no transaction around it.
            taken = self._database.execute("INSERT OR IGNORE INTO lease VALUES (?, ?)", (key, self._name)).rowcount
            if taken:
                return True
            with self._transaction():
                row = self._database.execute("SELECT owner FROM lease WHERE key = ?", (key,)).fetchone()
                if row is not None and row[0] != self._name and self._lives(row[0]):
                    return False
                # Replaces the row of an owner that no longer lives.
                self._database.execute("INSERT OR REPLACE INTO lease VALUES (?, ?)", (key, self._name))
            return True

    def release(self, key: str) -> None:
        """Give the lease of a key back."""
        with self._explained():
            self._database.execute("DELETE FROM lease WHERE key = ? AND owner = ?", (key, self._name))

    def find_held(self, keys: Iterable[str]) -> set[str]:
        """Return those of the keys whose lease another owner has who lives."""
        wanted = set(keys)
        with self._explained():
            rows = self._database.execute("SELECT key, owner FROM lease WHERE owner != ?", (self._name,)).fetchall()
        lives = {owner: self._lives(owner) for owner in {owner for key, owner in rows if key in wanted}}
        return {key for key, owner in rows if key in wanted and lives[owner]}

    def charge(self, scope: str, charges: Iterable[Charge]) -> float:
        """Charge all limits of a scope for a call that starts now; see ``token_buckets``."""
        with self._explained(), self._transaction():
            wait, moments = token_buckets.charge(self._read_free(scope), charges, time.time())
            self._set_free(scope, moments)
            return wait

    def correct(self, scope: str, charges: Iterable[Charge]) -> None:
        """Add to what was charged, or give back where the amount is negative: a call took other than was expected."""
        with self._explained(), self._transaction():
            self._set_free(scope, token_buckets.correct(self._read_free(scope), charges, time.time()))

    def pause(self, scope: str, seconds: float) -> None:
        """Let nobody call a scope for a while."""
        with self._explained(), self._transaction():
            self._set_free(scope, token_buckets.pause(self._read_free(scope), seconds, time.time()))

    def _read_free(self, scope: str) -> dict[str, float]:
        """Return the moments of a scope's buckets, inside a transaction."""
        return dict(self._database.execute("SELECT unit, free FROM pace WHERE scope = ?", (scope,)))

    def _set_free(self, scope: str, moments: Mapping[str, float]) -> None:
        rows = [(scope, unit, moment) for unit, moment in moments.items()]
        self._database.executemany("INSERT OR REPLACE INTO pace VALUES (?, ?, ?)", rows)

    def _lives(self, owner: str) -> bool:
        row = self._database.execute("SELECT beat FROM owner WHERE name = ?", (owner,)).fetchone()
        if row is None:
            return False
        file = self._owners / f"{owner}.lock"
        try:
            lock = _lock_file(file)
        except OSError:
            lock = None  # it cannot be asked: then the heartbeat decides
        if lock is None:
            return self._goes_on(owner, row[0])
        lock.release()
        # Whoever else found the same may have removed it first.
        file.unlink(missing_ok=True)
        return False

    def _goes_on(self, owner: str, beat: int) -> bool:
        """Return whether a heartbeat goes on, as far as it was watched without a gap."""
        now = time.monotonic()
        seen = self._seen.get(owner)
        if seen is None or seen.beat != beat or now - seen.looked > ATTENTION:
            seen = _Seen(beat=beat, since=now, looked=now)
        self._seen[owner] = replace(seen, looked=now)
        return now - seen.since < EXPIRY

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"{str(self._file)!r}, where processes agree on who calls, cannot be used: {error}; "
                "delete it while nothing runs (it holds no reply), or choose another folder with --cache"
            ) from error

    def close(self) -> None:
        """Give back every lease of this owner."""
        with self._explained():
            try:
                self._database.execute("DELETE FROM lease WHERE owner = ?", (self._name,))
                self._database.execute("DELETE FROM owner WHERE name = ?", (self._name,))
            finally:
                self._database.close()
                if self._lock is not None:
                    self._own_lock.unlink(missing_ok=True)
                    self._lock.release()


def _lock_file(file: Path) -> filelock.BaseFileLock | None:
    """Return the lock on a file, or None while another process has it."""
    lock = filelock.FileLock(file, thread_local=False)  # taken in one thread, given back in another
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return None
    return lock
