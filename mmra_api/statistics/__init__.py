"""Pure functions on numbers: intervals, agreement."""

from mmra_api.statistics.intervals import wilson

__all__ = ["wilson"]
