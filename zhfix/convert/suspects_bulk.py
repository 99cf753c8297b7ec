"""The suspects of a long text over arrays: what was found out about a place is kept as a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Memory"]

_BITS = 17  # 2^17 places remembered: one megabyte
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SUSPECT, _SOUND = np.uint64(1 << 48), np.uint64(1 << 49)
_PLACE = np.uint64((1 << 48) - 1)


class Memory:
    """Which places of three characters hold a suspect, as far as they were met.

    A place is forgotten when another one takes its slot. Key and answer are one number, so threads
    that write at once cannot mix them up.
    """

    def __init__(self, forms: str, is_suspect: Callable[[str], bool]) -> None:
        self._is_form = np.zeros(1 << 16, bool)
        self._is_form[[ord(char) for char in forms]] = True
        self._ask = is_suspect
        self._known = np.zeros(1 << _BITS, np.uint64)

    def suspects(self, text: str) -> tuple[list[int], dict[str, int]] | None:
        """As suspects.suspects; None where characters beyond the BMP stand."""
        units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
        if len(units) != len(text):
            return None
        places = np.flatnonzero(self._is_form.take(units))
        if not len(places):
            return [], {}
        ends = np.array([ord("\n")], np.uint16)
        around = np.concatenate((ends, units, ends)).astype(np.uint64)
        near = around[places] | around[places + 1] << np.uint64(16)
        near |= around[places + 2] << np.uint64(32)
        told = self._told(near)
        others = np.bincount(units[places[~told]])
        found = np.flatnonzero(others)
        return places[told].tolist(), {
            chr(code): n for code, n in zip(found.tolist(), others[found].tolist(), strict=True)
        }

    def _told(self, near: NDArray[np.uint64]) -> NDArray[np.bool_]:
        slots = (near * _SPREAD) >> np.uint64(64 - _BITS)
        known = self._known[slots]
        is_new = (known & _PLACE) != near
        if is_new.any():
            new, back = np.unique(near[is_new], return_inverse=True)
            answers = [self._ask(_spelled(place)) for place in new.tolist()]
            marked = new | np.where(answers, _SUSPECT, _SOUND)
            self._known[(new * _SPREAD) >> np.uint64(64 - _BITS)] = marked
            known[is_new] = marked[back]
        told: NDArray[np.bool_] = (known & _SUSPECT) > 0
        return told


def _spelled(place: int) -> str:
    return chr(place & 0xFFFF) + chr(place >> 16 & 0xFFFF) + chr(place >> 32)
