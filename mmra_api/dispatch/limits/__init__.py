"""When a call may start. ``queue`` holds the calls that wait; ``adaptive`` learns how fast a service lets itself be
asked.
"""

from mmra_api.dispatch.limits.queue import CEILING, MARGIN, CallQueue, Slot

__all__ = ["CEILING", "MARGIN", "CallQueue", "Slot"]
