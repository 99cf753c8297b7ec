"""Which classes of characters a text has and where, by one table look-up for all classes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import FAR, codes
from zhfix.kept import kept

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bits = NDArray[np.uint32]

__all__ = ["bit_of", "counts", "meets", "places_of", "told", "widen"]

_MOST = 32  # classes: bits of the table
_MET = 20  # of them, of those who can do without
_table = np.zeros(1 << 16, np.uint32)
_bits: dict[Hashable, int] = {}
_beyond: dict[int, int] = {}  # the bits of the code points beyond the BMP
_writing = Lock()


def meets(text: str, chars: frozenset[str]) -> bool:
    """Whether `text` has one of `chars`, a set that is asked for again and again.

    >>> meets("好\\U00020000", frozenset("x\\U00020000")), meets("好", frozenset("x"))
    (True, False)
    """
    bit = _bits.get(chars)
    if not bit:
        if _State.n_met >= _MET or chr(FAR) in chars:
            return not chars.isdisjoint(text)
        _State.n_met += 1  # a guess that threads may blur
        bit = bit_of(chars)
    return bool(_held(text, _State.version) & bit)


def bit_of(chars: frozenset[str]) -> int:
    """The bit of a class of characters, U+FFFF not among them, in what is `told`."""
    return _bits.get(chars) or _grown(chars, chars)


def widen(name: Hashable, codes: NDArray[np.bool_]) -> int:
    """The bit of a class that grows: of the BMP it has these code points as well, and FAR for any
    beyond.
    """
    return _grown(name, (), codes)


def _grown(name: Hashable, chars: Iterable[str], codes: NDArray[np.bool_] | None = None) -> int:
    with _writing:
        bit = _bits.get(name) or 1 << len(_bits)
        if bit >> _MOST:
            raise ValueError("zhfix.classes_bulk: more classes than its table has bits")
        _table[[ord(char) for char in chars if char <= "\uffff"]] |= np.uint32(bit)
        for code in (ord(char) for char in chars if char > "\uffff"):
            _beyond[code] = _beyond.get(code, 0) | bit
        if codes is not None:
            _table[codes] |= np.uint32(bit)
        _bits[name] = bit
        _State.version += 1  # last: whoever sees it sees the table as well
        return bit


class _State:
    """How often the table has changed, and how many classes are of those who can do without."""

    version = n_met = 0


def told(text: str) -> Bits:
    """The bits of the classes that each character of a text is in."""
    return _told(text, _State.version)


@kept(2)
def _told(text: str, _version: int) -> Bits:
    found = codes(text)
    bits = _table.take(found.units)
    if len(found.far):
        for code in {*found.wide.tolist()} & _beyond.keys():
            bits[found.far[found.wide == code]] |= np.uint32(_beyond[code])
    return bits


@kept(4)
def _held(text: str, version: int) -> int:
    """The bits of the classes that a text has."""
    return int(np.bitwise_or.reduce(_told(text, version), initial=0))


def places_of(text: str, chars: frozenset[str]) -> list[int]:
    """Offsets of the characters of a class, which is asked for again and again.

    >>> places_of("头髮很長", frozenset("長髮"))
    [1, 3]
    """
    bit = bit_of(chars)
    places: list[int] = ((told(text) & np.uint32(bit)) != 0).nonzero()[0].tolist()
    return places


def counts(text: str, *classes: frozenset[str]) -> list[int]:
    """How many characters of a text are in each of some classes, which are apart and of the BMP.

    >>> counts("頭髮很長", frozenset("長頭"), frozenset("短"))
    [2, 0]
    """
    which = _numbers(classes).take(codes(text).units)
    return [int(np.count_nonzero(which == i)) for i in range(1, len(classes) + 1)]


@cache
def _numbers(classes: tuple[frozenset[str], ...]) -> NDArray[np.uint8]:
    """By character, the number of its class, the first one 1."""
    numbers = np.zeros(1 << 16, np.uint8)
    for i, chars in enumerate(classes, 1):
        numbers[[*map(ord, chars)]] = i
    return numbers
