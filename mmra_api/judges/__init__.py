"""Models that help to measure: a record in, the record with what the helper says out.

``helper`` is what all roles share: how a helper is found, checked and connected to the run's session. ``reader``
reads the replies that no rule could.
"""

from mmra_api.judges.helper import HelperPlan, require_price
from mmra_api.judges.reader import Reader, describe_reader

__all__ = ["HelperPlan", "Reader", "describe_reader", "require_price"]
