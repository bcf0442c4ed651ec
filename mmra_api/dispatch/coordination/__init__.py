"""What the processes that share a store agree on: who calls for which key, and when the next call may start.

``protocol`` says what a backend is; ``local`` is the one for the processes of one machine, on the ``database`` in the
cache folder, with its ``token_buckets``. ``leases`` waits for others and keeps the heartbeat.
"""

from __future__ import annotations

from pathlib import Path

from mmra_api.dispatch.coordination.leases import Leases
from mmra_api.dispatch.coordination.local import LocalCoordination
from mmra_api.dispatch.coordination.protocol import Coordination
from mmra_api.dispatch.coordination.token_buckets import Charge
from mmra_api.dispatch.store import find_folder


def open_coordination(chosen: Path | None = None) -> Coordination:
    """Return the coordination beside the store that ``--cache`` or the environment name."""
    return LocalCoordination(find_folder(chosen))


__all__ = ["Charge", "Coordination", "Leases", "open_coordination"]
