"""Pure functions on numbers: credits → an interval for their mean; two readers' values → how far they agree.

Open ``intervals`` for what an error bar is and where its formula comes from, ``agreement`` for Cohen's kappa. A new
statistic is a file here and a name below. Nothing here knows records, runs or settings: what goes in are sequences
of numbers or labels, one for each sample, and what comes out are fractions between 0 and 1.
"""

from mmra_api.statistics.agreement import cohen_kappa
from mmra_api.statistics.intervals import mean_interval, wilson

__all__ = ["cohen_kappa", "mean_interval", "wilson"]
