"""What every coordination is: what the processes that share a store agree on.

Who calls for which key (leases), and when the next call to a model may start (token buckets, pauses). It holds no
reply. A lease belongs to an owner, one per Coordination; an owner that no longer lives loses its leases to whoever
asks. ``tests/dispatch/test_coordination_conformance.py`` holds every promise made here against every backend.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Protocol, Self

from mmra_api.dispatch.coordination.token_buckets import Charge
from mmra_api.errors import StoreError

BEAT = 5.0
"""Seconds between two heartbeats of an owner."""
EXPIRY = 60.0
"""Seconds for which a heartbeat is seen to stand still after which its owner counts as gone."""


class OwnerLost(StoreError):
    """Others no longer see this owner and would make its calls again: it must send nothing more."""


class Coordination(Protocol):
    """Leases and shared rate limits: an async context manager, which closes itself.

    Every method raises StoreError where it cannot be used. Opening one makes and opens nothing. What was begun is
    finished, although the task that awaits it is cancelled: a lease that is given back is free.
    """

    async def beat(self) -> None:
        """Say that this owner lives. Raises OwnerLost where others no longer see this owner."""
        ...

    async def take(self, key: str) -> bool:
        """Take the lease of a key, or keep it; False while another owner that lives has it."""
        ...

    async def release(self, key: str) -> None:
        """Give the lease of a key back; the lease of another owner stays."""
        ...

    async def find_held(self, keys: Iterable[str]) -> set[str]:
        """Return those of the keys whose lease another owner has who lives. Makes nothing where nobody calls yet."""
        ...

    async def charge(self, scope: str, charges: Iterable[Charge]) -> float:
        """Charge all buckets of a scope for a call that starts now, and return 0.0.

        Or charge nothing, and return the seconds until it may start. Without charges it tells whether there is a pause.
        """
        ...

    async def correct(self, scope: str, charges: Iterable[Charge]) -> None:
        """Add to what was charged, or give back where the amount is negative: a call took other than was expected."""
        ...

    async def pause(self, scope: str, seconds: float) -> None:
        """Let nobody call a scope for a while; a longer pause that is set already stays."""
        ...

    async def close(self) -> None:
        """Give back every lease of this owner, after everything that was begun. Closing twice does no harm."""
        ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
