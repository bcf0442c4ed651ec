"""What a run is doing at the moment → the terminal, a log, or a program.

``snapshot`` is a run at one moment and how it is described; ``displays`` the forms in which it is shown.
"""

from mmra_api.cli.progress.displays import Display, Form, JsonLines, Live, Quiet, open_display
from mmra_api.cli.progress.snapshot import Snapshot, Speed

__all__ = ["Display", "Form", "JsonLines", "Live", "Quiet", "Snapshot", "Speed", "open_display"]
