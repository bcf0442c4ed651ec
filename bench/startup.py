"""Start-up: `mmra --help` and `import mmra_api`, beside the floors of Python and click in the same run. Medians."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from published import table

ROUNDS = 15
COMMANDS = {
    "python -c pass (floor)": ["-c", "pass"],
    "import click (floor)": ["-c", "import click"],
    "import mmra_api": ["-c", "import mmra_api"],
    "mmra --help": ["-m", "mmra_api", "--help"],
    "mmra run --help": ["-m", "mmra_api", "run", "--help"],
    "mmra runs": ["-m", "mmra_api", "runs"],
}


def main() -> None:
    """Measure in turns, so that a noisy moment meets all alike."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, arguments in COMMANDS.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
            times[name].append(time.perf_counter() - begun)
    rows = [[name, f"{statistics.median(each) * 1000:.0f}", f"{min(each) * 1000:.0f}"] for name, each in times.items()]
    table(["", "median ms", "best ms"], rows)


if __name__ == "__main__":
    main()
