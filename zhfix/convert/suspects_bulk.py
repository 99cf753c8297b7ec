"""The suspects of long texts over arrays: what was found out about a place is kept as a number, and
the places that nobody has met are decided together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import FAR, codes, numbered
from zhfix.codes import places as places_where
from zhfix.convert.contests_bulk import Contests
from zhfix.convert.margins_bulk import Margins
from zhfix.convert.suspects import KINDS, NO_COUNTS, naive_kind, near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.codes import Places, Units

    Keys = NDArray[np.uint64]

__all__ = ["Memory"]

_BITS = 16  # 2^16 places remembered: half a megabyte
_SPREAD, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(64 - _BITS)
_SUSPECT, _SOUND = np.uint64(1 << 48), np.uint64(1 << 49)
_PLACE = np.uint64((1 << 48) - 1)
_END = ord("\n")
_FEW = 60  # new places up to which asking for them one by one is cheaper


class Memory:
    """Which places of three characters hold a suspect: what neither neighbour settles by itself, as
    far as it was met.

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
        self._margins = Margins()

    def suspects(self, texts: Sequence[str]) -> Iterator[tuple[list[int], tuple[int, int, int]]]:
        """Spots and counts of each text, as in suspects.Suspects."""
        text = texts[0] if len(texts) == 1 else "\n".join(texts)
        units = codes(text).units
        kinds = self._kinds.take(units)
        places = places_where(kinds != 0)
        told = self._told(text, units, places)
        if not len(told):
            yield from (([], NO_COUNTS) for _ in texts)
            return
        spots = places.take(told)
        kinds = kinds.take(places)
        kinds[told] = 0
        if len(texts) == 1:
            counts = np.bincount(kinds, minlength=2 + len(KINDS))[2:]
            yield spots.tolist(), tuple(counts.tolist())
            return
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        cuts = np.searchsorted(spots, starts).tolist()
        first = np.searchsorted(places, starts)
        sums = np.zeros((len(KINDS), len(places) + 1), np.int64)
        for i in range(len(KINDS)):
            np.cumsum(kinds == i + 2, out=sums[i, 1:])
        counts = np.diff(sums.take(first, axis=1)).T
        found = spots.tolist()
        for (low, high), start, n in zip(pairwise(cuts), starts, counts.tolist(), strict=False):
            yield [at - start for at in found[low:high]], tuple(n) if low < high else NO_COUNTS

    def _told(self, text: str, units: Units, places: Places) -> Places:
        """Which of the places hold a suspect."""
        padded = np.empty(len(units) + 4, "<u2")
        padded[1:-3] = units
        padded[0] = padded[-3:] = _END  # beyond the text stand line ends
        open_ = self._margins.open_among(padded, units.take(places), places)
        # each character with the one before it and the two behind it as one number
        windows = np.ndarray(len(units), "<u8", padded, strides=(2,))
        around = windows[places.take(open_)] & _PLACE
        told = self._known.take((around * _SPREAD) >> _SHIFT) ^ around
        new = ((told != _SOUND) & (told != _SUSPECT)).nonzero()[0]
        if len(new):
            told[new] = self._learned(around.take(new))
        found: Places = open_[told == _SUSPECT]
        if len(codes(text).far):
            found = self._with_far(text, padded, places, found)
        return found

    def _with_far(self, text: str, padded: Units, places: Places, found: Places) -> Places:
        """The same where a neighbour is beyond the BMP: which character it is may matter."""
        is_found = np.zeros(len(places), bool)
        is_found[found] = True
        is_far = (padded.take(places) == FAR) | (padded.take(places + 2) == FAR)
        for i in np.flatnonzero(is_far).tolist():
            is_found[i] = self._ask(near(text, int(places[i])))
        return np.flatnonzero(is_found)

    def _learned(self, around: Keys) -> Keys:
        """_SUSPECT or _SOUND for places that are not in the memory."""
        if len(around) <= _FEW:
            asked = [self._ask(_spelled(place)) for place in around.tolist()]
            told = np.where(asked, _SUSPECT, _SOUND)
            self._known[(around * _SPREAD) >> _SHIFT] = told | around
            return told
        new, back = numbered(around)
        if self._contests is None:
            self._contests = Contests(self._forms)
        answers, is_open = self._contests.answers(new)
        for i in np.flatnonzero(is_open).tolist():
            answers[i] = self._ask(_spelled(int(new[i])))
        told = np.where(answers, _SUSPECT, _SOUND)
        self._known[(new * _SPREAD) >> _SHIFT] = told | new
        return told.take(back)


def _spelled(place: int) -> str:
    return chr(place & 0xFFFF) + chr(place >> 16 & 0xFFFF) + chr(place >> 32)
