"""``python -m mmra_api`` is ``mmra``."""

from mmra_api.cli import main

main()
