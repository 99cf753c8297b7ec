"""What the lines of a long text hold, by table look-up over arrays."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

__all__ = ["Lines"]


class Lines:
    """Reads lines by which of some sets of characters they hold: the first is bit 1, then 2, 4."""

    def __init__(self, sets: Iterable[Iterable[str]]) -> None:
        self._table = np.zeros(1 << 16, np.uint8)
        for i, chars in enumerate(sets):
            self._table[[ord(char) for char in chars if char <= "\uffff"]] |= 1 << i

    def runs(self, text: str, alike: Iterable[int]) -> list[tuple[int, int, int]] | None:
        """(start, end, bits) of each line; neighbours with the same bits are one where those are
        among `alike`. None where characters beyond the BMP stand.
        """
        units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
        if len(units) != len(text) or not text:
            return None
        starts = np.concatenate(([0], np.flatnonzero(units[:-1] == ord("\n")) + 1))
        bits = np.bitwise_or.reduceat(self._table.take(units), starts)
        is_new = np.ones(len(bits), bool)
        is_new[1:] = (bits[1:] != bits[:-1]) | ~np.isin(bits[1:], list(alike))
        first = np.flatnonzero(is_new)
        begins = starts[first]
        ends = np.append(begins[1:], len(text))
        return list(zip(begins.tolist(), ends.tolist(), bits[first].tolist(), strict=True))
