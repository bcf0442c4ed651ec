"""What the processes that share a store agree on: who calls for which key, and when the next call may start.

In go keys and charges, out comes whether to call now. ``protocol`` says what every backend promises, ``local`` is the
backend for the processes of one folder (``database`` is its file), ``leases`` waits for others in a dispatcher's place,
``heartbeat`` shows them that this session lives, ``token_buckets`` is the arithmetic of the shared rate limits.
"""

from mmra_api.dispatch.coordination.heartbeat import Heartbeat
from mmra_api.dispatch.coordination.leases import Leases
from mmra_api.dispatch.coordination.local import LocalCoordination, open_coordination
from mmra_api.dispatch.coordination.protocol import BEAT, EXPIRY, Coordination, OwnerLost
from mmra_api.dispatch.coordination.token_buckets import Charge

__all__ = [
    "BEAT",
    "EXPIRY",
    "Charge",
    "Coordination",
    "Heartbeat",
    "Leases",
    "LocalCoordination",
    "OwnerLost",
    "open_coordination",
]
