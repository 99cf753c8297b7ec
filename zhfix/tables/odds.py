"""Learns how far a character that both scripts know speaks for one of them: log-odds of its
frequency in each.

后 is in both scripts, but in native Traditional text it is rare (皇后) and in Simplified text
common: seeing it is evidence.
Input: the corpora of native Traditional text; the Simplified frequencies are the same counts
folded. Build time only.
"""

from __future__ import annotations

import lzma
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from zhfix.tables.sources import opencc_map, script_marks

__all__ = ["CORPORA", "script_odds"]

# file, weight in the mixture of counts per million: talk and word counts are nearer to the web than
# statutes
CORPORA = (
    ("hant-speech.txt.xz", 0.45),
    ("hant-law.txt.xz", 0.2),
    ("mcbopomofo-phrase.occ.xz", 0.35),
)
_FLOOR = 2.0  # nats; below it a character says too little to be kept
_SMOOTH = 0.2  # per million: what an unseen character may have had
_ZHE_SHARE = 0.8  # share of 著 that is 着 in Simplified text (著名 and the like are the rest)


def script_odds(corpus: Path) -> dict[str, int]:
    """Character to tenths of nats for hans (positive) or hant (negative), marked and regional
    characters left out.
    """
    hant: dict[str, float] = defaultdict(float)
    for name, weight in CORPORA:
        found = Counter[str]()
        for char, n in _counts(corpus / name):
            if "\u3400" <= char <= "\u9fff":
                found[char] += n
        total = sum(found.values())
        for char, n in found.items():
            hant[char] += weight * 1e6 * n / total  # per million
    fold = {key: forms[0] for key, forms in opencc_map("TSCharacters").items()}
    hans: dict[str, float] = defaultdict(float)
    for char, rate in hant.items():
        if char == "著":
            hans["着"] += _ZHE_SHARE * rate
            hans["著"] += (1 - _ZHE_SHARE) * rate
        else:
            hans[fold.get(char, char)] += rate
    regional = {
        char
        for stem in ("TWVariants", "HKVariants")
        for key, forms in opencc_map(stem).items()
        for char in (key, *forms)
    }
    skip = regional | set(script_marks())
    odds = {
        char: math.log((hans.get(char, 0.0) + _SMOOTH) / (hant.get(char, 0.0) + _SMOOTH))
        for char in hans.keys() | hant.keys()
        if char not in skip
    }
    return {char: round(10 * odd) for char, odd in odds.items() if abs(odd) >= _FLOOR}


def _counts(path: Path) -> Iterator[tuple[str, int]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        if not path.name.endswith(".occ.xz"):
            yield from Counter(lines.read()).items()
            return
        for line in lines:
            word, *rest = line.split()
            if rest and rest[0].lstrip("-").isdigit():
                yield from ((char, max(0, int(rest[0]))) for char in word)
