"""Counts how native Traditional text writes each ambiguous character beside its neighbours.

For every Traditional form of a Simplified character with several, and for the forms that both
scripts have (于 里 后), the characters next to it are counted, in the corpora and in dictionaries'
words. Build time only.
"""

from __future__ import annotations

import lzma
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from zhfix.convert.attested import ANY, STEPS
from zhfix.convert.choice import OTHER, symbol
from zhfix.convert.rivals import standard
from zhfix.tables.sources import opencc_map

__all__ = ["attested_rows"]

LAW = 0.25  # what a line of statutes counts: they say the same over and over
LEAST = 1.5  # what was met once is as good as never met
WORD = 3.0  # a word counts by the digits of its frequency, up to this many and one

Rows = Iterator[tuple[str, str, str, str]]


def attested_rows(speech: Path, law: Path, words: Path) -> Rows:
    """Rows (form, side, level, characters): `L` and `R` for neighbours met e^(level/STEPS) times,
    `n` for how often the form was met and beside how many different characters. `N` has how often
    each character was met at all.
    """
    counts = _Counts()
    for path, weight in ((speech, 1.0), (law, LAW)):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in sorted({line.strip() for line in lines}):
                counts.add(f"\n{line}\n", weight)
    for word, weight in _words(words):
        counts.add(word, weight)
    single: dict[str, float] = defaultdict(float)
    for char, n in counts.single.items():
        single[symbol(char)] += n
    yield from _levels(ANY, "N", single)
    for (form, side), beside in counts.sides.items():
        yield form, "n", side, f"{round(sum(beside.values()))} {len(beside)}"
        yield from _levels(form, side, beside)


def _words(path: Path) -> Iterator[tuple[str, float]]:
    for forms in opencc_map("STPhrases").values():
        yield forms[0], 1.0
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            word, count, *_ = [*line.split(), "", ""]
            if len(word) > 1 and count.lstrip("-").isdigit():
                yield word, 1 + min(WORD, math.log10(1 + max(0, int(count))))


def _levels(form: str, side: str, counts: dict[str, float]) -> Rows:
    found: dict[int, list[str]] = defaultdict(list)
    for char, n in counts.items():
        if n >= LEAST:
            found[round(STEPS * math.log(n))].append(char)
    for level, chars in found.items():
        yield form, side, str(level), "".join(sorted(chars))


class _Counts:
    """What stands beside each form; the ends of a line are neighbours, those of a word are not."""

    def __init__(self) -> None:
        chars = set()
        for hans, forms in opencc_map("STCharacters").items():
            if len(forms) > 1 and max(hans, *forms) <= "\uffff":
                chars |= {standard(form) for form in forms} | {hans}
        self._found = re.compile(f"[{''.join(sorted(chars))}]")
        self.sides: dict[tuple[str, str], dict[str, float]] = {}
        self.single: dict[str, float] = defaultdict(float)

    def add(self, text: str, weight: float) -> None:
        """Counts what stands in `text`."""
        text = standard(text)
        for char, n in Counter(text).items():
            self.single[char] += weight * n
        for match in self._found.finditer(text):
            i, form = match.start(), match.group()
            if i:
                self._count(form, "L", text[i - 1], weight)
            if i + 1 < len(text):
                self._count(form, "R", text[i + 1], weight)

    def _count(self, form: str, side: str, char: str, weight: float) -> None:
        beside = self.sides.setdefault((form, side), defaultdict(float))
        beside[OTHER if char == "\n" else symbol(char)] += weight
