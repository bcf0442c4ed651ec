"""When a call may start. ``queue`` holds the calls that wait; ``stated`` charges the limits that the user or the
service stated, ``adaptive`` learns how fast a service lets itself be asked where nobody did.
"""

from mmra_api.dispatch.limits.queue import CEILING, CallQueue, Slot
from mmra_api.dispatch.limits.stated import MARGIN, SharedBuckets

__all__ = ["CEILING", "MARGIN", "CallQueue", "SharedBuckets", "Slot"]
