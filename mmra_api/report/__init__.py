"""Records → Summary → tables: ``aggregate`` counts once, ``terminal`` and ``tables`` show what was counted."""

from mmra_api.report.aggregate import summarise
from mmra_api.report.summary import Cell, Summary

__all__ = ["Cell", "Summary", "summarise"]
