"""What sound text costs: fix, explain, detect and fix_many on text with nothing to repair, each beside a peer.

    python tests/bench/clean.py [numpy] [--size MB] [FILE ...]

`numpy` loads numpy first, as a crawl does. Texts are the lines of the development pairs, or the FILEs
named, each half of a text read once to warm the tables up and the other half timed, so that no cache has
seen it. Processor time; a ratio is the peer's time over ours.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # run as a script: texts.py stands beside it

from texts import running

import zhfix

Run = Callable[[str], object]


def spent(run: Run, text: str) -> float:
    """Processor seconds of `run`."""
    start = time.process_time()
    run(text)
    return time.process_time() - start


def peers() -> dict[str, Run]:
    """What else looks at every character of a text."""
    found: dict[str, Run] = {"str.count": lambda text: text.count("(")}
    for name, function in (("hanzidentifier", "identify"), ("ftfy", "fix_text")):
        try:
            found[name] = getattr(importlib.import_module(name), function)
        except ImportError:
            sys.stderr.write(f"{name} is not installed, left out\n")
    return found


def many(run: Callable[[list[str | None]], object]) -> Run:
    """`run` on a text in strings of 30 characters."""
    return lambda text: run([text[i : i + 30] for i in range(0, len(text), 30)])


def main(argv: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", nargs="?", choices=["numpy", "plain"], default="plain")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--size", type=float, default=3.0, help="megabytes of a text")
    args = parser.parse_args(argv)
    if args.mode == "numpy":
        importlib.import_module("numpy")
    n_bytes = int(args.size * 2_000_000)
    texts = {path.name: path.read_text(encoding="utf-8") for path in args.files}
    if not texts:
        hans, hant = running(n_bytes)
        texts = {"hans": hans, "hant": hant}
    fixers = {to: zhfix.Fixer(to) for to in ("auto", "hans", "hant")}
    runs: dict[str, Run] = {f"fix {to}": fixer.fix for to, fixer in fixers.items()}
    runs |= {"explain auto": fixers["auto"].explain, "detect": zhfix.detect}
    runs["fix_many auto"] = many(fixers["auto"].fix_many)
    others = peers()
    print("| text | call | MB/s | " + " | ".join(f"to {name}" for name in others) + " |")
    print("|---|---|---|" + "---|" * len(others))
    for name, text in texts.items():
        half = len(text) // 2
        warm, parts = text[:half], [text[half + i :] for i in range(3)]
        size = len(parts[0].encode()) / 1e6
        theirs = {peer: min(spent(run, part) for part in parts) for peer, run in others.items()}
        for call, run in runs.items():
            run(warm)
            best = spent(run, parts[0])  # once: a second time the caches would know the text
            ratios = " | ".join(f"{theirs[peer] / best:.2f}x" for peer in others)
            print(f"| {name} | {call} | {size / best:.1f} | {ratios} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
