"""The suspects of long texts over arrays: what was found out about a place is kept as a number, and
the places that nobody has met are decided together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import FAR, codes, numbered
from zhfix.convert.choice_bulk import KIND_DIGIT
from zhfix.convert.choice_bulk import KINDS as SYMBOLS
from zhfix.convert.contests_bulk import Contests
from zhfix.convert.suspects import KINDS, naive_kind, near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Told = NDArray[np.bool_]

__all__ = ["Memory", "clauses"]

_BITS = 17  # 2^17 places remembered: one megabyte
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SUSPECT, _SOUND = np.uint64(1 << 48), np.uint64(1 << 49)
_PLACE = np.uint64((1 << 48) - 1)
_END = ord("\n")
_FEW = 15  # new places up to which asking for them one by one is cheaper


class Memory:
    """Which places of three characters hold a suspect, as far as they were met.

    A place is forgotten when another one takes its slot. Key and answer are one number, so threads
    that write at once cannot mix them up.
    """

    def __init__(self, forms: str, is_suspect: Callable[[str], bool]) -> None:
        self._kinds = np.zeros(1 << 16, np.uint8)  # of forms, one more than their place in KINDS
        names = ["", *KINDS]
        for char in forms:
            self._kinds[ord(char)] = 1 + names.index(naive_kind(char))
        self._forms = forms
        self._ask = is_suspect
        self._known = np.zeros(1 << _BITS, np.uint64)
        self._contests: Contests | None = None

    def suspects(self, texts: Sequence[str]) -> Iterator[tuple[list[int], tuple[int, int, int]]]:
        """Spots and counts of each text, as in suspects.Suspects."""
        text = "\n".join(texts)
        units = codes(text).units
        kinds = self._kinds.take(units)
        places = np.flatnonzero(kinds != 0)
        kinds = kinds.take(places) - 1
        told = self._told(text, units, places)
        spots, sound = places[told], np.where(told, 0, kinds)
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        cuts = np.searchsorted(spots, starts).tolist()
        if len(texts) == 1:
            counts = np.bincount(sound, minlength=1 + len(KINDS))[None, 1:]
        else:
            first = np.searchsorted(places, starts)
            sums = np.zeros((len(KINDS), len(places) + 1), np.int64)
            for i in range(len(KINDS)):
                np.cumsum(sound == i + 1, out=sums[i, 1:])
            counts = np.diff(sums.take(first, axis=1)).T
        found = spots.tolist()
        for (low, high), start, n in zip(pairwise(cuts), starts, counts.tolist(), strict=False):
            yield [at - start for at in found[low:high]] if start else found[low:high], tuple(n)

    def _told(self, text: str, units: NDArray[np.uint16], places: NDArray[np.int64]) -> Told:
        """Whether each place holds a suspect."""
        left = units.take(places - 1, mode="clip").astype(np.uint64)
        right = units.take(places + 1, mode="clip").astype(np.uint64)
        if len(places):  # beyond the text stand line ends
            left[0] = left[0] if places[0] else _END
            right[-1] = right[-1] if places[-1] < len(units) - 1 else _END
        around = left | units.take(places).astype(np.uint64) << np.uint64(16)
        around |= right << np.uint64(32)
        slots = (around * _SPREAD) >> np.uint64(64 - _BITS)
        known = self._known.take(slots)
        new = np.flatnonzero((known & _PLACE) != around)
        if len(new):
            known[new] = self._learned(around[new])
        told: Told = (known & _SUSPECT) > 0
        for i in np.flatnonzero((left == FAR) | (right == FAR)).tolist():
            told[i] = self._ask(near(text, int(places[i])))  # which character it is may matter
        return told

    def _learned(self, around: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Places that are not in the memory, with their answers."""
        new, back = numbered(around)
        if len(new) <= _FEW:
            answers = np.array([self._ask(_spelled(place)) for place in new.tolist()], bool)
        else:
            if self._contests is None:
                self._contests = Contests(self._forms)
            answers, is_open = self._contests.answers(new)
            for i in np.flatnonzero(is_open).tolist():
                answers[i] = self._ask(_spelled(int(new[i])))
        marked = np.where(answers, _SUSPECT, _SOUND)
        marked |= new
        self._known[(new * _SPREAD) >> np.uint64(64 - _BITS)] = marked
        learned: NDArray[np.uint64] = marked[back]
        return learned


def clauses(text: str, spots: Sequence[int]) -> list[tuple[int, int]]:
    """For each of the places the clause that holds it, with a character on each side.

    >>> clauses("走了，皇后的。", [4])
    [(2, 7)]
    """
    ends = np.flatnonzero(SYMBOLS.take(codes(text).units) <= KIND_DIGIT)
    at = np.array(spots, np.int64)
    bounds = np.concatenate(([0], ends, [len(text) - 1]))
    before = bounds.take(np.searchsorted(ends, at))
    behind = bounds.take(np.searchsorted(ends, at, side="right") + 1) + 1
    return list(zip(before.tolist(), behind.tolist(), strict=True))


def _spelled(place: int) -> str:
    return chr(place & 0xFFFF) + chr(place >> 16 & 0xFFFF) + chr(place >> 32)
