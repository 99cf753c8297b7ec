"""Identification of short snippets beside hanzidentifier: balanced accuracy S/T and S/T/mixed per
length.

    python tests/bench/identify.py [FOLDER]        FOLDER: shared/data/pairs, found by itself beside
    the checkout

Snippets are cut from the pairs by a seeded generator: a window of one side, or (mixed) a window in
which some of the characters that differ were taken from the other side; only those count that
OpenCC's character tables convert, so that no quotation mark and no 妳 tells the scripts apart.
Held-out text goes through the same command with its own folder.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from zhfix.tables import load_map

SETS = ("ud_gsd", "cuv", "2k_hk_lit", "2k_hk_news", "2k_tw_lit", "tw_tech", "tw_speech", "ud_hk")
LENGTHS = (4, 8, 16, 40, 100)
LABELS = ("hans", "hant", "mixed")


def snippets(
    folder: Path, length: int, n: int = 800, seed: int = 20261122
) -> Iterator[tuple[str, str]]:
    """(label, text): `n` snippets of `length` code points for each label."""
    rng = random.Random(f"{seed}-{length}")
    there, back = load_map("STCharacters"), load_map("TSCharacters")
    pool = {}
    for name in SETS:
        lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = (json.loads(line) for line in lines)
        pool[name] = [(row["s"], row["t"]) for row in rows if len(row["s"]) == len(row["t"])]
    for label in LABELS:
        made = 0
        while made < n:
            pairs = pool[rng.choice(SETS)]
            hans, hant = rng.choice(pairs)
            while len(hans) < length:
                more = rng.choice(pairs)
                hans, hant = hans + more[0], hant + more[1]
            at = rng.randrange(len(hans) - length + 1)
            hans, hant = hans[at : at + length], hant[at : at + length]
            pairs_here = enumerate(zip(hans, hant, strict=True))
            differ = [i for i, (a, b) in pairs_here if a != b and a in there and b in back]
            if sum("\u4e00" <= char <= "\u9fff" for char in hant) < 0.7 * length:
                continue
            if len(differ) < (2 if label == "mixed" else 1):
                continue
            made += 1
            yield label, {"hans": hans, "hant": hant}.get(label) or _mix(rng, hans, hant, differ)


def _mix(rng: random.Random, hans: str, hant: str, differ: list[int]) -> str:
    base, other = (hans, hant) if rng.random() < 0.5 else (hant, hans)
    if rng.random() < 0.5:
        cut = differ[rng.randrange(1, len(differ))]
        return base[:cut] + other[cut:]
    rate = rng.choice((0.05, 0.2, 0.5))
    chosen = [i for i in differ if rng.random() < rate] or [rng.choice(differ)]
    if len(chosen) == len(differ):
        chosen.pop()
    return "".join(other[i] if i in chosen else char for i, char in enumerate(base))


def main(argv: list[str]) -> int:
    """Print the table."""
    import hanzidentifier

    from zhfix import detect

    folder = Path(argv[0]) if argv else Path(__file__).parents[3] / "shared/data/pairs"
    if not folder.is_dir():
        sys.stderr.write(f"no pairs in {folder}: name the folder that holds ud_gsd.jsonl\n")
        return 2
    names = {
        hanzidentifier.SIMPLIFIED: "hans",
        hanzidentifier.TRADITIONAL: "hant",
        hanzidentifier.MIXED: "mixed",
        hanzidentifier.BOTH: "shared",
    }
    peers = {
        "zhfix": lambda text: detect(text).verdict,
        "hanzidentifier": lambda text: names.get(hanzidentifier.identify(text), "none"),
    }
    print(
        "characters | " + " | ".join(f"{name} S/T, S/T/mixed" for name in peers) + " | speed ratio"
    )
    for length in LENGTHS:
        rows = list(snippets(folder, length))
        cells, seconds = [], []
        for identify in peers.values():
            start = time.perf_counter()
            got = [(label, identify(text)) for label, text in rows]
            seconds.append(time.perf_counter() - start)
            right = {
                label: sum(g == label for want, g in got if want == label) / 800 for label in LABELS
            }
            two = (right["hans"] + right["hant"]) / 2
            cells.append(f"{two:.3f}, {sum(right.values()) / 3:.3f}")
        print(f"{length} | " + " | ".join(cells) + f" | {seconds[1] / seconds[0]:.1f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
