"""What half.py measures with: the items of half.jsonl.xz, and the folding of regional forms that
exact match is judged by.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from functools import cache
from pathlib import Path
from typing import Any

from zhfix.tables import load_rows

# spellings of one character that regions prefer; conversion.md section 1
SAME = (
    "爲為 裏裡 臺台 着著 麪麵 衆眾 羣群 牀床 峯峰 啓啟 僞偽 嬀媯 溈潙 線綫 溼濕 污汙 敎教 秘祕 "
    "脣唇 喫吃 鈎鉤 粽糉 纔才"
)
APART = frozenset("梁樑么麼幺只衹才纔核覈針鍼參蔘皁皂")  # they carry meaning, in part
MARKS = str.maketrans("“”‘’", "「」『』")
# item kinds by the damage they hold
CLEAN = ("clean_s", "clean_t")
NAIVE = ("naive_a", "naive_b", "double")  # converted character by character as a whole
HANT_BASE = ("chars_s_in_t", "words_s_in_t", "region_s_in_t")
HANS_BASE = (
    *("chars_t_in_s", "words_t_in_s", "region_t_in_s"),
    *("chars_naive_t_in_s", "region_naive_t_in_s"),
)


@cache
def _folding() -> dict[int, str]:
    up: dict[str, str] = {}

    def root(char: str) -> str:
        while up.get(char, char) != char:
            char = up[char]
        return char

    pairs = [
        (row[0], form)
        for name in ("TWVariants", "HKVariants")
        for row in load_rows(name)
        for form in row[1].split()
    ]
    for a, b in [*pairs, *((pair[0], pair[1]) for pair in SAME.split())]:
        if len(a) == len(b) == 1 and not {a, b} & APART and root(a) != root(b):
            up[max(root(a), root(b))] = min(root(a), root(b))
    return {ord(char): root(char) for char in up}


def norm(text: str) -> str:
    """`text` with regional forms and quotation marks folded into one."""
    return text.translate(MARKS).translate(_folding())


def items(path: Path) -> list[dict[str, Any]]:
    """The rows of a half.jsonl, compressed or not."""
    data = path.read_bytes()
    data = lzma.decompress(data) if path.suffix == ".xz" else data
    return [json.loads(line) for line in data.decode("utf-8").splitlines()]


def part(row: dict[str, Any]) -> str:
    """`A` or `B`: the half of an item, the same for all items made of one sentence. What is tuned
    on A is judged by B.
    """
    sentence = f"{row['set']}-{row['id'].split('-')[1]}"
    return "AB"[hashlib.md5(sentence.encode()).digest()[0] & 1]  # no secret


def golds(row: dict[str, Any], side: str) -> list[str]:
    """Every right answer of an item, folded for hant."""
    if side == "s":
        return [row["gold_s"].translate(MARKS)]
    alts = row["alts"] or []
    return [norm(text) for text in (row["gold_t"], *alts) if isinstance(text, str)]


def distance(a: str, b: str) -> int:
    """Characters that differ; by position where lengths agree, else edit distance."""
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True))
    before = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        now = [i]
        for j, y in enumerate(b, 1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (x != y)))
        before = now
    return before[-1]


def damaged(row: dict[str, Any]) -> set[int] | None:
    """Offsets of the damaged characters of an item with one base script; None for other kinds."""
    kind, text = row["kind"], row["input"]
    if kind in HANS_BASE:
        gold = row["gold_s"]
    elif kind in (*HANT_BASE, *NAIVE):
        gold = row["gold_t"]
    else:
        return None
    if gold is None or len(gold) != len(text):
        return None
    if kind not in HANS_BASE:  # for hans, the fold would hide 著 for 着
        text, gold = norm(text), norm(gold)
    return {i for i, (a, b) in enumerate(zip(text, gold, strict=True)) if a != b}
