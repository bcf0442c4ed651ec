"""What calls may take and did take: ``budget``, ``prices``, and an ``estimator`` of tokens."""

from mmra_api.dispatch.cost.budget import Budget, Reservation
from mmra_api.dispatch.cost.estimator import UNBOUNDED_OUTPUT, Estimator, TokenEstimate
from mmra_api.dispatch.cost.prices import FREE, Price, find_price

__all__ = ["FREE", "UNBOUNDED_OUTPUT", "Budget", "Estimator", "Price", "Reservation", "TokenEstimate", "find_price"]
