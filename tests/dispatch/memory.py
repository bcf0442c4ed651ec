"""Backends in memory: they share nothing with those on disk but the protocol, which is how the protocol is proved."""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from mmra_api.dispatch.coordination import Charge, Coordination, OwnerLost, token_buckets
from mmra_api.dispatch.store import Added, Asked, Entry, Hits, Store, StoredRow
from mmra_api.dispatch.store.entry import find_fault, pack, unpack
from mmra_api.errors import StoreError
from mmra_api.types import Reply


@dataclass
class Memory:
    """What lasts: the place of a folder. Whoever opens a backend on the same one meets the others there."""

    rows: dict[str, bytes] = field(default_factory=dict)
    aside: list[Reply] = field(default_factory=list)
    hits: dict[Asked, Hits] = field(default_factory=dict)
    read_only: bool = False
    leases: dict[str, int] = field(default_factory=dict)
    owners: set[int] = field(default_factory=set)
    free: defaultdict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    numbers: itertools.count[int] = field(default_factory=itertools.count)


class MemoryStore(Store):
    """Stored calls, packed as on disk, so that a test can damage one."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._damaged: set[str] = set()

    @property
    def place(self) -> str:
        return "memory"

    @property
    def damaged(self) -> AbstractSet[str]:
        return self._damaged

    async def get(self, key: str) -> Entry | None:
        if key not in self._memory.rows:
            return None
        try:
            return unpack(self._memory.rows[key])
        except ValueError:
            self._damaged.add(key)
            return None

    async def put(self, key: str, entry: Entry) -> None:
        await self.check_writable()
        self._memory.rows[key] = pack(entry)

    async def add(self, entries: Iterable[tuple[str, Entry]]) -> list[Added]:
        await self.check_writable()
        added, rows = list[Added](), dict[str, bytes]()
        for key, entry in entries:
            known = unpack(rows[key]) if key in rows else await self.get(key)
            if known is None:
                rows[key] = pack(entry)
            added.append("new" if known is None else "known" if known.reply == entry.reply else "other")
        self._memory.rows |= rows
        return added

    async def remove(self, keys: Iterable[str]) -> int:
        await self.check_writable()
        return sum(self._memory.rows.pop(key, None) is not None for key in keys)

    async def set_aside(self, key: str, reply: Reply) -> str:
        self._memory.aside.append(reply)
        return f"memory, number {len(self._memory.aside)}"

    async def check_writable(self) -> None:
        if self._memory.read_only:
            raise StoreError("the memory is read-only")

    async def find_row(self, key: str) -> StoredRow | None:
        return self._inspect(key) if key in self._memory.rows else None

    def _inspect(self, key: str) -> StoredRow:
        value = self._memory.rows[key]
        try:
            entry = unpack(value)
        except ValueError as error:
            return StoredRow(key=key, fault=str(error), size=len(value))
        fault = find_fault(key, entry)
        return StoredRow(key=key, entry=None if fault else entry, fault=fault, size=len(value))

    async def rows(self) -> AsyncIterator[StoredRow]:
        for key in list(self._memory.rows):
            if key in self._memory.rows:
                yield self._inspect(key)

    async def find_keys(self, prefix: str = "", *, limit: int) -> list[str]:
        return list(itertools.islice((key for key in self._memory.rows if key.startswith(prefix)), limit))

    async def check_integrity(self) -> list[str]:
        return []

    async def measure(self) -> int:
        return sum(map(len, self._memory.rows.values()))

    async def note_hits(self, hits: Mapping[Asked, Hits]) -> None:
        for asked, counts in hits.items():
            self._memory.hits[asked] = self._memory.hits.get(asked, Hits()).plus(counts)

    async def read_hits(self) -> dict[Asked, Hits]:
        return dict(self._memory.hits)

    async def close(self) -> None:
        pass


class MemoryCoordination(Coordination):
    """One owner among those of a memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.owner = next(memory.numbers)
        memory.owners.add(self.owner)

    async def beat(self) -> None:
        if self.owner not in self._memory.owners:
            raise OwnerLost("this owner was forgotten")

    async def take(self, key: str) -> bool:
        if await self.find_held([key]):
            return False
        self._memory.leases[key] = self.owner
        return True

    async def release(self, key: str) -> None:
        if self._memory.leases.get(key) == self.owner:
            del self._memory.leases[key]

    async def find_held(self, keys: Iterable[str]) -> set[str]:
        leases, owners = self._memory.leases, self._memory.owners - {self.owner}
        return {key for key in keys if leases.get(key) in owners}

    async def charge(self, scope: str, charges: Iterable[Charge]) -> float:
        wait, moments = token_buckets.charge(self._memory.free[scope], charges, time.time())
        self._memory.free[scope] |= moments
        return wait

    async def correct(self, scope: str, charges: Iterable[Charge]) -> None:
        self._memory.free[scope] |= token_buckets.correct(self._memory.free[scope], charges, time.time())

    async def pause(self, scope: str, seconds: float) -> None:
        self._memory.free[scope] |= token_buckets.pause(self._memory.free[scope], seconds, time.time())

    async def close(self) -> None:
        self._memory.owners.discard(self.owner)
