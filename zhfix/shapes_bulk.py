"""All shapes of a long text by one table look-up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from zhfix.classes_bulk import told, widen
from zhfix.codes import FAR, codes, in_order
from zhfix.codes import places as places_where
from zhfix.kept import kept
from zhfix.pattern import ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.shapes import Shape

    Bits = NDArray[np.uint64]

__all__ = ["Sought", "places"]

_MOST = 64  # bits of the tables
_FEW = 48  # places, up to which they are told apart one by one


class _Side:
    """By code point, the bits of the shapes that have it at one of their three places: a number for
    each code point, and the bits by number, since a table of all bits is no longer in the cache
    when the next block comes.
    """

    def __init__(self) -> None:
        self._numbers = np.zeros(1 << 16, np.uint8)
        self._bits = np.zeros(1 << 8, np.uint64)
        self._n = 1

    def add(self, spec: str, bit: int) -> None:
        """Set a bit for the code points of a class, for every one where it is empty."""
        if not spec:
            self._bits |= np.uint64(bit)
            return
        is_in = _members(spec)
        here = self._numbers[is_in]
        left = np.bincount(self._numbers, minlength=len(self._bits))
        left -= np.bincount(here, minlength=len(self._bits))
        numbers = np.arange(len(self._bits), dtype=np.uint8)
        for number in in_order(here).tolist():
            at = number
            if left[number]:  # others of that number do not get the bit
                if self._n == len(self._bits):
                    raise ValueError("zhfix.shapes_bulk: more kinds of characters than numbers")
                at = numbers[number] = self._n
                self._n += 1
            self._bits[at] = self._bits[number] | np.uint64(bit)
        self._numbers[is_in] = numbers.take(here)

    def of(self, units: NDArray[np.uint16]) -> Bits:
        """The bits of some code points."""
        return self._bits.take(self._numbers.take(units))


class _Bank:
    """Shapes that are looked up together."""

    def __init__(self) -> None:
        # the shapes that have a character as their mark, may have it before that, and behind
        self._sides = _Side(), _Side(), _Side()
        self._mark = 0  # the class of what is a mark of any
        self._free = [0, 0]  # the shapes that may have nothing on a side
        self.bits: dict[Shape, int] = {}
        self._writing = Lock()
        self._found = kept(4)(self._look)

    def bit(self, shape: Shape) -> int:
        """The bit of a shape, also of one that is asked for the first time."""
        return self.bits.get(shape) or self._new(shape)

    def _new(self, shape: Shape) -> int:
        with self._writing:
            if shape not in self.bits:
                bit = 1 << len(self.bits)
                if bit >> _MOST:
                    raise ValueError("zhfix.shapes_bulk: more shapes than its tables have bits")
                for side, spec in zip(self._sides, shape, strict=True):
                    side.add(spec, bit)
                self._mark = widen(self, _members(shape.marks))
                for i, spec in enumerate((shape.before, shape.behind)):
                    self._free[i] |= 0 if spec else bit
                self.bits[shape] = bit  # last: whoever sees it sees the tables as well
            return self.bits[shape]

    def found(self, text: str) -> tuple[NDArray[np.int64], Bits, int]:
        """The offsets of the marks that stand in a shape, the bits of the shapes there, and those
        of all of them.
        """
        return self._found(text, len(self.bits))

    def _look(self, text: str, _n_shapes: int) -> tuple[NDArray[np.int64], Bits, int]:
        units = codes(text).units
        marks, before, behind = self._sides
        at = places_where((told(text) & np.uint32(self._mark)) != 0)
        held = marks.of(units.take(at))
        if not len(at):
            return at, held, 0
        following = at + 1
        if following[-1] == len(units):
            following[-1] = 0  # any offset that there is; before the first one stands the last one
        left, right = before.of(units.take(at - 1)), behind.of(units.take(following))
        # beyond the text stands nothing
        left[0] = left[0] if at[0] else np.uint64(self._free[0])
        right[-1] = right[-1] if following[-1] else np.uint64(self._free[1])
        held &= left
        held &= right
        real = held.nonzero()[0]
        held = held.take(real)
        return at.take(real), held, int(np.bitwise_or.reduce(held, initial=0))


# those that every text is asked for at first, and those that one rule asks for by itself
_EVERY, _SINGLE = _Bank(), _Bank()


def places(text: str, shapes: Sequence[Shape]) -> Sequence[int]:
    """The offsets of the marks that stand as one of the shapes has it; characters beyond the BMP
    are taken for any that a class has there.

    >>> from zhfix.shapes import Shape
    >>> places("a(b (c", [Shape("(", before="a-z")])
    [1]
    """
    bank = _EVERY if _EVERY.bits.keys() >= {*shapes} else _SINGLE
    bits = 0
    for shape in shapes:
        bits |= bank.bit(shape)
    at, held, every = bank.found(text)
    if not every & bits:
        return ()
    found: list[int] = at[(held & np.uint64(bits)) != 0].tolist()
    return found


class Sought:
    """Shapes that are sought again and again, of those that every text is asked for; `others` are
    of those too, and sought by rules that are awake.

    >>> from zhfix.shapes import Shape
    >>> sought = Sought([Shape("(", before="a-z"), Shape("(", behind="c"), Shape("?")])
    >>> sought.places("a(b (c")
    {Shape(marks='(', before='a-z', behind=''): [1], Shape(marks='(', before='', behind='c'): [4]}
    """

    def __init__(self, shapes: Iterable[Shape], others: Iterable[Shape] = ()) -> None:
        for shape in others:
            _EVERY.bit(shape)
        self._shapes = {_EVERY.bit(shape): shape for shape in shapes}
        self._every = sum(self._shapes)

    def places(self, text: str) -> dict[Shape, list[int]]:
        """`places` of each of the shapes that has any."""
        at, held, every = _EVERY.found(text)
        if not every & self._every:
            return {}
        if len(at) > _FEW:
            return {
                shape: at[(held & np.uint64(bit)) != 0].tolist()
                for bit, shape in self._shapes.items()
                if every & bit
            }
        found: dict[Shape, list[int]] = {}
        for place, seen in zip(at.tolist(), held.tolist(), strict=True):
            seen &= self._every
            while seen:
                lowest = seen & -seen
                found.setdefault(self._shapes[lowest], []).append(place)
                seen ^= lowest
        return found


def _members(spec: str) -> NDArray[np.bool_]:
    """The code points of a class; characters beyond the BMP are one."""
    is_in = np.zeros(1 << 16, bool)
    single = []
    for a, b in ranges(spec):
        if a < b:
            is_in[min(a, FAR) : min(b, FAR) + 1] = True
        else:
            single.append(min(a, FAR))
    is_in[single] = True
    return is_in
