"""Which lines of a long text hold characters that stand in one script only, by table look-up over
arrays.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from zhfix.script import marks

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["HANS", "HANT", "line_runs"]

HANS, HANT = 1, 2  # bits: the line holds a character of hans alone, of hant alone


@cache
def _table() -> NDArray[np.uint8]:
    """UTF-16 unit to its bit; the few marked characters beyond the BMP share a bit by their first
    unit.
    """
    table = np.zeros(0x10000, np.uint8)
    for char, mark in marks().items():
        if char <= "\uffff":
            table[ord(char)] = HANS if mark == "hans" else HANT
    return table


def line_runs(text: str) -> list[tuple[int, int, int]]:
    """(start, end, bits) of the lines of `text`; neighbouring lines with one bit are one run."""
    units: NDArray[np.uint16] = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    if len(units) != len(text):  # characters beyond the BMP: one number each, none of them marked
        wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        units = np.where(wide > 0xFFFF, 0, wide).astype(np.uint16)
    starts = np.concatenate(([0], np.flatnonzero(units == ord("\n")) + 1))
    if starts[-1] == len(units):
        starts = starts[:-1]
    bits = np.bitwise_or.reduceat(_table().take(units), starts)
    # lines with one bit make long runs; the others are looked at one by one
    is_new = np.ones(len(bits), bool)
    is_new[1:] = (bits[1:] != bits[:-1]) | (bits[1:] == 0) | (bits[1:] == HANS | HANT)
    first = np.flatnonzero(is_new)
    ends = np.append(starts[first[1:]], len(units))
    return list(zip(starts[first].tolist(), ends.tolist(), bits[first].tolist(), strict=True))
