"""The backends that every promise of the protocols is held against. A new one joins by a class and a line here."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import pytest

from mmra_api.dispatch.coordination import Coordination, LocalCoordination
from mmra_api.dispatch.store import LocalStore, Store
from tests.dispatch.memory import Memory, MemoryCoordination, MemoryStore


class Backend(Protocol):
    """One place where stores and owners meet, and the accidents that can happen to it."""

    def open_store(self) -> Store: ...

    def open_coordination(self) -> Coordination: ...

    def damage(self, key: str) -> None:
        """Replace the stored bytes of a call by others, behind the store's back."""

    def forbid_writing(self) -> None:
        """Let nobody write from now on."""

    def kill(self, owner: Any) -> None:
        """End an owner as a killed process ends: it gives nothing back."""

    def forget(self, owner: Any) -> None:
        """Take away that by which others see an owner, which lives on."""


class LocalBackend:
    """A folder."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self._monkeypatch = monkeypatch

    def open_store(self) -> Store:
        return LocalStore(self.root)

    def open_coordination(self) -> Coordination:
        return LocalCoordination(self.root)

    def damage(self, key: str) -> None:
        with closing(sqlite3.connect(self.root / "responses" / "cache.db")) as database, database:
            database.execute("UPDATE Cache SET value = ? WHERE key = ?", (b"garbage", key))

    def forbid_writing(self) -> None:
        # The superuser may write everywhere, so the kernel's answer is stood in for.
        self._monkeypatch.setattr(os, "access", lambda *_: False)

    def kill(self, owner: Any) -> None:
        owner._database._lock.release()  # as the kernel does; test_coordination.py kills a real process

    def forget(self, owner: Any) -> None:
        for lock in (self.root / "owners").iterdir():
            lock.unlink()


class MemoryBackend:
    """A memory."""

    def __init__(self) -> None:
        self._memory = Memory()

    def open_store(self) -> Store:
        return MemoryStore(self._memory)

    def open_coordination(self) -> Coordination:
        return MemoryCoordination(self._memory)

    def damage(self, key: str) -> None:
        self._memory.rows[key] = b"garbage"

    def forbid_writing(self) -> None:
        self._memory.read_only = True

    def kill(self, owner: Any) -> None:
        self._memory.owners.discard(owner.owner)

    forget = kill


@pytest.fixture(params=["local", "memory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backend:
    return LocalBackend(tmp_path / "cache", monkeypatch) if request.param == "local" else MemoryBackend()
