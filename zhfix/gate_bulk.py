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

    Bits = NDArray[np.uint64]

__all__ = ["Table"]

_MOST = 64  # bits of the tables
_FEW = 48  # places, up to which they are told apart one by one


class Table:
    """By code point, the shapes that have it as their mark, may have it before that, and behind."""

    def __init__(self, shapes: Sequence[Shape], is_at: Callable[[Shape, str, int], bool]) -> None:
        """`is_at` says whether a shape stands at a place, where the tables do not know: beyond the
        BMP.
        """
        if len(shapes) > _MOST:
            raise ValueError("zhfix.gate_bulk: more shapes than its tables have bits")
        self._shapes = tuple(shapes)
        self._is_at = is_at
        self._marks, self._before, self._behind = tables = np.zeros((3, 1 << 16), np.uint64)
        for i, shape in enumerate(shapes):
            for table, spec in zip(tables, (shape.marks, shape.before, shape.behind), strict=True):
                _set(table, spec, np.uint64(1 << i))
        self._is_mark = self._marks != 0
        # who asks for nothing on a side
        free = (sum(1 << i for i, one in enumerate(shapes) if not one[side]) for side in (1, 2))
        self._free = tuple(map(np.uint64, free))

    def found(self, text: str) -> dict[Shape, list[int]]:
        """The places of each shape that stands in a text."""
        units, far, _ = codes(text)
        at = self._is_mark.take(units).nonzero()[0]
        if not len(at):
            return {}
        following = at + 1
        if following[-1] == len(units):
            following[-1] = (
                0  # for an offset that there is; so has the first one, counted from behind
            )
        held = self._marks.take(units.take(at))
        before, behind = (
            self._before.take(units.take(at - 1)),
            self._behind.take(units.take(following)),
        )
        # beyond the text stands nothing
        before[0] = before[0] if at[0] else self._free[0]
        behind[-1] = behind[-1] if following[-1] else self._free[1]
        held &= before
        held &= behind
        kept = held.nonzero()[0]
        if not len(kept):
            return {}
        told = self._told(at.take(kept), held.take(kept))
        return self._without_far(text, told, far.tolist()) if len(far) else told

    def _told(self, at: NDArray[np.int64], held: Bits) -> dict[Shape, list[int]]:
        """The places of each shape, from what each place holds."""
        told: dict[Shape, list[int]] = {}
        if len(at) > _FEW:
            every = int(np.bitwise_or.reduce(held))
            for i, shape in enumerate(self._shapes):
                if every >> i & 1:
                    told[shape] = at[(held & np.uint64(1 << i)) != 0].tolist()
            return told
        for place, bits in zip(at.tolist(), held.tolist(), strict=True):
            while bits:
                lowest = bits & -bits
                told.setdefault(self._shapes[lowest.bit_length() - 1], []).append(place)
                bits ^= lowest
        return told

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


def _set(table: Bits, spec: str, bit: np.uint64) -> None:
    """Set the bit of all characters of a class, of every one where it is empty; characters beyond
    the BMP are one.
    """
    single = []
    for a, b in ranges(spec) if spec else ((0, FAR),):
        if a < b:
            table[min(a, FAR) : min(b, FAR) + 1] |= bit
        else:
            single.append(min(a, FAR))
    table[single] |= bit
