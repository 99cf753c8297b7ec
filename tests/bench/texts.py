"""Texts for the benchmarks: the development pairs as rows, and two running texts of any size made of them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

__all__ = ["SETS", "pairs_folder", "rows", "running"]

SETS = (
    *("2k_hk_lit", "2k_hk_news", "2k_tw_lit", "ud_gsd", "ud_hk", "ud_yue", "ud_pud", "tw_tech"),
    *("tw_speech", "tw_law", "cuv", "cedict", "issues", "hand"),
)
# words and single sentences made to be hard: not what a running text looks like
_LISTS = {"cedict", "hand", "issues", "opencc_pairs", "mediawiki"}


def pairs_folder() -> Path:
    """shared/data/pairs beside the checkout."""
    return Path(__file__).parents[3] / "shared/data/pairs"


def rows(name: str, direction: str, folder: Path | None = None) -> list[dict[str, Any]]:
    """The rows of a set that are sound in `direction` (s2t or t2s)."""
    path = (folder or pairs_folder()) / f"{name}.jsonl"
    if not path.exists():
        return []
    made = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [row for row in made if direction in row["dir"]]


def running(n_bytes: int = 6_000_000, seed: int = 1) -> tuple[str, str]:
    """A Simplified and a Traditional text of at least `n_bytes` of UTF-8: the sets' lines, shuffled."""
    texts = []
    for side in ("s", "t"):
        lines = [
            row[side]
            for path in sorted(pairs_folder().glob("*.jsonl"))
            if path.stem not in _LISTS
            for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
            if row.get(side)
        ]
        rng, taken, size = random.Random(seed), [], 0
        while size < n_bytes:
            rng.shuffle(lines)
            taken += lines
            size += sum(len(line.encode()) + 1 for line in lines)
        text = "\n".join(taken)
        texts.append(text.encode()[:n_bytes].decode("utf-8", "ignore"))
    return texts[0], texts[1]
