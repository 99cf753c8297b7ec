"""Places that were found sound by what stands beside them, known again over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import FAR, codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.codes import Places

    Keys = NDArray[np.uint64]

__all__ = ["Windows"]

_BITS = 13  # 2^13 places remembered: 64 KB
_SPREAD, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(64 - _BITS)
_ONE, _TWO = np.uint64(16), np.uint64(32)
_IS_KEY = np.uint64(1 << 48)  # no key is 0
_END = ord("\n")  # stands beyond a text


class Windows:
    """Remembers characters between two neighbours; one is forgotten when another takes its slot."""

    def __init__(self) -> None:
        self._known = np.zeros(1 << _BITS, np.uint64)

    def new(self, text: str, places: Places) -> Places:
        """Those of some places that are not remembered.

        >>> windows, places = Windows(), np.array([0, 2])
        >>> windows.remember("好的好", [2])
        >>> windows.new("好的好", places).tolist()
        [0]
        """
        keys, is_near = _keys(text, places)
        is_known = (self._known.take((keys * _SPREAD) >> _SHIFT) == keys) & is_near
        found: Places = places[~is_known]
        return found

    def remember(self, text: str, places: Sequence[int]) -> None:
        """Some places; those beside characters beyond the BMP are not known again."""
        if len(places):
            keys, is_near = _keys(text, np.array(places, np.int64))
            keys = keys[is_near]
            self._known[(keys * _SPREAD) >> _SHIFT] = keys


def _keys(text: str, places: Places) -> tuple[Keys, NDArray[np.bool_]]:
    """Three characters as one number, and whether that says which they are."""
    units = codes(text).units
    before, behind = units.take(places - 1), units.take(places + 1, mode="clip")
    if len(places):
        before[0] = before[0] if places[0] else _END
        behind[-1] = behind[-1] if places[-1] + 1 < len(units) else _END
    here = units.take(places)
    is_near = (before != FAR) & (behind != FAR) & (here != FAR)
    keys = here.astype(np.uint64) << _ONE
    keys |= before
    keys |= behind.astype(np.uint64) << _TWO
    return keys | _IS_KEY, is_near
