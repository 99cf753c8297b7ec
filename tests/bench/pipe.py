"""The filter as a pipe: memory on a long stream and on one long line, speed beside cat and OpenCC's C++ command.

`python tests/bench/pipe.py memory speed --size 200` (megabytes); `tables` prints the memory for each kind of
text and target. `--opencc PATH` names OpenCC's own binary, which its pip package keeps in `opencc/clib/bin`. Speeds are ratios of processor time, user and system, best of the rounds of one run; for -j 2
the ratio is of elapsed time, and means something only on two idle cores.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from kinds import ROWS, clean_text

ROUNDS = 2
ZHFIX = [sys.executable, "-m", "zhfix", "--no-config"]


class Used(NamedTuple):
    """What a command took: seconds of processor and of time, megabytes of memory at most."""

    cpu: float
    wall: float
    memory: float


def fed(command: list[str], parts: Iterator[bytes]) -> subprocess.Popen[bytes]:
    """A command with `parts` coming down its pipe, its output thrown away."""
    run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    pipe = run.stdin
    assert pipe

    def feed() -> None:
        for part in parts:
            pipe.write(part)
        pipe.close()

    threading.Thread(target=feed).start()
    return run


def used(command: list[str], source: Path) -> Used:
    """What a command takes on a file as its standard input."""
    start = time.perf_counter()
    with source.open("rb") as file:
        run = subprocess.Popen(command, stdin=file, stdout=subprocess.DEVNULL)
        _, _, usage = os.wait4(run.pid, 0)
        run.returncode = 0
    return Used(
        usage.ru_utime + usage.ru_stime, time.perf_counter() - start, usage.ru_maxrss / 1024
    )


def at_once(path: Path) -> float:
    """Seconds until two commands that know nothing of each other have read a half of a file each."""
    data = path.read_bytes()
    middle = data.index(b"\n", len(data) // 2) + 1
    parts = [path.with_name("first"), path.with_name("second")]
    for part, half in zip(parts, (data[:middle], data[middle:]), strict=True):
        part.write_bytes(half)
    start = time.perf_counter()
    threads = [threading.Thread(target=used, args=(ZHFIX, part)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def peak(pid: int) -> float:
    """The most memory a running process has had so far, in megabytes."""
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) / 1024 for row in rows if row.startswith("VmHWM"))


def memory(text: str, size: int) -> None:
    """Peaks while `size` megabytes pass."""
    line = text.replace("\n", "")
    for name, part in (("stream of lines", text), ("one line", line)):
        _row(f"memory, {name}", ZHFIX, part, size)


def tables(size: int) -> None:
    """Peaks for each kind of text, which load different tables."""
    maker = Path(__file__).with_name("kinds.py")
    with tempfile.TemporaryDirectory() as folder:
        # made elsewhere: a child's peak is never below what this process held when it began
        subprocess.run([sys.executable, maker, folder, str(min(size, 4) * 1_000_000)], check=True)
        for name, to in ROWS:
            text = (Path(folder) / name).read_text("utf-8", "surrogatepass")
            _row(f"memory, {name}, --to {to}", [*ZHFIX, "--to", to], text, size)


def _row(name: str, command: list[str], text: str, size: int) -> None:
    """The peak of a command while a text passes again and again."""
    part = text.encode("utf-8", "surrogatepass")
    n_parts = max(size * 1_000_000 // len(part), 1)
    started: list[int] = []
    peaks: list[float] = []
    run = fed(command, _watched(part, n_parts, started, peaks))
    started.append(run.pid)
    _, _, usage = os.wait4(run.pid, 0)
    run.returncode = 0
    seen = ", ".join(f"{peak:.0f}" for peak in peaks)
    n = n_parts * len(part) / 1e6
    print(
        f"{name} of {n:.0f} MB\tpeak {usage.ru_maxrss / 1024:.0f} MB ({seen} on the way)",
        flush=True,
    )


def _watched(part: bytes, n: int, started: list[int], peaks: list[float]) -> Iterator[bytes]:
    """`part` n times over; notes the peak of the process at a tenth, a half and nine tenths."""
    for i in range(n):
        if started and i in (n // 10, n // 2, 9 * n // 10):
            peaks.append(peak(started[0]))
        yield part


def speed(text: str, size: int, opencc: str) -> None:
    """Clean text through each command, one after the other, `ROUNDS` times."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clean.txt"
        data = text.encode()
        with path.open("wb") as file:
            for _ in range(size * 1_000_000 // len(data) + 1):
                file.write(data)
        commands = {
            "cat": ["cat"],
            "zhfix": ZHFIX,
            "zhfix -j 2": [*ZHFIX, "-j", "2"],
        }
        if opencc:
            data_folder = Path(opencc).resolve().parents[1] / "share/opencc"
            commands |= {
                f"opencc {name}": [opencc, "-c", str(data_folder / f"{name}.json")]
                for name in ("s2t", "t2s")
            }
        best: dict[str, Used] = {}
        halves: list[float] = []
        for _ in range(ROUNDS):
            for name, command in commands.items():
                took = used(command, path)
                best[name] = Used(*map(min, took, best.get(name, took)))
            halves.append(at_once(path))
        n = path.stat().st_size / 1e6
    for name, took in best.items():
        print(
            f"{name}\t{n / took.cpu:.0f} MB/s of processor time\t{took.wall:.1f} s\tpeak {took.memory:.0f} MB"
            f"\tprocessor time {took.cpu / best['zhfix'].cpu:.2f} of zhfix's"
        )
    one, two = best["zhfix"], best["zhfix -j 2"]
    print(
        f"two commands with half of it each, at once\t{one.wall / min(halves):.2f}x in elapsed time: what this machine has to give"
    )
    print(
        f"-j 2 against -j 1\t{one.wall / two.wall:.2f}x in elapsed time here; its processor time on two idle cores: {2 * one.cpu / two.cpu:.2f}x"
    )


def main() -> int:
    """Print what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="*", default=["memory", "speed"])
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--opencc", default="")
    parser.add_argument(
        "--text", type=Path, help="a file to repeat, instead of the clean development lines"
    )
    args = parser.parse_args()
    text = args.text.read_bytes().decode() if args.text else clean_text()
    jobs: dict[str, Callable[[], None]] = {
        "memory": lambda: memory(text, args.size),
        "tables": lambda: tables(args.size),
        "speed": lambda: speed(text, args.size, args.opencc),
    }
    for what in args.what:
        jobs[what]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
