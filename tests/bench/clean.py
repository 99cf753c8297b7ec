"""What sound text costs: detect and fix on Simplified and Traditional text, with numpy and without, beside peers in one run.

    python tests/bench/clean.py [numpy] [plain] [--size MB] [FILE ...]

Texts are the lines of the development pairs, or the FILEs named: half of a text is read once to warm the tables up, the other
half is timed in three parts, so that no memory has seen them, each part beside the peers on the same part. Processor time; MB/s is
the best part's, a ratio is ours over the peer's in the median part. Without a mode both run, each in a process of its own.

Peers: hanzidentifier tells the script; OpenCC's C++ package converts (t2s, s2t), which on text of the target is a look at every
character as well; ftfy repairs encodings. A peer that is not installed is left out; put OpenCC's package first in PYTHONPATH
where opencc-python-reimplemented has taken its name.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # run as a script: texts.py stands beside it

from texts import running

import zhfix

Run = Callable[[str], object]
PARTS = 3
DOCUMENT, STRING = 1_000, 30  # characters of a short document, and of a string


def spent(run: Run, text: str) -> float:
    """Processor seconds of `run`."""
    start = time.process_time()
    run(text)
    return time.process_time() - start


def opencc(config: str) -> Run:
    """One of OpenCC's conversions, by its C++ package."""
    module: Any = importlib.import_module("opencc")
    if not hasattr(module, "CONFIGS"):
        raise ImportError("opencc is another package of that name")
    convert: Run = module.OpenCC(config).convert
    return convert


def peers() -> dict[str, Run]:
    """What else looks at every character of a text."""
    makers: dict[str, Callable[[], Run]] = {
        "hanzidentifier": lambda: importlib.import_module("hanzidentifier").identify,
        "OpenCC t2s": lambda: opencc("t2s"),
        "OpenCC s2t": lambda: opencc("s2t"),
        "ftfy": lambda: importlib.import_module("ftfy").fix_text,
    }
    found: dict[str, Run] = {}
    for name, make in makers.items():
        try:
            found[name] = make()
        except (ImportError, AttributeError) as error:
            sys.stderr.write(f"{name} is left out: {error}\n")
    return found


def pieces(text: str, size: int) -> list[str]:
    """A text in strings of `size` characters."""
    return [text[i : i + size] for i in range(0, len(text), size)]


def runs() -> dict[str, Run]:
    """What is timed, by name."""
    auto = zhfix.Fixer()
    many: Callable[[list[str | None]], object] = auto.fix_many
    return {
        "detect": zhfix.detect,
        "fix auto": auto.fix,
        "fix hans": zhfix.Fixer("hans").fix,
        "fix hant": zhfix.Fixer("hant").fix,
        "explain auto": auto.explain,
        f"detect, {DOCUMENT} characters": lambda text: [
            zhfix.detect(part) for part in pieces(text, DOCUMENT)
        ],
        f"fix auto, {DOCUMENT} characters": lambda text: [
            auto.fix(part) for part in pieces(text, DOCUMENT)
        ],
        f"fix_many auto, {STRING} characters": lambda text: many([*pieces(text, STRING)]),
    }


def measured(mode: str, texts: dict[str, str]) -> None:
    """Print the rows of one mode."""
    if mode == "numpy":
        importlib.import_module("numpy")
    else:
        sys.modules["numpy"] = None  # type: ignore[assignment]  # as where it is not installed
    others = peers()
    print(f"\n| {mode}: text | call | MB/s | " + " | ".join(f"to {name}" for name in others) + " |")
    print("|---|---|---|" + "---|" * len(others))
    for name, text in texts.items():
        half = len(text) // 2
        size = half // PARTS
        parts = [text[at : at + size] for at in range(half, half + PARTS * size, size)]
        for run in others.values():
            run(text[:1000])
        theirs = [{peer: spent(run, part) for peer, run in others.items()} for part in parts]
        for call, run in runs().items():
            run(text[:half])
            ours = [spent(run, part) for part in parts]
            speed = max(len(part.encode()) / 1e6 / s for part, s in zip(parts, ours, strict=True))
            ratios = " | ".join(
                f"{statistics.median(t[peer] / s for t, s in zip(theirs, ours, strict=True)):.2f}x"
                for peer in others
            )
            print(f"| {name} | {call} | {speed:.1f} | {ratios} |", flush=True)


def main(argv: list[str]) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("args", nargs="*", help="numpy, plain, or files")
    parser.add_argument(
        "--size", type=float, default=3.0, help="megabytes of a text that are timed"
    )
    options = parser.parse_args(argv)
    modes = [arg for arg in options.args if arg in ("numpy", "plain")]
    if len(modes) != 1:
        given = [arg for arg in argv if arg not in modes]
        for mode in modes or ("numpy", "plain"):
            subprocess.run([sys.executable, __file__, mode, *given], check=True)
        return 0
    files = [Path(arg) for arg in options.args if arg not in modes]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    if not texts:
        hans, hant = running(int(options.size * 2_000_000))
        texts = {"hans": hans, "hant": hant}
    measured(modes[0], texts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
