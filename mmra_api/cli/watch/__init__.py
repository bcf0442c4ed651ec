"""A Job → its run, watched on the terminal.

``watch`` follows the run, ``counts`` what became of its records, ``ending`` has the words at its end, ``signals`` is
Ctrl-C. How a run looks while it lasts is in ``cli/progress/``.
"""

from mmra_api.cli.watch.signals import GentleStop
from mmra_api.cli.watch.watch import Watch, run_watched

__all__ = ["GentleStop", "Watch", "run_watched"]
