"""What starting costs, in milliseconds over bare Python: `python tests/bench/start.py` (budgets: DESIGN.md, 30 and 60 ms).

Medians of 21 runs, one after the other; on a loaded machine compare the rows with each other and with `import json`.
"""

from __future__ import annotations

import subprocess
import sys
import time

RUNS = 21
ROWS = {
    "import json": ["-c", "import json"],
    "import zhfix": ["-c", "import zhfix"],
    "zhfix --version": ["-m", "zhfix", "--version"],
    "zhfix.fix('區(qū)')": ["-c", "import zhfix; zhfix.fix('區(qū)')"],
    "zhfix.fix('头发', 'hant')": ["-c", "import zhfix; zhfix.fix('头发', 'hant')"],
    "import ftfy": ["-c", "import ftfy"],
}


def main() -> int:
    """Print the table."""
    bare = _median(["-c", "pass"])
    print(f"bare Python\t{bare:.0f} ms")
    for name, args in ROWS.items():
        print(f"{name}\t{_median(args) - bare:+.0f} ms")
    return 0


def _median(args: list[str]) -> float:
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *args], stdout=subprocess.DEVNULL, check=True)
        taken.append(1000 * (time.perf_counter() - start))
    return sorted(taken)[RUNS // 2]


if __name__ == "__main__":
    sys.exit(main())
