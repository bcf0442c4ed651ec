"""A scene → an encoded picture. ``paint`` is the way in; the other modules hold what can be drawn."""

from mmra_api.probes.art.paint import render

__all__ = ["render"]
