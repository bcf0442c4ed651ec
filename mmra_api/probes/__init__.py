"""Drawn image pairs with known answers, for all subtasks of MMRA.

``drawing`` is the way in: a seed and a count → rows. ``plan`` decides what is asked and shown, ``scenes`` and
``vocabulary`` what there is to show, ``art/`` draws it, ``export`` writes a data set.
"""

from mmra_api.probes.drawing import draw
from mmra_api.probes.export import write_parquet
from mmra_api.probes.plan import VERSION, plan_rows

__all__ = ["VERSION", "draw", "plan_rows", "write_parquet"]
