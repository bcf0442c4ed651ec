"""What the processes of one cache folder agree on: who calls for which key, and when the next call may start.

``leases`` waits for others, ``sqlite`` is the database they share, ``token_buckets`` its rate limits.
"""

from mmra_api.dispatch.coordination.leases import Leases
from mmra_api.dispatch.coordination.sqlite import Consult, Shared, look_at_leases
from mmra_api.dispatch.coordination.token_buckets import Charge

__all__ = ["Charge", "Consult", "Leases", "Shared", "look_at_leases"]
