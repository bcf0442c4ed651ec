"""``python -m mmra_api`` is ``mmra``."""

from mmra_api.cli import main

# Without `if __name__ == "__main__"`: this module has no other use.
main()
