"""What --report costs: peak memory, CPU time and the size of the page, beside the same run without it.

`python tests/bench/page.py [MB]`: a file of so many MB (20) of the seeds, two damaged ones among fifty sound ones.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "seeds"
SOUND = 16  # copies of each of the three sound seeds to one of each damaged one


def main(size: int) -> None:
    """Print a table of two rows."""
    texts = [path.read_bytes() for path in sorted(SEEDS.glob("*.txt"))]
    round_ = b"\n".join([*texts[:2], *texts[2:] * SOUND]) + b"\n"
    with tempfile.TemporaryDirectory() as folder:
        path, page = Path(folder, "text.txt"), Path(folder, "page.html")
        path.write_bytes(round_ * (size * 1_000_000 // len(round_) + 1))
        print(
            f"{path.stat().st_size / 1e6:.0f} MB, --to hans\n\n| run | memory, MB | CPU, s | page, MB |"
        )
        print("|---|---|---|---|")
        for name, flags in (("without", []), ("with --report", ["--report", str(page)])):
            memory, time = run(["--to", "hans", *flags, str(path)])
            made = f"{page.stat().st_size / 1e6:.1f}" if page.exists() else "–"
            print(f"| {name} | {memory:.0f} | {time:.1f} | {made} |", flush=True)


def run(args: list[str]) -> tuple[float, float]:
    """Peak memory in MB and CPU seconds of one run of the command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = (
        "import resource, sys; from zhfix.cli import main; main(sys.argv[1:]);"
        "sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    time = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return int(done.stderr) / 1000, time


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
