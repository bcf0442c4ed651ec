"""Things that show what they are made of: a pen, a material's paint and its tint in, a drawing out.

Every shape is one that is really made of its material, drawn large and plain so that the surface is what one sees.
"""

from __future__ import annotations

from collections.abc import Callable

from mmra_api.probes.art.canvas import Paint, Pen
from mmra_api.probes.art.made_hard import (
    amphora,
    barrel,
    bowl,
    cairn,
    column,
    crate,
    flower_pot,
    gear,
    kettle,
    rock,
    table,
    tin,
)
from mmra_api.probes.art.made_light import flask, goblet, jar, jumper, newspaper, paper_boat, plane, sock, woolly_hat
from mmra_api.probes.art.palette import Rgb

# Paint and tint: the paint fills the surface, the tint colours edges that a tile cannot.
Maker = Callable[[Pen, Paint, Rgb], None]
MADE: dict[str, dict[str, Maker]] = {
    "wood": {"crate": crate, "table": table, "barrel": barrel},
    "metal": {"tin": tin, "kettle": kettle, "gear": gear},
    "glass": {"jar": jar, "goblet": goblet, "flask": flask},
    "fabric": {"jumper": jumper, "sock": sock, "woolly hat": woolly_hat},
    "stone": {"rock": rock, "cairn": cairn, "column": column},
    "paper": {"newspaper": newspaper, "paper dart": plane, "paper boat": paper_boat},
    "clay": {"flower pot": flower_pot, "amphora": amphora, "bowl": bowl},
}
"""By material, then by name."""
