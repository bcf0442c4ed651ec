"""The exit codes of every command."""

from __future__ import annotations

DONE = 0
INCOMPLETE = 1
BAD_INPUT = 2  # as click itself ends for a wrong flag
OVER_BUDGET = 3
INTERRUPTED = 130
"""As shells report a process that SIGINT ended (128 + 2), so that scripts can tell it from a failure."""

# The line with \b alone keeps click from joining the lines that follow.
HELP = f"""\b
Exit codes:
  {DONE}    done
  {INCOMPLETE}    done, but some samples failed or are missing
  {BAD_INPUT}    bad input, or an error that ends a run
  {OVER_BUDGET}    the budget is reached; the same command again may spend as much again
  {INTERRUPTED}  interrupted; run the same command again to continue
"""
