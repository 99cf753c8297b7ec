"""All shapes of a gate by one table look-up over arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import FAR, codes
from zhfix.pattern import ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.shapes import Shape

__all__ = ["Table"]

_MOST = 64  # bits of the tables
_NOTHING = np.uint64(0)


class Table:
    """By code point, the shapes that have it as their mark, may have it before that, and behind."""

    def __init__(self, shapes: Sequence[Shape], is_at: Callable[[Shape, str, int], bool]) -> None:
        """`is_at` says whether a shape stands at a place, where the tables do not know: beyond the
        BMP.
        """
        if len(shapes) > _MOST:
            raise ValueError("zhfix.gate_bulk: more shapes than its tables have bits")
        self._shapes = [(np.uint64(1 << i), shape) for i, shape in enumerate(shapes)]
        self._marks, self._before, self._behind = np.zeros((3, 1 << 16), np.uint64)
        free = [0, 0]
        for bit, shape in self._shapes:
            for table, spec in (
                (self._marks, shape.marks),
                (self._before, shape.before),
                (self._behind, shape.behind),
            ):
                _mark(table, spec, bit)
            for i, spec in enumerate((shape.before, shape.behind)):
                free[i] |= 0 if spec else int(bit)
        self._is_at = is_at
        self._is_mark = self._marks != 0
        self._free = np.uint64(free[0]), np.uint64(free[1])  # who may have nothing on a side

    def found(self, text: str) -> dict[Shape, list[int]]:
        """The places of each shape that stands in a text."""
        units, far, _ = codes(text)
        at = np.flatnonzero(self._is_mark.take(units))
        if not len(at):
            return {}
        held = self._marks.take(units.take(at))
        before = self._before.take(units.take(at - 1, mode="clip"))
        behind = self._behind.take(units.take(at + 1, mode="clip"))
        # beyond the text stands nothing
        before[0] = before[0] if at[0] else self._free[0]
        behind[-1] = behind[-1] if at[-1] < len(units) - 1 else self._free[1]
        held &= before
        held &= behind
        every = np.bitwise_or.reduce(held)
        if every == _NOTHING:
            return {}
        told = {
            shape: at[(held & bit) != _NOTHING].tolist()
            for bit, shape in self._shapes
            if every & bit
        }
        return self._without_far(text, told, far.tolist()) if len(far) else told

    def _without_far(
        self, text: str, told: dict[Shape, list[int]], far: list[int]
    ) -> dict[Shape, list[int]]:
        """The places without those where a character beyond the BMP was taken for another."""
        near = {at + step for at in far for step in (-1, 0, 1)}
        kept = {
            shape: [at for at in places if at not in near or self._is_at(shape, text, at)]
            for shape, places in told.items()
        }
        return {shape: places for shape, places in kept.items() if places}


def _mark(table: NDArray[np.uint64], spec: str, bit: np.uint64) -> None:
    """Set the bit of all characters of a class, of every one where it is empty."""
    single = []
    for a, b in ranges(spec) if spec else ((0, FAR),):
        if a < b:
            table[min(a, FAR) : min(b, FAR) + 1] |= bit
        else:
            single.append(min(a, FAR))
    table[single] |= bit
