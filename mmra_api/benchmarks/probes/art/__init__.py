"""Everything that draws: the only part of the probes that imports Pillow."""
