"""A service whose limits the client does not know: 300 requests a minute and 60 at once. How much of that is used?

    python bench/unknown_limits.py [VARIANT ...]      default: all four, about 100 s each

Variants: ``told`` (a 429 says how long to wait), ``untold`` (it does not), ``rpm`` (the client is started with
``--rpm 300``), ``headers`` (every reply tells the limits). Otherwise the client's flags are its defaults. The sandbox
enforces its limit by the second, as services do: five calls may come together, then five more a second.

The last second with calls is left out of the shares: it is not a whole one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from published import make_questions, table

from mmra_api.sandbox import Counters, Sandbox

RPM, AT_ONCE = 300, 60
SAMPLES = 450
"""A minute and a half at the full limit."""
LATENCY = 0.3
"""Seconds."""
START = 20
"""Seconds that the client is given to find out."""
LONGEST = 600.0
"""Seconds after which a run is ended: it has not found its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How the sandbox speaks, and what the client is told."""

    sandbox: Mapping[str, Any]
    flags: tuple[str, ...] = ()


VARIANTS = {
    "told": Variant(sandbox={}),
    "untold": Variant(sandbox={"retry_after": False}),
    "rpm": Variant(sandbox={}, flags=("--rpm", str(RPM))),
    "headers": Variant(sandbox={"rate_headers": True}),
}


def main() -> None:
    """Run every variant and print a line for each."""
    names = sys.argv[1:] or list(VARIANTS)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        own = make_questions(Path(folder) / "own", SAMPLES)
        rows = [[name, *try_variant(VARIANTS[name], own, Path(folder) / name)] for name in names]
    late = f"after {START} s"
    titles = [
        "",
        "exit",
        "seconds",
        "calls",
        f"429 in first {START} s",
        f"429 {late}",
        f"limit used {late}",
        "whole run",
    ]
    table(titles, rows)


def try_variant(variant: Variant, own: Path, folder: Path) -> list[str]:
    """Return the figures of one run."""
    command = [sys.executable, "-m", "mmra_api", "run", str(own), "--model", "openai/bench", "--quiet"]
    command += ["--cache", str(folder / "cache"), "--runs", str(folder / "runs"), *variant.flags]
    with Sandbox(rpm=RPM, at_once=AT_ONCE, latency=LATENCY, **variant.sandbox) as sandbox:
        begun = time.monotonic()
        code = run([*command, "--base-url", sandbox.base_url])
        return [code, f"{time.monotonic() - begun:.0f}", *describe(sandbox.counters)]


def run(command: list[str]) -> str:
    """Run a command quietly; returns its exit code, or that it took too long."""
    try:
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return "too long"
    return str(done.returncode)


def describe(counters: Counters) -> list[str]:
    """Return calls, 429s in the first seconds, the share of 429s after them, and the shares of the limit used."""
    seconds = counters.by_second
    last = max(seconds, default=0)
    early = sum(refused for second, (_, refused) in seconds.items() if second < START)
    return [
        str(counters.calls),
        str(early),
        show_refused(seconds, START, last),
        show_used(seconds, START, last),
        show_used(seconds, 0, last),
    ]


def show_refused(seconds: Mapping[int, tuple[int, int]], begin: int, end: int) -> str:
    """Return the share of 429s among the calls from one second until before another."""
    span = [counts for second, counts in seconds.items() if begin <= second < end]
    calls = sum(map(sum, span))
    return f"{sum(refused for _, refused in span) / calls:.1%}" if calls else "–"


def show_used(seconds: Mapping[int, tuple[int, int]], begin: int, end: int) -> str:
    """Return the share of the allowed calls that were made."""
    admitted = sum(admitted for second, (admitted, _) in seconds.items() if begin <= second < end)
    return f"{admitted / ((end - begin) * RPM / 60):.1%}" if end > begin else "–"


if __name__ == "__main__":
    main()
