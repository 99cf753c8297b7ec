"""All shapes of a long text by one table look-up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import FAR, codes
from zhfix.pattern import ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.shapes import Shape

__all__ = ["places"]

_MOST = 64  # bits of the tables
# by code point, the shapes that have it as their mark, may have it before that, and behind it
_marks, _before, _behind = (np.zeros(1 << 16, np.uint64) for _ in range(3))
_is_mark = np.zeros(1 << 16, bool)
_bits: dict[Shape, int] = {}
_writing = Lock()


def places(text: str, shapes: Sequence[Shape]) -> Sequence[int]:
    """The offsets of the marks that stand as one of the shapes has it; characters beyond the BMP
    are taken for any that a class has there.

    >>> from zhfix.shapes import Shape
    >>> places("a(b (c", [Shape("(", before="a-z")])
    [1]
    """
    bits = [_bits.get(shape) or _bit(shape) for shape in shapes]
    at, held = _found(text, len(_bits))
    if not len(at):
        return ()
    found: list[int] = at[(held & np.uint64(sum(bits))) != 0].tolist()
    return found


def _bit(shape: Shape) -> int:
    """The bit of a shape that is asked for the first time."""
    with _writing:
        if shape not in _bits:
            bit = 1 << len(_bits)
            if bit >> _MOST:
                raise ValueError("zhfix.shapes_bulk: more shapes than its tables have bits")
            for table, spec in ((_before, shape.before), (_behind, shape.behind)):
                for a, b in ranges(spec) if spec else ((0, FAR),):
                    table[min(a, FAR) : min(b, FAR) + 1] |= np.uint64(bit)
            _marks[[*map(ord, shape.marks)]] |= np.uint64(bit)
            _is_mark[[*map(ord, shape.marks)]] = True
            _bits[shape] = bit  # last: whoever sees it sees the tables as well
        return _bits[shape]


@lru_cache(maxsize=4)
def _found(text: str, n_shapes: int) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The offsets of all marks in a shape, and the shapes, as far as there are `n_shapes`."""
    units = codes(text).units
    at = np.flatnonzero(_is_mark.take(units))
    held = _marks.take(units.take(at))
    before = _before.take(units.take(at - 1, mode="clip"))
    behind = _behind.take(units.take(at + 1, mode="clip"))
    if len(at):  # beyond the text stands nothing
        before[0] = before[0] if at[0] else _free("before")
        behind[-1] = behind[-1] if at[-1] < len(units) - 1 else _free("behind")
    held &= before & behind
    kept = np.flatnonzero(held != 0)
    return at[kept], held[kept]


def _free(side: str) -> np.uint64:
    """The shapes that may have nothing on one side."""
    return np.uint64(sum(bit for shape, bit in _bits.items() if not getattr(shape, side)))
