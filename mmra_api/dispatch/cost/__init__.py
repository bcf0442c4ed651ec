"""What calls may take and did take: ``budget``, ``prices``, and an ``estimator`` of tokens."""

from mmra_api.dispatch.cost.budget import Budget, Reservation
from mmra_api.dispatch.cost.estimator import UNBOUNDED_OUTPUT, Estimator, Guess
from mmra_api.dispatch.cost.prices import Price, find_price

__all__ = ["UNBOUNDED_OUTPUT", "Budget", "Estimator", "Guess", "Price", "Reservation", "find_price"]
