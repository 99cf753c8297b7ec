"""What starting costs, in milliseconds over bare Python: `python tests/bench/start.py` (budgets: DESIGN.md, 30 and
60 ms; of a line through the filter, 90 ms and less than ftfy's command).

Medians of 21 runs, one after the other, and the least time and processor time of them, which other jobs disturb less. Give
words of the names to print those rows alone. Compiled modules must be there, as an installation leaves them: with
PYTHONDONTWRITEBYTECODE set, all is compiled again in every run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress

RUNS = 21
_CLEAN = "今天天气很好，我们去公园玩，头发长了。"
_FTFY = ["-c", "import sys, ftfy.cli; sys.argv = ['ftfy', '-']; ftfy.cli.main()"]
# both as their console scripts start them
_FILTER = ["-c", "import sys; from zhfix.cli import run; sys.exit(run())", "--no-config"]
# name: what Python is told, and the line that goes down its pipe
ROWS: dict[str, tuple[list[str], str]] = {
    "import json": (["-c", "import json"], ""),
    "import zhfix": (["-c", "import zhfix"], ""),
    "zhfix --version": (["-m", "zhfix", "--version"], ""),
    "zhfix.fix('區(qū)')": (["-c", "import zhfix; zhfix.fix('區(qū)')"], ""),
    "zhfix.fix('头发', 'hant')": (["-c", "import zhfix; zhfix.fix('头发', 'hant')"], ""),
    "import ftfy": (["-c", "import ftfy"], ""),
    "clean line, ftfy's command": (_FTFY, _CLEAN),
    "clean line, hans": (_FILTER, _CLEAN),
    "clean line, hant": (_FILTER, "今天天氣很好，我們去公園玩，頭髮長了。"),
    "glossed line": (_FILTER, "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會"),
    "glossed line to hans": (
        [*_FILTER, "--to", "hans"],
        "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會",
    ),
    "shifted line": (_FILTER, "人們?nèi)绾闻c世界相處，這是個問題。"),
    "mojibake line": (_FILTER, _CLEAN.encode().decode("latin-1")),
    "mixed line": (_FILTER, "我們昨天去圖書館看书，發現那裡關門了。"),
    "hans line to hant": ([*_FILTER, "--to", "hant"], _CLEAN),
    "hant line to hans": ([*_FILTER, "--to", "hans"], "今天天氣很好，我們去公園玩，頭髮長了。"),
}


def main() -> int:
    """Print the table."""
    bare = _taken(["-c", "pass"], "")
    print(
        f"bare Python\t{bare[0]:.0f} ms\tleast {bare[1]:.0f} ms\t{bare[2]:.0f} ms of processor time"
    )
    asked = sys.argv[1:]
    for name, (args, line) in ROWS.items():
        if asked and not any(word in name for word in asked):
            continue
        median, least, cpu = (a - b for a, b in zip(_taken(args, line), bare, strict=True))
        print(
            f"{name}\t{median:+.0f} ms\tleast {least:+.0f} ms\t{cpu:+.0f} ms of processor time",
            flush=True,
        )
    return 0


def _taken(args: list[str], line: str) -> tuple[float, float, float]:
    """Median and least time and least processor time of a run, in milliseconds."""
    walls, cpus = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        run = subprocess.Popen(
            [sys.executable, *args], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        assert run.stdin
        with suppress(BrokenPipeError):
            run.stdin.write(f"{line}\n".encode())
        with suppress(BrokenPipeError):
            run.stdin.close()
        _, code, usage = os.wait4(run.pid, 0)
        run.returncode = code
        assert code == 0
        walls.append(1000 * (time.perf_counter() - start))
        cpus.append(1000 * (usage.ru_utime + usage.ru_stime))
    return sorted(walls)[RUNS // 2], min(walls), min(cpus)


if __name__ == "__main__":
    sys.exit(main())
