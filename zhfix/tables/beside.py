"""Which characters the dictionary's phrases have beside each of several forms: 收 before 穫, never
before 獲.

A form that stands where a phrase wants another one is worth a look, however common it is elsewhere.
Build time only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from zhfix.convert.choice import is_han
from zhfix.convert.rivals import rivals, standard
from zhfix.tables.sources import opencc_map

__all__ = ["PHRASES", "beside_rows"]

PHRASES = ("STPhrases_GeneratedFromRegionalPhrases", "STPhrases")


def beside_rows() -> Iterator[tuple[str, str, str]]:
    """Rows (form, side, characters there), in standard forms: L and R in any phrase, l and r in
    words of two characters, whose halves belong together for sure.
    """
    known = rivals()
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for stem in PHRASES:
        for values in opencc_map(stem).values():
            for value in values:
                phrase = standard(value)
                sides = "LRlr" if len(phrase) == 2 else "LR"
                for left, right in pairwise(phrase):
                    for side in sides:
                        form, char = (right, left) if side in "Ll" else (left, right)
                        if form in known and is_han(char):
                            found[form, side].add(char)
    for (form, side), chars in found.items():
        yield form, side, "".join(sorted(chars))
