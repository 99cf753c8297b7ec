"""Which script a short text is in where only characters tell it that both scripts have: by their
words. 什么 is Simplified, 皇后 is both, and 皇后 beside 裡 makes no mixture.
"""

from __future__ import annotations

import math

from zhfix.convert.doubts import doubts
from zhfix.script import Evidence

__all__ = ["verdict_of"]

_LONGEST = 120  # Han characters; in longer text some sound word always looks wrong
_LEAST, _PER_CHARACTER = 3.4, 1 / 32  # nats against a character that both have, by length


def verdict_of(text: str, seen: Evidence) -> tuple[str, float]:
    """The verdict on `text`, and how sure it is, 0..1; `seen` is its evidence.

    >>> from zhfix.script import evidence
    >>> [verdict_of(text, evidence(text))[0] for text in ("什么", "説什么", "皇后和太后")]
    ['hans', 'mixed', 'shared']
    """
    verdict = seen.verdict
    n = seen.n_hans + seen.n_hant + seen.n_shared
    if n > _LONGEST or verdict == "none" or seen.marked_hans:
        return verdict, seen.confidence
    shared = (doubt for doubt in doubts(text)[0] if doubt.is_shared)
    gap = max((doubt.gap - doubt.credit for doubt in shared), default=0.0)
    is_hans = gap > _LEAST + _PER_CHARACTER * max(0, n - 8)
    if is_hans == (verdict in ("hans", "mixed")):
        return verdict, seen.confidence
    if is_hans:
        return "mixed" if verdict == "hant" else "hans", round(1 - math.exp(-gap / 4), 3)
    weak = seen._replace(hans=0, strongest_hans=0)  # 后 stands where Traditional has it too
    return weak.verdict, weak.confidence
