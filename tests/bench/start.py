"""What starting costs, in milliseconds over bare Python: `python tests/bench/start.py` (budgets: DESIGN.md, 30 and
60 ms; of a line through the filter, 90 ms and less than ftfy's command).

Medians of 21 runs, one after the other, and the least processor time of them, which other jobs disturb less.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress

RUNS = 21
ROWS = {
    "import json": ["-c", "import json"],
    "import zhfix": ["-c", "import zhfix"],
    "zhfix --version": ["-m", "zhfix", "--version"],
    "zhfix.fix('區(qū)')": ["-c", "import zhfix; zhfix.fix('區(qū)')"],
    "zhfix.fix('头发', 'hant')": ["-c", "import zhfix; zhfix.fix('头发', 'hant')"],
    "one clean line through zhfix": ["-m", "zhfix", "--no-config"],
    "import ftfy": ["-c", "import ftfy"],
    "one clean line through ftfy": [
        "-c",
        "import sys, ftfy.cli; sys.argv = ['ftfy', '-']; ftfy.cli.main()",
    ],
}


def main() -> int:
    """Print the table."""
    bare = _taken(["-c", "pass"])
    print(f"bare Python\t{bare[0]:.0f} ms\t{bare[1]:.0f} ms of processor time")
    for name, args in ROWS.items():
        wall, cpu = _taken(args)
        print(f"{name}\t{wall - bare[0]:+.0f} ms\t{cpu - bare[1]:+.0f} ms of processor time")
    return 0


def _taken(args: list[str]) -> tuple[float, float]:
    """Median time and least processor time of a run, in milliseconds."""
    walls, cpus = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        run = subprocess.Popen(
            [sys.executable, *args], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        assert run.stdin
        with suppress(BrokenPipeError):
            run.stdin.write("今天天气很好\n".encode())
        with suppress(BrokenPipeError):
            run.stdin.close()
        _, code, usage = os.wait4(run.pid, 0)
        run.returncode = code
        assert code == 0
        walls.append(1000 * (time.perf_counter() - start))
        cpus.append(1000 * (usage.ru_utime + usage.ru_stime))
    return sorted(walls)[RUNS // 2], min(cpus)


if __name__ == "__main__":
    sys.exit(main())
