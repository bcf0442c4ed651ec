"""Models that help to measure. ``reader`` reads the replies that no rule could."""

from mmra_api.judges.reader import Judge, JudgePlan, require_price

__all__ = ["Judge", "JudgePlan", "require_price"]
